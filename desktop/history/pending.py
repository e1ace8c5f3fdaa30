"""Hold entries in memory until the history can be written: its keyring is locked, or the disk is full.

Entries that were spoken before everything was cleared are dropped. One that was running then, and was added after it,
stays.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

from desktop.core.errors import HistoryError
from desktop.history.clearing import HistoryClearing, is_before_clearing, last_clearing
from desktop.history.rows import HistoryEntry

logger = logging.getLogger(__name__)

MAX_PENDING = 1000
"""Maximum number of dictations that wait: a day of them."""


class PendingEntries:
    """The entries that wait for the history at `path`, oldest first. For worker threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._entries: deque[tuple[HistoryClearing | None, HistoryEntry]] = deque(maxlen=MAX_PENDING)
        self._write_lock = Lock()

    def __len__(self) -> int:
        """Return how many wait."""
        return len(self._entries)

    def add(self, entry: HistoryEntry) -> None:
        """Add `entry`."""
        self._entries.append((last_clearing(self._path), entry))

    def update(self, started_at: datetime, changes: dict[str, Any]) -> None:
        """Change the entry that began then, if it waits."""
        with self._write_lock:
            for at, (known, entry) in enumerate(self._entries):
                if entry.started_at == started_at:
                    self._entries[at] = (known, replace(entry, **changes))

    def write_all(self, add: Callable[[HistoryEntry], object], on_written: Callable[[HistoryEntry], None]) -> None:
        """Pass all waiting entries to `add`, which raises `HistoryError` if they have to wait further; `on_written` is
        called with each that no longer waits."""
        with self._write_lock:
            while self._entries:
                known, entry = self._entries[0]
                try:
                    if not self._is_cleared(known, entry):
                        add(entry)
                except HistoryError:
                    raise
                except Exception:  # otherwise nothing would ever be written again
                    logger.exception("a pending dictation could not be recorded")
                self._entries.popleft()
                on_written(entry)

    def drop_cleared(self) -> None:
        """Drop the entries that were spoken before everything was cleared."""
        with self._write_lock:
            for pending in [pending for pending in self._entries if self._is_cleared(*pending)]:
                self._entries.remove(pending)

    def _is_cleared(self, known: HistoryClearing | None, entry: HistoryEntry) -> bool:
        now = last_clearing(self._path)
        return known != now and is_before_clearing(entry.started_at, "", now)
