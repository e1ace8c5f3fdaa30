"""Paste the last dictation again, undo it, swap its polished text for the raw one, or correct it.

A dictation has two texts, as spoken (raw) and as polished. Its row keeps both whatever is done; its outcome and notes
say what became of it. A text that was pasted again is a copy, which the row does not mention. A text that is corrected
by voice (`desktop.dictation.again`) is the row's `edited` one; the texts before it are held in memory, for undo. State
is changed once the window is.
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
from desktop.history.recorder import INSERTED_OUTCOMES, NO_ROW, DictationRecorder
from desktop.history.rows import HistoryRow, RowChanges
from desktop.history.store import HistoryStore

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
    """A text before a correction: as it stood in its window, and what its row said of it."""

    text: str
    edited: str | None
    notes: Notes


@dataclass(frozen=True, slots=True)
class CurrentText:
    """The text that was inserted last, as it stands in its window, and the dictation, `row`, whose text it is.

    `earlier` are those before it was corrected, the last of which an undo brings back; `is_copy`: it was pasted again.
    """

    row: HistoryRow
    text: str
    earlier: tuple[EarlierText, ...] = ()
    is_copy: bool = False


class LastDictation:
    """Commands on the last text, according to `recorder`. `on_changed` is called when a row was changed.

    What is pasted again is the newest text, wherever it went, or the one that a command has only removed since; what is
    undone, swapped or corrected is the one that was inserted last, in this run of the app. All raise `PasteError` with
    the reason if the command is not possible, and `HistoryError`.
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
        self._current: CurrentText | None = None
        self._current_since: datetime | None = None
        self._removed: tuple[HistoryRow, datetime] | None = None

    async def paste_last(self, raw: bool = False, *, is_from_own_window: bool = False) -> PasteResult:
        """Paste the newest text into the focused window, the raw one if `raw`, and return the result.

        `is_from_own_window`: a menu or window of Intone that has the focus has requested it. Wait until another
        window has the focus; if one of Intone's keeps it, the text goes there.
        """
        await self._controller.wait_until_recorded()
        row = await self._load_newest()
        if row is not None and is_from_own_window:
            await self._wait_for_other_window()
            await self._controller.wait_until_recorded()
            row = await self._load_newest()  # a dictation may have come meanwhile, or the history been cleared
        if row is None:
            raise PasteError("paste-nothing-yet")
        return await self._paste_copy(row, raw)

    async def paste_row(self, id: int, raw: bool = False) -> None:
        """Paste the text of that row, corrected by the user if it was, into the window that gets the focus once
        Intone's own window, where this was requested, has lost it."""
        await self._load_row(id)
        await self._wait_for_other_window()
        await self._controller.wait_until_recorded()
        await self._paste_copy(await self._load_row(id), raw)  # the row may have been deleted meanwhile

    async def _paste_copy(self, row: HistoryRow, raw: bool) -> PasteResult:
        text = row.raw_text if raw else row.latest_text
        result = await self._controller.paste(text, _is_kept(row))
        if result.outcome in INSERTED_OUTCOMES:
            self._note_current(CurrentText(row, text, is_copy=True))
            self._removed = None
        return result

    async def undo(self) -> PasteResult:
        """Remove the last inserted text, or put back what it was before its last correction; return the result."""
        current = await self._wait_for_current()
        if current is not None and current.earlier:
            return await self._undo_correction(current)
        result = await self._undo_insertion((), current)
        await self._note_undo(current, result)
        return result

    async def scratch(self, target: Target) -> PasteResult | None:
        """Undo, if something was inserted into the application of `target` lately, and return the result; None if
        nothing was. Called for a spoken command, so that a refusal is returned, not raised."""
        since = datetime.now(UTC) - SCRATCH_WINDOW
        outcomes = (*INSERTED_OUTCOMES, Outcome.CANCELLED, Outcome.REMOVED)
        rows = await to_thread.run_sync(self._recorder.rows_since, since)
        if not any(row.app == target.app and row.delivery in outcomes for row in rows):
            return None
        current = await self.load_current()  # earlier dictations are recorded, and this one waits for this call
        result = await self._controller.undo_last((), current is None or _is_kept(current.row))
        if result.outcome not in (Outcome.REFUSED, Outcome.FAILED):
            await self._note_undo(current, result)
        return result

    async def swap(self) -> PasteResult:
        """Replace the polished text by the raw one, or the other way round, and return the result."""
        current = await self._wait_for_current()
        if current is None:
            raise PasteError("swap-nothing-yet")
        row = current.row
        is_to_raw = current.text != row.raw_text
        text = row.raw_text if is_to_raw else row.latest_text
        result = await self._undo_insertion((current.text, text), current, is_undo=False)
        self._note_current(replace(current, text=text, earlier=()))
        swap_note = TEXT_BEFORE_EDIT_NOTE if row.style == EDIT_STYLE else RAW_TEXT_NOTE
        others = tuple(note for note in row.notes if note != swap_note)
        notes = result.notes or (_extend_notes(row, swap_note) if is_to_raw else others)
        await self._update_row(current, delivery=result.outcome, notes=notes)
        return result

    @property
    def can_correct(self) -> bool:
        """Whether what was inserted can be replaced in its window."""
        return PasterCapability.UNDO in self._controller.dependencies.paster.capabilities

    async def correct(self, current: CurrentText, text: str, on_sent: Callable[[], None]) -> PasteResult:
        """Replace `current` by `text`, in its window and in its row, and return the result. What is refused changes
        nothing."""
        result = await self._controller.replace_last((current.text, text), on_sent)
        if result.outcome in (Outcome.REFUSED, Outcome.FAILED):
            return result
        row = current.row
        earlier = (*current.earlier, EarlierText(current.text, row.edited, row.notes))[-MAX_EARLIER_TEXTS:]
        self._note_current(replace(current, text=text, earlier=earlier))
        notes = result.notes or (*(note for note in row.notes if note != CORRECTED_NOTE), CORRECTED_NOTE)
        await self._update_row(current, delivery=result.outcome, edited=text, notes=notes)
        return result

    async def _undo_correction(self, current: CurrentText) -> PasteResult:
        """Put back the text before the last correction; what the user has written in the history since stays there."""
        before, earlier = current.earlier[-1], current.earlier[:-1]
        result = await self._undo_insertion((current.text, before.text), current)
        self._note_current(replace(current, text=before.text, earlier=earlier))
        notes = result.notes or before.notes
        edited = before.edited if current.row.edited == current.text else current.row.edited
        await self._update_row(current, delivery=result.outcome, edited=edited, notes=notes)
        return result

    async def _wait_for_current(self) -> CurrentText | None:
        """Return the text that was inserted last, also where a dictation was pasted while this was read."""
        await self._controller.wait_until_recorded()
        while True:
            inserted_at = self._recorder.inserted_at
            current = await self.load_current()
            if not await self._controller.wait_until_recorded() and inserted_at == self._recorder.inserted_at:
                return current

    async def load_current(self) -> CurrentText | None:
        """Return the text that was inserted last, None if there is none. The history has all that was dictated
        before."""
        known = self._current if self._current_since == self._recorder.inserted_at else None
        if known is not None:
            row = await to_thread.run_sync(self._recorder.reload, known.row)
            return None if row is None else replace(known, row=row)
        row = await to_thread.run_sync(self._recorder.inserted)
        return None if row is None else CurrentText(row, row.text)

    def _note_current(self, current: CurrentText | None) -> None:
        """Note what stands in the window, until the next dictation is inserted."""
        self._current, self._current_since = current, self._recorder.inserted_at

    async def _note_undo(self, current: CurrentText | None, result: PasteResult) -> None:
        """Note that the text was removed."""
        self._note_current(None if current is None else replace(current, earlier=()))
        row = None if current is None else current.row
        await self._update_row(current, delivery=result.outcome, notes=_undo_notes(row, result))

    async def _wait_for_other_window(self) -> None:
        with anyio.move_on_after(FOCUS_TIMEOUT_S):
            while True:
                target = await self._controller.dependencies.paster.find_target()
                if target.handle and target.pid != os.getpid():
                    break
                await anyio.sleep(FOCUS_POLL_S)

    async def _load_row(self, id: int) -> HistoryRow:
        row = await to_thread.run_sync(self._history.get, id)
        if row is None or not row.latest_text:
            raise PasteError("paste-row-empty")
        return row

    async def _load_newest(self) -> HistoryRow | None:
        """Return the row of the newest text; until there is a newer one, that of a text that was only removed."""
        newest = await to_thread.run_sync(self._recorder.newest)
        if newest is not None and self._removed is not None and self._removed[1] == newest.started_at:
            return await to_thread.run_sync(self._recorder.reload, self._removed[0]) or newest
        return newest

    async def _undo_insertion(
        self, texts: tuple[str, ...], current: CurrentText | None, *, is_undo: bool = True
    ) -> PasteResult:
        result = await self._controller.undo_last(texts, current is None or _is_kept(current.row))
        if result.outcome in (Outcome.REFUSED, Outcome.FAILED):
            notes = tuple(NOTHING_UNDONE if is_undo and note == NOTHING_SWAPPED else note for note in result.notes)
            raise PasteError("reported-messages", messages=notes)
        return result

    async def _update_row(self, current: CurrentText | None, **changes: Unpack[RowChanges]) -> None:
        """Write what became of `current` into its row; of a copy, only how the text was corrected."""
        if current is not None and changes.get("delivery") is Outcome.REMOVED:
            newest = await to_thread.run_sync(self._recorder.newest)
            self._removed = (current.row, newest.started_at) if newest is not None else None
        if current is not None and current.is_copy:
            changes = {"edited": changes["edited"]} if "edited" in changes else {}
        if current is not None and changes:
            await to_thread.run_sync(lambda: self._recorder.update(current.row, **changes))
            self._on_changed()


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
