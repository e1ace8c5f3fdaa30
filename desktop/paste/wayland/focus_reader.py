"""Find the focused window: an X window by XWayland, others by the compositor, or else by accessibility.

sway and Hyprland have a tool for it, KWin runs a script. GNOME's compositor tells no program; there a window is known
if it is an X window, or if its program is on the accessibility bus (GTK always, Qt, Chromium and Firefox where that is
on).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from anyio import to_thread
from Xlib.display import Display
from Xlib.error import ConnectionClosedError, DisplayError

from desktop.core.types import Target
from desktop.paste.field import FocusedFieldReader
from desktop.paste.wayland.focus import (
    HYPRLAND_COMMAND,
    SWAY_COMMAND,
    UNKNOWN_WINDOW,
    FocusedWindow,
    find_compositor,
    number_window,
    parse_answer,
    run_tool,
)
from desktop.platforms.linux.atspi import AccessibleAddress
from desktop.platforms.linux.kwin import KWin
from desktop.platforms.linux.x11_focus import find_xwayland_target

logger = logging.getLogger(__name__)

X_FRAMES = "mutter-x11-frames"
"""The program that draws the frames of X windows in GNOME, and has none of its own."""

TOOLS = {"Hyprland": HYPRLAND_COMMAND, "sway": SWAY_COMMAND}


class FocusReader:
    """Finds the focused window of the session of `environ`. `fields` asks the accessibility bus.

    Belongs to one loop.
    """

    def __init__(self, environ: Mapping[str, str], fields: FocusedFieldReader) -> None:
        self._environ = environ
        self._compositor = find_compositor(environ)
        self._fields = fields
        self._kwin = KWin(environ.get("DBUS_SESSION_BUS_ADDRESS", ""), Path(environ.get("XDG_RUNTIME_DIR", "/")))
        self._xwayland = XWaylandFocus(environ.get("DISPLAY", ""))
        self._likely: AccessibleAddress | None = None

    async def find_focused_window(self) -> FocusedWindow:
        """Return the focused window. Never raises."""
        if self._compositor in TOOLS:
            return parse_answer(self._compositor, await run_tool(TOOLS[self._compositor], self._environ))
        target = await self._xwayland.find_target()
        if target.handle:
            return FocusedWindow(target, x11=True, xid=target.handle)
        if not self._environ.get("DBUS_SESSION_BUS_ADDRESS"):
            return FocusedWindow(UNKNOWN_WINDOW)
        if self._compositor == "KWin":
            return parse_answer("KWin", await self._kwin.read_active_window())
        window = await self._fields.find_active_window(self._likely)
        if window is None or window.program == X_FRAMES:
            return FocusedWindow(UNKNOWN_WINDOW)
        self._likely = window.address
        return FocusedWindow(Target(number_window(" ".join(window.address)), window.program, window.title, window.pid))

    def close(self) -> None:
        """Disconnect."""
        self._kwin.close()
        self._xwayland.close()


class XWaylandFocus:
    """Asks the X server `display` for the focused X window, in a thread: it may be slow. Belongs to one loop."""

    def __init__(self, display: str) -> None:
        self._name = display
        self._display: Any = None
        self._asking = asyncio.Lock()

    async def find_target(self) -> Target:
        """Return the focused X window; `Target()` where another window has the focus."""
        if not self._name:
            return Target()
        async with self._asking:
            return await to_thread.run_sync(self._find_target)

    def close(self) -> None:
        """Disconnect."""
        if self._display is not None:
            with suppress(ConnectionClosedError, OSError):
                self._display.close()
            self._display = None

    def _find_target(self) -> Target:
        try:
            if self._display is None:
                self._display = Display(self._name)
            return find_xwayland_target(self._display)
        except (ConnectionClosedError, DisplayError, OSError) as error:
            logger.info("XWayland does not tell which window has the focus: %s", type(error).__name__)
            self._display = None
            return Target()
