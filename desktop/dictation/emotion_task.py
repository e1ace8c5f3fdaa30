"""Detect the emotion of one dictation beside the polish and the paste, which never wait for it.

The result may come before the row is written and then is part of it, or later and then is added, or never.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

import anyio
from anyio import to_thread
from anyio.abc import TaskGroup

from desktop.audio.take import Take
from desktop.core.errors import Problem
from desktop.core.interfaces import Feeler
from desktop.core.types import Context, Felt, Transcript

logger = logging.getLogger(__name__)

FELT_S = 60.0
"""Seconds of a recording that are analysed: detectors need no more, and an hour would take 230 MB."""


class Feeling:
    """Runs `detector` on the recording `spool_file` and its words, as one of `tasks`; does nothing if it is None."""

    def __init__(self, feeler: Feeler | None, take: Take, tasks: TaskGroup) -> None:
        self._feeler = feeler
        self._take = take
        self._tasks = tasks
        self._felt: Felt | None = None
        self._begun = False
        self._read = anyio.Event()
        self._ended = anyio.Event()

    def begin(self, words: Transcript, context: Context) -> None:
        """Start the detection, once the words are known."""
        if self._feeler is not None:
            self._begun = True
            self._tasks.start_soon(self._feel, self._feeler, words, context)

    async def by_now(self) -> Felt | None:
        """Return the result so far, None if there is none yet. Waits until the recording has been read, which is
        soon."""
        if self._begun:
            await self._read.wait()
        return self._felt

    async def later(self, add: Callable[[Felt], None]) -> None:
        """Wait for a result that was not there yet, and `add_emotion` it in a worker thread; errors are logged."""
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
