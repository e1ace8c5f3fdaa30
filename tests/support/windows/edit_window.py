"""A window with an edit control of Windows, whose text is always in a file.

`python.exe -m tests.support.windows.edit_window FILE TITLE [password]`; without the last word it has many lines.
"""

from __future__ import annotations

import ctypes
import sys
from ctypes import byref
from pathlib import Path

from desktop.platforms.windows import api
from desktop.platforms.windows.structures import WindowClass, WindowsMessage
from tests.support.windows.notepad import read, user32

WM_DESTROY, WM_SETFOCUS, WM_COMMAND, EN_CHANGE, EM_SETLIMITTEXT = 0x0002, 0x0007, 0x0111, 0x0300, 0x00C5

WS_OVERLAPPEDWINDOW, WS_VISIBLE, WS_CHILD = 0x00CF0000, 0x10000000, 0x40000000

ES_MANY_LINES, ES_PASSWORD = 0x1044, 0x00A0
"""ES_MULTILINE, ES_AUTOVSCROLL and ES_WANTRETURN; ES_PASSWORD and ES_AUTOHSCROLL."""

CLASS = "Intone test"


class Window:
    """The window; its text goes to `file`."""

    def __init__(self, file: Path, title: str, is_password: bool) -> None:
        self._file = file
        self._edit = 0
        self._procedure = api.WINDOW_PROCEDURE(self._process)
        program = api.this_program(None)
        window_class = WindowClass(
            procedure=ctypes.cast(self._procedure, ctypes.c_void_p),
            instance=program,
            class_name=ctypes.cast(ctypes.create_unicode_buffer(CLASS), ctypes.c_void_p),
        )
        api.register_class(byref(window_class))
        place = (100, 100, 600, 300)
        window = api.create_window(0, CLASS, title, WS_OVERLAPPEDWINDOW, *place, 0, 0, program, None)
        style = WS_CHILD | WS_VISIBLE | (ES_PASSWORD if is_password else ES_MANY_LINES)
        self._edit = int(api.create_window(0, "EDIT", "", style, 0, 0, 580, 260, window, 0, program, None))
        user32.SendMessageW(self._edit, EM_SETLIMITTEXT, 0, None)
        user32.ShowWindow(ctypes.c_ssize_t(window), 1)
        user32.SetForegroundWindow(ctypes.c_ssize_t(window))

    def _process(self, window: int, message: int, wparam: int, lparam: int) -> int:
        if message == WM_SETFOCUS and self._edit:
            user32.SetFocus(ctypes.c_ssize_t(self._edit))
        elif message == WM_COMMAND and wparam >> 16 == EN_CHANGE:
            part = self._file.with_suffix(".part")
            part.write_text(read(self._edit), encoding="utf-8", newline="")
            part.replace(self._file)  # so that a reader never sees half
        elif message == WM_DESTROY:
            user32.PostQuitMessage(0)
        return int(api.default_procedure(window, message, wparam, lparam))


def main(file: str, title: str, kind: str = "") -> None:
    window = Window(Path(file), title, kind == "password")
    message = WindowsMessage()
    while user32.GetMessageW(byref(message), None, 0, 0) > 0:
        user32.TranslateMessage(byref(message))
        user32.DispatchMessageW(byref(message))
    del window


if __name__ == "__main__":
    main(*sys.argv[1:])
