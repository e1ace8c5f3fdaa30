"""Kill a process that is not a child of the test, and wait for its end."""

from __future__ import annotations

import os
import signal
import sys
from ctypes import c_size_t, c_uint32

import anyio
from anyio import to_thread

from desktop.core.windows_files import load_kernel

ENDED_S = 30.0

_SYNCHRONIZE, _WAIT_OBJECT_0 = 0x100000, 0


def kill(pid: int) -> None:
    """End the process as the system ends one that has run out of memory."""
    os.kill(pid, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)  # Windows has no signals, and kills


async def ended(pid: int) -> None:
    """Wait until the process is gone, and with it its memory."""
    if sys.platform == "win32":
        assert await to_thread.run_sync(_wait_in_windows, pid), "it runs on"
        return
    with anyio.fail_after(ENDED_S):
        try:
            found = os.pidfd_open(pid)
        except ProcessLookupError:
            return
        try:
            await anyio.wait_readable(found)
        finally:
            os.close(found)


def _wait_in_windows(pid: int) -> bool:
    kernel = load_kernel()
    kernel.OpenProcess.restype = c_size_t
    kernel.WaitForSingleObject.argtypes = (c_size_t, c_uint32)
    if not (handle := kernel.OpenProcess(_SYNCHRONIZE, False, pid)):
        return True
    try:
        return bool(kernel.WaitForSingleObject(handle, round(1000 * ENDED_S)) == _WAIT_OBJECT_0)
    finally:
        kernel.CloseHandle(handle)
