"""Which window has the focus, and whose it is.

The window manager's word (_NET_ACTIVE_WINDOW) comes first, because the X focus is often on a helper window inside the
one that a person would name. Any window may go at any moment, between two of our questions too: then there was none.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from Xlib import X, error

from desktop.ports import Target


def active(display: Any) -> Target:
    """The window that has the focus on `display` (an `Xlib.display.Display` of the calling thread's), or `Target()`."""
    try:
        window = _active_window(display)
        return _describe(display, window) if window is not None else Target()
    except error.BadWindow:
        return Target()


def comm(pid: int) -> str:
    """The kernel's name for the program `pid`, at most 15 bytes of it; empty where that is not known."""
    try:
        return Path(f"/proc/{pid}/comm").read_text(errors="replace").strip()
    except OSError:
        return ""


def _active_window(display: Any) -> Any | None:
    """The managed window that has the focus."""
    named = _numbers(display, display.screen().root, "_NET_ACTIVE_WINDOW")
    if named is not None:
        return display.create_resource_object("window", named[0]) if named and named[0] else None
    window = display.get_input_focus().focus
    while not isinstance(window, int):
        if window.get_wm_class() is not None:
            return window
        window = window.query_tree().parent
    return None


def _describe(display: Any, window: Any) -> Target:
    numbers = _numbers(display, window, "_NET_WM_PID")
    pid = numbers[0] if numbers else 0
    names = window.get_wm_class()
    title = _bytes(display, window, "_NET_WM_NAME")
    return Target(
        handle=window.id,
        app=names[1] if names else comm(pid),
        window=title.decode(errors="replace") if title else _bytes(display, window, "WM_NAME").decode("latin-1"),
        pid=pid,
    )


def _numbers(display: Any, window: Any, name: str) -> list[int] | None:
    """A property of 32-bit numbers; None where the window has none of that name."""
    found = window.get_full_property(display.get_atom(name), X.AnyPropertyType)
    return list(found.value) if found is not None and found.format == 32 else None


def _bytes(display: Any, window: Any, name: str) -> bytes:
    """A property of bytes; empty where the window has none of that name."""
    found = window.get_full_property(display.get_atom(name), X.AnyPropertyType)
    return bytes(found.value) if found is not None and found.format == 8 else b""
