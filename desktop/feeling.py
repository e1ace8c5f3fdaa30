"""The emotion of one dictation, looked for beside the polish and the paste, which never wait for it.

It may come before the row is written, and is part of it then; or after, and is added; or never, and costs nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

import anyio
from anyio import to_thread
from anyio.abc import TaskGroup

from desktop.ports import Context, Feeler, Felt, Transcript
from desktop.problems import Problem
from desktop.spool import Take

logger = logging.getLogger(__name__)

FELT_S = 60.0
"""So much of a recording is looked at: feelers want no more, and an hour would take 230 MB."""


class Feeling:
    """What `feeler` makes, in one of `tasks`, of the recording `take` and its words; nothing where it is None."""

    def __init__(self, feeler: Feeler | None, take: Take, tasks: TaskGroup) -> None:
        self._feeler = feeler
        self._take = take
        self._tasks = tasks
        self._felt: Felt | None = None
        self._begun = False
        self._read = anyio.Event()
        self._ended = anyio.Event()

    def begin(self, words: Transcript, context: Context) -> None:
        """The words are known."""
        if self._feeler is not None:
            self._begun = True
            self._tasks.start_soon(self._feel, self._feeler, words, context)

    async def by_now(self) -> Felt | None:
        """What is known already. Returns when the recording is not needed any more, which is soon."""
        if self._begun:
            await self._read.wait()
        return self._felt

    async def later(self, add: Callable[[Felt], None]) -> None:
        """Wait for what was not known by then, and `add` it in a worker thread; what goes wrong is logged."""
        if not self._begun:
            return
        await self._ended.wait()
        if self._felt is not None:
            try:
                await to_thread.run_sync(add, self._felt)
            except Problem as problem:
                logger.warning("an emotion could not be remembered: %s", problem)

    async def _feel(self, feeler: Feeler, words: Transcript, context: Context) -> None:
        try:
            try:
                audio = await to_thread.run_sync(self._take.audio, FELT_S)
            finally:
                self._read.set()
            self._felt = await feeler.feel(words, audio, context)
        except Exception:
            logger.exception("an emotion was not found out")
        finally:
            self._ended.set()
