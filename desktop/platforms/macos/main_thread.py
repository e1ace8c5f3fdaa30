"""Call AppKit from other threads: it needs the main thread, which is Qt's."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from Foundation import NSOperationQueue

MAIN_THREAD_TIMEOUT_S = 1.0
"""Seconds that the main thread may be busy."""


def on_main[T](call: Callable[[], T]) -> T:
    """Return what `call` returns in the main thread.

    Raises `TimeoutError` if the main thread does not run it in time.
    """
    return _post_to_main(call).result(MAIN_THREAD_TIMEOUT_S)


def on_main_or_here[T](call: Callable[[], T]) -> T:
    """Return what `call` returns in the main thread, or in this one if that does not run it in time.

    At the app's end the main thread waits for this one.
    """
    answer = _post_to_main(call)
    try:
        return answer.result(MAIN_THREAD_TIMEOUT_S)
    except TimeoutError:
        return call() if answer.cancel() else answer.result()


def _post_to_main[T](call: Callable[[], T]) -> Future[T]:
    answer: Future[T] = Future()

    def run() -> None:
        if answer.set_running_or_notify_cancel():
            try:
                answer.set_result(call())
            except Exception as error:
                answer.set_exception(error)

    NSOperationQueue.mainQueue().addOperationWithBlock_(run)
    return answer
