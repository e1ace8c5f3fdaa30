"""Work on the engine's one loop that nobody waits for: what other threads post, and tasks beside everything else.

What goes wrong in one piece is logged and costs nothing else.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import anyio
from anyio.abc import TaskGroup

from desktop.problems import Problem

logger = logging.getLogger(__name__)

AGAIN_S = 1.0
"""How long after its fault a part begins again."""


async def lasting(work: Callable[[], Coroutine[Any, Any, object]]) -> None:
    """Run what lasts as long as the app, and again where a mistake of ours ends it: nobody is to lose the app, nor the
    dictation that another part has in hand."""
    while True:
        try:
            await work()
            return
        except Exception:
            logger.exception("a part of the engine failed, and begins again")
        await anyio.sleep(AGAIN_S)


class Work:
    """`begin` before anything is posted; set `tasks`, then `run` in one of them and `spawn` others."""

    tasks: TaskGroup

    def __init__(self) -> None:
        self._posted = asyncio.Queue[Callable[[], object]]()
        self._loop: asyncio.AbstractEventLoop | None = None

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take what is posted, for `run` to do on this loop."""
        self._loop = loop

    def post(self, work: Callable[..., object], *arguments: object) -> None:
        """Have `work` done on the loop. From any thread; nothing happens before `begin`, nor once the loop has
        ended."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._posted.put_nowait, partial(work, *arguments))

    async def run(self) -> None:
        """Do what is posted, in order. In a task: anyio knows its loop in a mere callback only where no sniffio is."""
        while True:
            work = await self._posted.get()
            try:
                work()
            except Exception:
                logger.exception("what was posted to the engine failed")

    def spawn(self, work: Callable[[], Coroutine[Any, Any, object]]) -> None:
        """Run `work` beside everything else."""

        async def run() -> None:
            try:
                await work()
            except Problem as problem:
                logger.warning("%s", problem)
            except Exception:
                logger.exception("a background task failed")

        self.tasks.start_soon(run)
