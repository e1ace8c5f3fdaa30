"""Track which window has the focus on X11, as the window manager reports it."""

from __future__ import annotations

from time import monotonic
from typing import Any

from Xlib import X

from desktop.core.types import Target
from desktop.paste.focus import FocusHistory
from desktop.paste.x11.connection import X11Connection
from desktop.platforms.linux import x11_focus


class ActiveWindowTracker:
    """The active window of the display of `connection`. For the paste thread; `handle_event` gets all events."""

    def __init__(self, connection: X11Connection) -> None:
        self._display = connection.display
        self._focus = FocusHistory()
        self._active = connection.atom("_NET_ACTIVE_WINDOW")
        self._root = connection.display.screen().root
        self._root.change_attributes(event_mask=X.PropertyChangeMask)
        self._focus.record(self.find_active(), monotonic())

    def find_active(self) -> Target:
        """Return the window that has the focus now."""
        return x11_focus.find_active_target(self._display)

    def find_target(self) -> Target:
        """Return the target window now; see `desktop.paste.focus`. Without a window manager that reports the focus, the
        focused window."""
        now, active = monotonic(), self.find_active()
        is_reported = self._root.get_property(self._active, X.AnyPropertyType, 0, 1) is not None
        self._focus.record(active, now)
        return self._focus.find_target(now) if is_reported else active

    def handle_event(self, event: Any) -> None:
        """Record the active window where `event` reports another one."""
        if event.type == X.PropertyNotify and event.window == self._root and event.atom == self._active:
            self._focus.record(self.find_active(), monotonic())
