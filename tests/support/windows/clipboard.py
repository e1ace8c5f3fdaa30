"""Put formats onto the clipboard, or write what it holds, by Windows' own functions and none of the app's.

`python.exe -m tests.support.windows.clipboard RESULT put FILE` or `... RESULT read`. A format is a number, or a name
that is registered; the data is base64.
"""

from __future__ import annotations

import ctypes
import json
import sys
from base64 import b64decode, b64encode
from collections.abc import Mapping
from pathlib import Path
from threading import Event

GMEM_MOVEABLE = 2
HANDLES = (2, 3, 9, 14)
"""Formats that are no block of memory."""

OPEN_TRIES, TRY_S = 100, 0.05

user32 = ctypes.WinDLL("user32")  # type: ignore[attr-defined,unused-ignore]
kernel32 = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]
for function in (user32.GetClipboardData, user32.SetClipboardData, kernel32.GlobalAlloc, kernel32.GlobalLock):
    function.restype = ctypes.c_size_t
user32.SetClipboardData.argtypes = (ctypes.c_uint32, ctypes.c_size_t)
kernel32.GlobalAlloc.argtypes = (ctypes.c_uint32, ctypes.c_size_t)
kernel32.GlobalLock.argtypes = kernel32.GlobalUnlock.argtypes = kernel32.GlobalSize.argtypes = (ctypes.c_size_t,)
kernel32.GlobalSize.restype = ctypes.c_size_t


def number(name: str) -> int:
    return int(name) if name.isdigit() else int(user32.RegisterClipboardFormatW(name))


def open_clipboard() -> None:
    pause = Event()
    for _ in range(OPEN_TRIES):
        if user32.OpenClipboard(None):
            return
        pause.wait(TRY_S)
    raise OSError("the clipboard stays open")


def put(formats: Mapping[str, str]) -> None:
    """Replace what the clipboard holds by `formats`."""
    open_clipboard()
    user32.EmptyClipboard()
    for name, coded in formats.items():
        data = b64decode(coded)
        memory = kernel32.GlobalAlloc(GMEM_MOVEABLE, len(data))
        ctypes.memmove(kernel32.GlobalLock(memory), data, len(data))
        kernel32.GlobalUnlock(memory)
        assert user32.SetClipboardData(number(name), memory), name
    user32.CloseClipboard()


def read() -> Mapping[str, str]:
    """All that is there, in the clipboard's order."""
    open_clipboard()
    found, format_, name = {}, 0, ctypes.create_unicode_buffer(256)
    while format_ := user32.EnumClipboardFormats(format_):
        named = user32.GetClipboardFormatNameW(format_, name, len(name))
        if format_ not in HANDLES and (memory := user32.GetClipboardData(format_)):
            data = ctypes.string_at(kernel32.GlobalLock(memory), kernel32.GlobalSize(memory))
            kernel32.GlobalUnlock(memory)
            found[name.value if named else str(format_)] = b64encode(data).decode()
    user32.CloseClipboard()
    return found


if __name__ == "__main__":
    if sys.argv[2] == "put":
        put(json.loads(Path(sys.argv[3]).read_text(encoding="utf-8")))
    Path(sys.argv[1]).write_text(json.dumps(read()), encoding="utf-8")
