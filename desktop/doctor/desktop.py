"""Check the desktop: windows, display, hotkeys, pasting, tray.

Displays and buses may be missing, so each check opens its own connection.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from desktop.core.errors import Problem, apt

if TYPE_CHECKING:
    from Xlib.display import Display

QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0t64",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
}
"""System libraries that PySide6's wheel needs (`ldd` of its Gui, DBus and XcbQpa), with Debian's package for each;
their dependencies come with them."""

TRAY = "org.kde.StatusNotifierWatcher"

ANSWER_S = 5.0
"""Timeout in seconds for the session bus."""


def windows() -> str:
    """Check Qt's system libraries, without which no window opens."""
    if missing := [package for library, package in QT_LIBRARIES.items() if not _loads(library)]:
        raise Problem("System libraries that Qt's windows need are missing.", apt(*missing))
    return "Qt finds its libraries"


def screen() -> str:
    """Check the X server, which windows, hotkeys and pasting all use."""
    with _x11() as display:
        size = display.screen()
        return f"X11 display {display.get_display_name()}, {size.width_in_pixels} × {size.height_in_pixels}"


def keys() -> str:
    """Check the configured hotkeys, heard while another window has the focus; in a Wayland session through its
    portal."""
    from desktop.doctor import session
    from desktop.hotkeys import wayland

    if wayland.is_session(os.environ):
        return session.talk_key(os.environ)
    with _x11() as display:
        from desktop.doctor.hotkeys import heard

        return heard(display.get_display_name())


def host_keys() -> str:
    """Check for a virtual machine or remote desktop that takes one of our hotkeys."""
    with _x11() as display:
        from desktop.doctor.hotkeys import beside_hosts

        return beside_hosts(display)


def pasting() -> str:
    """Check XTEST, which presses the paste chord, or its replacement in a Wayland compositor."""
    if os.environ.get("WAYLAND_DISPLAY"):
        from desktop.doctor import session

        return session.pasting(os.environ)
    with _x11() as display:
        if not display.has_extension("XTEST"):
            raise Problem("This X server has no XTEST, so text stays on the clipboard.", "Paste it with Ctrl+V.")
        return "XTEST"


def tray() -> str:
    """Check for a host of tray icons: StatusNotifier, as desktops have now, or an X11 tray, as panels had."""
    if _on_session_bus(TRAY):
        return "A StatusNotifier host shows the icon"
    with suppress(Problem), _x11() as display:
        if display.get_selection_owner(display.intern_atom("_NET_SYSTEM_TRAY_S0")):
            return "An X11 tray shows the icon"
    raise Problem(
        "No tray is here to show the icon.",
        f"In GNOME: {apt('gnome-shell-extension-appindicator')}. Elsewhere add a tray to the panel.",
    )


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


@contextmanager
def _x11() -> Iterator[Display]:
    """Open a connection to the X server for one check. Raises `UserError` if it cannot be reached."""
    from Xlib import error
    from Xlib.display import Display

    name = os.environ.get("DISPLAY")
    if not name:
        raise Problem("No screen is here: DISPLAY is not set.", "Start Intone from your desktop session.")
    try:
        display = Display(name)
    except (error.DisplayError, error.ConnectionClosedError, OSError) as cause:
        remedy = "Start Intone from your desktop session, as the user whose session it is."
        raise Problem(f"The X server at DISPLAY={name} does not let us in.", remedy) from cause
    try:
        yield display
    finally:
        display.close()


def _on_session_bus(name: str) -> bool:
    """Return whether `name` has an owner on the session bus; False also where there is no bus."""
    import anyio
    from dbus_fast import Message
    from dbus_fast.aio import MessageBus
    from dbus_fast.errors import DBusFastError

    address = os.environ.get("DBUS_SESSION_BUS_ADDRESS")
    if not address:
        return False

    async def owned() -> bool:
        with anyio.fail_after(ANSWER_S):
            bus = await MessageBus(address).connect()
            try:
                there = "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner"
                reply = await bus.call(Message(*there, signature="s", body=[name]))
            finally:
                bus.disconnect()
        return reply is not None and reply.body == [True]

    try:
        return anyio.run(owned)
    except (OSError, DBusFastError, EOFError):
        return False
