"""List the ways to press the chord in this session, the best first, and what would provide one if there is none.

The compositor itself is asked for its interfaces: the desktop's name says little (a virtual keyboard is available on
sway, labwc, niri and Hyprland alike, and not on GNOME or KDE).
"""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from desktop.core.errors import apt_command
from desktop.core.messages import Message
from desktop.paste.wayland.virtual_keyboard import VIRTUAL_KEYBOARD_MANAGER
from desktop.platforms.linux.portal import Portal, PortalError

REMOTE_DESKTOP = "org.freedesktop.portal.RemoteDesktop"

PORTAL_KEYBOARD = 1
"""A keyboard among the portal's device types."""

PORTAL_PACKAGES = {"gnome": "xdg-desktop-portal-gnome", "kde": "xdg-desktop-portal-kde"}
"""The packages whose portal can press keys; each brings its dependencies."""

YDOTOOL_SOCKET = ".ydotool_socket"


class KeyBackend(StrEnum):
    """A way to press keys, by its displayed name."""

    HYPRLAND = "Hyprland's sendshortcut"
    VIRTUAL = "a virtual keyboard"
    PORTAL = "the RemoteDesktop portal"
    YDOTOOL = "ydotool"


@dataclass(frozen=True, slots=True)
class KeyBackendFacts:
    """What the session has: the compositor is Hyprland; it lets programs be keyboards (`press_virtual_keys`); a portal
    does; the tools on PATH; ydotool's daemon answers; the desktop's names (in lower case)."""

    hyprland: bool = False
    virtual_keyboard: bool = False
    portal: bool = False
    tools: frozenset[str] = frozenset()
    ydotool: bool = False
    desktops: frozenset[str] = frozenset()


def list_backends(facts: KeyBackendFacts) -> tuple[KeyBackend, ...]:
    """Return the available backends, the best first."""
    is_available = {
        KeyBackend.HYPRLAND: facts.hyprland and "hyprctl" in facts.tools,
        KeyBackend.VIRTUAL: facts.virtual_keyboard,
        KeyBackend.PORTAL: facts.portal,
        KeyBackend.YDOTOOL: facts.ydotool and "ydotool" in facts.tools,
    }
    return tuple(backend for backend in KeyBackend if is_available[backend])


def find_remedy(facts: KeyBackendFacts) -> Message:
    """Return what would give this session a first backend."""
    package = next((PORTAL_PACKAGES[name] for name in PORTAL_PACKAGES if name in facts.desktops), "")
    return Message("run-command", command=apt_command(package)) if package else Message("key-backend-by-hand")


async def find_facts(environ: Mapping[str, str], interfaces: Mapping[str, tuple[int, int]]) -> KeyBackendFacts:
    """Return the facts of this session, whose compositor has these interfaces.

    The portal is asked only if there is no better backend, since asking may start it.
    """
    path = environ.get("PATH", os.defpath)
    tools = frozenset(name for name in ("hyprctl", "ydotool") if shutil.which(name, path=path))
    facts = KeyBackendFacts(
        hyprland=bool(environ.get("HYPRLAND_INSTANCE_SIGNATURE")),
        virtual_keyboard=VIRTUAL_KEYBOARD_MANAGER in interfaces,
        tools=tools,
        ydotool=any(map(_has_daemon, _list_ydotool_sockets(environ))),
        desktops=frozenset(environ.get("XDG_CURRENT_DESKTOP", "").lower().split(":")) - {""},
    )
    if list_backends(facts)[:1] in ((KeyBackend.HYPRLAND,), (KeyBackend.VIRTUAL,)):
        return facts
    return replace(facts, portal=await _portal_has_keyboard(environ.get("DBUS_SESSION_BUS_ADDRESS", "")))


async def _portal_has_keyboard(bus: str) -> bool:
    """Return whether a portal would press keys for us."""
    try:
        portal = await Portal.connect(bus)
    except PortalError:
        return False
    try:
        return bool(await portal.read_number(REMOTE_DESKTOP, "AvailableDeviceTypes") & PORTAL_KEYBOARD)
    finally:
        portal.close()


def _list_ydotool_sockets(environ: Mapping[str, str]) -> list[Path]:
    """Return the paths on which ydotool's daemon may listen."""
    if path := environ.get("YDOTOOL_SOCKET"):
        return [Path(path)]
    folders = (environ.get("XDG_RUNTIME_DIR", ""), "/tmp")  # noqa: S108  ydotool's own choice, and only queried
    return [Path(folder) / YDOTOOL_SOCKET for folder in folders if folder]


def _has_daemon(path: Path) -> bool:
    """Return whether a daemon of ydotool 1.0 or later listens there; the old one has a stream socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as client:
        try:
            client.connect(str(path))
        except OSError:
            return False
    return True
