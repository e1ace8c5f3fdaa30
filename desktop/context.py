"""Which window has the focus, and whose it is.

The window manager's word (_NET_ACTIVE_WINDOW) comes first, because the X focus is often on a helper window inside the
one that a person would name. Any window may go at any moment, between two of our questions too: then there was none.
So it is with one that says of itself what makes no sense. A property is read in one go, because a title that becomes
shorter between two questions is an error.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from Xlib import X
from Xlib.error import ConnectionClosedError

from desktop.ports import Target

log = logging.getLogger(__name__)

LENGTH = 2**14
"""So much of a property is read, in units of 4 bytes."""


def active(display: Any) -> Target:
    """The window that has the focus on `display` (an `Xlib.display.Display` of the calling thread's), or `Target()`.

    Raises `Xlib.error.ConnectionClosedError` when the server is gone, and nothing else, whatever a window is like.
    """
    try:
        window = _active_window(display)
        return _describe(display, window) if window is not None else Target()
    except ConnectionClosedError:
        raise
    except Exception as odd:  # python-xlib raises what it likes
        log.info("the window with the focus is not known: %s", type(odd).__name__)
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
        if _class(display, window):
            return window
        window = window.query_tree().parent
    return None


def _describe(display: Any, window: Any) -> Target:
    numbers = _numbers(display, window, "_NET_WM_PID")
    pid = numbers[0] if numbers else 0
    title = _bytes(display, window, "_NET_WM_NAME")
    return Target(
        handle=window.id,
        app=_class(display, window) or comm(pid),
        window=title.decode(errors="replace") if title else _bytes(display, window, "WM_NAME").decode("latin-1"),
        pid=pid,
    )


def _class(display: Any, window: Any) -> str:
    """What kind of application the window is of, as it says itself; empty where it does not."""
    names = _bytes(display, window, "WM_CLASS").decode("latin-1").split("\0")
    return names[1] if len(names) > 1 else ""


def _numbers(display: Any, window: Any, name: str) -> list[int] | None:
    """A property of 32-bit numbers; None where the window has none of that name."""
    found = window.get_property(display.get_atom(name), X.AnyPropertyType, 0, LENGTH)
    return list(found.value) if found is not None and found.format == 32 else None


def _bytes(display: Any, window: Any, name: str) -> bytes:
    """A property of bytes; empty where the window has none of that name."""
    found = window.get_property(display.get_atom(name), X.AnyPropertyType, 0, LENGTH)
    return bytes(found.value) if found is not None and found.format == 8 else b""
