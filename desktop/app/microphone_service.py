"""Keep the current microphone: replace it when settings or devices change, and check for it between dictations.

A replaced microphone retires: a dictation in progress keeps it until its end.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anyio
from anyio import to_thread
from anyio.abc import TaskGroup

from desktop.app import factory as making
from desktop.audio.cues import Cues
from desktop.audio.ducking import Ducking
from desktop.audio.media_players import Pausing
from desktop.audio.microphone.microphone import SystemMicrophone
from desktop.audio.others import Hushing, Others
from desktop.core.errors import Problem
from desktop.core.interfaces import Microphone
from desktop.core.state import State
from desktop.core.tasks import lasting
from desktop.settings.schema import Sound

CHECK_S = 10.0
"""Seconds between checks for a microphone."""


class Ear:
    """Microphone, cues and audio ducking as configured; the ducked streams are recorded in `ducking_file`.

    `on_problem(problem)` is called when no microphone is usable, and with None once that is resolved.
    """

    _cues: Cues
    _system: SystemMicrophone

    def __init__(self, hushed: Path, missing: Callable[[Problem | None], None]) -> None:
        self.others = Others(hushed, {"duck": Ducking(), "pause": Pausing()})
        self._missing = missing
        self._was_missing = False

    def choose(self, sound: Sound, hushes: bool) -> None:
        """Configure the microphone for the next dictation; see `create_microphone`."""
        self._cues = Cues(sound)
        self._system = making.microphone(sound, self.others, self._cues, hushes)

    def renew(self, sound: Sound, hushes: bool, tasks: TaskGroup) -> None:
        """Configure it while it runs: the previous microphone retires."""
        self._system.retire()
        self.choose(sound, hushes)
        tasks.start_soon(lasting, self._system.run)

    def begin(self, tasks: TaskGroup) -> None:
        """Start in `tasks`."""
        tasks.start_soon(lasting, self._system.run)
        tasks.start_soon(lasting, self._watch)
        tasks.start_soon(lasting, self.others.run)

    @property
    def microphone(self) -> Microphone:
        """The microphone for a dictation, with audio ducking."""
        return Hushing(self._system, self.others)

    def hear(self, before: State, now: State) -> None:
        """React to a dictation's state change: play the failure cue where it failed."""
        self._cues.hear(before, now)

    async def check(self) -> None:
        """Check whether a microphone is usable."""
        problem = await to_thread.run_sync(self._system.check)
        if problem is not None or self._was_missing:
            self._was_missing = problem is not None
            self._missing(problem)

    async def _watch(self) -> None:
        while True:
            await self.check()
            await anyio.sleep(CHECK_S)
