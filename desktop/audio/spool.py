"""Keep recordings in progress on disk from the first frame, so that a crash loses no words (`docs/adr/0005`).

A recording (`desktop.audio.spool_file.SpoolFile`) is a file that stays until it is discarded: recovery finds it, which
is why leaving the context only closes it. Files are readable by the user alone. With an encrypted history, a process
without the key when a recording begins writes none.

A file being written is locked, so that another process which deletes everything leaves it alone. On a file
system without locks, a file counts as being written until it has not grown for a minute.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from io import FileIO
from pathlib import Path

from desktop.audio.spool_file import SpoolFile, SpoolHeader, open_spool_file, read_open_header
from desktop.core.errors import HistoryError
from desktop.core.files import create_unique_file
from desktop.core.locks import NO_LOCK_ERRNOS, open_removable, remove_file, try_lock_data
from desktop.core.paths import make_private_dir
from desktop.encryption.cipher import EncryptionKey, StreamCipher

logger = logging.getLogger(__name__)

SUFFIX = ".take"

PART_EXPIRY_S = 3600.0
"""Seconds after which an unfinished file is removed."""

UNWRITTEN_AFTER_S = 60.0
"""Seconds without growth after which a file counts as not being written, where locks are missing.

A file being written grows every 32 ms, and its time may reach another process some seconds later.
"""


class Spool:
    """The recordings in `folder`, used by one process at a time; None stores nothing.

    `get_key` returns the key for a new file, None without encryption; it raises `HistoryError` if the key is
    unavailable, and does not wait. `get_clearing` returns the id of the history's last clearing, empty if there was
    none.
    """

    def __init__(
        self,
        folder: Path | None,
        get_key: Callable[[], EncryptionKey | None] = lambda: None,
        get_clearing: Callable[[], str] = lambda: "",
    ) -> None:
        self._folder = folder
        self._get_key = get_key
        self._get_clearing = get_clearing
        self._open_files: dict[Path, SpoolFile] = {}
        self._resumed_from: datetime | None = None

    def resume(self, started_at: datetime) -> Spool:
        """Return a spool for resuming the dictation that began then: its new file belongs to that dictation."""
        spool = Spool(self._folder, self._get_key, self._get_clearing)
        spool._open_files, spool._resumed_from = self._open_files, started_at
        return spool

    @contextmanager
    def create(self, started_at: datetime) -> Iterator[SpoolFile]:
        """Create a file for a new recording. It stays on disk unless it is discarded."""
        again = self._resumed_from is not None
        header = SpoolHeader(self._resumed_from or started_at, cleared=self._get_clearing(), again=again)
        file = self._create_file(header)
        path = file.path
        try:
            yield file
        finally:
            file.close()
            if path is not None:
                self._open_files.pop(path, None)

    def find_leftovers(self) -> list[SpoolFile]:
        """Return the files that are not being written, oldest first: of a process that died or could not finish."""
        if self._folder is None:
            return []
        leftovers = list[SpoolFile]()
        for path in self._folder.glob(f"*{SUFFIX}"):
            if path in self._open_files:
                continue
            try:
                leftovers.append(open_spool_file(path))
            except FileNotFoundError:  # it was recorded in the history meanwhile
                continue
            except OSError as error:
                logger.warning("a recording cannot be read, and stays where it is: %s", error.strerror)
            except HistoryError as problem:
                logger.warning("a recording stays where it is: %s", problem)
        return sorted(leftovers, key=lambda file: file.started_at)

    def mark_cleared(self) -> None:
        """Mark the files this process is writing as begun after the history's last clearing, since they end after it.

        Resumed ones are not marked: their words were spoken before. Call from the thread that begins recordings.
        """
        id = self._get_clearing()
        for file in list(self._open_files.values()):
            if not file.header.again:
                file.update_header(replace(file.header, cleared=id))

    def remove(self, should_remove: Callable[[SpoolHeader], bool] = lambda header: True) -> int:
        """Remove the files that are not being written and for which `should_remove` returns true; return how many
        recordings were removed.

        Needs no key: only unencrypted fields of a header are read. Blocks. Raises `OSError` for the first file that
        could not be removed or examined, after the others are removed.
        """
        count, failed = 0, list[OSError]()
        for path in self._list_files():
            try:
                if path in self._open_files or not should_remove(read_open_header(path)):
                    continue
                with _check_unwritten(path) as unwritten:
                    if unwritten and should_remove(read_open_header(path)):  # its writer may have marked it meanwhile
                        remove_file(path)
                        count += path.suffix == SUFFIX
            except FileNotFoundError:
                continue
            except OSError as error:
                failed.append(error)
        if failed:
            raise failed[0]
        return count

    def read_headers(self, *, is_written: bool) -> list[SpoolHeader]:
        """Return the unencrypted header fields of the files that are being written, or of the others.

        Raises `OSError`.
        """
        headers = list[SpoolHeader]()
        for path in self._list_files():
            with suppress(FileNotFoundError), _check_unwritten(path) as unwritten:
                if unwritten is not is_written:
                    headers.append(read_open_header(path))
        return headers

    def _list_files(self) -> list[Path]:
        """Return all recordings, and temporary files left by a kill."""
        if self._folder is None:
            return []
        return [path for end in (SUFFIX, ".part") for path in self._folder.glob(f"*{end}") if path.is_file()]

    def shrink(self, max_bytes: int) -> int:
        """Remove the oldest files that are not being written until the rest fits `max_bytes`.

        Returns how many were removed.
        """
        for part in self._folder.glob("*.part") if self._folder is not None else ():
            with suppress(OSError):  # left by a kill during a header update
                if time.time() - part.stat().st_mtime > PART_EXPIRY_S:
                    part.unlink()
        count, leftovers = 0, [(file, file.size) for file in self.find_leftovers()]
        total = sum(size for _, size in leftovers)
        for file, size in leftovers:
            if total <= max_bytes:
                break
            file.discard()
            total -= size
            count += 1
        return count

    def _create_file(self, header: SpoolHeader) -> SpoolFile:
        if self._folder is None:
            return SpoolFile(None, header)
        try:
            key = self._get_key()
            descriptor, path = _make_locked_file(make_private_dir(self._folder))
        except (OSError, HistoryError) as error:
            logger.warning("the recording is not kept on disk: %s", getattr(error, "strerror", None) or error)
            return SpoolFile(None, header)
        file = SpoolFile(path, header, FileIO(descriptor, "w"), None if key is None else StreamCipher.create(key))
        self._open_files[path] = file
        file.write_header()
        return file


def _make_locked_file(folder: Path) -> tuple[int, Path]:
    """Create and lock an empty file; return its descriptor and path. Raises `OSError`."""
    while True:
        descriptor, path = create_unique_file(folder, "tmp", SUFFIX)
        try:
            # Locked by another process, it is one that is removing everything.
            removed = not try_lock_data(descriptor) or os.fstat(descriptor).st_nlink == 0
        except OSError:  # a file system without locks
            removed = False
        if not removed:
            return descriptor, path
        os.close(descriptor)
        path.unlink(missing_ok=True)


@contextmanager
def _check_unwritten(path: Path) -> Iterator[bool]:
    """Hold the lock of the recording in `path` and yield whether it is not being written.

    Without locks on the file system, the file's age decides. Raises `OSError`.
    """
    try:
        descriptor = open_removable(path, os.O_RDWR)  # NFS locks only files opened for writing
    except (IsADirectoryError, PermissionError):  # no process writes to it
        descriptor = open_removable(path, os.O_RDONLY)
    try:
        yield _is_unwritten(descriptor, time.time())
    finally:
        os.close(descriptor)


def _is_unwritten(descriptor: int, now: float) -> bool:
    try:
        return try_lock_data(descriptor)
    except OSError as error:
        if error.errno not in NO_LOCK_ERRNOS:
            raise
        return now - os.fstat(descriptor).st_mtime > UNWRITTEN_AFTER_S
