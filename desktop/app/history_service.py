"""Record the engine's dictations by the current settings: the row, the recording, and when they expire.

`DictationRecorder` is called with the settings each time and knows no event loop; this is what calls it: for a
dictation that ends, at a start that finds leftovers, by the clock, and when the user resumes a dictation.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import Any

import anyio
from anyio import to_thread

from desktop.app.recovery import recover
from desktop.audio.file import read
from desktop.audio.spool import Spool
from desktop.audio.take import Take
from desktop.core.errors import LockedProblem, Problem
from desktop.core.interfaces import Recognizer
from desktop.core.types import Audio, Felt, Target
from desktop.history.history import History
from desktop.history.recorder import NOWHERE, RETRIED, Memory, keeps
from desktop.history.row import Entry, Row
from desktop.settings.schema import Settings
from desktop.settings.untold import Untold

OFF = "off"
"""The setting under which no emotion is detected."""

FORGET_S = 6 * 3600.0
"""Seconds between two expirations."""


class Remembering:
    """Records in `recorder` by the current `settings`; `on_changed` is called when the history has changed.
    `on_unlocked` is called from any thread when leftovers of an earlier run can be read now that the keyring is open,
    and `on_locked` when an entry is held until it is."""

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
        """Return whether dictated words may be written to a file that is never encrypted. Blocks."""
        keeping = self._settings().history
        return not (self.private or isinstance(keeping, Untold) or self.memory.encrypts(keeping))

    @property
    def spool(self) -> Spool:
        """The spool for a dictation that begins now."""
        return Spool(None) if self.private else self.memory.spool

    def keeps(self, target: Target) -> bool:
        """Return whether the history keeps dictations into `target`."""
        return keeps(self._settings().history, target.app, target.window)

    def feels(self, target: Target) -> bool:
        """Return whether emotions are detected for `target`."""
        return self._settings().emotion.engine != OFF and self.keeps(target)

    def remember(self, private: bool, entry: Entry, take: Take) -> int:
        """Record a dictation and return the row's id; record nothing if it began `began_private`, whatever the setting
        is now. For a worker thread. Raises `HistoryError`."""
        keeping = self._settings().history
        if self._settings().emotion.engine == OFF:  # switched off since the detection
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
        """Record the result of a resumed dictation in its `row` and return its id. For a worker thread. Raises
        `HistoryError`."""
        id = self.memory.remember_again(row, entry, take, self._settings().history)
        self._changed()
        return id

    def _see_what_is_left(self) -> None:
        if self._left and not self._recovering.locked():
            self.opened()

    def felt(self, id: int, felt: Felt) -> None:
        """Add an emotion that was detected later. For a worker thread. Raises `HistoryError`."""
        self.memory.felt(id, replace(felt, emotion=None) if self._settings().emotion.engine == OFF else felt)
        self._changed()

    async def unfinished(self) -> tuple[Row, Audio]:
        """Return the newest dictation, if it was cancelled or failed, and its recording. Raises `UserError`."""
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
        """Recover what an earlier run left into the history and return it. Runs one at a time."""
        async with self._recovering:
            await to_thread.run_sync(self.memory.mend)
            found = await recover(self.memory, recognizer, self._settings().history, quiet)
            self._left = False  # the rest has another key, or needs the user
        if found:
            self._changed()
        return found

    async def expire(self) -> None:
        """Delete what has been kept for as long as the settings say. Raises `HistoryError`."""
        self._expiring += 1
        try:
            await self.memory.expire(self._settings().history)
        finally:
            self._expiring -= 1
        self._changed()
        self._see_what_is_left()

    async def ask(self) -> None:
        """Ask for the keyring, unless that is being done, and record what waits for it. Raises `HistoryError`."""
        if not self._expiring:
            await self.expire()

    async def forget(self, spawn: Callable[[Callable[[], Coroutine[Any, Any, object]]], None]) -> None:
        """Expire now and every few hours."""
        while True:
            spawn(self.expire)
            await anyio.sleep(FORGET_S)
