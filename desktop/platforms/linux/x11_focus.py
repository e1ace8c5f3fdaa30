"""Find the focused X11 window and the application it belongs to.

The window manager's answer (_NET_ACTIVE_WINDOW) comes first, because the X focus is often on a helper window inside the
application's window. A window may vanish at any moment, also between two requests, or report invalid data about itself:
both count as no window. A property is read in one request, because a title that becomes shorter between two is an
error.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from Xlib import X
from Xlib.error import ConnectionClosedError

from desktop.core.types import Target

logger = logging.getLogger(__name__)

MAX_PROPERTY_UNITS = 2**14
"""Longest part of a property that is read, in units of 4 bytes."""


def find_active_target(display: Any) -> Target:
    """Return the focused window of `display` (an `Xlib.display.Display` of the calling thread), or `Target()`.

    Raises `Xlib.error.ConnectionClosedError` when the server is gone, and nothing else, whatever the window reports.
    """
    try:
        window = _find_active_window(display)
        return _describe(display, window) if window is not None else Target()
    except ConnectionClosedError:
        raise
    except Exception as error:  # python-xlib raises exceptions of any type
        logger.info("the window with the focus is not known: %s", type(error).__name__)
        return Target()


def find_xwayland_target(display: Any) -> Target:
    """Return the X window that has the focus in a Wayland session, or `Target()` when another window has it.

    Only the compositor's own answer counts: the X focus stays on a helper window there. For other windows Mutter (48)
    names such a window too, of no application. Raises as `find_active_target`.
    """
    try:
        active = _read_numbers(display, display.screen().root, "_NET_ACTIVE_WINDOW")
        if not active or not active[0]:
            return Target()
        target = _describe(display, display.create_resource_object("window", active[0]))
        return target if target.app else Target()
    except ConnectionClosedError:
        raise
    except Exception as error:  # python-xlib raises exceptions of any type
        logger.info("the X window with the focus is not known: %s", type(error).__name__)
        return Target()


def read_process_name(pid: int) -> str:
    """Return the kernel's name for the process `pid`, at most 15 bytes; empty where unknown."""
    try:
        return Path(f"/proc/{pid}/comm").read_text(errors="replace").strip()
    except OSError:
        return ""


def _find_active_window(display: Any) -> Any | None:
    """Return the managed window that has the focus."""
    active = _read_numbers(display, display.screen().root, "_NET_ACTIVE_WINDOW")
    if active is not None:
        return display.create_resource_object("window", active[0]) if active and active[0] else None
    window = display.get_input_focus().focus
    while not isinstance(window, int):
        if _read_class(display, window):
            return window
        window = window.query_tree().parent
    return None


def _describe(display: Any, window: Any) -> Target:
    numbers = _read_numbers(display, window, "_NET_WM_PID")
    pid = numbers[0] if numbers else 0
    title = _read_bytes(display, window, "_NET_WM_NAME")
    return Target(
        handle=window.id,
        app=_read_class(display, window) or read_process_name(pid),
        title=title.decode(errors="replace") if title else _read_bytes(display, window, "WM_NAME").decode("latin-1"),
        pid=pid,
    )


def _read_class(display: Any, window: Any) -> str:
    """Return the application class that the window reports; empty where it does not."""
    names = _read_bytes(display, window, "WM_CLASS").decode("latin-1").split("\0")
    return names[1] if len(names) > 1 else ""


def _read_numbers(display: Any, window: Any, name: str) -> list[int] | None:
    """Return a property of 32-bit numbers; None where the window has none of that name."""
    answer = window.get_property(display.get_atom(name), X.AnyPropertyType, 0, MAX_PROPERTY_UNITS)
    return list(answer.value) if answer is not None and answer.format == 32 else None


def _read_bytes(display: Any, window: Any, name: str) -> bytes:
    """Return a property of bytes; empty where the window has none of that name."""
    answer = window.get_property(display.get_atom(name), X.AnyPropertyType, 0, MAX_PROPERTY_UNITS)
    return bytes(answer.value) if answer is not None and answer.format == 8 else b""
