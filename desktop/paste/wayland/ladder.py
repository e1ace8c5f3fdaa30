"""Which ways there are to press the chord in this session, the best first, and what would mend it where there is none.

What a compositor offers is asked of itself: names of desktops say little (a virtual keyboard is had from sway, labwc,
niri and Hyprland alike, and not from GNOME or KDE).
"""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from desktop.paste.wayland.virtual_keyboard import MANAGER
from desktop.portal import Portal, PortalError
from desktop.problems import apt

REMOTE_DESKTOP = "org.freedesktop.portal.RemoteDesktop"
KEYBOARD = 1
"""A keyboard among the portal's types of devices."""

SOCKET = ".ydotool_socket"


class Rung(StrEnum):
    """A way to press keys, as it is called where a person reads it."""

    HYPRLAND = "Hyprland's sendshortcut"
    VIRTUAL = "a virtual keyboard"
    PORTAL = "the RemoteDesktop portal"
    YDOTOOL = "ydotool"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is here: the compositor is Hyprland, it lets programs be keyboards (`virtual_keyboard`); a portal does; the
    tools on PATH; ydotool's daemon answers; the desktop's names (in lower case)."""

    hyprland: bool = False
    virtual_keyboard: bool = False
    portal: bool = False
    tools: frozenset[str] = frozenset()
    ydotool: bool = False
    desktops: frozenset[str] = frozenset()


PORTALS = {"gnome": "xdg-desktop-portal-gnome", "kde": "xdg-desktop-portal-kde"}
"""The packages whose portal can press keys; each brings what it needs."""


def ladder(facts: Facts) -> tuple[Rung, ...]:
    """The rungs there are, the best first."""
    there = {
        Rung.HYPRLAND: facts.hyprland and "hyprctl" in facts.tools,
        Rung.VIRTUAL: facts.virtual_keyboard,
        Rung.PORTAL: facts.portal,
        Rung.YDOTOOL: facts.ydotool and "ydotool" in facts.tools,
    }
    return tuple(rung for rung in Rung if there[rung])


def remedy(facts: Facts) -> str:
    """What gives this session a first rung."""
    package = next((PORTALS[name] for name in PORTALS if name in facts.desktops), "")
    return apt(package) if package else "Paste with Ctrl+V, or set up ydotool and its daemon."


async def look(environ: Mapping[str, str], offered: Mapping[str, tuple[int, int]]) -> Facts:
    """The facts of this session, whose compositor offers these interfaces. The portal is asked only where no better
    rung is, since asking may start it."""
    path = environ.get("PATH", os.defpath)
    tools = frozenset(name for name in ("hyprctl", "ydotool") if shutil.which(name, path=path))
    facts = Facts(
        hyprland=bool(environ.get("HYPRLAND_INSTANCE_SIGNATURE")),
        virtual_keyboard=MANAGER in offered,
        tools=tools,
        ydotool=any(map(_answers, _sockets(environ))),
        desktops=frozenset(environ.get("XDG_CURRENT_DESKTOP", "").lower().split(":")) - {""},
    )
    if ladder(facts)[:1] in ((Rung.HYPRLAND,), (Rung.VIRTUAL,)):
        return facts
    return replace(facts, portal=await _has_keyboard(environ.get("DBUS_SESSION_BUS_ADDRESS", "")))


async def _has_keyboard(bus: str) -> bool:
    """Whether a portal would press keys for us."""
    try:
        portal = await Portal.connect(bus)
    except PortalError:
        return False
    try:
        return bool(await portal.number(REMOTE_DESKTOP, "AvailableDeviceTypes") & KEYBOARD)
    finally:
        portal.close()


def _sockets(environ: Mapping[str, str]) -> list[Path]:
    """Where ydotool's daemon may listen."""
    if said := environ.get("YDOTOOL_SOCKET"):
        return [Path(said)]
    folders = (environ.get("XDG_RUNTIME_DIR", ""), "/tmp")  # noqa: S108  its own choice, and only asked
    return [Path(folder) / SOCKET for folder in folders if folder]


def _answers(path: Path) -> bool:
    """Whether a daemon of ydotool 1.0 or later listens there; the old one has a stream."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as client:
        try:
            client.connect(str(path))
        except OSError:
            return False
    return True
