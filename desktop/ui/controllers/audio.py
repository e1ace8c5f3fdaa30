"""Answer the windows about the microphone and the cues: live level, test recording, playback.

The microphone is open only while a window shows its level, so that its indicator light is on for no other reason. The
listening itself is in `desktop.audio.soundcheck`; it runs on the engine's loop.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from threading import Event
from typing import TYPE_CHECKING

from anyio import CancelScope

from desktop.audio import soundcheck
from desktop.audio.playback import create_player
from desktop.audio.soundcheck import TrialRecording
from desktop.core.errors import UserError
from desktop.settings.schema import CueKind
from desktop.ui.controllers.controller import Controller, ControllerContext, OnResult

if TYPE_CHECKING:
    from desktop.app.engine import Engine


class AudioController(Controller):
    """Requests about the microphone and the cues."""

    def __init__(self, context: ControllerContext) -> None:
        super().__init__(context)
        self._player = create_player()

    def monitor(
        self, on_level: Callable[[float], None], on_problem: Callable[[UserError | None], None]
    ) -> Callable[[], None]:
        """Open the configured microphone until the returned function is called.

        `on_level` receives the loudness in [0, 1] about thirty times a second, `on_problem` why nothing is heard, then
        None once that is resolved. Neither is called after the stop.
        """
        stopped = Event()
        report_level, report_problem = self._on_main(on_level, stopped), self._on_main(on_problem, stopped)
        return self._start(
            lambda devices: soundcheck.monitor_level(devices, report_level, report_problem), on_problem, stopped
        )

    def record(
        self, seconds: float, on_level: Callable[[float], None], on_result: OnResult[TrialRecording]
    ) -> Callable[[], None]:
        """Record from the configured microphone; the returned function stops that, and `on_result` is not called."""
        stopped = Event()
        report_level = self._on_main(on_level, stopped)
        return self._start(lambda devices: soundcheck.record_trial(devices, seconds, report_level), on_result, stopped)

    def play(self, recording: TrialRecording, on_ended: Callable[[UserError | None], None]) -> None:
        """Play a recording; `on_ended` receives None at its end."""
        self._player.play(recording.audio, lambda: None, self._on_main(on_ended))

    def stop_playback(self) -> None:
        """Stop what plays; its `on_ended` is not called."""
        self._player.stop()

    def try_cue(self, kind: CueKind, on_result: Callable[[UserError | None], None], *, aloud: bool) -> None:
        """Check whether the configured sound can be played, and play it if `aloud`; the result is its problem."""
        self._run_on_engine(
            lambda engine: soundcheck.play_cue(self._live_settings.load().settings.audio, kind, aloud=aloud), on_result
        )

    def _start[T](
        self,
        work: Callable[[tuple[str, ...]], Awaitable[T]],
        on_result: Callable[[T | UserError], None],
        stopped: Event,
    ) -> Callable[[], None]:
        """Run `work` with the configured devices until the returned function is called, which sets `stopped`."""
        scopes: list[CancelScope] = []

        async def run(engine: Engine) -> T | None:
            with CancelScope() as scope:
                scopes.append(scope)
                if not stopped.is_set():
                    return await work(self._live_settings.load().settings.audio.device)
            return None

        def answer(result: T | UserError | None) -> None:
            if result is not None and not stopped.is_set():
                on_result(result)

        def cancel(engine: Engine) -> None:
            for scope in scopes:
                scope.cancel()

        def stop() -> None:
            stopped.set()
            self._post(cancel)

        self._run_on_engine(run, answer)
        return stop
