"""Write what stands in Notepad: `python.exe -m tests.support.windows.notepad RESULT`."""

from __future__ import annotations

import ctypes
import json
import sys
from pathlib import Path

WM_GETTEXT, WM_GETTEXTLENGTH = 0x000D, 0x000E

user32 = ctypes.WinDLL("user32")  # type: ignore[attr-defined,unused-ignore]
user32.FindWindowW.restype = user32.FindWindowExW.restype = user32.SendMessageW.restype = ctypes.c_ssize_t
user32.FindWindowExW.argtypes = (ctypes.c_ssize_t, ctypes.c_ssize_t, ctypes.c_wchar_p, ctypes.c_wchar_p)
user32.SendMessageW.argtypes = (ctypes.c_ssize_t, ctypes.c_uint32, ctypes.c_size_t, ctypes.c_void_p)


def edit_control() -> int:
    """Notepad's text field."""
    edit: int = user32.FindWindowExW(user32.FindWindowW("Notepad", None), 0, "Edit", None)
    return edit


def read(edit: int) -> str:
    length = user32.SendMessageW(edit, WM_GETTEXTLENGTH, 0, None)
    text = ctypes.create_unicode_buffer(length + 1)
    user32.SendMessageW(edit, WM_GETTEXT, length + 1, text)
    return text.value


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps({"text": read(edit_control())}), encoding="utf-8")
