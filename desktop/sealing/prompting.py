"""A question that may open a prompt for the person, as one to the keyring does: for seconds, or until they are back.

It is asked in a thread of its own, for which the app's end need not wait, and once at a time: who asks meanwhile gets
the same answer, and the person one prompt.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextlib import suppress
from threading import Lock, Thread

from anyio import from_thread

LOOK_S = 0.1
"""How often who waits looks whether that is still wanted."""


class Question[T]:
    """`ask` blocks, perhaps for ever."""

    def __init__(self, ask: Callable[[], T]) -> None:
        self._ask = ask
        self._turn = Lock()
        self._asked: tuple[Future[T], float] | None = None

    def answer(self, within_s: float | None = None) -> T:
        """Blocks until there is one, or `within_s` after it was asked, by whomever; and no longer than the task lives
        that a worker thread of anyio works for. Raises what `ask` raises, and `TimeoutError`."""
        answer, since = self._under_way()
        while True:
            left = LOOK_S if within_s is None else since + within_s - time.monotonic()
            if wait([answer], max(0.0, min(LOOK_S, left))).done:
                return answer.result()
            if left <= 0:
                raise TimeoutError
            with suppress(RuntimeError):  # this is no such thread
                from_thread.check_cancelled()

    async def awaited(self) -> T:
        """The same for a task, which no thread but the question's own waits for: however the task is cancelled, no
        worker is left that the end of the process would wait for. Raises what `ask` raises."""
        return await asyncio.wrap_future(self._under_way()[0])

    def _under_way(self) -> tuple[Future[T], float]:
        """The answer that is waited for, and since when (monotonic): a new one where none is."""
        with self._turn:
            if self._asked is None or self._asked[0].done():
                self._asked = Future(), time.monotonic()
                self._asked[0].set_running_or_notify_cancel()  # who waits no longer does not cancel it for others
                try:
                    Thread(target=self._run, args=(self._asked[0],), name="prompting", daemon=True).start()
                except BaseException:
                    self._asked = None
                    raise
            return self._asked

    def _run(self, answer: Future[T]) -> None:
        try:
            answer.set_result(self._ask())
        except BaseException as error:
            answer.set_exception(error)
