"""Publish finished dictations: to clients that listen, and to the user's hook.

What the history does not keep is published to none: private mode, private fields and excluded applications end before
this. A row is read from the history once it is written, after the text is in its window, and only where it is wanted.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import anyio
from anyio import to_thread

from desktop.core.errors import UserError
from desktop.core.tasks import SpawnTask
from desktop.history.rows import HistoryRow

logger = logging.getLogger(__name__)

MAX_WAITING_LINES = 100
"""Dictations that wait for a slow reader: hours of dictating. Later ones are counted."""


class Subscription:
    """The lines that wait for one reader."""

    def __init__(self) -> None:
        self._lines: deque[dict[str, Any]] = deque()
        self._added = asyncio.Event()

    def add(self, line: dict[str, Any]) -> None:
        """Add a line; where too many wait, count it as dropped, at its place."""
        if len(self._lines) < MAX_WAITING_LINES:
            self._lines.append(line)
            self._added.set()
        else:
            self.drop()

    def drop(self) -> None:
        """Count a line as dropped."""
        if self._lines and "dropped" in self._lines[-1]:
            self._lines[-1]["dropped"] += 1
        else:
            self._lines.append({"dropped": 1})
        self._added.set()

    async def lines(self) -> AsyncIterator[dict[str, Any]]:
        """Yield the lines as they come, without end."""
        while True:
            while self._lines:
                yield self._lines.popleft()
            self._added.clear()
            await self._added.wait()


class DictationFeed:
    """Publishes rows. `run_hook` is given each while `has_hook` returns True."""

    def __init__(
        self,
        read_row: Callable[[int], HistoryRow | None],
        spawn: SpawnTask,
        has_hook: Callable[[], bool],
        run_hook: Callable[[HistoryRow], None],
    ) -> None:
        """`read_row` returns the row with an id and blocks."""
        self._read_row = read_row
        self._spawn = spawn
        self._has_hook = has_hook
        self._run_hook = run_hook
        self._subscriptions: list[Subscription] = []
        self._order = anyio.Lock()

    @property
    def is_wanted(self) -> bool:
        """Whether a row would be read. Call from any thread."""
        return bool(self._subscriptions) or self._has_hook()

    @property
    def reader_count(self) -> int:
        """How many listen."""
        return len(self._subscriptions)

    @contextmanager
    def subscribe(self) -> Iterator[Subscription]:
        """Collect rows for a reader inside this context."""
        subscription = Subscription()
        self._subscriptions.append(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.remove(subscription)

    def on_recorded(self, id: int) -> None:
        """Publish the row with this id, after those before it."""
        self._spawn(lambda: self._publish(id))

    async def _publish(self, id: int) -> None:
        async with self._order:
            try:
                row = await to_thread.run_sync(self._read_row, id)
            except (UserError, OSError) as problem:
                logger.warning("a dictation could not be read to publish it: %s", type(problem).__name__)
                for subscription in self._subscriptions:
                    subscription.drop()
                return
            if row is None:  # deleted meanwhile
                return
            for subscription in self._subscriptions:
                subscription.add(row.to_json())
            if self._has_hook():
                self._run_hook(row)
