"""Locks and descriptors of files on Windows, by filelock and the system (`docs/adr/0022`). See `desktop.core.locks`.

What is locked there is hidden: a locked byte can be read and written by the handle alone that locked it. Files for
nothing but an exclusive lock are locked at their first byte, by filelock. Files with data, and those of shared locks,
which filelock has by SQLite and hard links alone, are locked far behind their end.

An open file keeps its name, and no other file takes that name, unless every handle to it allows that; those of Python's
`open` and SQLite do not.

What filelock does is the same on each system, and tested on Linux too.
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import c_size_t, c_uint32, c_void_p, c_wchar_p
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

FOLDER_LOCK_NAME = "settings.lock"
"""The file that is locked in place of its folder, which cannot be."""

REPLACE_TIMEOUT_S = 2.0
"""Seconds that a file's replacement or removal waits for those that read the file, or scan it for viruses."""

_RETRY_S = 0.01

_DATA_LOCK_OFFSET = 1 << 62
"""The byte that is locked there: no file gets that long."""

_GENERIC_READ, _GENERIC_WRITE, _SHARE_ALL, _OPEN_EXISTING = 0x80000000, 0x40000000, 0x7, 3
_LOCK_AT_ONCE, _LOCK_EXCLUSIVE = 0x1, 0x2
_ERROR_SHARING_VIOLATION, _ERROR_LOCK_VIOLATION = 32, 33
_ERRORS_WITHOUT_LOCKS = (1, 50)  # ERROR_INVALID_FUNCTION, ERROR_NOT_SUPPORTED


class Overlapped(ctypes.Structure):
    """`OVERLAPPED`: the offset of a locked byte."""

    _fields_ = (
        *(("internal", c_size_t), ("internal_high", c_size_t)),
        *(("offset", c_uint32), ("offset_high", c_uint32), ("event", c_size_t)),
    )


def open_lock_file(path: Path) -> int:
    """Open the file of a lock, created in its folder's access list, and return its descriptor."""
    return os.open(path, os.O_RDWR | os.O_CREAT)


def try_lock(descriptor: int) -> bool:
    """Lock a file without data exclusively; return whether that could be done at once. Raises `OSError`."""
    from filelock import lock_descriptor

    return lock_descriptor(descriptor, blocking=False)


def try_lock_data(descriptor: int) -> bool:
    """Lock a file exclusively whose data others may read and write meanwhile; return whether that could be done at
    once. Raises `OSError`, of `ENOSYS` where the file system has no locks."""
    return _lock_behind_data(descriptor, _LOCK_EXCLUSIVE | _LOCK_AT_ONCE)


class SharedLockFile:
    """The file of a lock that several hold shared, or one exclusively. Opening it raises `OSError`.

    A shared lock is given while no exclusive one is held, also where one is waited for, as `flock` gives it: it may be
    taken again within another.
    """

    def __init__(self, file: Path) -> None:
        self._descriptor = open_lock_file(file)

    def lock(self, *, is_shared: bool) -> None:
        """Wait for the lock. Raises `OSError` where the file system has none."""
        _lock_behind_data(self._descriptor, 0 if is_shared else _LOCK_EXCLUSIVE)

    def close(self) -> None:
        """Release the lock."""
        os.close(self._descriptor)


def _lock_behind_data(descriptor: int, flags: int) -> bool:
    handle = import_module("msvcrt").get_osfhandle(descriptor)
    where = Overlapped(offset=_DATA_LOCK_OFFSET & 0xFFFFFFFF, offset_high=_DATA_LOCK_OFFSET >> 32)
    if load_kernel().LockFileEx(handle, flags, 0, 1, 0, ctypes.byref(where)):
        return True
    if (code := last_error()) == _ERROR_LOCK_VIOLATION:
        return False
    if code in _ERRORS_WITHOUT_LOCKS:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    raise make_os_error(code)


@contextmanager
def lock_folder(folder: Path) -> Iterator[None]:
    """Hold a lock on `folder`, which one writer has at a time. Raises `OSError`."""
    from filelock import lock_descriptor

    descriptor = open_lock_file(folder / FOLDER_LOCK_NAME)
    try:
        lock_descriptor(descriptor, poll_interval=_RETRY_S)
        yield
    finally:
        os.close(descriptor)


