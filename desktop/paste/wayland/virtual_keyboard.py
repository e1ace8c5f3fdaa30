"""A virtual keyboard for the length of a chord, if the compositor allows it (virtual-keyboard-v1).

It has its own layout, a plain US one, so keys have their places whatever the user's layout is, and what the user holds
does not mix with ours. `wtype` speaks the same protocol with a layout of the pressed keys alone; GTK ignores a layout's
last key when it looks for shortcuts, so a single Ctrl+V of it pastes nothing there.
"""

from __future__ import annotations

import os
from time import monotonic

from desktop.paste.wayland.protocol import Compositor
from desktop.paste.wayland.strokes import PLACES, Stroke

MANAGER = "zwp_virtual_keyboard_manager_v1"
CREATE, KEYMAP, KEY, MODIFIERS, DESTROY = 0, 0, 1, 2, 3
"""Opcodes: of the manager, then of a keyboard."""

XKB_V1, UP, DOWN = 1, 0, 1

MASKS = {"shift": 1, "ctrl": 4}
"""XKB's real modifiers."""

LAYOUT = b"""xkb_keymap {
xkb_keycodes { include "evdev" };
xkb_types { include "complete" };
xkb_compat { include "complete" };
xkb_symbols { include "pc+us" };
};
\0"""


async def press(compositor: Compositor, stroke: Stroke) -> None:
    """Press and release in the focused window. Raises `OSError` when the compositor is gone."""
    manager, seat = compositor.shared(MANAGER), compositor.shared("wl_seat")
    keyboard = compositor.new(lambda event: None)
    compositor.send(manager, CREATE, seat, keyboard)
    try:
        layout = os.memfd_create("layout")
        try:
            os.write(layout, LAYOUT)
            compositor.send(keyboard, KEYMAP, XKB_V1, len(LAYOUT), fds=[layout])
        finally:
            os.close(layout)
        place, now_ms = PLACES[stroke.key], int(monotonic() * 1000) & 0xFFFFFFFF
        compositor.send(keyboard, MODIFIERS, sum(MASKS[name] for name in stroke.modifiers), 0, 0, 0)
        for state in (DOWN, UP):
            compositor.send(keyboard, KEY, now_ms, place, state)
        compositor.send(keyboard, MODIFIERS, 0, 0, 0, 0)
        await compositor.roundtrip()
    finally:
        compositor.send(keyboard, DESTROY)
