"""Check a Wayland session: how hotkeys are received, and how text gets into a window."""

from __future__ import annotations

from collections.abc import Mapping

import anyio

from desktop.core.errors import HotkeyError, UserError


def check_portal_hotkeys(environ: Mapping[str, str]) -> str:
    """Check the portal that provides hotkeys. Raises `HotkeyError` with advice for the compositor where there is
    none."""
    from desktop.hotkeys import wayland
    from desktop.hotkeys.portal import INTERFACE
    from desktop.platforms.linux.portal import Portal, PortalError

    async def version() -> int:
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

    if wayland.can_use_portal(environ) and anyio.run(version):
        return "The desktop lends a key through its GlobalShortcuts portal"
    raise HotkeyError(wayland.NO_GLOBAL_KEYS, wayland.setup_advice(environ))


def check_wayland_pasting(environ: Mapping[str, str]) -> str:
    """Report how the paste chord is pressed, how the clipboard is reached, and what names the focused window."""
    from desktop.paste.wayland.data_control import find_manager
    from desktop.paste.wayland.focus import find_compositor
    from desktop.paste.wayland.key_backends import find_facts, find_remedy, list_backends
    from desktop.paste.wayland.protocol import Compositor

    compositor = Compositor(environ)
    compositor.close()
    facts = anyio.run(find_facts, environ, compositor.globals)
    rungs = list_backends(facts)
    if not rungs:
        raise UserError("Nothing here presses keys for a program, so text stays on the clipboard.", find_remedy(facts))
    clipboard = "data-control" if find_manager(compositor.globals) else "XWayland"
    if not (window_source := find_compositor(environ)):
        return f"Keys by {rungs[0]}, the clipboard by {clipboard}, the window is not known"
    return f"Keys by {rungs[0]}, the clipboard by {clipboard}, {window_source} names the window"
