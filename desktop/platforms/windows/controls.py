"""Decide about controls and programs by what Windows tells of them. Pure."""

from __future__ import annotations

import re

ES_PASSWORD = 0x0020
"""The style of an edit control that shows no text; it means other things to other controls."""

ES_MULTILINE = 0x0004
"""The style of an edit control that has more than one line."""

ES_READONLY = 0x0800
"""The style of an edit control whose text cannot be changed by the user."""

MAX_EDIT_UNITS = 0xFFFE
"""The longest text, in UTF-16 units, in which an edit control tells its cursor in one number."""

TASKBAR_CLASSES = (
    "Shell_TrayWnd",
    "Shell_SecondaryTrayWnd",
    "NotifyIconOverflowWindow",
    "TopLevelWindowForOverflowTray",
)
"""The taskbar, that of another screen, and its hidden icons on Windows 10 and 11."""

CONSOLE_CLASS = "ConsoleWindowClass"

HIGH_INTEGRITY = 0x3000
"""The integrity level of an administrator's programs."""


def may_be_password_edit(class_name: str, style: int) -> bool:
    """Return whether a control of that class and style may be an edit control for passwords: Windows' own, a rich one,
    or one of a toolkit that is made of them ("TEdit", "WindowsForms10.EDIT.app.0.141b42a_r6_ad1")."""
    return "edit" in class_name.lower() and bool(style & ES_PASSWORD)


def is_windows_edit(class_name: str) -> bool:
    """Return whether that is the class of one of Windows' own edit controls, also as Windows Forms names them: their
    style tells whether they are for passwords."""
    name = class_name.lower().removeprefix("windowsforms10.")
    return name == "edit" or name.startswith(("edit.", "richedit"))


def find_window_program(app: str, class_name: str, focused_app: str) -> str:
    """Return the program that draws a window of that class, of which Windows tells the program `app`: for a console's
    that is the one that runs in it, for a WebView2's the one that shows the page. `focused_app` is the program of the
    focused control, empty if unknown."""
    return "conhost" if class_name == CONSOLE_CLASS else focused_app or app


def can_press_keys_in(own_level: int | None, window_level: int | None) -> bool:
    """Return whether Windows lets a process of integrity level `own_level` press keys in a window of `window_level`.

    Keys for a higher level are dropped without an error. A level that cannot be read is one of a program that does not
    let us look at it, which those of an administrator do not.
    """
    if own_level is None:
        return True
    return own_level >= HIGH_INTEGRITY if window_level is None else window_level <= own_level


def find_edit_breaks(class_name: str) -> str | None:
    """Return how an edit control of that class counts a line's end: as two characters, or as one in a rich one of the
    second version or later. None for other controls."""
    name = class_name.lower()
    if "edit" not in name:
        return None
    return "\r" if "richedit" in name and name != "richedit" else "\r\n"


def encode_for_edit(text: str, breaks: str) -> bytes:
    """Return `text` in the units that an edit control counts: UTF-16, with its own line ends."""
    return re.sub(r"\r\n|\r|\n", breaks, text).encode("utf-16-le", "surrogatepass")


def find_text_at_cursor(
    field: bytes, cursor: tuple[int, int], text: bytes, after: bytes = b""
) -> tuple[int, int] | None:
    """Return where `text` begins and ends that stands at the cursor, in units: before it, all but `after`, which is its
    end. None if it does not stand there, or something is selected."""
    start, end = cursor
    last = 2 * start + len(after)
    begin = last - len(text)
    if start != end or not text or begin < 0 or field[begin:last] != text:
        return None
    return begin // 2, last // 2


def decode_from_edit(field: bytes, selection: tuple[int, int]) -> str:
    """Return the selected text of a control, with lines ended by LF."""
    selected = field[2 * selection[0] : 2 * selection[1]].decode("utf-16-le", "replace")
    return re.sub(r"\r\n|\r", "\n", selected)
