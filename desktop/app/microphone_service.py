"""Keep the current microphone: replace it when settings or devices change, and check for it between dictations.

A replaced microphone retires: a dictation in progress keeps it until its end.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anyio
from anyio import to_thread
from anyio.abc import TaskGroup

from desktop.app import factory
from desktop.app.call_service import CallService
from desktop.audio.cues import DictationCues
from desktop.audio.ducking import DuckingMicrophone
from desktop.audio.microphone.microphone import SystemMicrophone
from desktop.core.errors import UserError
from desktop.core.interfaces import Microphone
from desktop.core.state import SHORTCUT_WINDOW_S, DictationState
from desktop.core.tasks import run_with_restarts
from desktop.settings.schema import AudioSettings

CHECK_INTERVAL_S = 10.0
"""Seconds between checks for a microphone."""


class MicrophoneService:
    """Microphone, cues, audio ducking and muting in `calls` as configured; the ducked streams are recorded in
    `ducking_file`.

    `on_problem(problem)` is called when no microphone is usable, and with None once that is resolved.
    """

    _cues: DictationCues
    _system: SystemMicrophone

    def __init__(self, ducking_file: Path, calls: CallService, on_problem: Callable[[UserError | None], None]) -> None:
        self.audio_ducker = factory.create_ducker(ducking_file)
        self._calls = calls
        self._on_problem = on_problem
        self._had_problem = False

    def configure(self, audio_settings: AudioSettings, wait_for_shortcut: bool) -> None:
        """Configure the microphone for the next dictation.

        With `wait_for_shortcut`, because the key press may become a shortcut, cues and ducking start only after
        `SHORTCUT_WINDOW_S`; calls are muted at once, as they would hear the first word.
        """
        start_delay_s = SHORTCUT_WINDOW_S if wait_for_shortcut else 0.0
        self.audio_ducker.mode, self.audio_ducker.min_press_s = audio_settings.others, start_delay_s
        self._calls.configure(audio_settings.calls)
        self._cues = DictationCues(audio_settings)
        self._system = factory.create_microphone(audio_settings, self._cues, start_delay_s)

    def reconfigure(self, audio_settings: AudioSettings, wait_for_shortcut: bool, tasks: TaskGroup) -> None:
        """Configure it while it runs: the previous microphone retires."""
        self._system.retire()
        self.configure(audio_settings, wait_for_shortcut)
        tasks.start_soon(run_with_restarts, self._system.run)

    def start(self, tasks: TaskGroup) -> None:
        """Start in `tasks`."""
        tasks.start_soon(run_with_restarts, self._system.run)
        tasks.start_soon(run_with_restarts, self._watch)
        tasks.start_soon(run_with_restarts, self.audio_ducker.run)
        self._calls.start(tasks)

    @property
    def microphone(self) -> Microphone:
        """The microphone for a dictation, with audio ducking and muting in calls."""
        return self._calls.wrap(DuckingMicrophone(self._system, self.audio_ducker))

    def on_state_change(self, previous: DictationState, current: DictationState) -> None:
        """React to a dictation's state change: play the failure cue where it failed."""
        self._cues.on_state(previous, current)

    async def check(self) -> None:
        """Check whether a microphone is usable."""
        problem = await to_thread.run_sync(self._system.find_problem)
        if problem is not None or self._had_problem:
            self._had_problem = problem is not None
            self._on_problem(problem)

    async def _watch(self) -> None:
        while True:
            await self.check()
            await anyio.sleep(CHECK_INTERVAL_S)
