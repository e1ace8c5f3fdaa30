"""Paste the last dictation again, undo it, swap its polished text for the raw one, or correct it.

A dictation has two texts, as spoken (raw) and as polished. Its row keeps both whatever is done; its outcome and notes
say what became of it. A text that was pasted again is a copy, which the row does not mention. A text that is corrected
by voice (`desktop.dictation.again`) is the row's `edited` one; the texts before it are held in memory, for undo.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Unpack

import anyio
from anyio import to_thread

from desktop.core.errors import PasteError
from desktop.core.interfaces import PasterCapability
from desktop.core.messages import Message, Notes
from desktop.core.types import Outcome, PasteResult, Target
from desktop.dictation.controller import DictationController
from desktop.dictation.insertion import UNDONE_NOTE
from desktop.dictation.result import EDIT_STYLE
from desktop.history.recorder import NO_ROW, DictationRecorder
from desktop.history.rows import HistoryRow
from desktop.history.store import HistoryStore, RowChanges

RAW_TEXT_NOTE = Message("swapped-for-raw-text")
TEXT_BEFORE_EDIT_NOTE = Message("swapped-for-text-before-edit")
"""The same for an edit, after the note of the instruction."""

CORRECTED_NOTE = Message("corrected-by-voice")
NOTHING_SWAPPED, NOTHING_UNDONE = Message("nothing-swapped"), Message("nothing-undone")

MAX_EARLIER_TEXTS = 50
"""Most texts that undo goes back to, one for each correction of the same dictation."""

SCRATCH_WINDOW = timedelta(minutes=5)
"""Longest time between an insertion and the "scratch that" that can mean it."""

FOCUS_TIMEOUT_S, FOCUS_POLL_S = 1.0, 0.02
"""Seconds that a closed window may keep the focus, slow checks included, and seconds between two checks: window
managers take 10 to 100 ms."""


class EarlierText(NamedTuple):
    """A text before a correction: as it stood in its window, what a swap brought back, and the row's edited text."""

    text: str
    polished: str
    edited: str | None


@dataclass(frozen=True, slots=True)
class CurrentText:
    """The text of the newest dictation, that of `row`, as it stands in its window.

    `polished` is what a swap brings back for the raw text; `earlier` are those before it was corrected, the last of
    which an undo brings back.
    """

    row: HistoryRow
    text: str
    polished: str
    earlier: tuple[EarlierText, ...] = ()


