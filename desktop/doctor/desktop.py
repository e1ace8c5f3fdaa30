"""Check the desktop, under X11 and Wayland: windows, display, hotkeys, pasting, tray.

Displays and buses may be missing, so each check opens its own connection.
"""

from __future__ import annotations

import ctypes
import os
import platform
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import anyio

from desktop.core.errors import HotkeyError, PasteError, UserError, apt_command
from desktop.core.keys import name_key
from desktop.core.messages import Message, PartList
from desktop.core.paths import find_paths

if TYPE_CHECKING:
    from dbus_fast.aio import MessageBus
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
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    **({"libSM.so.6": "libsm6"} if platform.machine() == "aarch64" else {}),
}
"""System libraries that PySide6's wheel needs (`ldd` of its Gui, DBus, XcbQpa and WaylandClient), with Debian's
package for each; their dependencies come with them."""

TRAY_BUS_NAME = "org.kde.StatusNotifierWatcher"

ACCESSIBILITY_COMMAND = "gsettings set org.gnome.desktop.interface toolkit-accessibility true"
"""What AT-SPI's own bus follows, on every desktop, at once and at each login."""

BUS_TIMEOUT_S = 5.0
"""Timeout in seconds for the session bus."""


def check_qt_libraries() -> Message:
    """Check Qt's system libraries, without which no window opens."""
    if missing := [package for library, package in QT_LIBRARIES.items() if not _can_load(library)]:
        raise UserError("qt-libraries-missing", command=apt_command(*missing))
    return Message("qt-libraries-found")


def check_display() -> Message:
    """Check the X server, which windows, hotkeys and pasting all use, or in a Wayland session without XWayland the
    compositor, and whether it shows the pill."""
    if _is_wayland_alone():
        from desktop.paste.wayland.protocol import LAYER_SHELL, Compositor

        compositor = Compositor(os.environ)
        compositor.close()
        return Message("wayland-pill-layered" if LAYER_SHELL in compositor.globals else "wayland-pill-missing")
    with _open_display() as display:
        size = display.screen()
        name, width, height = display.get_display_name(), size.width_in_pixels, size.height_in_pixels
        return Message("x11-display-found", name=name, width=width, height=height)


def check_hotkeys() -> Message:
    """Check that the configured hotkeys work while another window has the focus; in a Wayland session through its
    portal."""
    from desktop.hotkeys import wayland

    if wayland.is_wayland_session(os.environ):
        return check_portal_hotkeys(os.environ)
    with _open_display() as display:
        from desktop.doctor import hotkeys

        return hotkeys.check_x11_hotkeys(display.get_display_name())


def check_portal_hotkeys(environ: Mapping[str, str]) -> Message:
    """Check that the portal of the desktop gives the talk key, without a dialog.

    A running app is asked which key that is. Raises `HotkeyError` where the desktop was not asked for one yet, and with
    advice for the compositor where there is no such portal.
    """
    from desktop.core.ipc_client import send_command
    from desktop.core.keys import Action
    from desktop.doctor.app import STATUS_TIMEOUT_S, find_reported_problem
    from desktop.hotkeys import wayland
    from desktop.hotkeys.shortcut_binder import INTERFACE, load_agreed
    from desktop.platforms.linux.portal import Portal, PortalError

    async def read_version() -> int:
        try:
            portal = await Portal.connect(environ.get("DBUS_SESSION_BUS_ADDRESS", ""))
        except PortalError:
            return 0
        try:
            return await portal.read_version(INTERFACE)
        except PortalError:
            return 0
        finally:
            portal.close()

    if not wayland.can_use_portal(environ) or not anyio.run(read_version):
        raise wayland.setup_error(environ)
    paths = find_paths()
    running = send_command(paths, "status", STATUS_TIMEOUT_S)
    if running is not None:
        if problem := find_reported_problem(running):
            raise problem
        if name := running.get("talk_key"):
            return Message("portal-key-given", key=name_key(str(name)))
    elif Action.TALK not in (agreed := load_agreed(paths.portal_keys)).names:
        raise HotkeyError("portal-key-refused" if agreed.was_asked else "portal-key-unasked")
    return Message("portal-keys-offered")


