"""Base of the controllers, whose methods windows call on the main thread.

Every method returns at once; its result arrives through a callback on the main thread. A window waits for its answer,
so every failure becomes one: the `UserError` that the work raises, or for any other exception one that points to the
log. The engine is named only for a type checker: it is imported after the tray is shown.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from threading import Event, Thread
from typing import TYPE_CHECKING

from anyio import to_thread

from desktop.core.errors import UserError
from desktop.core.paths import Paths
from desktop.settings.live import LiveSettings
from models.catalog import ModelError

if TYPE_CHECKING:
    from desktop.app.engine import Engine

logger = logging.getLogger(__name__)

type PostToEngine = Callable[[Callable[[Engine], object]], None]
"""Schedules a function on the engine's loop, called with the engine; does nothing before there is an engine."""

type CallOnMainThread = Callable[[Callable[[], object]], None]
"""Schedules a function on the main thread."""

type OnResult[T] = Callable[[T | UserError], None]
"""Receives a result or the error that prevented it."""

type Submit = Callable[[Callable[[], object]], object]
"""Runs work in a worker thread."""


@dataclass(frozen=True, slots=True)
class ControllerContext:
    """What every controller uses: the app's files and settings, and the way to both threads."""

    paths: Paths
    live_settings: LiveSettings
    post: PostToEngine
    call: CallOnMainThread


def run_in_thread(work: Callable[[], object]) -> None:
    """Run `work` in a thread of its own, which delays neither other work nor the end of the program."""
    Thread(target=work, name="request", daemon=True).start()


class Controller:
    """Runs work in worker threads or on the engine's loop, and delivers the results on the main thread."""

    unexpected_error = UserError("request-failed")
    """The answer when work fails because of a bug."""

    def __init__(self, context: ControllerContext, submit: Submit = run_in_thread) -> None:
        self._context = context
        self._paths = context.paths
        self._live_settings = context.live_settings
        self._post = context.post
        self._call = context.call
        self._submit = submit

    def _run[T](self, work: Callable[[], T], on_result: OnResult[T], submit: Submit | None = None) -> None:
        """Run `work` in a worker thread."""
        answer = self._on_main(on_result)

        def run() -> None:
            try:
                result: T | UserError = work()
            except Exception as error:
                result = self._to_user_error(error)
            answer(result)

        (submit or self._submit)(run)

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
            try:
                result: T | UserError = await work(engine)
            except Exception as error:
                result = self._to_user_error(error)
            answer(result)

        self._post(lambda engine: engine.spawn(partial(run, engine)))

    def _run_with_engine[T](self, work: Callable[[Engine], T], on_result: OnResult[T]) -> None:
        """Run `work` in a worker thread of the engine, which the end of the program waits for."""
        self._run_on_engine(lambda engine: to_thread.run_sync(work, engine), on_result)

    def _run_or_log[T](self, work: Callable[[], T], on_result: Callable[[T], None]) -> None:
        """Run `work` in a worker thread of the engine; a failure is logged and not answered: a window shows what it did
        before."""

        def answer(result: T | UserError) -> None:
            if isinstance(result, UserError):
                logger.warning("%s", result)
            else:
                on_result(result)

        self._run_with_engine(lambda engine: work(), answer)

    def _on_main[T](self, callback: Callable[[T], object], stopped: Event | None = None) -> Callable[[T], None]:
        """Return a function that calls `callback` on the main thread, from any thread; not once `stopped` is set."""

        def call_back(value: T) -> None:
            if stopped is None or not stopped.is_set():
                callback(value)

        return lambda value: self._call(partial(call_back, value))

    def _to_user_error(self, error: Exception) -> UserError:
        if isinstance(error, UserError):
            return error
        if isinstance(error, ModelError):
            return UserError.from_coded(error)
        logger.error("a window's request failed", exc_info=error)
        return self.unexpected_error
