"""Calls to AppKit from other threads: it wants its main thread, which is Qt's."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from Foundation import NSOperationQueue

ANSWER_S = 1.0
"""How long the main thread may be busy."""


def on_main[T](call: Callable[[], T]) -> T:
    """What `call` returns in the main thread. Raises `TimeoutError` where that does not come to it."""
    return _asked(call).result(ANSWER_S)


def on_main_or_here[T](call: Callable[[], T]) -> T:
    """The same, but done here where the main thread does not come to it: at the app's end it waits for us."""
    answer = _asked(call)
    try:
        return answer.result(ANSWER_S)
    except TimeoutError:
        return call() if answer.cancel() else answer.result()


def _asked[T](call: Callable[[], T]) -> Future[T]:
    answer: Future[T] = Future()

    def run() -> None:
        if answer.set_running_or_notify_cancel():
            try:
                answer.set_result(call())
            except Exception as error:
                answer.set_exception(error)

    NSOperationQueue.mainQueue().addOperationWithBlock_(run)
    return answer
