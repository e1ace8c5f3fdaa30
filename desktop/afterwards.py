"""What can still be done with the newest text once it was delivered: paste it again, undo it, swap it for the other.

A dictation has two texts, as it was spoken (raw) and as it was polished. Its row keeps both whatever is done; how it
ended and its note say what became of it. A text that was pasted again is a copy, of which the row tells nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Unpack

import anyio
from anyio import to_thread

from desktop.dictation import Dictation
from desktop.ending import EDIT
from desktop.history import Changes, History, Row
from desktop.keeping.memory import NOWHERE, Memory
from desktop.ports import Delivery, Outcome, Target
from desktop.problems import PasteProblem
from desktop.scratching import UNDONE

SPOKEN = "The text as it was spoken was put in its place."
BEFORE = "The text as it was before was put in its place."
"""The same of an edit, after what was asked for."""

RECENT = timedelta(minutes=5)
"""What was inserted longer ago is not what somebody means who says that it should be scratched."""

AWAY_S, LOOK_S = 1.0, 0.02
"""How long a window that was closed may keep the focus, and from one look to the next: window managers take 10 to
100 ms."""


class Afterwards:
    """Works on the newest dictation that has a text, which `memory` tells. `remembered` is called when its row was
    changed.

    Everything raises `PasteProblem` with the sentence where it cannot be, and `HistoryProblem`.
    """

    def __init__(
        self,
        dictation: Dictation,
        history: History,
        memory: Memory,
        remembered: Callable[[], None],
    ) -> None:
        self._dictation = dictation
        self._history = history
        self._memory = memory
        self._remembered = remembered
        self._copied: int | None = None

    async def paste_last(self, raw: bool = False) -> None:
        """Paste the newest text where the focus is now, as it was spoken where `raw`."""
        row = await self._newest()
        if row is None:
            raise PasteProblem("There is nothing to paste yet.", "Dictate something first.")
        self._copied = row.id
        await self._dictation.paste(row.raw_text if raw else row.text)

    async def paste(self, id: int, raw: bool = False) -> None:
        """Paste the text of that row, as the person corrected it if they did, where the focus is once it has left our
        own windows, in one of which this was asked for."""
        row = await to_thread.run_sync(self._history.get, id)
        text = row and (row.raw_text if raw else row.edited or row.text or row.raw_text)
        if not text:
            raise PasteProblem("There is nothing to paste.", "The dictation came to no words, or was deleted.")
        newest = await self._newest()
        self._copied = newest.id if newest else None
        for _ in range(round(AWAY_S / LOOK_S)):
            target = await self._dictation.parts.paster.target()
            if target.handle and target.pid != os.getpid():
                break
            await anyio.sleep(LOOK_S)
        await self._dictation.paste(text)

    async def undo(self) -> None:
        """Remove what was inserted last."""
        row = await self._newest()
        delivery = await self._take_back(())
        await self._note(row, delivery=delivery.outcome, note=_undone(row, delivery))

    async def scratch(self, target: Target) -> Delivery | None:
        """Undo, if something was inserted into the application of `target` lately, and how that went; None where
        nothing was. For those who have said it, so that a refusal is an answer."""
        since, known = datetime.now(UTC) - RECENT, (Outcome.INSERTED, Outcome.UNCONFIRMED, Outcome.CANCELLED)
        rows = await to_thread.run_sync(self._memory.since, since)
        if not any(row.app == target.app and row.delivery in known for row in rows):
            return None
        row = await self._newest_kept()  # what was spoken before is remembered, and this waits for us
        delivery = await self._dictation.take_back(())
        if delivery.outcome not in (Outcome.REFUSED, Outcome.FAILED):
            await self._note(row, delivery=delivery.outcome, note=_undone(row, delivery))
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
        await self._dictation.remembered()
        return await self._newest_kept()

    async def _newest_kept(self) -> Row | None:
        return await to_thread.run_sync(self._memory.newest)

    async def _take_back(self, texts: tuple[str, ...]) -> Delivery:
        delivery = await self._dictation.take_back(texts)
        if delivery.outcome in (Outcome.REFUSED, Outcome.FAILED):
            raise PasteProblem(delivery.note)
        return delivery

    async def _note(self, row: Row | None, **changes: Unpack[Changes]) -> None:
        """Write what became of it into the row of the dictation that was inserted."""
        if row is None or row.id in (NOWHERE, self._copied):
            return
        if row.delivery in (Outcome.INSERTED, Outcome.UNCONFIRMED):
            await to_thread.run_sync(lambda: self._history.update(row.id, **changes))
            self._remembered()


def _also(row: Row | None, happened: str) -> str:
    """What a row says once that has `happened`: what was asked of an edit stays there, anything else goes."""
    return f"{row.note} {happened}".strip() if row is not None and row.style == EDIT else happened


def _undone(row: Row | None, delivery: Delivery) -> str:
    """What a row says after an undo: where its text is gone that is all there is to say of it."""
    gone = delivery.outcome is Outcome.CANCELLED
    return _also(row, UNDONE) if gone or not delivery.note else delivery.note
