"""Check a Wayland session: how hotkeys are received, and how text gets into a window."""

from __future__ import annotations

from collections.abc import Mapping

import anyio

from desktop.core.errors import HotkeyProblem, Problem


def talk_key(environ: Mapping[str, str]) -> str:
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
            return await portal.version(INTERFACE)
        except PortalError:
            return 0
        finally:
            portal.close()

    if wayland.asks_portal(environ) and anyio.run(version):
        return "The desktop lends a key through its GlobalShortcuts portal"
    raise HotkeyProblem(wayland.DEAF, wayland.advice(environ))


def pasting(environ: Mapping[str, str]) -> str:
    """Report how the paste chord is pressed, how the clipboard is reached, and what names the focused window."""
    from desktop.paste.wayland.data_control import manager
    from desktop.paste.wayland.focus import teller
    from desktop.paste.wayland.key_backends import ladder, look, remedy
    from desktop.paste.wayland.protocol import Compositor

    compositor = Compositor(environ)
    compositor.close()
    facts = anyio.run(look, environ, compositor.globals)
    rungs = ladder(facts)
    if not rungs:
        raise Problem("Nothing here presses keys for a program, so text stays on the clipboard.", remedy(facts))
    clipboard = "data-control" if manager(compositor.globals) else "XWayland"
    if not (told := teller(environ)):
        return f"Keys by {rungs[0]}, the clipboard by {clipboard}, the window is not known"
    return f"Keys by {rungs[0]}, the clipboard by {clipboard}, {told} names the window"
