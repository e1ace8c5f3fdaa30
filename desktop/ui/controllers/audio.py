"""Answer the windows about the microphone and the cues: live level, test recording, playback.

The microphone is open only while a window shows its level, so that its indicator light is on for no other reason. The
listening itself is in `audio.soundcheck`; it runs on the engine's loop.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from anyio import CancelScope

from desktop.app.callbacks import run_safely_async
from desktop.audio import soundcheck
from desktop.audio.playback import AudioPlayer
from desktop.audio.soundcheck import TrialRecording
from desktop.core.errors import UserError
from desktop.core.paths import Paths
from desktop.settings.live import load_in_force
from desktop.settings.schema import CueKind
from desktop.ui.controllers.controller import CallOnMainThread, Controller, OnResult, PostToEngine

if TYPE_CHECKING:
    from desktop.app.engine import Engine


class AudioController(Controller):
    """Requests about the microphone and the cues."""

    def __init__(self, paths: Paths, post: PostToEngine, call: CallOnMainThread) -> None:
        super().__init__(paths, post, call)
        self._player = AudioPlayer()

    def monitor(
        self,
        on_level: Callable[[float], None],
        on_problem: Callable[[UserError | None], None] = lambda problem: None,
    ) -> Callable[[], None]:
        """Open the configured microphone until the returned function is called.

        `on_level` receives the loudness in [0, 1] about thirty times a second, `on_problem` why nothing is heard, then
        None once that is resolved. Neither is called after the stop.
        """
        job = _MicrophoneJob(self._call)
        report_level, report_problem = job.guard(on_level), job.guard(on_problem)
        return self._start(
            job, lambda devices: soundcheck.monitor_level(devices, report_level, report_problem), report_problem
        )

    def record(
        self, seconds: float, on_level: Callable[[float], None], on_result: OnResult[TrialRecording]
    ) -> Callable[[], None]:
        """Record from the configured microphone; the returned function stops that, and `on_result` is not called."""
        job = _MicrophoneJob(self._call)
        report_level, report_result = job.guard(on_level), job.guard(on_result)

        async def record(devices: tuple[str, ...]) -> None:
            report_result(await soundcheck.record_trial(devices, seconds, report_level))

        return self._start(job, record, report_result)

    def play(self, recording: TrialRecording, on_ended: Callable[[UserError | None], None]) -> None:
        """Play a recording; `on_ended` receives None at its end."""
        self._player.play(recording.audio, lambda: None, self._on_main(on_ended))

    def stop_playback(self) -> None:
        """Stop what plays; its `on_ended` is not called."""
        self._player.stop()

    def play_cue(self, kind: CueKind, on_result: Callable[[UserError | None], None]) -> None:
        """Play the configured sound; the result is its problem."""
        self._try_cue(kind, on_result, aloud=True)

    def check_cue(self, kind: CueKind, on_result: Callable[[UserError | None], None]) -> None:
        """Check whether the configured sound can be played; the result is its problem."""
        self._try_cue(kind, on_result, aloud=False)

    def _try_cue(self, kind: CueKind, on_result: Callable[[UserError | None], None], *, aloud: bool) -> None:
        self._run_on_engine(
            lambda engine: soundcheck.play_cue(load_in_force(self._paths).settings.audio, kind, aloud=aloud),
            on_result,
        )

    def _start(
        self,
        job: _MicrophoneJob,
        work: Callable[[tuple[str, ...]], Awaitable[None]],
        on_error: Callable[[UserError], None],
    ) -> Callable[[], None]:
        """Run `work` with the configured devices until the returned function is called."""

        def begin(engine: Engine) -> None:
            job.scope = scope = CancelScope()
            devices = load_in_force(self._paths).settings.audio.device

            async def run() -> None:
                with scope:
                    result = await run_safely_async(partial(work, devices))
                    if isinstance(result, UserError):
                        on_error(result)

            engine.spawn(run)

        def stop() -> None:
            job.is_stopped = True
            self._post(job.cancel)

        self._post(begin)
        return stop


class _MicrophoneJob:
    """One use of the microphone. `is_stopped` belongs to the main thread, `scope` to the engine's."""

    def __init__(self, call: CallOnMainThread) -> None:
        self.is_stopped = False
        self.scope: CancelScope | None = None
        self._call = call

    def cancel(self, _engine: Engine) -> None:
        """Stop the work on the engine's loop."""
        if self.scope is not None:
            self.scope.cancel()

    def guard[T](self, callback: Callable[[T], None]) -> Callable[[T], None]:
        """Return a function that calls `callback` on the main thread unless the job is stopped by then."""

        def call_back(value: T) -> None:
            if not self.is_stopped:
                callback(value)

        return lambda value: self._call(partial(call_back, value))
