"""What the engine keeps of each dictation, by the settings of now: its row, its recording, and for how long.

`Memory` is told the settings at every call and knows no loop; here is what asks it: a dictation that ends, a start that
finds what an earlier one left, the clock, and the person who takes up a dictation again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import Any

import anyio
from anyio import to_thread

from desktop.audio_file import read
from desktop.history import Entry, History, Row
from desktop.keeping.memory import NOWHERE, RETRIED, Memory, keeps
from desktop.keeping.recovering import recover
from desktop.ports import Audio, Felt, Recognizer, Target
from desktop.problems import LockedProblem, Problem
from desktop.settings.tree import Settings
from desktop.settings.untold import Untold
from desktop.spool import Spool, Take

OFF = "off"
"""Nobody reads how one sounds."""

FORGET_S = 6 * 3600.0
"""How often what is old is looked for."""


class Remembering:
    """Keeps in `memory` what `settings` say at that moment; `changed` is called when the history is another one. From
    any thread are called `opened`, when what an earlier run left can be read that could not be, since the keyring is
    open, and `locked`, when something is held until it is."""

    def __init__(
        self, memory: Memory, history: History, settings: Callable[[], Settings], changed: Callable[[], None]
    ) -> None:
        self.memory = memory
        self._history = history
        self._settings = settings
        self._changed = changed
        self._recovering = anyio.Lock()
        self._left = True
        self._expiring = 0
        self.opened: Callable[[], None] = lambda: None
        self.locked: Callable[[], None] = lambda: None

    @property
    def private(self) -> bool:
        """Whether nothing is to be kept."""
        return self._settings().history.private == "on"

    def writes_words(self) -> bool:
        """Whether words of a dictation may stand in a file that is never encrypted. Blocks."""
        keeping = self._settings().history
        return not (self.private or isinstance(keeping, Untold) or self.memory.encrypts(keeping))

    @property
    def spool(self) -> Spool:
        """Where the sound of a dictation that begins now is written."""
        return Spool(None) if self.private else self.memory.spool

    def keeps(self, target: Target) -> bool:
        """Whether anything is kept of what is said to `target`."""
        return keeps(self._settings().history, target.app, target.window)

    def feels(self, target: Target) -> bool:
        """Whether it is noted how one sounds there."""
        return self._settings().emotion.engine != OFF and self.keeps(target)

    def remember(self, private: bool, entry: Entry, take: Take) -> int:
        """Keep what is to be kept and return the row's id; nothing where the dictation began `private`, whatever is
        chosen since. For a worker thread. Raises `HistoryProblem`."""
        keeping = self._settings().history
        if self._settings().emotion.engine == OFF:  # since it was looked for
            entry = replace(entry, emotion=None)
        try:
            id = self.memory.remember(entry, take, keeping.model_copy(update={"private": "on"}) if private else keeping)
        except LockedProblem:
            self.locked()
            raise
        self._changed()
        if id != NOWHERE:
            self._see_what_is_left()
        return id

    def remember_again(self, row: Row, entry: Entry, take: Take) -> int:
        """Keep what came of a dictation that was taken up again in its `row`, and return its id. For a worker thread.
        Raises `HistoryProblem`."""
        id = self.memory.remember_again(row, entry, take, self._settings().history)
        self._changed()
        return id

    def _see_what_is_left(self) -> None:
        if self._left and not self._recovering.locked():
            self.opened()

    def felt(self, id: int, felt: Felt) -> None:
        """Add what was found of the emotion later. For a worker thread. Raises `HistoryProblem`."""
        self.memory.felt(id, replace(felt, emotion=None) if self._settings().emotion.engine == OFF else felt)
        self._changed()

    async def unfinished(self) -> tuple[Row, Audio]:
        """The newest dictation, where it was cancelled or failed, and its recording. Raises `Problem`."""
        if (unkept := self.memory.unkept) is not None:
            row = await to_thread.run_sync(self.memory.last)
            if row is not None and row.started_at == unkept.started_at:
                raise Problem("The text is there, but could not be written into its row.", "Paste the last text again.")
            raise Problem("Nothing was kept of what was said last.", "Say it again.")
        last = await to_thread.run_sync(self._history.last)
        if last is None or last.audio_path is None or last.delivery not in RETRIED:
            raise Problem("There is no recording to take up again.", "The history has what was said before.")
        return last, await to_thread.run_sync(read, last.audio_path)

    async def recover(self, recognizer: Recognizer, quiet: Callable[[], Awaitable[None]]) -> list[Entry]:
        """Put into the history what an earlier run was hearing when it ended, and return it. One at a time does so."""
        async with self._recovering:
            await to_thread.run_sync(self.memory.mend)
            found = await recover(self.memory, recognizer, self._settings().history, quiet)
            self._left = False  # what is left now has another key than this history's, or needs a person
        if found:
            self._changed()
        return found

    async def expire(self) -> None:
        """Let go of what has been kept for as long as the settings say. Raises `HistoryProblem`."""
        self._expiring += 1
        try:
            await self.memory.expire(self._settings().history)
        finally:
            self._expiring -= 1
        self._changed()
        self._see_what_is_left()

    async def ask(self) -> None:
        """Have the keyring asked, unless that is being done, and what waits for it kept. Raises `HistoryProblem`."""
        if not self._expiring:
            await self.expire()

    async def forget(self, spawn: Callable[[Callable[[], Coroutine[Any, Any, object]]], None]) -> None:
        """Do that now and every few hours."""
        while True:
            spawn(self.expire)
            await anyio.sleep(FORGET_S)
