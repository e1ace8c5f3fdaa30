"""Two things about the X desk that Qt does not tell: where another program's window is, and whether a compositor runs.

One connection of the main thread's own, opened when first asked. Both questions are answered by the X server itself,
which never waits for a program, so asking cannot hang the pill behind a busy window.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from Xlib.display import Display
from Xlib.error import BadDrawable, BadWindow
from Xlib.X import NONE


def composited() -> bool:
    """Whether translucent windows are blended with what is beneath: true off X11, where they always are."""
    if QGuiApplication.platformName() != "xcb":
        return True
    desk = _desk()
    owner = desk.get_selection_owner(desk.intern_atom(f"_NET_WM_CM_S{desk.get_default_screen()}"))
    return bool(owner != NONE)


def window_rect(handle: int) -> QRect | None:
    """Where the window `handle` is, in the desk's own pixels; None where there is none to be found."""
    if QGuiApplication.platformName() != "xcb" or not handle:
        return None
    desk = _desk()
    try:
        window = desk.create_resource_object("window", handle)
        size = window.get_geometry()
        corner = window.translate_coords(desk.screen().root, 0, 0)
    except (BadDrawable, BadWindow):
        return None
    return QRect(-corner.x, -corner.y, size.width, size.height)


@cache
def _desk() -> Display:
    return Display()
