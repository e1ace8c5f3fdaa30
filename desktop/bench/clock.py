"""An event loop clock that skips waits, so that ninety minutes of speech can be measured faster.

A streaming recognizer decodes what it has whenever it is free, so its text depends on when sound arrives, and sound
must arrive at the pace of speech. But while nothing computes, nothing depends on how long a wait really takes. So the
loop's time jumps to the next timer when nothing is ready and no work is in progress, and runs as usual otherwise:
during a decode of one second, one second of speech arrives, and every timer fires in the order and at the loop time it
would have had.

Valid only for code that reads the loop's time (`anyio.current_time()`), not `time.monotonic()`.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from anyio import to_thread

if TYPE_CHECKING or not hasattr(asyncio, "IocpProactor"):
    from asyncio import SelectorEventLoop as EventLoop
    from selectors import DefaultSelector as EventSelector
else:  # Windows, whose other loop starts no processes
    from asyncio import IocpProactor as EventSelector
    from asyncio import ProactorEventLoop as EventLoop


class SkippingClock:
    """Pass `create_loop` to `anyio.run` as its `loop_factory`; waits are skipped only inside `skipping`."""

    def __init__(self) -> None:
        self.skipped_s = 0.0
        self._is_busy: Callable[[], bool] | None = None

    def create_loop(self) -> asyncio.AbstractEventLoop:
        """Create an event loop that uses this clock."""
        return _Loop(self)

    @contextmanager
    def skipping(self, is_busy: Callable[[], bool]) -> Iterator[None]:
        """Skip waits inside this context while `is_busy` returns false and no worker thread of anyio runs. Call on the
        loop."""
        threads = to_thread.current_default_thread_limiter()
        self._is_busy = lambda: is_busy() or threads.borrowed_tokens > 0
        try:
            yield
        finally:
            self._is_busy = None

    @property
    def must_run(self) -> bool:
        """Whether time must run as usual now."""
        return self._is_busy is None or self._is_busy()


class _Loop(EventLoop):
    def __init__(self, clock: SkippingClock) -> None:
        super().__init__(_Selector(clock))
        self._skipping_clock = clock

    def time(self) -> float:
        return super().time() + self._skipping_clock.skipped_s


class _Selector(EventSelector):
    """A selector in which the loop waits for its next timer, `timeout` seconds at most."""

    def __init__(self, clock: SkippingClock) -> None:
        super().__init__()
        self._clock = clock

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout <= 0 or self._clock.must_run:
            return super().select(timeout)
        ready = super().select(0)
        if not ready:
            self._clock.skipped_s += timeout
        return ready