def check_key_conflicts() -> Message:
    """Check for a virtual machine or remote desktop that takes one of our hotkeys, where these are X's."""
    if _is_wayland_alone():
        return Message("host-keys-unknown")
    with _open_display() as display:
        from desktop.doctor.hotkeys import check_host_keys

        return check_host_keys(display)


def check_pasting() -> Message:
    """Check XTEST, which presses the paste chord, or its replacement in a Wayland compositor."""
    if os.environ.get("WAYLAND_DISPLAY"):
        from desktop.doctor.input_method import check_need_of_keys

        try:
            return check_wayland_pasting(os.environ)
        except PasteError as problem:
            return check_need_of_keys(problem)
    with _open_display() as display:
        if not display.has_extension("XTEST"):
            raise UserError("xtest-missing")
        return Message("found-name", name="XTEST")


def check_wayland_pasting(environ: Mapping[str, str]) -> Message:
    """Report how the paste chord is pressed, how the clipboard is reached, and what names the focused window, each of
    which is asked."""
    from desktop.paste.wayland.data_control import find_manager
    from desktop.paste.wayland.key_backends import KeyBackend, find_facts, find_remedy, list_backends
    from desktop.paste.wayland.protocol import Compositor

    compositor = Compositor(environ)
    compositor.close()
    facts = anyio.run(find_facts, environ, compositor.globals)
    backends = list_backends(facts)
    if not backends:
        raise UserError("key-backends-missing", advice=find_remedy(facts))
    if backends == (KeyBackend.PORTAL,):
        _check_permission(environ)
    clipboard = "data-control" if find_manager(compositor.globals) else "XWayland"
    backend = str(backends[0])
    if source := anyio.run(_find_window_source, environ, compositor.globals):
        return Message("wayland-pasting-found", backend=backend, clipboard=clipboard, source=source)
    if sources := anyio.run(_find_partial_sources, environ):
        return Message("wayland-pasting-partly", backend=backend, clipboard=clipboard, source=PartList(tuple(sources)))
    return Message("wayland-pasting-blind", backend=backend, clipboard=clipboard)


async def _find_window_source(environ: Mapping[str, str], interfaces: Mapping[str, tuple[int, int]]) -> str:
    """Return what names every window; empty if nothing does, or it does not answer."""
    from desktop.paste.wayland.focus import find_compositor, run_tool
    from desktop.paste.wayland.focus_reader import TOOLS
    from desktop.paste.wayland.toplevels import lists_toplevels
    from desktop.platforms.linux.kwin import KWin

    name = find_compositor(environ)
    if name in TOOLS:
        return name if await run_tool(TOOLS[name], environ) else ""
    if name == "KWin" and (address := environ.get("DBUS_SESSION_BUS_ADDRESS")):
        kwin = KWin(address, Path(environ.get("XDG_RUNTIME_DIR", "/")))
        try:
            return name if await kwin.read_active_window() else ""
        finally:
            kwin.close()
    return "foreign-toplevel" if not name and lists_toplevels(interfaces) else ""


async def _find_partial_sources(environ: Mapping[str, str]) -> list[str]:
    """Return what names the windows of some programs and answers."""
    from desktop.paste.field import FocusedFieldReader

    sources = []
    with suppress(UserError), _open_display(environ.get("DISPLAY", "")):
        sources.append("XWayland")
    if address := environ.get("DBUS_SESSION_BUS_ADDRESS"):
        fields = FocusedFieldReader(address)
        with anyio.move_on_after(BUS_TIMEOUT_S):
            if await fields.is_reachable():
                sources.append("AT-SPI")
        fields.close()
    return sources


def _check_permission(environ: Mapping[str, str]) -> None:
    """Check that the desktop lets Intone press keys, by opening its portal once without a dialog."""
    from desktop.paste.wayland.remote_desktop import RemoteDesktopKeyboard

    problems: list[UserError] = []
    bus, token = environ.get("DBUS_SESSION_BUS_ADDRESS", ""), find_paths().remote_desktop

    async def check() -> None:
        keyboard = RemoteDesktopKeyboard(bus, token, lambda problem: problems.extend([problem] if problem else []))
        try:
            await keyboard.check()
        finally:
            keyboard.close()

    anyio.run(check)
    if problems:
        raise problems[0]


