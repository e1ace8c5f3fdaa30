"""Background tasks on the engine's loop: callbacks posted from other threads, and tasks beside everything else.

An exception in one of them is logged and does not affect the others.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any

import anyio
from anyio.abc import TaskGroup

from desktop.core.errors import UserError

logger = logging.getLogger(__name__)

RESTART_DELAY_S = 1.0
"""Seconds before a part of the engine is restarted after an error."""

type SpawnTask = Callable[[Callable[[], Coroutine[Any, Any, object]]], None]
"""Runs work in the background on the loop, as `EngineTasks.spawn`."""


async def run_with_restarts(work: Callable[[], Coroutine[Any, Any, object]]) -> None:
    """Run `work` for the life of the app, and restart it after an unexpected exception.

    A bug must not end the app, nor the dictation that another part is handling.
    """
    while True:
        try:
            await work()
            return
        except Exception:
            logger.exception("a part of the engine failed, and begins again")
        await anyio.sleep(RESTART_DELAY_S)


def run_each(*works: Callable[[], object]) -> None:
    """Run one after the other, each also where one before it failed. Raises the first exception, once all have run."""
    problems: list[Exception] = []
    for work in works:
        try:
            work()
        except Exception as problem:
            problems.append(problem)
    for later in problems[1:]:
        logger.error("a part failed as well", exc_info=later)
    if problems:
        raise problems[0]


async def run_together(*works: Callable[[], Awaitable[object]]) -> None:
    """Run all of them at once, until all have ended.

    The first exception ends the others and is raised as it is: in a group, callers would not find it.
    """
    problems: list[Exception] = []
    async with anyio.create_task_group() as tasks:

        async def run(work: Callable[[], Awaitable[object]]) -> None:
            try:
                await work()
            except Exception as problem:
                problems.append(problem)
                tasks.cancel_scope.cancel()

        for work in works:
            tasks.start_soon(run, work)
    if problems:
        raise problems[0]


async def gather[T](*works: Callable[[], Awaitable[T]]) -> list[T]:
    """Run all of them at once, and return what they return in their order. Raises as `run_together`."""
    results: dict[int, T] = {}

    async def keep(at: int, work: Callable[[], Awaitable[T]]) -> None:
        results[at] = await work()

    await run_together(*(partial(keep, at, work) for at, work in enumerate(works)))
    return [results[at] for at in range(len(works))]


class EngineTasks:
    """Posted callbacks and background tasks of the engine.

    Call `bind_loop` before anything is posted; set `tasks`, then `run` in one of them and `spawn` others.
    """

    tasks: TaskGroup

    def __init__(self) -> None:
        self._posted = asyncio.Queue[Callable[[], object]]()
        self._loop: asyncio.AbstractEventLoop | None = None

    def bind_loop(self, loop: asyncio.AbstractEventLoop) -> None:
        """Accept posted callbacks, for `run` to call on this loop."""
        self._loop = loop

    def post(self, work: Callable[..., object], *arguments: object) -> None:
        """Call `work` on the loop. From any thread; does nothing before `bind_loop` or once the loop is closed."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._posted.put_nowait, partial(work, *arguments))

    async def run(self) -> None:
        """Call what is posted, in order.

        Runs as a task: in a mere callback anyio finds its loop only where sniffio is not installed.
        """
        while True:
            work = await self._posted.get()
            try:
                work()
            except Exception:
                logger.exception("what was posted to the engine failed")

    def spawn(self, work: Callable[[], Coroutine[Any, Any, object]]) -> None:
        """Run `work` as a background task."""

        async def run() -> None:
            try:
                await work()
            except UserError as problem:
                logger.warning("%s", problem)
            except Exception:
                logger.exception("a background task failed")

        self.tasks.start_soon(run)


class Notifier:
    """Wakes the tasks that wait for a change of something. Belongs to one loop.

    `wait` does not return for an earlier `notify`: check the condition first, without awaiting between the two. A loop
    that must not miss what changes while it works replaces an `Event` at its top instead.
    """

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def notify(self) -> None:
        """Wake every task that waits now."""
        event, self._event = self._event, asyncio.Event()
        event.set()

    async def wait(self) -> None:
        """Wait for the next `notify`."""
        await self._event.wait()
