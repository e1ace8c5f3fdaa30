"""Paste the last dictation again, undo it, or swap its polished text for the raw one.

A dictation has two texts, as spoken (raw) and as polished. Its row keeps both whatever is done; its outcome and notes
say what became of it. A text that was pasted again is a copy, which the row does not mention.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Unpack

import anyio
from anyio import to_thread

from desktop.core.errors import PasteError
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

SCRATCH_WINDOW = timedelta(minutes=5)
"""Longest time between an insertion and the "scratch that" that can mean it."""

FOCUS_TIMEOUT_S, FOCUS_POLL_S = 1.0, 0.02
"""Seconds that a closed window may keep the focus, slow checks included, and seconds between two checks: window
managers take 10 to 100 ms."""


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
        return await self._controller.paste(row.raw_text if raw else row.text, _is_kept(row))

    async def paste_row(self, id: int, raw: bool = False) -> None:
        """Paste the text of that row, corrected by the user if it was, into the window that gets the focus once
        Intone's own window, where this was requested, has lost it."""
        await self._load_text(id, raw)
        newest = await self._wait_for_newest()
        self._copied_id = newest.id if newest else None
        await self._wait_for_other_window()
        await self._controller.paste(await self._load_text(id, raw))  # the row may have been deleted meanwhile

    async def undo(self) -> None:
        """Remove the last inserted text."""
        row = await self._wait_for_newest()
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
        result = await self._controller.undo_last((), _is_kept(row))
        if result.outcome not in (Outcome.REFUSED, Outcome.FAILED):
            await self._update_row(row, delivery=result.outcome, notes=_undo_notes(row, result))
        return result

    async def swap(self) -> PasteResult:
        """Replace the polished text by the raw one, or the other way round, and return the result."""
        row = await self._wait_for_newest()
        if row is None:
            raise PasteError("swap-nothing-yet")
        result = await self._undo_insertion((row.raw_text, row.text), row)
        swap_note = TEXT_BEFORE_EDIT_NOTE if row.style == EDIT_STYLE else RAW_TEXT_NOTE
        others = tuple(note for note in row.notes if str(note) != str(swap_note))  # an older version's has no code
        notes = result.notes or (others if others != row.notes else _extend_notes(row, swap_note))
        await self._update_row(row, delivery=result.outcome, notes=notes)
        return result

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
            raise PasteError("reported-messages", messages=result.notes)
        return result

    async def _update_row(self, row: HistoryRow | None, **changes: Unpack[RowChanges]) -> None:
        """Write what became of the text into the row of the dictation that was inserted."""
        if row is None or row.id in (NO_ROW, self._copied_id):
            return
        if row.delivery in (Outcome.INSERTED, Outcome.UNCONFIRMED):
            await to_thread.run_sync(lambda: self._history.update(row.id, **changes))
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
