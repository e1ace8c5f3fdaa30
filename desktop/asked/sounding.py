"""What a window may hear of the microphone and of the sounds of a dictation, and what it is answered.

A window that is looked at shows whether the microphone hears, so it is opened for it, and closed as soon as nobody
looks: its lamp is lit for no other reason. The hearing itself is in `soundcheck`, which is loaded when it is first
asked for; all is done on the engine's loop and answered on the main thread.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Protocol

from desktop.asked.answering import Call, Post, answered_later
from desktop.problems import Problem
from desktop.settings import load
from desktop.settings.tree import CueKind

if TYPE_CHECKING:  # loaded when they are first asked for
    from anyio import CancelScope

    from desktop.asked.trial_recording import Recorded
    from desktop.engine import Engine
    from desktop.paths import Paths


class Monitor(Protocol):
    """Opens the microphone of the settings until what it returns is called."""

    def __call__(
        self, on_level: Callable[[float], None], on_trouble: Callable[[Problem | None], None] = ...
    ) -> Callable[[], None]:
        """`on_level` is given the loudness in [0, 1] about thirty times a second, `on_trouble` why nothing is heard,
        and None when that is over. Both on the main thread, and never once it was stopped."""
        ...


@dataclass(frozen=True, slots=True)
class Sounding:
    """What may be asked, on the main thread; every answer comes there too.

    `record(seconds, on_level, then)` tells `then` what was recorded, or why nothing could be; what it returns stops it,
    and `then` is not called. `play(recorded, then)` plays that; `silence` stops what plays. `cue(kind, then)` plays the
    sound that the settings have for it, and says what is wrong with it; `cue_problem` says that without a sound.
    """

    monitor: Monitor
    record: Callable[[float, Callable[[float], None], Callable[[Recorded | Problem], None]], Callable[[], None]]
    play: Callable[[Recorded, Callable[[Problem | None], None]], None]
    silence: Callable[[], None]
    cue: Callable[[CueKind, Callable[[Problem | None], None]], None]
    cue_problem: Callable[[CueKind, Callable[[Problem | None], None]], None]


@dataclass(slots=True)
class _Going:
    """One thing that is heard. `stopped` is the main thread's, `scope` the engine's."""

    stopped: bool = False
    scope: CancelScope | None = field(default=None)

    def end(self, _engine: Engine) -> None:
        if self.scope is not None:
            self.scope.cancel()


def sounding(here: Paths, post: Post, call: Call) -> Sounding:
    """All of it."""
    from desktop.playing import Player

    player = Player()

    def hear(
        going: _Going,
        listen: Callable[[tuple[str, ...]], Callable[[], Awaitable[object]]],
        failed: Callable[[Problem], None],
    ) -> Callable[[], None]:
        """Have what `listen` makes of the microphones done until it is stopped."""

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
        """`then` on the main thread, unless it was stopped meanwhile."""

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
            from desktop.asked.soundcheck import monitor

            return lambda: monitor(devices, level, trouble)

        return hear(going, listen, trouble)

    def record(
        seconds: float, on_level: Callable[[float], None], then: Callable[[Recorded | Problem], None]
    ) -> Callable[[], None]:
        going = _Going()
        level, over = told(going, on_level), told(going, then)

        def listen(devices: tuple[str, ...]) -> Callable[[], Awaitable[None]]:
            from desktop.asked.soundcheck import record

            async def run() -> None:
                over(await record(devices, seconds, level))

            return run

        return hear(going, listen, over)

    def play(recorded: Recorded, then: Callable[[Problem | None], None]) -> None:
        player.play(recorded.audio, lambda: None, lambda problem: call(partial(then, problem)))

    def cue(kind: CueKind, then: Callable[[Problem | None], None], *, aloud: bool = True) -> None:
        def begin(engine: Engine) -> None:
            from desktop.asked.soundcheck import ring

            async def run() -> None:
                work = partial(ring, load(here.settings).settings.audio, kind, aloud=aloud)
                call(partial(then, await answered_later(work)))

            engine.spawn(run)

        post(begin)

    return Sounding(monitor, record, play, player.silence, cue, partial(cue, aloud=False))
