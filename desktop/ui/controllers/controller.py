"""Base of the controllers, whose methods windows call on the main thread.

Every method returns at once; its result arrives through a callback on the main thread. A window waits for its answer,
so every failure becomes one: the `UserError` that the work raises, or for any other exception one that points to the
log. The engine is named only for a type checker: it is imported after the tray is shown.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Protocol

from anyio import to_thread

from desktop.app.callbacks import UNEXPECTED_ERROR, run_safely, run_safely_async
from desktop.core.errors import UserError
from desktop.core.paths import Paths

if TYPE_CHECKING:
    from desktop.app.engine import Engine

type PostToEngine = Callable[[Callable[[Engine], object]], None]
"""Schedules a function on the engine's loop, called with the engine; does nothing before there is an engine."""

type CallOnMainThread = Callable[[Callable[[], object]], None]
"""Schedules a function on the main thread."""

type OnResult[T] = Callable[[T | UserError], None]
"""Receives a result or the error that prevented it."""


class Executor(Protocol):
    """Runs work in worker threads."""

    def submit(self, work: Callable[[], object], /) -> object:
        """Run `work`."""
        ...


class DaemonThreads:
    """Runs each work in a thread of its own, which delays neither other work nor the end of the program."""

    def submit(self, work: Callable[[], object], /) -> None:
        """Run `work` in a new thread."""
        Thread(target=work, name="request", daemon=True).start()


class Controller:
    """Runs work in worker threads or on the engine's loop, and delivers the results on the main thread."""

    unexpected_error = UNEXPECTED_ERROR
    """The answer when work fails because of a bug."""

    def __init__(
        self, paths: Paths, post: PostToEngine, call: CallOnMainThread, executor: Executor | None = None
    ) -> None:
        self._paths = paths
        self._post = post
        self._call = call
        self._executor = executor or DaemonThreads()

    def _run[T](self, work: Callable[[], T], on_result: OnResult[T], executor: Executor | None = None) -> None:
        """Run `work` in a worker thread."""
        answer = self._on_main(on_result)
        (executor or self._executor).submit(lambda: answer(run_safely(work, self.unexpected_error)))

    def _run_and_reload[T](self, work: Callable[[], T], on_result: OnResult[T]) -> None:
        """Run `work`, which changes a file, in a worker thread; then have the app read its files again."""

        def run() -> T:
            result = work()
            self._post(lambda engine: engine.reload())
            return result

        self._run(run, on_result)

    def _run_on_engine[T](self, work: Callable[[Engine], Awaitable[T]], on_result: OnResult[T]) -> None:
        """Run `work` as a task on the engine's loop."""
        answer = self._on_main(on_result)

        async def run(engine: Engine) -> None:
            answer(await run_safely_async(partial(work, engine), self.unexpected_error))

        self._post(lambda engine: engine.spawn(partial(run, engine)))

    def _run_with_engine[T](self, work: Callable[[Engine], T], on_result: OnResult[T]) -> None:
        """Run `work` in a worker thread of the engine, which the end of the program waits for."""
        self._run_on_engine(lambda engine: to_thread.run_sync(work, engine), on_result)

    def _run_or_log[T](self, work: Callable[[], T], on_result: Callable[[T], None]) -> None:
        """Run `work` in a worker thread of the engine; a failure is logged and not answered: a window shows what it did
        before."""
        self._post(lambda engine: engine.spawn_in_thread(work, self._on_main(on_result)))

    def _on_main[T](self, callback: Callable[[T], None]) -> Callable[[T], None]:
        """Return a function that calls `callback` on the main thread, from any thread."""
        return lambda value: self._call(partial(callback, value))