class LastDictation:
    """Commands on the newest dictation that has a text, according to `recorder`. `on_changed` is called when its row
    was changed.

    All raise `PasteError` with the reason if the command is not possible, and `HistoryError`.
    """

    def __init__(
        self,
        controller: DictationController,
        history: HistoryStore,
        recorder: DictationRecorder,
        on_changed: Callable[[], None],
    ) -> None:
        self._controller = controller
        self._history = history
        self._recorder = recorder
        self._on_changed = on_changed
        self._copied_id: int | None = None
        self._current: CurrentText | None = None

    async def paste_last(self, raw: bool = False, *, is_from_own_window: bool = False) -> PasteResult:
        """Paste the newest text into the focused window, the raw one if `raw`, and return the result.

        `is_from_own_window`: a menu or window of Intone that has the focus has requested it. Wait until another
        window has the focus; if one of Intone's keeps it, the text goes there.
        """
        row = await self._wait_for_newest()
        if row is not None and is_from_own_window:
            await self._wait_for_other_window()
            row = await self._load_newest()  # the history may have been cleared meanwhile
        if row is None:
            raise PasteError("paste-nothing-yet")
        self._copied_id = row.id
        polished = self._find_current(row).polished
        text = row.raw_text if raw else polished
        self._current = CurrentText(row, text, polished)
        return await self._controller.paste(text, _is_kept(row))

    async def paste_row(self, id: int, raw: bool = False) -> None:
        """Paste the text of that row, corrected by the user if it was, into the window that gets the focus once
        Intone's own window, where this was requested, has lost it."""
        await self._load_text(id, raw)
        newest = await self._wait_for_newest()
        self._copied_id = newest.id if newest else None
        await self._wait_for_other_window()
        await self._controller.paste(await self._load_text(id, raw))  # the row may have been deleted meanwhile

    async def undo(self) -> None:
        """Remove the last inserted text, or put back what it was before its last correction."""
        row = await self._wait_for_newest()
        if row is not None and (current := self._find_current(row)).earlier:
            await self._undo_correction(current)
            return
        result = await self._undo_insertion((), row)
        await self._update_row(row, delivery=result.outcome, notes=_undo_notes(row, result))

    async def scratch(self, target: Target) -> PasteResult | None:
        """Undo, if something was inserted into the application of `target` lately, and return the result; None if
        nothing was. Called for a spoken command, so that a refusal is returned, not raised."""
        since = datetime.now(UTC) - SCRATCH_WINDOW
        outcomes = (Outcome.INSERTED, Outcome.UNCONFIRMED, Outcome.CANCELLED)
        rows = await to_thread.run_sync(self._recorder.rows_since, since)
        if not any(row.app == target.app and row.delivery in outcomes for row in rows):
            return None
        row = await self._load_newest()  # earlier dictations are recorded, and this one waits for this call
        self._current = None
        result = await self._controller.undo_last((), _is_kept(row))
        if result.outcome not in (Outcome.REFUSED, Outcome.FAILED):
            await self._update_row(row, delivery=result.outcome, notes=_undo_notes(row, result))
        return result

    async def swap(self) -> PasteResult:
        """Replace the polished text by the raw one, or the other way round, and return the result."""
        row = await self._wait_for_newest()
        if row is None:
            raise PasteError("swap-nothing-yet")
        current = self._find_current(row)
        result = await self._undo_insertion((row.raw_text, current.polished), row)
        text = row.raw_text if current.text != row.raw_text else current.polished
        self._current = CurrentText(row, text, current.polished)
        swap_note = TEXT_BEFORE_EDIT_NOTE if row.style == EDIT_STYLE else RAW_TEXT_NOTE
        others = tuple(note for note in row.notes if str(note) != str(swap_note))  # an older version's has no code
        notes = result.notes or (others if others != row.notes else _extend_notes(row, swap_note))
        await self._update_row(row, delivery=result.outcome, notes=notes)
        return result

    @property
    def can_correct(self) -> bool:
        """Whether what was inserted can be replaced in its window."""
        return PasterCapability.UNDO in self._controller.dependencies.paster.capabilities

    async def load_current(self) -> CurrentText | None:
        """Return the newest dictation's text as it stands in its window, None if there is none. The history has all
        that was dictated before."""
        row = await self._load_newest()
        return self._find_current(row) if row is not None else None

    async def correct(self, current: CurrentText, text: str, on_sent: Callable[[], None]) -> PasteResult:
        """Replace `current` by `text`, in its window and in its row, and return the result. What is refused changes
        nothing."""
        paster = self._controller.dependencies.paster
        result = await paster.undo_paste((current.text, text), on_sent)
        if result.outcome in (Outcome.REFUSED, Outcome.FAILED):
            return result
        row = current.row
        earlier = (*current.earlier, EarlierText(current.text, current.polished, row.edited))[-MAX_EARLIER_TEXTS:]
        self._current = CurrentText(row, text, text, earlier)
        notes = result.notes or (*(note for note in row.notes if note != CORRECTED_NOTE), CORRECTED_NOTE)
        await self._update_row(row, delivery=result.outcome, edited=text, notes=notes)
        return result

    async def _undo_correction(self, current: CurrentText) -> None:
        """Put back the text before the last correction."""
        row, before, earlier = current.row, current.earlier[-1], current.earlier[:-1]
        result = await self._undo_insertion((current.text, before.text), row)
        self._current = CurrentText(row, before.text, before.polished, earlier)
        notes = result.notes or tuple(note for note in row.notes if earlier or note != CORRECTED_NOTE)
        await self._update_row(row, delivery=result.outcome, edited=before.edited, notes=notes)

    def _find_current(self, row: HistoryRow) -> CurrentText:
        """Return how the text of `row`, the newest dictation, stands in its window."""
        known = self._current
        if known is not None and _identify(known.row) == _identify(row):
            return replace(known, row=row)
        is_swapped = any(str(note) in (str(RAW_TEXT_NOTE), str(TEXT_BEFORE_EDIT_NOTE)) for note in row.notes)
        return CurrentText(row, row.raw_text if is_swapped else row.text, row.text)

    async def _wait_for_other_window(self) -> None:
        with anyio.move_on_after(FOCUS_TIMEOUT_S):
            while True:
                target = await self._controller.dependencies.paster.find_target()
                if target.handle and target.pid != os.getpid():
                    break
                await anyio.sleep(FOCUS_POLL_S)

    async def _load_text(self, id: int, raw: bool) -> str:
        row = await to_thread.run_sync(self._history.get, id)
        text = row and (row.raw_text if raw else row.edited or row.text or row.raw_text)
        if not text:
            raise PasteError("paste-row-empty")
        return text

    async def _wait_for_newest(self) -> HistoryRow | None:
        await self._controller.wait_until_recorded()
        return await self._load_newest()

    async def _load_newest(self) -> HistoryRow | None:
        return await to_thread.run_sync(self._recorder.newest)

    async def _undo_insertion(self, texts: tuple[str, ...], row: HistoryRow | None) -> PasteResult:
        result = await self._controller.undo_last(texts, _is_kept(row))
        if result.outcome in (Outcome.REFUSED, Outcome.FAILED):
            is_undo = not texts or row is None or row.raw_text not in texts
            notes = tuple(NOTHING_UNDONE if is_undo and note == NOTHING_SWAPPED else note for note in result.notes)
            raise PasteError("reported-messages", messages=notes)
        return result

    async def _update_row(self, row: HistoryRow | None, **changes: Unpack[RowChanges]) -> None:
        """Write what became of the text into the row of the dictation that was inserted."""
        if row is None or row.id in (NO_ROW, self._copied_id):
            return
        if row.delivery in (Outcome.INSERTED, Outcome.UNCONFIRMED):
            await to_thread.run_sync(lambda: self._history.update(row.id, **changes))
            self._on_changed()


def _identify(row: HistoryRow) -> tuple[object, ...]:
    """Return what tells a dictation and its texts from others, also where it has no row."""
    return row.started_at, row.raw_text, row.text


def _is_kept(row: HistoryRow | None) -> bool:
    return row is None or row.id != NO_ROW


def _extend_notes(row: HistoryRow | None, addition: Message) -> Notes:
    """Return the row's notes extended by `addition`: those of an edit stay, with its instruction; any other is
    replaced."""
    return (*row.notes, addition) if row is not None and row.style == EDIT_STYLE else (addition,)


def _undo_notes(row: HistoryRow | None, result: PasteResult) -> Notes:
    """Return the row's notes after an undo; if its text is gone, only that."""
    is_undone = result.outcome is Outcome.CANCELLED
    return _extend_notes(row, UNDONE_NOTE) if is_undone or not result.notes else result.notes
