"""Run a blocking call that may prompt the user, such as one to the keyring: for seconds, or until the user is back.

It runs in a daemon thread of its own, which the end of the app need not wait for, and once at a time: callers meanwhile
get the same answer, and the user sees one prompt.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextlib import suppress
from threading import Lock, Thread

from anyio import from_thread

CANCEL_CHECK_INTERVAL_S = 0.1
"""Seconds between checks whether a waiting caller has been cancelled."""


class SharedPrompt[T]:
    """A call that may prompt the user, shared by concurrent callers. `prompt` blocks, perhaps for ever."""

    def __init__(self, prompt: Callable[[], T]) -> None:
        self._prompt = prompt
        self._lock = Lock()
        self._pending: tuple[Future[T], float] | None = None

    def ask(self, timeout_s: float | None = None) -> T:
        """Return the answer. Blocks until there is one, or `timeout_s` after the prompt started, whichever caller
        started it.

        In a worker thread of anyio also ends when the task that it works for is cancelled. Raises what `prompt` raises,
        and `TimeoutError`.
        """
        answer, started_at = self._start_or_join()
        while True:
            remaining_s = CANCEL_CHECK_INTERVAL_S if timeout_s is None else started_at + timeout_s - time.monotonic()
            if wait([answer], max(0.0, min(CANCEL_CHECK_INTERVAL_S, remaining_s))).done:
                return answer.result()
            if remaining_s <= 0:
                raise TimeoutError
            with suppress(RuntimeError):  # not a worker thread of anyio
                from_thread.check_cancelled()

    async def ask_async(self) -> T:
        """Return the answer to a task. Only the prompt's own thread waits for it.

        However the task is cancelled, no worker thread is left that the end of the process would wait for. Raises what
        `prompt` raises.
        """
        return await asyncio.wrap_future(self._start_or_join()[0])

    def _start_or_join(self) -> tuple[Future[T], float]:
        """Return the pending answer and its start (monotonic); start the prompt where none is pending."""
        with self._lock:
            if self._pending is None or self._pending[0].done():
                self._pending = Future(), time.monotonic()
                self._pending[0].set_running_or_notify_cancel()  # cancelling one caller does not cancel the others
                try:
                    Thread(target=self._run, args=(self._pending[0],), name="prompting", daemon=True).start()
                except BaseException:
                    self._pending = None
                    raise
            return self._pending

    def _run(self, answer: Future[T]) -> None:
        try:
            answer.set_result(self._prompt())
        except BaseException as error:
            answer.set_exception(error)
