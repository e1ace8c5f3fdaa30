"""Ask Windows where other programs' windows are. Qt knows the rest: each screen's area without the taskbar."""

from __future__ import annotations

from collections.abc import Sequence
from ctypes import byref, sizeof

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from desktop.platforms.windows import api
from desktop.platforms.windows.structures import Rectangle


class WindowsWindowSystem:
    """A `WindowSystem`. Places are native pixels of each screen: Qt makes the process aware of their scales."""

    bypasses_manager = False

    def is_composited(self) -> bool:
        """As `WindowSystem.is_composited`: always, since Windows 8."""
        return True

    def find_rect(self, handle: int) -> QRect | None:
        """As `WindowSystem.find_rect`."""
        edges = _find_edges(handle if handle > 0 else api.foreground_window())
        if edges is None:
            return None
        return QRect(edges.left, edges.top, edges.right - edges.left, edges.bottom - edges.top)

    def find_panels(self) -> None:
        """As `WindowSystem.find_panels`: Qt asks Windows for each screen's work area."""
        return

    def set_shape(self, window: QWidget, rows: Sequence[tuple[int, int, int, int]]) -> None:
        """As `WindowSystem.set_shape`. Nothing is ever cut where all is blended."""


def _find_edges(window: int) -> Rectangle | None:
    """Return the edges of the window as they are seen; None where it is gone, or minimized and so has no place.

    Since Windows 10 most frames have invisible borders of 7 pixels to resize by, which are inside GetWindowRect's.
    """
    edges = Rectangle()
    if not window or api.is_minimized(window):
        return None
    if api.composed_attribute(window, api.DWMWA_EXTENDED_FRAME_BOUNDS, byref(edges), sizeof(edges)) >= 0:
        return edges
    return edges if api.window_rectangle(window, byref(edges)) else None
