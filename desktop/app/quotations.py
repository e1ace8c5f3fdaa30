"""Answer "how did I say that?": read the selection, find its dictation, and when its words were said in the recording.

What is selected is neither stored nor logged, and nothing is read from a password field.
"""

from __future__ import annotations

from collections.abc import Callable

import anyio
from anyio import to_thread

from desktop.audio.file import read_audio
from desktop.core.errors import UserError
from desktop.core.interfaces import Paster, PasterCapability, WordAligner
from desktop.core.messages import Message
from desktop.core.types import Selection
from desktop.history.rows import HistoryRow
from desktop.history.store import HistoryStore
from desktop.paste.request import PASSWORD_FIELD_FOCUSED
from desktop.paste.selection import (
    FIELD_READ_ONLY,
    NOTHING_SELECTED,
    OWN_WINDOW,
    SELECTION_CHANGED,
    SELECTION_TOO_LONG,
    SELECTION_UNREADABLE,
    WINDOW_NOT_EDITABLE,
)

MAX_ALIGNED_S = 600.0
"""Longest recording that is aligned; in a longer one the place is estimated."""

LEAD_S = 0.15
"""Seconds before the first word from which it is played: its beginning is known that well."""

MAX_ATTEMPTS, RETRY_S = 4, 0.25
"""How often a window is asked, and the seconds between: one that just got the focus is not yet meant."""

TRANSIENT = frozenset((Message("selection-field-not-reported"), SELECTION_CHANGED))
"""Why a selection is not read that may be over soon."""

UNEDITABLE = frozenset((SELECTION_UNREADABLE, SELECTION_TOO_LONG, WINDOW_NOT_EDITABLE, FIELD_READ_ONLY, OWN_WINDOW))
"""Why a selection cannot be edited, which does not keep it from being looked up."""


def choose_text(reported: Selection, copied: Selection) -> str | None:
    """Return what is selected, given what a window `reported` and what it `copied`; None if that is unknown.

    A window may go on reporting what has long been deselected, so what it copies counts, and what it reports only where
    a copy is not exact enough to be replaced.
    """
    return reported.text if copied.text is None and UNEDITABLE.issuperset(copied.refusal) else copied.text


class QuotationService:
    """Finds the dictation behind a selection. `open_quotation(id, text, is_exact)` shows it."""

    def __init__(
        self,
        paster: Paster,
        history: HistoryStore,
        get_aligner: Callable[[], WordAligner],
        open_quotation: Callable[[int, str, bool], None],
    ) -> None:
        self._paster = paster
        self._history = history
        self._get_aligner = get_aligner
        self._open_quotation = open_quotation
        self._locating = anyio.CancelScope()

    async def find(self) -> None:
        """Open the dictation that the selected text is from. Raises `UserError` if there is none."""
        text = await self._read_selection()
        found = await to_thread.run_sync(self._history.find_quotation, text)
        if found is None:
            raise UserError("quotation-not-found")
        self._open_quotation(found.row.id, text, found.is_exact)

    def show(self, row: HistoryRow) -> None:
        """Open the dictation, without words marked."""
        self._open_quotation(row.id, "", True)

    async def locate(self, row: HistoryRow, quotation: str) -> float | None:
        """Return when the first of the words of `row` that `quotation` has was said, in seconds; None if unknown.

        The next call ends this one, which then returns None: only the last place is shown, and one may take minutes.
        """
        self._locating.cancel()
        with anyio.CancelScope() as self._locating:
            return await self._locate(row, quotation)
        return None

    async def _ask_window(self) -> tuple[Selection, Selection]:
        """Return what the focused window reports as selected and what it copies.

        It is asked again while another window seems to be meant, which has just lost the focus, or a field is unknown.
        """
        for attempt in range(MAX_ATTEMPTS):
            target = await self._paster.find_target()
            if target.is_password:
                raise UserError("quotation-password")
            if PasterCapability.EDIT_SELECTION not in self._paster.capabilities:
                return Selection(), Selection(refusal=(SELECTION_UNREADABLE,))
            reported = await self._paster.read_selection()
            copied = await self._paster.copy_selection(reported, target)
            is_settled = reported.handle == target.handle and not TRANSIENT & {*copied.refusal}
            if is_settled or attempt == MAX_ATTEMPTS - 1:
                break
            await anyio.sleep(RETRY_S)
        return reported, copied

    async def _locate(self, row: HistoryRow, quotation: str) -> float | None:
        if row.audio_path is None or row.duration_s > MAX_ALIGNED_S:
            return None
        from desktop.history.quotation import find_first_word

        word = await to_thread.run_sync(find_first_word, quotation, row)
        if word is None:
            return None
        audio = await to_thread.run_sync(read_audio, row.audio_path)
        timed = await self._get_aligner().align(audio, row.raw_text, row.language)
        return max(0.0, timed[word].start_s - LEAD_S) if word < len(timed) else None

    async def _read_selection(self) -> str:
        """Return what is selected; where the window cannot be asked, what was selected last in any."""
        reported, copied = await self._ask_window()
        if PASSWORD_FIELD_FOCUSED in copied.refusal:
            raise UserError("quotation-password")
        text = choose_text(reported, copied)
        if text is None and NOTHING_SELECTED not in copied.refusal:
            text = await self._paster.read_primary()
            if text is None:
                raise UserError("quotation-unreadable")
        if text is None or not text.strip():
            raise UserError("quotation-unselected")
        return text
