"""Hold entries in memory until the history can be written: its keyring is locked, or the disk is full.

Entries that were spoken before everything was cleared are dropped. One that was running then, and was added after it,
stays.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from desktop.core.errors import HistoryProblem
from desktop.history.clearing import Clearing, is_before, last_clearing
from desktop.history.row import Entry

logger = logging.getLogger(__name__)

MOST_HELD = 1000
"""Dictations that wait at most; a day of them."""


class HeldEntries:
    """The entries that wait for the history at `path`, oldest first. For worker threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._entries: deque[tuple[Clearing | None, Entry]] = deque(maxlen=MOST_HELD)
        self._writing = Lock()

    def __len__(self) -> int:
        """Return how many wait."""
        return len(self._entries)

    def hold(self, entry: Entry) -> None:
        """Add `entry`."""
        self._entries.append((last_clearing(self._path), entry))

    def write(self, add: Callable[[Entry], object], on_written: Callable[[Entry], None]) -> None:
        """Pass all waiting entries to `add`, which raises `HistoryError` if they have to wait further; `on_written` is
        called with each that no longer waits."""
        with self._writing:
            while self._entries:
                seen, entry = self._entries[0]
                try:
                    if not self._is_cleared(seen, entry):
                        add(entry)
                except HistoryProblem:
                    raise
                except Exception:  # otherwise nothing would ever be written again
                    logger.exception("a dictation that was held could not be remembered")
                self._entries.popleft()
                on_written(entry)

    def drop_cleared(self) -> None:
        """Drop the entries that were spoken before everything was cleared."""
        with self._writing:
            for held in [held for held in self._entries if self._is_cleared(*held)]:
                self._entries.remove(held)

    def _is_cleared(self, seen: Clearing | None, entry: Entry) -> bool:
        now = last_clearing(self._path)
        return seen != now and is_before(entry.started_at, "", now)
