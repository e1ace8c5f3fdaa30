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

from desktop.app.callbacks import Call, Post, answered_later
from desktop.core.errors import Problem
from desktop.settings.schema import CueKind
from desktop.settings.store import load

if TYPE_CHECKING:  # loaded when they are first asked for
    from anyio import CancelScope

    from desktop.app.engine import Engine
    from desktop.audio.trial_recording import Recorded
    from desktop.core.paths import Paths


class Monitor(Protocol):
    """A function that opens the configured microphone until the function it returns is called."""

    def __call__(
        self, on_level: Callable[[float], None], on_trouble: Callable[[Problem | None], None] = ...
    ) -> Callable[[], None]:
        """Start monitoring; return the function that stops it.

        `on_level` receives the loudness in [0, 1] about thirty times a second, `on_problem` why nothing is heard, then
        None once that is resolved. Both are called on the main thread, never after the stop.
        """
        ...


@dataclass(frozen=True, slots=True)
class Sounding:
    """Actions on the microphone and the cues, called on the main thread; answers come there too.

    `record(seconds, on_level, on_result)` calls `on_result` with the `TrialRecording` or a `UserError`; the function it
    returns stops the recording, and then `on_result` is not called. `play(recording, on_finished)` plays it;
    `stop_playback` stops that. `play_cue(kind, on_result)` plays the configured sound and answers with its problem;
    `check_cue` does so silently.
    """

    monitor: Monitor
    record: Callable[[float, Callable[[float], None], Callable[[Recorded | Problem], None]], Callable[[], None]]
    play: Callable[[Recorded, Callable[[Problem | None], None]], None]
    silence: Callable[[], None]
    cue: Callable[[CueKind, Callable[[Problem | None], None]], None]
    cue_problem: Callable[[CueKind, Callable[[Problem | None], None]], None]


@dataclass(slots=True)
class _Going:
    """One microphone job. `stopped` belongs to the main thread, `scope` to the engine's."""

    stopped: bool = False
    scope: CancelScope | None = field(default=None)

    def end(self, _engine: Engine) -> None:
        if self.scope is not None:
            self.scope.cancel()


def sounding(here: Paths, post: Post, call: Call) -> Sounding:
    """Build the actions on audio."""
    from desktop.audio.playback import Player

    player = Player()

    def hear(
        going: _Going,
        listen: Callable[[tuple[str, ...]], Callable[[], Awaitable[object]]],
        failed: Callable[[Problem], None],
    ) -> Callable[[], None]:
        """Run the work that `make_work` builds for the configured devices until the returned function is called."""

        def begin(engine: Engine) -> None:
            from anyio import CancelScope

            going.scope = scope = CancelScope()
            work = listen(load(here.settings).settings.audio.device)

            async def run() -> None:
                with scope:
                    ended = await answered_later(work)
                    if isinstance(ended, Problem):
                        failed(ended)

            engine.spawn(run)

        def stop() -> None:
            going.stopped = True
            post(going.end)

        post(begin)
        return stop

    def told[T](going: _Going, then: Callable[[T], None]) -> Callable[[T], None]:
        """Return a function that calls `callback` on the main thread unless the job was stopped meanwhile."""

        def tell(value: T) -> None:
            if not going.stopped:
                then(value)

        return lambda value: call(partial(tell, value))

    def monitor(
        on_level: Callable[[float], None], on_trouble: Callable[[Problem | None], None] = lambda problem: None
    ) -> Callable[[], None]:
        going = _Going()
        level, trouble = told(going, on_level), told(going, on_trouble)

        def listen(devices: tuple[str, ...]) -> Callable[[], Awaitable[None]]:
            from desktop.audio.soundcheck import monitor

            return lambda: monitor(devices, level, trouble)

        return hear(going, listen, trouble)

    def record(
        seconds: float, on_level: Callable[[float], None], then: Callable[[Recorded | Problem], None]
    ) -> Callable[[], None]:
        going = _Going()
        level, over = told(going, on_level), told(going, then)

        def listen(devices: tuple[str, ...]) -> Callable[[], Awaitable[None]]:
            from desktop.audio.soundcheck import record

            async def run() -> None:
                over(await record(devices, seconds, level))

            return run

        return hear(going, listen, over)

    def play(recorded: Recorded, then: Callable[[Problem | None], None]) -> None:
        player.play(recorded.audio, lambda: None, lambda problem: call(partial(then, problem)))

    def cue(kind: CueKind, then: Callable[[Problem | None], None], *, aloud: bool = True) -> None:
        def begin(engine: Engine) -> None:
            from desktop.audio.soundcheck import ring

            async def run() -> None:
                work = partial(ring, load(here.settings).settings.audio, kind, aloud=aloud)
                call(partial(then, await answered_later(work)))

            engine.spawn(run)

        post(begin)

    return Sounding(monitor, record, play, player.silence, cue, partial(cue, aloud=False))
