"""What is being said, on disk from the first frame on, so that a crash at any moment loses no words.

A take (`take`) is a file that stays until somebody discards it: that is what recovery finds, and why leaving a take's
context only closes it. Files are the user's alone. A process that does not have the key when a take begins, where the
history is encrypted, writes none.

A take that is being written is locked (`flock`), so that another process which deletes everything leaves it alone. The
lock is the kernel's and goes with the process that holds it. Where a file system has no locks, a take counts as being
written until it has not grown for a minute.
"""

from __future__ import annotations

import errno
import fcntl
import logging
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from io import FileIO
from pathlib import Path

from desktop.paths import private
from desktop.problems import HistoryProblem
from desktop.sealing.sealed import Key, Stream
from desktop.spool.take import FULL_SCALE, Head, Take, read, read_open_head

__all__ = ["FULL_SCALE", "Head", "Spool", "Take"]

logger = logging.getLogger(__name__)

SUFFIX = ".take"

STALE_S = 3600.0
"""How old an unfinished file is before it goes."""

NO_LOCKS = (errno.EBADF, errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)
"""What `flock` answers where a file system has no locks; EBADF is NFS's answer for some files."""

RESTS_S = 60.0
"""How long a take that no process writes to has not grown, where locks cannot say it. One that is being written grows
every 32 ms, and its time may reach another process some seconds later."""


class Spool:
    """The takes in `folder`, which one process at a time may use; None keeps them nowhere. `key` gives what seals a new
    one, None where nothing does; it raises `HistoryProblem` where that cannot be had, and does not wait. `clearing`
    gives the id of the history's last clearing, empty where there was none."""

    def __init__(
        self,
        folder: Path | None,
        key: Callable[[], Key | None] = lambda: None,
        clearing: Callable[[], str] = lambda: "",
    ) -> None:
        self._folder = folder
        self._key = key
        self._clearing = clearing
        self._open: dict[Path, Take] = {}
        self._began: datetime | None = None

    def of(self, began: datetime) -> Spool:
        """The same, for a dictation that began then and is taken up again: what is left of it is not another one."""
        spool = Spool(self._folder, self._key, self._clearing)
        spool._open, spool._began = self._open, began
        return spool

    @contextmanager
    def take(self, started_at: datetime) -> Iterator[Take]:
        """A take that begins. It stays on disk unless it is discarded."""
        again = self._began is not None
        take = self._begin(Head(self._began or started_at, cleared=self._clearing(), again=again))
        path = take.path
        try:
            yield take
        finally:
            take.close()
            if path is not None:
                self._open.pop(path, None)

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

    def outlive_clearing(self) -> None:
        """Mark the takes that this process is writing to as begun after the history's last clearing: they end after it.
        Not those that are taken up again, whose words were spoken before. For the thread that begins takes."""
        id = self._clearing()
        for take in list(self._open.values()):
            if not take.head.again:
                take.mark(replace(take.head, cleared=id))

    def remove(self, gone: Callable[[Head], bool] = lambda head: True) -> int:
        """Remove the takes that no process writes to and that `gone` says, and return how many those were.

        Needs no key: of a head only what stands in the clear is known. Blocks. Raises `OSError` for the first one that
        could not be removed, or about which that is not known, once the others are.
        """
        count, failed = 0, list[OSError]()
        for path in self._files():
            try:
                if path in self._open or not gone(read_open_head(path)):
                    continue
                with _unwritten(path) as unwritten:
                    if unwritten and gone(read_open_head(path)):  # which its writer may have marked meanwhile
                        path.unlink()
                        count += path.suffix == SUFFIX
            except FileNotFoundError:
                continue
            except OSError as error:
                failed.append(error)
        if failed:
            raise failed[0]
        return count

    def heads(self, *, written: bool) -> list[Head]:
        """Return what stands in the clear of the takes that some process writes to, or of the others. Raises
        `OSError`."""
        heads = list[Head]()
        for path in self._files():
            with suppress(FileNotFoundError), _unwritten(path) as unwritten:
                if unwritten is not written:
                    heads.append(read_open_head(path))
        return heads

    def _files(self) -> list[Path]:
        """All takes, and what a kill left of one that was being written anew."""
        if self._folder is None:
            return []
        return [path for end in (SUFFIX, ".part") for path in self._folder.glob(f"*{end}") if path.is_file()]

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
            descriptor, path = _made(private(self._folder))
        except (OSError, HistoryProblem) as error:
            logger.warning("the recording is not kept on disk: %s", getattr(error, "strerror", None) or error)
            return Take(None, head)
        take = Take(path, head, FileIO(descriptor, "w"), None if key is None else Stream.begun(key))
        self._open[path] = take
        take.begin()
        return take


def _made(folder: Path) -> tuple[int, Path]:
    """Make an empty file that this process alone writes to, and return its descriptor as well. Raises `OSError`."""
    while True:
        descriptor, name = tempfile.mkstemp(SUFFIX, dir=folder)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            removed = os.fstat(descriptor).st_nlink == 0
        except BlockingIOError:  # by a process that is removing all there is
            removed = True
        except OSError:  # a file system without locks
            removed = False
        if not removed:
            return descriptor, Path(name)
        os.close(descriptor)
        Path(name).unlink(missing_ok=True)


@contextmanager
def _unwritten(path: Path) -> Iterator[bool]:
    """Hold the lock of the take in `path`; False where the process that writes to it has it. Where the file system has
    no locks the take's age decides. Raises `OSError`."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)  # NFS locks alone only what is open for writing
    except (IsADirectoryError, PermissionError):  # which no process writes to
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield _is_unwritten(descriptor, time.time())
    finally:
        os.close(descriptor)


def _is_unwritten(descriptor: int, now: float) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in NO_LOCKS:
            raise
        return now - os.fstat(descriptor).st_mtime > RESTS_S
    return True
