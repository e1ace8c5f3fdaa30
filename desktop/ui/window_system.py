"""What the window system is asked beyond Qt: the place of other programs' windows, panels, compositing, window shapes.

Chosen once, by Qt's platform: X11 in `desktop.ui.x11`, Windows in `desktop.ui.win32`. Elsewhere nothing more is known
than Qt says.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from desktop.ui.x11 import Panels


class WindowSystem(Protocol):
    """What is asked. Never raises, and never waits for another program."""

    @property
    def bypasses_manager(self) -> bool:
        """Whether the pill must bypass the window manager to stay above all windows without the focus."""
        ...

    def is_composited(self) -> bool:
        """Return whether translucent windows are blended."""
        ...

    def find_rect(self, handle: int) -> QRect | None:
        """Return the rectangle of window `handle` in native pixels, of the active window where that is 0 or less; None
        if unknown."""
        ...

    def find_panels(self) -> Panels | None:
        """Return the panels where Qt knows them of one screen only; None where it knows each screen's free area."""
        ...

    def set_shape(self, window: QWidget, rows: Sequence[tuple[int, int, int, int]]) -> None:
        """Cut our own `window` to rectangles in native pixels; none restores its corners."""
        ...


class UnknownWindowSystem:
    """A `WindowSystem` that tells nothing beyond Qt, and blends."""

    bypasses_manager = False

    def is_composited(self) -> bool:
        """As `WindowSystem.is_composited`."""
        return True

    def find_rect(self, handle: int) -> QRect | None:
        """As `WindowSystem.find_rect`."""
        return None

    def find_panels(self) -> Panels | None:
        """As `WindowSystem.find_panels`."""
        return None

    def set_shape(self, window: QWidget, rows: Sequence[tuple[int, int, int, int]]) -> None:
        """As `WindowSystem.set_shape`. Rows come only where nothing is blended."""


def bring_to_front(window: QWidget) -> None:
    """Show our own `window` above all others, with the focus. One that is minimized is restored, which only some
    desktops do by themselves."""
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()


@cache
def window_system() -> WindowSystem:
    """Return the window system that Qt uses. There must be a `QGuiApplication`."""
    if sys.platform == "win32":
        from desktop.ui.win32 import WindowsWindowSystem

        return WindowsWindowSystem()
    if sys.platform == "linux" and QGuiApplication.platformName() == "xcb":
        from desktop.ui.x11 import X11WindowSystem

        return X11WindowSystem()
    return UnknownWindowSystem()
