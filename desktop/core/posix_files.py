"""Locks and descriptors of files on Linux and macOS, by `flock` (`docs/adr/0022`). See `desktop.core.locks`."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def open_lock_file(path: Path) -> int:
    """Open the file of a lock, created for this user alone, and return its descriptor. A link is not followed."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)


def try_lock(descriptor: int) -> bool:
    """Lock the file exclusively; return whether that could be done at once. Raises `OSError`."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


try_lock_data = try_lock


class FlockFile:
    """The file of a lock that several hold shared, or one exclusively. Opening it raises `OSError`."""

    def __init__(self, file: Path) -> None:
        self._descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)

    def lock(self, *, is_shared: bool) -> None:
        """Wait for the lock. Raises `OSError` where the file system has none."""
        fcntl.flock(self._descriptor, fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX)

    def close(self) -> None:
        """Release the lock."""
        os.close(self._descriptor)


@contextmanager
def lock_folder(folder: Path) -> Iterator[None]:
    """Hold a lock on `folder`, which one writer has at a time. Raises `OSError`."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


open_removable = os.open

read_at = os.pread

remove_file = os.unlink

rename_over = os.replace


def give_name(source: Path, target: Path) -> None:
    """Give a file the name `target` besides its own. Raises `OSError`, `FileExistsError` where one has that name."""
    target.hardlink_to(source)
