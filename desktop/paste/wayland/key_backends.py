"""List the ways to press the chord in this session, the best first, and what would provide one if there is none.

The compositor itself is asked for its interfaces: the desktop's name says little (a virtual keyboard is available on
sway, labwc, niri and Hyprland alike, and not on GNOME or KDE).

Our chords in the form that each tool needs. Pure.

By keysym where possible, so that the layout does not matter. Hyprland's dispatcher changed its language with 0.55, and
answers what it does not understand with words and exit status 0, so each form is tried until the answer is "ok".
ydotool presses keys by their place on a US keyboard, where v may be anything on other layouts: it gets Shift+Insert.

A virtual keyboard for the length of a chord, if the compositor allows it (virtual-keyboard-v1).

It has its own layout, a plain US one, so keys have their places whatever the user's layout is, and what the user holds
does not mix with ours. `wtype` speaks the same protocol with a layout of the pressed keys alone; GTK ignores a layout's
last key when it looks for shortcuts, so a single Ctrl+V of it pastes nothing there.
"""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from time import monotonic

from desktop.core.chords import PasteShortcut, flatten_for_shell
from desktop.core.errors import apt_command
from desktop.core.types import Target
from desktop.paste.wayland.focus import UNKNOWN_WINDOW
from desktop.paste.wayland.protocol import Compositor
from desktop.platforms.linux.portal import Portal, PortalError


@dataclass(frozen=True, slots=True)
class NamedChord:
    """A key by the name of its keysym, with the modifiers that are held meanwhile."""

    modifiers: tuple[str, ...]
    key: str

    @property
    def selections(self) -> tuple[str, ...]:
        """The selections that an application may read for it."""
        return ("CLIPBOARD", "PRIMARY") if self.key == "Insert" else ("CLIPBOARD",)


PASTE_CHORDS = {
    PasteShortcut.CTRL_V: NamedChord(("ctrl",), "v"),
    PasteShortcut.CTRL_SHIFT_V: NamedChord(("ctrl", "shift"), "v"),
    PasteShortcut.SHIFT_INSERT: NamedChord(("shift",), "Insert"),
}
ENTER_CHORD = NamedChord((), "Return")

KEYSYMS = {"ctrl": 0xFFE3, "shift": 0xFFE1, "v": 0x76, "Insert": 0xFF63, "Return": 0xFF0D}
"""Keysyms for the portal (X's keysymdef.h): Control_L, Shift_L, and the keys."""

KEY_CODES = {"shift": 42, "v": 47, "Insert": 110, "Return": 28}
"""The keys' places on a US keyboard (the kernel's input-event-codes.h)."""


def choose_shortcut(rule_shortcut: PasteShortcut | None, target: Target, text: str) -> PasteShortcut:
    """Return the shortcut that pastes `text` into `target`, whose application's rule has `wanted`.

    An unknown window may be a terminal, where only Shift+Insert pastes, as it does nearly everywhere. More than one
    line takes Ctrl+V there, by which no terminal pastes: no shell may run a line before the user presses Return.
    """
    if rule_shortcut is not None:
        return rule_shortcut
    return (
        PasteShortcut.SHIFT_INSERT
        if target == UNKNOWN_WINDOW and flatten_for_shell(text) == text
        else PasteShortcut.CTRL_V
    )


def build_hyprctl_commands(chord: NamedChord, target: Target) -> list[list[str]]:
    """Return Hyprland's commands, one for each language; the window is named, so that no other gets the keys."""
    modifiers = " ".join(chord.modifiers).upper()
    window = "activewindow" if target == UNKNOWN_WINDOW else f"address:{target.handle:#x}"
    lua = f'hl.dsp.send_shortcut({{ mods = "{modifiers}", key = "{chord.key}", window = "{window}" }})'
    return [
        ["hyprctl", "dispatch", "sendshortcut", f"{modifiers}, {chord.key}, {window}"],
        ["hyprctl", "dispatch", lua],
    ]


