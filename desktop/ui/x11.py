"""Query the X server for what Qt does not offer: other windows, panel struts, compositing; set window shapes.

One connection of the main thread, opened on first use. The X server itself answers and never waits for a program, so a
query cannot hang the pill behind a busy window.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget
from Xlib.display import Display
from Xlib.error import BadDrawable, BadWindow
from Xlib.ext import shape
from Xlib.X import NONE, AnyPropertyType

from desktop.platforms.linux.x11_focus import MAX_PROPERTY_UNITS

_YX_BANDED = 3
"""Order of rectangles in X11/X.h: top to bottom, so the server need not sort."""

_MAX_WINDOW = 0x1FFF_FFFF
"""Greatest id of an X window (the upper three bits are 0); Hyprland's numbers are greater."""


@dataclass(frozen=True, slots=True)
class PanelStrut:
    """Space of a panel: `height` pixels from the desktop's foot, from column `left` to `right`."""

    height: int
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class Panels:
    """The panels at the desktop's foot, and the height of all screens together in pixels."""

    desktop_height: int
    struts: Sequence[PanelStrut]


class X11WindowSystem:
    """A `WindowSystem`: the X server that Qt's windows are on."""

    bypasses_manager = True

    def is_composited(self) -> bool:
        """Return whether a compositor runs."""
        desk = _display()
        owner = desk.get_selection_owner(desk.intern_atom(f"_NET_WM_CM_S{desk.get_default_screen()}"))
        return bool(owner != NONE)

    def find_rect(self, handle: int) -> QRect | None:
        """Return the rectangle of the window; None when it does not exist or is no X window."""
        if handle <= 0:
            handle = _active_window()
        if not 0 < handle <= _MAX_WINDOW:
            return None
        desk = _display()
        try:
            window = desk.create_resource_object("window", handle)
            size = window.get_geometry()
            corner = window.translate_coords(desk.screen().root, 0, 0)
        except (BadDrawable, BadWindow):
            return None
        return QRect(-corner.x, -corner.y, size.width, size.height)

    def find_panels(self) -> Panels:
        """Return the panels at the desktop's foot."""
        root = _display().screen().root
        edge_lists = (
            _read_property(window, "_NET_WM_STRUT_PARTIAL") for window in _read_property(root.id, "_NET_CLIENT_LIST")
        )
        struts = [PanelStrut(edges[3], edges[10], edges[11]) for edges in edge_lists if len(edges) == 12 and edges[3]]
        return Panels(int(root.get_geometry().height), struts)

    def set_shape(self, window: QWidget, rows: Sequence[tuple[int, int, int, int]]) -> None:
        """Cut the window to `rows`. Qt's masks are as coarse as its unscaled pixels."""
        shaped = _display().create_resource_object("window", int(window.winId()))
        if rows:
            shaped.shape_rectangles(shape.SO.Set, shape.SK.Bounding, _YX_BANDED, 0, 0, rows)
        else:
            shaped.shape_mask(shape.SO.Set, shape.SK.Bounding, 0, 0, NONE)
        _display().flush()


def _active_window() -> int:
    """Return the active window of the window manager, or 0."""
    return next(iter(_read_property(_display().screen().root.id, "_NET_ACTIVE_WINDOW")), 0)


def _read_property(window: int, name: str) -> Sequence[int]:
    desk = _display()
    try:  # read at once: python-xlib fails with an error of its own when the value changes between two reads
        resource = desk.create_resource_object("window", window)
        property_ = resource.get_property(desk.intern_atom(name), AnyPropertyType, 0, MAX_PROPERTY_UNITS)
    except (BadDrawable, BadWindow):
        return ()
    return property_.value if property_ is not None and property_.format == 32 else ()


@cache
def _display() -> Display:
    return Display()
