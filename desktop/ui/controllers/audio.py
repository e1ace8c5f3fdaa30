"""Answer the windows about the microphone and the cues: live level, test recording, playback.

The microphone is open only while a window shows its level, so that its indicator light is on for no other reason. The
listening itself is in `audio.soundcheck`, imported on first use; it runs on the engine's loop and answers on the main
thread.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Protocol

from desktop.app.callbacks import run_safely_async
from desktop.core.errors import UserError
from desktop.settings.schema import CueKind
from desktop.settings.store import load_settings
from desktop.ui.controllers.controller import CallOnMainThread, PostToEngine

if TYPE_CHECKING:  # imported on first use
    from anyio import CancelScope

    from desktop.app.engine import Engine
    from desktop.audio.soundcheck import TrialRecording
    from desktop.core.paths import Paths


class MicrophoneMonitor(Protocol):
    """A function that opens the configured microphone until the function it returns is called."""

    def __call__(
        self, on_level: Callable[[float], None], on_problem: Callable[[UserError | None], None] = ...
    ) -> Callable[[], None]:
        """Start monitoring; return the function that stops it.

        `on_level` receives the loudness in [0, 1] about thirty times a second, `on_problem` why nothing is heard, then
        None once that is resolved. Both are called on the main thread, never after the stop.
        """
        ...


@dataclass(frozen=True, slots=True)
class AudioActions:
    """Actions on the microphone and the cues, called on the main thread; answers come there too.

    `record(seconds, on_level, on_result)` calls `on_result` with the `TrialRecording` or a `UserError`; the function it
    returns stops the recording, and then `on_result` is not called. `play(recording, on_finished)` plays it;
    `stop_playback` stops that. `play_cue(kind, on_result)` plays the configured sound and answers with its problem;
    `check_cue` does so silently.
    """

    monitor: MicrophoneMonitor
    record: Callable[[float, Callable[[float], None], Callable[[TrialRecording | UserError], None]], Callable[[], None]]
    play: Callable[[TrialRecording, Callable[[UserError | None], None]], None]
    stop_playback: Callable[[], None]
    play_cue: Callable[[CueKind, Callable[[UserError | None], None]], None]
    check_cue: Callable[[CueKind, Callable[[UserError | None], None]], None]


@dataclass(slots=True)
class _AudioJob:
    """One microphone job. `stopped` belongs to the main thread, `scope` to the engine's."""

    stopped: bool = False
    scope: CancelScope | None = field(default=None)

    def cancel(self, _engine: Engine) -> None:
        if self.scope is not None:
            self.scope.cancel()


def build_audio_actions(paths: Paths, post: PostToEngine, call: CallOnMainThread) -> AudioActions:
    """Build the actions on audio."""
    from desktop.audio.playback import AudioPlayer

    player = AudioPlayer()

    def start_job(
        job: _AudioJob,
        make_work: Callable[[tuple[str, ...]], Callable[[], Awaitable[object]]],
        on_error: Callable[[UserError], None],
    ) -> Callable[[], None]:
        """Run the work that `make_work` builds for the configured devices until the returned function is called."""

        def begin(engine: Engine) -> None:
            from anyio import CancelScope

            job.scope = scope = CancelScope()
            work = make_work(load_settings(paths.settings).settings.audio.device)

            async def run() -> None:
                with scope:
                    result = await run_safely_async(work)
                    if isinstance(result, UserError):
                        on_error(result)

            engine.spawn(run)

        def stop() -> None:
            job.stopped = True
            post(job.cancel)

        post(begin)
        return stop

    def unless_stopped[T](job: _AudioJob, callback: Callable[[T], None]) -> Callable[[T], None]:
        """Return a function that calls `callback` on the main thread unless the job was stopped meanwhile."""

        def call_back(value: T) -> None:
            if not job.stopped:
                callback(value)

        return lambda value: call(partial(call_back, value))

    def monitor(
        on_level: Callable[[float], None], on_problem: Callable[[UserError | None], None] = lambda problem: None
    ) -> Callable[[], None]:
        job = _AudioJob()
        report_level, report_problem = unless_stopped(job, on_level), unless_stopped(job, on_problem)

        def make_work(devices: tuple[str, ...]) -> Callable[[], Awaitable[None]]:
            from desktop.audio.soundcheck import monitor_level

            return lambda: monitor_level(devices, report_level, report_problem)

        return start_job(job, make_work, report_problem)

    def record(
        seconds: float, on_level: Callable[[float], None], on_result: Callable[[TrialRecording | UserError], None]
    ) -> Callable[[], None]:
        job = _AudioJob()
        report_level, report_result = unless_stopped(job, on_level), unless_stopped(job, on_result)

        def make_work(devices: tuple[str, ...]) -> Callable[[], Awaitable[None]]:
            from desktop.audio.soundcheck import record_trial

            async def run() -> None:
                report_result(await record_trial(devices, seconds, report_level))

            return run

        return start_job(job, make_work, report_result)

    def play(recording: TrialRecording, on_finished: Callable[[UserError | None], None]) -> None:
        player.play(recording.audio, lambda: None, lambda problem: call(partial(on_finished, problem)))

    def cue(kind: CueKind, on_result: Callable[[UserError | None], None], *, aloud: bool = True) -> None:
        def begin(engine: Engine) -> None:
            from desktop.audio.soundcheck import play_cue

            async def run() -> None:
                work = partial(play_cue, load_settings(paths.settings).settings.audio, kind, aloud=aloud)
                call(partial(on_result, await run_safely_async(work)))

            engine.spawn(run)

        post(begin)

    return AudioActions(monitor, record, play, player.stop, cue, partial(cue, aloud=False))
