"""A window with a field to be dictated into: `python.exe -m tests.support.windows.editor NOTHING KIND`.

KIND is `qt` (a text field of Qt), `qt-password`, `password` (an EDIT with ES_PASSWORD) or `readonly` (one that
cannot be changed); its title is KIND. Nothing is written.
"""

from __future__ import annotations

import ctypes
import sys

OVERLAPPED, VISIBLE, CHILD, MULTILINE, PASSWORD, READ_ONLY = 0x00CF0000, 0x10000000, 0x40000000, 0x4, 0x20, 0x800
STYLES = {"password": PASSWORD, "readonly": MULTILINE | READ_ONLY}


def show_qt(title: str) -> None:
    from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit

    app = QApplication([])
    field = QLineEdit() if title == "qt-password" else QPlainTextEdit()
    if isinstance(field, QLineEdit):
        field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setWindowTitle(title)
    field.resize(400, 300)
    field.show()
    field.activateWindow()
    app.exec()


def show_edit(title: str) -> None:
    user32 = ctypes.WinDLL("user32")  # type: ignore[attr-defined,unused-ignore]
    user32.CreateWindowExW.restype = ctypes.c_ssize_t
    user32.CreateWindowExW.argtypes = (
        *(ctypes.c_uint32, ctypes.c_wchar_p, ctypes.c_wchar_p, ctypes.c_uint32, *(ctypes.c_int,) * 4),
        *(ctypes.c_ssize_t,) * 4,
    )
    user32.SetFocus.argtypes = user32.SetForegroundWindow.argtypes = (ctypes.c_ssize_t,)
    frame = user32.CreateWindowExW(0, "#32770", title, OVERLAPPED | VISIBLE, 60, 60, 400, 300, 0, 0, 0, 0)
    style = CHILD | VISIBLE | STYLES[title]
    text = "the text" if title == "readonly" else ""
    field = user32.CreateWindowExW(0, "EDIT", text, style, 0, 0, 380, 260, frame, 0, 0, 0)
    user32.SetForegroundWindow(frame)
    user32.SetFocus(field)
    message = ctypes.create_string_buffer(48)
    while user32.GetMessageW(message, None, 0, 0) > 0:
        user32.TranslateMessage(message)
        user32.DispatchMessageW(message)


if __name__ == "__main__":
    (show_qt if sys.argv[-1].startswith("qt") else show_edit)(sys.argv[-1])
