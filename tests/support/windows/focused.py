"""Write what Windows says of the keyboard: `python.exe -m tests.support.windows.focused RESULT`.

`text` is what stands in the control that has the focus, `control` its class, and `down` are the virtual keys that are
held.
"""

from __future__ import annotations

import ctypes
import json
import sys
from ctypes import byref, sizeof
from pathlib import Path

from tests.support.windows.notepad import read, user32

KEYS = range(8, 255)
"""All virtual keys but the mouse's buttons."""

user32.GetClassNameW.argtypes = (ctypes.c_ssize_t, ctypes.c_wchar_p, ctypes.c_int)


class ThreadInfo(ctypes.Structure):
    """GUITHREADINFO."""

    _fields_ = (
        ("size", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        *((name, ctypes.c_ssize_t) for name in ("active", "focus", "capture", "menu", "moved", "caret")),
        ("rectangle", ctypes.c_long * 4),
    )


def focused_control() -> int:
    """The control that gets the keys."""
    info = ThreadInfo(size=sizeof(ThreadInfo))
    user32.GetGUIThreadInfo(0, byref(info))
    return int(info.focus)


def class_of(control: int) -> str:
    name = ctypes.create_unicode_buffer(256)
    user32.GetClassNameW(control, name, len(name))
    return name.value


if __name__ == "__main__":
    control = focused_control()
    down = [key for key in KEYS if user32.GetAsyncKeyState(key) & 0x8000]
    told = {"text": read(control), "control": class_of(control), "down": down}
    Path(sys.argv[1]).write_text(json.dumps(told), encoding="utf-8")
