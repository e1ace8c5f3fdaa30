"""Press a chord by a virtual keyboard, created for its length, if the compositor allows it (virtual-keyboard-v1).

The keyboard has its own layout, a plain US one, so keys have their places whatever the user's layout is, and what the
user holds does not mix with ours. `wtype` speaks the same protocol with a layout of the pressed keys alone; GTK ignores
a layout's last key when it looks for shortcuts, so a single Ctrl+V of it pastes nothing there.
"""

from __future__ import annotations

import os
from time import monotonic

from desktop.paste.wayland.chords import KEY_CODES, NamedChord
from desktop.paste.wayland.protocol import Compositor

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
    """Press and release `chord` in the focused window. Raises `OSError` when the compositor is gone."""
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
        key_code, now_ms = KEY_CODES[chord.key], int(monotonic() * 1000) & 0xFFFFFFFF
        compositor.send_request(
            keyboard, SEND_MODIFIERS, sum(MODIFIER_MASKS[name] for name in chord.modifiers), 0, 0, 0
        )
        for state in (KEY_DOWN, KEY_UP):
            compositor.send_request(keyboard, SEND_KEY, now_ms, key_code, state)
        compositor.send_request(keyboard, SEND_MODIFIERS, 0, 0, 0, 0)
        await compositor.roundtrip()
    finally:
        compositor.send_request(keyboard, DESTROY_KEYBOARD)
