"""A clock that skips the waiting: ninety minutes of speech need not take ninety minutes to be honest.

A streaming recognizer decodes what it has when it is free, so its text depends on when sound arrives, and sound has to
arrive at the pace of speech. But while nobody computes, nothing depends on how long a wait really takes. So the event
loop's time jumps to the next timer when nothing is ready and no work is in flight, and runs as usual otherwise: during
a decode of a second, a second of speech is heard, and every timer fires in the order and at the loop time it would have
had.

It only holds for code that reads the loop's time (`anyio.current_time()`), not `time.monotonic()`.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from anyio import to_thread


class SkippingClock:
    """Give `loop` to `anyio.run` as its `loop_factory`; waits are skipped only inside `skipping`."""

    def __init__(self) -> None:
        self.skipped_s = 0.0
        self._busy: Callable[[], bool] | None = None

    def loop(self) -> asyncio.AbstractEventLoop:
        """A new event loop that goes by this clock."""
        return _Loop(self)

    @contextmanager
    def skipping(self, busy: Callable[[], bool]) -> Iterator[None]:
        """Inside, skip waits while `busy` is false and no worker thread of anyio is at work. Call it on the loop."""
        threads = to_thread.current_default_thread_limiter()
        self._busy = lambda: busy() or threads.borrowed_tokens > 0
        try:
            yield
        finally:
            self._busy = None

    @property
    def runs(self) -> bool:
        """Whether time has to run as usual now."""
        return self._busy is None or self._busy()


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self, clock: SkippingClock) -> None:
        super().__init__(_Selector(clock))
        self._skipping_clock = clock

    def time(self) -> float:
        return super().time() + self._skipping_clock.skipped_s


class _Selector(selectors.DefaultSelector):
    """The loop waits in here, until its next timer at the longest: `timeout` seconds."""

    def __init__(self, clock: SkippingClock) -> None:
        super().__init__()
        self._clock = clock

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout <= 0 or self._clock.runs:
            return super().select(timeout)
        ready = super().select(0)
        if not ready:
            self._clock.skipped_s += timeout
        return ready
