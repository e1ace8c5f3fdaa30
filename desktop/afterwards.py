"""What can still be done with the newest text once it was delivered: paste it again, undo it, swap it for the other.

A dictation has two texts, as it was spoken (raw) and as it was polished. Its row keeps both whatever is done; how it
ended and its note say what became of it. A text that was pasted again is a copy, of which the row tells nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Unpack

from anyio import to_thread

from desktop.dictation import Dictation
from desktop.ending import EDIT
from desktop.history import Changes, History, Row
from desktop.ports import Delivery, Outcome, Target
from desktop.problems import PasteProblem
from desktop.scratching import UNDONE

SPOKEN = "The text as it was spoken was put in its place."
BEFORE = "The text as it was before was put in its place."
"""The same of an edit, after what was asked for."""

RECENT = timedelta(minutes=5)
"""What was inserted longer ago is not what somebody means who says that it should be scratched."""


class Afterwards:
    """Works on the newest row that has a text. `remembered` is called when it has changed it.

    Everything raises `PasteProblem` with the sentence where it cannot be, and `HistoryProblem`.
    """

    def __init__(self, dictation: Dictation, history: History, remembered: Callable[[], None]) -> None:
        self._dictation = dictation
        self._history = history
        self._remembered = remembered
        self._copied: int | None = None

    async def paste_last(self, raw: bool = False) -> None:
        """Paste the newest text where the focus is now, as it was spoken where `raw`."""
        row = await self._newest()
        if row is None:
            raise PasteProblem("There is nothing to paste yet.", "Dictate something first.")
        self._copied = row.id
        await self._dictation.paste(row.raw_text if raw else row.text)

    async def undo(self) -> None:
        """Remove what was inserted last."""
        row = await self._newest()
        delivery = await self._take_back(())
        await self._note(row, delivery=delivery.outcome, note=delivery.note or _also(row, UNDONE))

    async def scratch(self, target: Target) -> Delivery | None:
        """Undo, if something was inserted into the application of `target` lately, and how that went; None where
        nothing was. For those who have said it, so that a refusal is an answer."""
        since, known = datetime.now(UTC) - RECENT, (Outcome.INSERTED, Outcome.UNCONFIRMED, Outcome.CANCELLED)
        rows = await to_thread.run_sync(partial(self._history.rows, since=since))
        if not any(row.text and row.app == target.app and row.delivery in known for row in rows):
            return None
        row = await self._newest()
        delivery = await self._dictation.take_back(())
        if delivery.outcome not in (Outcome.REFUSED, Outcome.FAILED):
            await self._note(row, delivery=delivery.outcome, note=delivery.note or _also(row, UNDONE))
        return delivery

    async def swap(self) -> None:
        """Put the raw text where the polished one stands, or the other way round."""
        row = await self._newest()
        if row is None:
            raise PasteProblem("There is nothing to swap yet.", "Dictate something first.")
        delivery = await self._take_back((row.raw_text, row.text))
        before = BEFORE if row.style == EDIT else SPOKEN
        note = delivery.note or (row.note.removesuffix(before).strip() if before in row.note else _also(row, before))
        await self._note(row, delivery=delivery.outcome, note=note)

    async def _newest(self) -> Row | None:
        rows = await to_thread.run_sync(self._history.rows)
        return next((row for row in rows if row.text), None)

    async def _take_back(self, texts: tuple[str, ...]) -> Delivery:
        delivery = await self._dictation.take_back(texts)
        if delivery.outcome in (Outcome.REFUSED, Outcome.FAILED):
            raise PasteProblem(delivery.note)
        return delivery

    async def _note(self, row: Row | None, **changes: Unpack[Changes]) -> None:
        """Write what became of it into the row of the dictation that was inserted."""
        if row is not None and row.id != self._copied and row.delivery in (Outcome.INSERTED, Outcome.UNCONFIRMED):
            await to_thread.run_sync(lambda: self._history.update(row.id, **changes))
            self._remembered()


def _also(row: Row | None, happened: str) -> str:
    """What a row says once that has `happened`: what was asked of an edit stays there, anything else goes."""
    return f"{row.note} {happened}".strip() if row is not None and row.style == EDIT else happened
