"""Paste the last dictation again, undo it, or swap its polished text for the raw one.

A dictation has two texts, as spoken (raw) and as polished. Its row keeps both whatever is done; its outcome and note
say what became of it. A text that was pasted again is a copy, which the row does not mention.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Unpack

import anyio
from anyio import to_thread

from desktop.core.errors import PasteProblem
from desktop.core.types import Delivery, Outcome, Target
from desktop.dictation.controller import Dictation
from desktop.dictation.result import EDIT
from desktop.dictation.scratching import UNDONE
from desktop.history.history import Changes, History
from desktop.history.recorder import NOWHERE, Memory
from desktop.history.row import Row

SPOKEN = "The text as it was spoken was put in its place."
BEFORE = "The text as it was before was put in its place."
"""The same for an edit, after the note of the instruction."""

RECENT = timedelta(minutes=5)
"""Longest time between an insertion and the "scratch that" that can mean it."""

AWAY_S, LOOK_S = 1.0, 0.02
"""Seconds that a closed window may keep the focus, and seconds between two checks: window managers take 10 to 100
ms."""


class Afterwards:
    """Commands on the newest dictation that has a text, according to `recorder`. `on_changed` is called when its row
    was changed.

    All raise `PasteError` with the reason if the command is not possible, and `HistoryError`.
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
        """Paste the newest text into the focused window, the raw one if `raw`."""
        row = await self._newest()
        if row is None:
            raise PasteProblem("There is nothing to paste yet.", "Dictate something first.")
        self._copied = row.id
        await self._dictation.paste(row.raw_text if raw else row.text)

    async def paste(self, id: int, raw: bool = False) -> None:
        """Paste the text of that row, corrected by the user if it was, into the window that gets the focus once
        Intone's own window, where this was requested, has lost it."""
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
        """Remove the last inserted text."""
        row = await self._newest()
        delivery = await self._take_back(())
        await self._note(row, delivery=delivery.outcome, note=_undone(row, delivery))

    async def scratch(self, target: Target) -> Delivery | None:
        """Undo, if something was inserted into the application of `target` lately, and return the delivery; None if
        nothing was. Called for a spoken command, so that a refusal is returned, not raised."""
        since, known = datetime.now(UTC) - RECENT, (Outcome.INSERTED, Outcome.UNCONFIRMED, Outcome.CANCELLED)
        rows = await to_thread.run_sync(self._memory.since, since)
        if not any(row.app == target.app and row.delivery in known for row in rows):
            return None
        row = await self._newest_kept()  # earlier dictations are recorded, and this one waits for this call
        delivery = await self._dictation.take_back(())
        if delivery.outcome not in (Outcome.REFUSED, Outcome.FAILED):
            await self._note(row, delivery=delivery.outcome, note=_undone(row, delivery))
        return delivery

    async def swap(self) -> None:
        """Replace the polished text by the raw one, or the other way round."""
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
        """Write what became of the text into the row of the dictation that was inserted."""
        if row is None or row.id in (NOWHERE, self._copied):
            return
        if row.delivery in (Outcome.INSERTED, Outcome.UNCONFIRMED):
            await to_thread.run_sync(lambda: self._history.update(row.id, **changes))
            self._remembered()


def _also(row: Row | None, happened: str) -> str:
    """Return the row's note extended by `addition`: the instruction of an edit stays in it, any other note is
    replaced."""
    return f"{row.note} {happened}".strip() if row is not None and row.style == EDIT else happened


def _undone(row: Row | None, delivery: Delivery) -> str:
    """Return the row's note after an undo; if its text is gone, only that."""
    gone = delivery.outcome is Outcome.CANCELLED
    return _also(row, UNDONE) if gone or not delivery.note else delivery.note
