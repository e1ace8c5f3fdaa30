"""What a window may hear of the microphone.

A stand-in until the microphone's page of the settings has its own, with a test recording too; the first run needs
`monitor` alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from desktop.problems import Problem
from desktop.settings import load

if TYPE_CHECKING:  # loaded when they are first asked for
    from anyio import CancelScope

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
    """What may be asked, on the main thread; every answer comes there too."""

    monitor: Monitor


def sounding(
    here: Paths, post: Callable[[Callable[[Engine], object]], None], call: Callable[[Callable[[], object]], None]
) -> Sounding:
    """All of it. `post` has work done on the engine's loop, `call` on the main thread."""

    def monitor(
        on_level: Callable[[float], None], on_trouble: Callable[[Problem | None], None] = lambda problem: None
    ) -> Callable[[], None]:
        scopes: list[CancelScope] = []
        stopped: list[bool] = []

        def tell[T](then: Callable[[T], None], value: T) -> None:
            if not stopped:
                then(value)

        def begin(engine: Engine) -> None:
            from anyio import CancelScope

            from desktop.microphone import SystemMicrophone
            from desktop.utterance import level

            scopes.append(CancelScope())
            microphone = SystemMicrophone(load(here.settings).settings.audio.device)

            async def run() -> None:
                with scopes[0]:
                    try:
                        async with microphone.open() as recording:
                            trouble = None
                            async for frame in recording:
                                call(partial(tell, on_level, level(frame)))
                                if recording.trouble is not trouble:
                                    trouble = recording.trouble
                                    call(partial(tell, on_trouble, trouble))
                    except Problem as problem:
                        call(partial(tell, on_trouble, problem))

            engine.spawn(run)

        def stop() -> None:
            stopped.append(True)
            post(lambda engine: scopes[0].cancel())

        post(begin)
        return stop

    return Sounding(monitor)