def check_accessibility() -> Message:
    """Check that all programs are asked to name their fields and windows, by which password fields are known."""
    from desktop.platforms.linux.atspi import is_switched_on

    async def find_problem(bus: MessageBus) -> str:
        is_on = await is_switched_on(bus)
        return "accessibility-missing" if is_on is None else "" if is_on else "accessibility-off"

    match _ask_session_bus(find_problem, "accessibility-without-bus"):
        case "":
            return Message("accessibility-on")
        case "accessibility-off":
            raise UserError(find_accessibility_loss(os.environ), command=ACCESSIBILITY_COMMAND)
        case "accessibility-missing":
            raise UserError("accessibility-missing", command=apt_command("at-spi2-core"))
        case problem:
            raise UserError(problem)


def find_accessibility_loss(environ: Mapping[str, str]) -> str:
    """Return the code of what is not known in this session while accessibility is off."""
    from desktop.paste.input_method.wayland import offers_input_method
    from desktop.paste.wayland.protocol import Compositor

    if not environ.get("WAYLAND_DISPLAY"):
        return "accessibility-off"
    try:
        compositor = Compositor(environ)
    except UserError:
        return "accessibility-off"
    compositor.close()
    if offers_input_method(compositor.globals):
        return "accessibility-off-fields-told"
    is_known = anyio.run(_find_window_source, environ, compositor.globals)
    return "accessibility-off" if is_known else "accessibility-off-windows"


def check_tray() -> Message:
    """Check for a host of tray icons: StatusNotifier, as desktops have now, or an X11 tray, as panels had."""
    if _has_bus_owner(TRAY_BUS_NAME):
        return Message("tray-of-desktop")
    with suppress(UserError), _open_display() as display:
        if display.get_selection_owner(display.intern_atom("_NET_SYSTEM_TRAY_S0")):
            return Message("tray-of-panel")
    raise UserError("tray-missing", command=apt_command("gnome-shell-extension-appindicator"))


def _is_wayland_alone() -> bool:
    """Return whether the session has a Wayland compositor and no X server that answers."""
    if not os.environ.get("WAYLAND_DISPLAY"):
        return False
    with suppress(UserError), _open_display():
        return False
    return True


def _can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


@contextmanager
def _open_display(name: str | None = None) -> Iterator[Display]:
    """Open a connection to the X server, by default the session's, for one check. Raises `UserError` if it cannot be
    reached."""
    from desktop.platforms.linux.x11_display import open_display

    name = os.environ.get("DISPLAY") if name is None else name
    if not name:
        raise UserError("screen-missing")
    try:
        display = open_display(name)
    except OSError as cause:
        raise UserError("x-server-refusal", name=name) from cause
    try:
        yield display
    finally:
        display.close()


def _has_bus_owner(name: str) -> bool:
    """Return whether `name` has an owner on the session bus; False also where there is no bus."""
    import dbus_fast

    from desktop.platforms.linux.dbus import call_bus

    async def query_owner(bus: MessageBus) -> bool:
        destination = "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner"
        return await call_bus(bus, dbus_fast.Message(*destination, signature="s", body=[name])) == [True]

    return _ask_session_bus(query_owner, False)


def _ask_session_bus[T](query: Callable[[MessageBus], Awaitable[T]], otherwise: T) -> T:
    """Return the answer of `query` on the session bus; `otherwise` where there is no bus."""
    from dbus_fast.aio import MessageBus
    from dbus_fast.errors import DBusFastError

    address = os.environ.get("DBUS_SESSION_BUS_ADDRESS")
    if not address:
        return otherwise

    async def ask() -> T:
        with anyio.fail_after(BUS_TIMEOUT_S):
            bus = await MessageBus(address).connect()
            try:
                return await query(bus)
            finally:
                bus.disconnect()

    try:
        return anyio.run(ask)
    except (OSError, DBusFastError, EOFError):
        return otherwise
