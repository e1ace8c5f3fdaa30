"""The microphone of now: made anew when the settings or the machine want another, and looked for while nobody dictates.

One that is replaced retires: a dictation under way keeps it to its end.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anyio
from anyio import to_thread
from anyio.abc import TaskGroup

from desktop import making
from desktop.microphone import Cues, Ducking, Hushing, Others, Pausing, SystemMicrophone
from desktop.ports import Microphone
from desktop.problems import Problem
from desktop.settings.tree import Sound
from desktop.state import State
from desktop.work import lasting

CHECK_S = 10.0
"""How often it is looked for."""


class Ear:
    """Hears as the settings say, with other sound softer meanwhile; what that was like is written down in the file
    `hushed`. `missing` is told what is in its way, and None when nothing is any more."""

    _cues: Cues
    _system: SystemMicrophone

    def __init__(self, hushed: Path, missing: Callable[[Problem | None], None]) -> None:
        self.others = Others(hushed, {"duck": Ducking(), "pause": Pausing()})
        self._missing = missing
        self._was_missing = False

    def choose(self, sound: Sound, hushes: bool) -> None:
        """Hear so from the next dictation on; see `making.microphone`."""
        self._cues = Cues(sound)
        self._system = making.microphone(sound, self.others, self._cues, hushes)

    def renew(self, sound: Sound, hushes: bool, tasks: TaskGroup) -> None:
        """The same while it is used: the one before retires."""
        self._system.retire()
        self.choose(sound, hushes)
        tasks.start_soon(lasting, self._system.run)

    def begin(self, tasks: TaskGroup) -> None:
        """Live in `tasks`."""
        tasks.start_soon(lasting, self._system.run)
        tasks.start_soon(lasting, self._watch)
        tasks.start_soon(lasting, self.others.run)

    @property
    def microphone(self) -> Microphone:
        """What a dictation hears with."""
        return Hushing(self._system, self.others)

    def hear(self, before: State, now: State) -> None:
        """A dictation is in another state: it is heard where that ended badly."""
        self._cues.hear(before, now)

    async def check(self) -> None:
        """See whether there is a microphone."""
        problem = await to_thread.run_sync(self._system.check)
        if problem is not None or self._was_missing:
            self._was_missing = problem is not None
            self._missing(problem)

    async def _watch(self) -> None:
        while True:
            await self.check()
            await anyio.sleep(CHECK_S)
