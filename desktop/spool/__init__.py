"""What is being said, on disk from the first frame on, so that a crash at any moment loses no words.

A take (`take`) is a file that stays until somebody discards it: that is what recovery finds, and why leaving a take's
context only closes it. Files are the user's alone. A process that does not have the key when a take begins, where the
history is encrypted, writes none.
"""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from io import FileIO
from pathlib import Path

from desktop.paths import private
from desktop.problems import HistoryProblem
from desktop.sealing.sealed import Key, Stream
from desktop.spool.take import FULL_SCALE, Head, Take, read

__all__ = ["FULL_SCALE", "Head", "Spool", "Take"]

logger = logging.getLogger(__name__)

SUFFIX = ".take"

STALE_S = 3600.0
"""How old an unfinished file is before it goes."""


class Spool:
    """The takes in `folder`, which one process at a time may use; None keeps them nowhere. `key` gives what seals a new
    one, None where nothing does; it raises `HistoryProblem` where that cannot be had, and does not wait."""

    def __init__(self, folder: Path | None, key: Callable[[], Key | None] = lambda: None) -> None:
        self._folder = folder
        self._key = key
        self._open: set[Path] = set()
        self._began: datetime | None = None

    def of(self, began: datetime) -> Spool:
        """The same, for a dictation that began then and is taken up again: what is left of it is not another one."""
        spool = Spool(self._folder, self._key)
        spool._open, spool._began = self._open, began
        return spool

    @contextmanager
    def take(self, started_at: datetime) -> Iterator[Take]:
        """A take that begins. It stays on disk unless it is discarded."""
        take = self._begin(Head(self._began or started_at))
        path = take.path
        try:
            yield take
        finally:
            take.close()
            if path is not None:
                self._open.discard(path)

    def leftovers(self) -> list[Take]:
        """The takes that nobody writes to any more, oldest first: of a process that died, or that could not finish."""
        if self._folder is None:
            return []
        left = list[Take]()
        for path in self._folder.glob(f"*{SUFFIX}"):
            if path in self._open:
                continue
            try:
                left.append(read(path))
            except FileNotFoundError:  # its words have been remembered meanwhile
                continue
            except OSError as error:
                logger.warning("a recording cannot be read, and stays where it is: %s", error.strerror)
            except HistoryProblem as problem:
                logger.warning("a recording stays where it is: %s", problem)
        return sorted(left, key=lambda take: take.started_at)

    def fit(self, most_bytes: int) -> int:
        """Remove the oldest takes that nobody writes to until the others are within `most_bytes`; how many went."""
        for part in self._folder.glob("*.part") if self._folder is not None else ():
            with suppress(OSError):  # of a note that a kill cut short
                if time.time() - part.stat().st_mtime > STALE_S:
                    part.unlink()
        gone, left = 0, [(take, take.size) for take in self.leftovers()]
        total = sum(size for _, size in left)
        for take, size in left:
            if total <= most_bytes:
                break
            take.discard()
            total -= size
            gone += 1
        return gone

    def _begin(self, head: Head) -> Take:
        if self._folder is None:
            return Take(None, head)
        try:
            key = self._key()
            descriptor, name = tempfile.mkstemp(SUFFIX, dir=private(self._folder))
        except (OSError, HistoryProblem) as error:
            logger.warning("the recording is not kept on disk: %s", getattr(error, "strerror", None) or error)
            return Take(None, head)
        self._open.add(Path(name))
        take = Take(Path(name), head, FileIO(descriptor, "w"), None if key is None else Stream.begun(key))
        take.begin()
        return take
