"""Read the held keys and press chords, by keycodes through XTEST; read what is down on each of the server's keyboards.

Modifiers that the user holds are waited for, never lifted and restored: a key that the user releases in between would
be pressed again by the restoring and stay down for good (xdotool's `--clearmodifiers`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from Xlib import XK, X
from Xlib.ext import xinput, xtest
from Xlib.protocol import rq

from desktop.core.chords import PasteChord, PasteShortcut, find_latin_v
from desktop.paste.x11.connection import X11Connection

SHIFT_ROW, LOCK_ROW, CONTROL_ROW = 0, 1, 2
"""Rows of the modifier mapping. Lock changes no chord that is sent by keycode."""

XTEST_NAME = "XTEST"
"""The name of every keyboard that XTEST presses for a user."""

KEY_CLASS = 0
"""The class of a device's keys, by the X Input protocol: class, length, count of keys, padding, 256 bits."""


@dataclass(frozen=True, slots=True)
class HeldModifierKeys:
    """The keycodes of all modifier keys that are held now, and of all Control keys."""

    held: frozenset[int]
    control_keys: frozenset[int]


class XTestKeyboard:
    """The keyboard through XTEST. Queries the server each time, so that a layout changed a moment ago counts."""

    def __init__(
        self, connection: X11Connection, on_keys_held: Callable[[Sequence[int]], None] = lambda keycodes: None
    ) -> None:
        """`on_keys_held(keycodes)` is called before keys are pressed that stay down for a time, and with none once they
        are released, so that another process can release them if this one is killed meanwhile."""
        self._x = connection
        self._on_keys_held = on_keys_held

    def read_modifiers(self) -> HeldModifierKeys:
        """Return the modifiers that are physically held."""
        rows = self._x.display.get_modifier_mapping()
        pressed = self._x.display.query_keymap()
        keys = {code for row, codes in enumerate(rows) if row != LOCK_ROW for code in codes if code}
        down = frozenset(code for code in keys if _is_down(pressed, code))
        return HeldModifierKeys(down, frozenset(code for code in rows[CONTROL_ROW] if code))

    def find_chord(self, shortcut: PasteShortcut | None) -> PasteChord:
        """Return the keys of `shortcut` in the active layout.

        None: Ctrl+V. A chord with v becomes Shift+Insert if the layout has no v.
        """
        first = self._x.display.display.info.min_keycode
        count = self._x.display.display.info.max_keycode - first + 1
        rows = [list(row) for row in self._x.display.get_keyboard_mapping(first, count)]
        modifiers = self._x.display.get_modifier_mapping()
        if shortcut is not PasteShortcut.SHIFT_INSERT:
            v = find_latin_v(rows, first, self.active_layout())
            if v is not None:
                shift = [self._find_free_key(modifiers[SHIFT_ROW])] if shortcut is PasteShortcut.CTRL_SHIFT_V else []
                return PasteChord(
                    shortcut or PasteShortcut.CTRL_V, (self._find_free_key(modifiers[CONTROL_ROW]), *shift, v)
                )
        insert = next(code for code, row in enumerate(rows, first) if XK.XK_Insert in row)
        return PasteChord(PasteShortcut.SHIFT_INSERT, (self._find_free_key(modifiers[SHIFT_ROW]), insert))

    def active_layout(self) -> int:
        """Return the number of the keyboard's active layout, from 0."""
        return int(self._x.display.screen().root.query_pointer().mask >> 13 & 3)

    def find_keycode(self, keysym: int) -> int:
        """Return the key that means `keysym` (of `XK`) on every layout: Return, an arrow."""
        return int(self._x.display.keysym_to_keycode(keysym))

    def find_free_modifier(self, row: int) -> int:
        """Return a key of this row of the modifier mapping that is not held."""
        return self._find_free_key(self._x.display.get_modifier_mapping()[row])

    def _find_free_key(self, codes: Sequence[int]) -> int:
        """Return a key of this modifier that is not held: its release is then ours alone and does not end the user's
        press."""
        pressed = self._x.display.query_keymap()
        keycodes = [int(code) for code in codes if code]
        return next((code for code in keycodes if not _is_down(pressed, code)), keycodes[0])

    def press_repeatedly(self, modifiers: Sequence[int], keycode: int, times: int) -> None:
        """Press and release a key `times` times under these modifiers, as fast as the server takes them."""
        for modifier in modifiers:
            xtest.fake_input(self._x.display, X.KeyPress, modifier)
        for _ in range(times):
            xtest.fake_input(self._x.display, X.KeyPress, keycode)
            xtest.fake_input(self._x.display, X.KeyRelease, keycode)
        for modifier in reversed(modifiers):
            xtest.fake_input(self._x.display, X.KeyRelease, modifier)
        self._x.display.sync()

    def press_keys(self, keycodes: Sequence[int], hold_s: float = 0.0) -> int:
        """Press these keys, `hold_s` apart, and release exactly them, whatever happens in between.

        Returns the number of the request that pressed the last (`X11Connection.serial`).
        """
        pressed: list[int] = []
        serial = self._x.serial
        if hold_s:
            self._on_keys_held(keycodes)
        try:
            for code in keycodes:
                serial = self._x.serial
                xtest.fake_input(self._x.display, X.KeyPress, code)
                pressed.append(code)
                if hold_s:
                    self._x.pause(hold_s)
        finally:
            for code in reversed(pressed):
                xtest.fake_input(self._x.display, X.KeyRelease, code)
            self._x.display.sync()
            if hold_s:
                self._on_keys_held(())
        return serial


def _is_down(pressed: Sequence[int], code: int) -> bool:
    """Return whether the key is down; `pressed` is XQueryKeymap's answer: a bit for each keycode."""
    return bool(pressed[code // 8] >> code % 8 & 1)


def list_real_keyboards(display: Any) -> list[int]:
    """Return the numbers of the keyboards that are not XTEST's; empty if the server has no X Input.

    The server treats a key that is down on two keyboards as released as soon as one of them releases it.
    """
    if not display.has_extension(xinput.extname):
        return []
    display.xinput_query_version()
    devices = display.xinput_query_device(xinput.AllDevices).devices
    return [
        int(device.deviceid)
        for device in devices
        if device.use == xinput.SlaveKeyboard and XTEST_NAME not in device.name
    ]


def read_pressed_keycodes(display: Any, keyboard: int) -> set[int]:
    """Return the keycodes that are down on the keyboard of this number."""
    opcode = display.display.get_extension_major(xinput.extname)
    states = bytes(QueryDeviceState(display=display.display, opcode=opcode, device=keyboard).states)
    while len(states) >= 2 and states[1]:
        if states[0] == KEY_CLASS:
            return {code for code in range(256) if states[4 + code // 8] >> code % 8 & 1}
        states = states[states[1] :]
    return set()


class QueryDeviceState(rq.ReplyRequest):  # type: ignore[misc]  # Xlib has no types
    """The X Input request for what is down on a device."""

    _request = rq.Struct(rq.Card8("opcode"), rq.Opcode(30), rq.RequestLength(), rq.Card8("device"), rq.Pad(3))
    _reply = rq.Struct(
        rq.ReplyCode(),
        rq.Pad(1),
        rq.Card16("sequence_number"),
        rq.ReplyLength(),
        rq.Card8("count"),
        rq.Pad(23),
        rq.Binary("states"),
    )