def build_ydotool_command(chord: NamedChord, target: Target) -> list[str]:
    """Return ydotool's command (1.0 and later); empty if the chord must be Ctrl+V."""
    if chord.key == "v":
        if target == UNKNOWN_WINDOW:
            return []
        chord = PASTE_CHORDS[PasteShortcut.SHIFT_INSERT]
    codes = [KEY_CODES[name] for name in (*chord.modifiers, chord.key)]
    return ["ydotool", "key", *(f"{place}:1" for place in codes), *(f"{place}:0" for place in reversed(codes))]


VIRTUAL_KEYBOARD_MANAGER = "zwp_virtual_keyboard_manager_v1"
CREATE_KEYBOARD, SEND_KEYMAP, SEND_KEY, SEND_MODIFIERS, DESTROY_KEYBOARD = 0, 0, 1, 2, 3
"""Opcodes: of the manager, then of a keyboard."""

XKB_V1, KEY_UP, KEY_DOWN = 1, 0, 1

MODIFIER_MASKS = {"shift": 1, "ctrl": 4}
"""XKB's real modifiers."""

US_KEYMAP = b"""xkb_keymap {
xkb_keycodes { include "evdev" };
xkb_types { include "complete" };
xkb_compat { include "complete" };
xkb_symbols { include "pc+us" };
};
\0"""


async def press_virtual_keys(compositor: Compositor, chord: NamedChord) -> None:
    """Press and release in the focused window. Raises `OSError` when the compositor is gone."""
    manager, seat = compositor.bind_global(VIRTUAL_KEYBOARD_MANAGER), compositor.bind_global("wl_seat")
    keyboard = compositor.new_object(lambda event: None)
    compositor.send_request(manager, CREATE_KEYBOARD, seat, keyboard)
    try:
        layout = os.memfd_create("layout")
        try:
            os.write(layout, US_KEYMAP)
            compositor.send_request(keyboard, SEND_KEYMAP, XKB_V1, len(US_KEYMAP), fds=[layout])
        finally:
            os.close(layout)
        place, now_ms = KEY_CODES[chord.key], int(monotonic() * 1000) & 0xFFFFFFFF
        compositor.send_request(
            keyboard, SEND_MODIFIERS, sum(MODIFIER_MASKS[name] for name in chord.modifiers), 0, 0, 0
        )
        for state in (KEY_DOWN, KEY_UP):
            compositor.send_request(keyboard, SEND_KEY, now_ms, place, state)
        compositor.send_request(keyboard, SEND_MODIFIERS, 0, 0, 0, 0)
        await compositor.roundtrip()
    finally:
        compositor.send_request(keyboard, DESTROY_KEYBOARD)


REMOTE_DESKTOP = "org.freedesktop.portal.RemoteDesktop"
PORTAL_KEYBOARD = 1
"""A keyboard among the portal's device types."""

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


PORTAL_PACKAGES = {"gnome": "xdg-desktop-portal-gnome", "kde": "xdg-desktop-portal-kde"}
"""The packages whose portal can press keys; each brings its dependencies."""


def list_backends(facts: KeyBackendFacts) -> tuple[KeyBackend, ...]:
    """Return the available backends, the best first."""
    is_available = {
        KeyBackend.HYPRLAND: facts.hyprland and "hyprctl" in facts.tools,
        KeyBackend.VIRTUAL: facts.virtual_keyboard,
        KeyBackend.PORTAL: facts.portal,
        KeyBackend.YDOTOOL: facts.ydotool and "ydotool" in facts.tools,
    }
    return tuple(backend for backend in KeyBackend if is_available[backend])


def find_remedy(facts: KeyBackendFacts) -> str:
    """Return what would give this session a first backend."""
    package = next((PORTAL_PACKAGES[name] for name in PORTAL_PACKAGES if name in facts.desktops), "")
    return apt_command(package) if package else "Paste with Ctrl+V, or set up ydotool and its daemon."


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
