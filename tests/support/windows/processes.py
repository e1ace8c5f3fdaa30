"""Write which process is the app: `python.exe -m tests.support.windows.processes RESULT`.

It is the one of Python's that Python has not started, other than this one.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

SNAPSHOT_OF_PROCESSES = 2


class Entry(ctypes.Structure):
    """PROCESSENTRY32W."""

    _fields_ = (
        ("size", ctypes.c_uint32),
        ("usage", ctypes.c_uint32),
        ("number", ctypes.c_uint32),
        ("heap", ctypes.c_void_p),
        ("module", ctypes.c_uint32),
        ("threads", ctypes.c_uint32),
        ("parent", ctypes.c_uint32),
        ("priority", ctypes.c_int32),
        ("flags", ctypes.c_uint32),
        ("name", ctypes.c_wchar * 260),
    )


def processes() -> Iterator[tuple[int, int, str]]:
    """Number, parent and program of all processes."""
    kernel32 = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]
    kernel32.CreateToolhelp32Snapshot.restype = ctypes.c_void_p
    snapshot = ctypes.c_void_p(kernel32.CreateToolhelp32Snapshot(SNAPSHOT_OF_PROCESSES, 0))
    entry = Entry(size=ctypes.sizeof(Entry))
    is_there = kernel32.Process32FirstW(snapshot, ctypes.byref(entry))
    while is_there:
        yield entry.number, entry.parent, entry.name
        is_there = kernel32.Process32NextW(snapshot, ctypes.byref(entry))


if __name__ == "__main__":
    pythons = {number: parent for number, parent, name in processes() if name == "python.exe" and number != os.getpid()}
    (app,) = (number for number, parent in pythons.items() if parent not in pythons)
    Path(sys.argv[1]).write_text(json.dumps({"app": app}), encoding="utf-8")