def open_removable(path: Path, flags: int) -> int:
    """Open a file so that it can be removed meanwhile and stays readable, and return its descriptor. `flags` are
    `os.open`'s, without those that create. Raises `OSError`."""
    access = _GENERIC_READ | (_GENERIC_WRITE if flags & os.O_RDWR else 0)
    handle = load_kernel().CreateFileW(str(path), access, _SHARE_ALL, None, _OPEN_EXISTING, 0, None)
    if handle in (None, c_void_p(-1).value):
        raise make_os_error(last_error())
    binary: int = os.O_BINARY | os.O_NOINHERIT  # type: ignore[attr-defined]
    descriptor: int = import_module("msvcrt").open_osfhandle(handle, flags | binary)
    return descriptor


def is_console(descriptor: int) -> bool:
    """Return whether a descriptor is a console's, and no other device's."""
    handle = import_module("msvcrt").get_osfhandle(descriptor)
    return bool(load_kernel().GetConsoleMode(handle, ctypes.byref(c_uint32())))


def terminate_process(status: int) -> None:
    """End this process without its libraries' own ends."""
    kernel = load_kernel()
    kernel.TerminateProcess(kernel.GetCurrentProcess(), status)


def read_at(descriptor: int, size: int, offset: int) -> bytes:
    """Return up to `size` bytes from `offset`. For one thread at a time: it moves the descriptor's position."""
    os.lseek(descriptor, offset, os.SEEK_SET)
    return os.read(descriptor, size)


def rename_over(source: Path, target: Path) -> None:
    """Rename a file to `target`, in place of one there; wait `REPLACE_TIMEOUT_S` at most for those that have one of the
    two open. Raises `OSError`."""
    _rename(source.replace, target)


def give_name(source: Path, target: Path) -> None:
    """Give a file the name `target` instead of its own, waiting as `rename_over`: FAT has no links. Raises `OSError`,
    `FileExistsError` where one has that name."""
    _rename(source.rename, target)  # which replaces nothing on Windows


def remove_file(path: Path) -> None:
    """Remove a file; wait `REPLACE_TIMEOUT_S` at most for those that have it open or mapped. Raises `OSError`."""
    _retry_while_open(path.unlink, partial(_is_writable, path))  # a mapped one is refused as a read-only one is


def _rename(rename: Callable[[Path], object], target: Path) -> None:
    _retry_while_open(partial(rename, target), target.exists)  # which may be what is open


def _retry_while_open(change: Callable[[], object], may_be_open: Callable[[], bool]) -> None:
    deadline = time.monotonic() + REPLACE_TIMEOUT_S
    while True:
        try:
            change()
        except PermissionError as error:
            is_open = getattr(error, "winerror", None) == _ERROR_SHARING_VIOLATION or may_be_open()
            if not is_open or time.monotonic() >= deadline:
                raise
            time.sleep(_RETRY_S)
        else:
            return


def _is_writable(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & stat.S_IWUSR)
    except PermissionError:  # it is being removed, and stays until it is closed
        return True
    except FileNotFoundError:
        return False


@cache
def load_kernel() -> Any:
    """Return the system's own functions; those with addresses are typed."""
    kernel = ctypes.CDLL("kernel32", use_last_error=True)  # 64-bit Windows has one calling convention
    kernel.LockFileEx.argtypes = (c_size_t, c_uint32, c_uint32, c_uint32, c_uint32, c_void_p)
    kernel.CreateFileW.argtypes = (c_wchar_p, c_uint32, c_uint32, c_void_p, c_uint32, c_uint32, c_void_p)
    kernel.CreateFileW.restype = c_void_p
    kernel.CreateDirectoryW.argtypes = (c_wchar_p, c_void_p)
    kernel.GetConsoleMode.argtypes = (c_size_t, c_void_p)
    kernel.GetCurrentProcess.restype = c_size_t
    kernel.TerminateProcess.argtypes = (c_size_t, c_uint32)
    kernel.CloseHandle.argtypes = (c_size_t,)
    kernel.LocalFree.argtypes = (c_void_p,)
    kernel.LocalFree.restype = c_void_p
    return kernel


def last_error() -> int:
    """Return the code of the last function that failed."""
    return int(vars(ctypes)["get_last_error"]())  # of a name that mypy knows on Windows alone


def make_os_error(code: int) -> OSError:
    """Return the `OSError` of a code."""
    error: OSError = vars(ctypes)["WinError"](code)
    return error
