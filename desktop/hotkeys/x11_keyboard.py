"""Receive all keys and buttons of an X server, whichever window has the focus, and grab the bound ones.

Keys are received as XI2 raw events, which come once for a held key and without delay. XRECORD is buffered by the server
until something else is written; core grabs repeat a held key as pairs of release and press. Keys are grabbed by XI2
passive grabs: under a core grab of ours the raw events stop (the server counts them as delivered to the grab), under an
XI2 grab they are part of it. But an XI2 grab silently takes precedence over another program's core grab of the same
key, so the core grab is requested as well: if refused, the key is taken; if held, it tells later programs the same. A
mouse button is grabbed the same way; its release is received from our grab alone, which begins with the press.
"""

from __future__ import annotations

import logging
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from Xlib import XK, X
from Xlib.display import Display
from Xlib.error import BadAccess, BadRequest, CatchError, ConnectionClosedError, DisplayError, XauthError, XError
from Xlib.ext import ge, xinput

from desktop.core.errors import HotkeyError
from desktop.core.keys import BUTTON_OFFSET, Binding, parse_binding
from desktop.hotkeys.matcher import ChordPress, KeyEvent, KeyPress, KeyRelease

logger = logging.getLogger(__name__)

XK.load_keysym_group("xkb")  # ISO_Level3_Shift, which is AltGr

_RAW = xinput.RawKeyPressMask | xinput.RawKeyReleaseMask
_RAW_FIELDS = struct.Struct("<HIIH")
"""XIRawEvent after its type: device, time, keycode, source. python-xlib 0.33 does not parse these bytes."""

_GRAB_MASKS = {
    xinput.GrabtypeKeycode: xinput.KeyPressMask | _RAW,
    xinput.GrabtypeButton: xinput.ButtonPressMask | xinput.ButtonReleaseMask | xinput.RawButtonPressMask,
}
"""The event masks of a grab."""

_XF86_KEYSYMS = range(0x10080000, 0x10090000)
"""Keysyms of vendor-specific keys (XF86keysym.h): volume, brightness, playback, mail, sleep."""

_MODIFIER_KEYSYMS = {"ctrl": "Control_L", "alt": "Alt_L", "shift": "Shift_L", "super": "Super_L"}
_LOCK_KEYSYMS = ("Caps_Lock", "Num_Lock", "Scroll_Lock")
_ALL_STATES = tuple(range(256))
"""Every combination of the eight modifiers. Not AnyModifier: if one combination is taken (Alt+Esc), all would be
refused."""

_SUGGESTED_KEYS = tuple(map(parse_binding, ("ctrl_r", "alt_r", "super_r", "menu", "pause", "scroll_lock", "f9")))


@dataclass(frozen=True, slots=True)
class KeymapChanged:
    """The keyboard map changed: look keycodes up again."""


class XInputKeyboard:
    """A connection to the X server's keyboard and mouse, for one thread.

    Every method raises `HotkeyError` once the server is gone.
    """

    def __init__(self, display: str) -> None:
        """Connect and start to receive events. Raises `HotkeyError` without a display, a permission or XI2."""
        with _translate_errors(display):
            self._display = Display(display)
        try:
            with _translate_errors(display):
                self._select_events()
        except BaseException:
            self.close()
            raise

    def _select_events(self) -> None:
        if not self._display.has_extension(xinput.extname) or self._negotiate_version() < (2, 1):
            raise HotkeyError("xinput-missing")
        self._display.set_error_handler(_log_error)
        self._root = self._display.screen().root
        self._root.xinput_select_events([(xinput.AllMasterDevices, _RAW | xinput.RawButtonPressMask)])
        self._display.sync()

    def _negotiate_version(self) -> tuple[int, int]:
        """Negotiate and return the XInput version of client and server.

        Done here because python-xlib's own request says 2.0, and for such a client raw events stop while any program
        grabs the keyboard.
        """
        wire = self._display.display
        try:
            answer = xinput.XIQueryVersion(
                display=wire, opcode=wire.get_extension_major(xinput.extname), major_version=2, minor_version=2
            )
        except BadRequest:
            return 1, 0
        return answer.major_version, answer.minor_version

    def fileno(self) -> int:
        """Return the socket's descriptor, for `select`."""
        with _translate_errors():
            return int(self._display.fileno())

    def has_pending_events(self) -> bool:
        """Return whether events have already been read from the socket, so that `select` would wait for nothing.

        Flushes pending requests.
        """
        with _translate_errors():
            return bool(self._display.pending_events())

    def read_events(self) -> list[KeyEvent | KeymapChanged]:
        """Return the events that have arrived, oldest first."""
        with _translate_errors():
            events = [self._display.next_event() for _ in range(self._display.pending_events())]
            return [parsed for event in events if (parsed := self._parse_event(event)) is not None]

    def _parse_event(self, event: Any) -> KeyEvent | KeymapChanged | None:
        if event.type == X.MappingNotify:
            self._display.refresh_keyboard_mapping(event)
            return KeymapChanged()
        if event.type != ge.GenericEventCode:
            return None
        match event.evtype:
            case xinput.RawKeyPress:
                return KeyPress(_RAW_FIELDS.unpack_from(event.data)[2])
            case xinput.RawKeyRelease:
                return KeyRelease(_RAW_FIELDS.unpack_from(event.data)[2])
            case xinput.RawButtonPress:
                return KeyPress(BUTTON_OFFSET + _RAW_FIELDS.unpack_from(event.data)[2])
            case xinput.KeyPress if not event.data["flags"] & xinput.KeyRepeat:
                return ChordPress(event.data["detail"], _modifier_state_of(event))
            case xinput.ButtonPress:
                return ChordPress(BUTTON_OFFSET + event.data["detail"], _modifier_state_of(event))
            case xinput.ButtonRelease:
                return KeyRelease(BUTTON_OFFSET + event.data["detail"])
            case _:
                return None

    def find_codes(self, binding: Binding) -> frozenset[int]:
        """Return the codes of the binding's key or button.

        Raises `HotkeyError`, which suggests another key, if the keyboard lacks it; a button is never missing, since a
        mouse may be plugged in later.
        """
        if binding.button is not None:
            return frozenset({BUTTON_OFFSET + binding.button})
        for keysym in binding.keysyms:
            if codes := self._codes_of_keysym(keysym):
                return codes
        suggestion = next(
            (other for other in _SUGGESTED_KEYS if self._codes_of_keysym(other.keysyms[0])), _SUGGESTED_KEYS[0]
        )
        raise HotkeyError("key-missing", key=binding.name, suggestion=suggestion.name, name=str(suggestion))

    def _codes_of_keysym(self, keysym: str) -> frozenset[int]:
        """Return the keycodes that have `keysym` on the lowest level."""
        levels = list(self._display.keysym_to_keycodes(XK.string_to_keysym(keysym)))
        return frozenset(code for code, level in levels if level == min(level for _, level in levels))

    def modifier_codes(self) -> frozenset[int]:
        """Return the keycodes of all modifiers."""
        with _translate_errors():
            return frozenset(code for codes in self._display.get_modifier_mapping() for code in codes if code)

    def media_codes(self) -> frozenset[int]:
        """Return the keycodes of volume, brightness, playback and other keys whose keysym is XF86's."""
        first, last = self._display.display.info.min_keycode, self._display.display.info.max_keycode
        with _translate_errors():
            return frozenset(
                c for c in range(first, last + 1) if self._display.keycode_to_keysym(c, 0) in _XF86_KEYSYMS
            )

    def _modifier_mask(self, keysym: str) -> int:
        """Return the modifier bits that `keysym`'s key sets; 0 if it is no modifier here."""
        codes_and_levels = self._display.keysym_to_keycodes(XK.string_to_keysym(keysym))
        keys = {code for code, _ in codes_and_levels}
        return sum(1 << bit for bit, codes in enumerate(self._display.get_modifier_mapping()) if keys & set(codes))

    def modifier_states(self, binding: Binding) -> tuple[int, ...]:
        """Return the modifier states in which a chord counts as pressed: its own modifiers, with each lock on or
        off."""
        with _translate_errors():
            own_mask = sum(self._modifier_mask(_MODIFIER_KEYSYMS[name]) for name in binding.modifiers)
            locks = [mask for name in _LOCK_KEYSYMS if (mask := self._modifier_mask(name))]
        subsets = [subset for size in range(len(locks) + 1) for subset in combinations(locks, size)]
        return tuple(sorted(own_mask | sum(subset) for subset in subsets))

    def grab_chord(self, binding: Binding, codes: Iterable[int], states: Iterable[int]) -> None:
        """Grab a chord, withheld from applications and reported as `ChordPress`.

        Raises `HotkeyError` if another program has it.
        """
        states = list(states)
        with _translate_errors():
            for code in codes:
                refused = CatchError(BadAccess)
                for state in states:
                    self._grab_core(code, state, refused)
                is_taken = self._grab(code, states)
                if is_taken or refused.get_error():
                    self.ungrab(codes, states)
                    raise HotkeyError("key-taken", key=binding.name)

    def grab_in_all_states(self, codes: Iterable[int]) -> None:
        """Grab keys in all modifier states, withheld from applications; combinations that other programs grabbed stay
        theirs."""
        with _translate_errors():
            for code in codes:
                self._grab(code, _ALL_STATES, _RAW)

    def _grab_core(self, code: int, state: int, refused: CatchError) -> None:
        modes = X.GrabModeAsync, X.GrabModeAsync
        if code < BUTTON_OFFSET:
            self._root.grab_key(code, state, False, *modes, onerror=refused)
        else:
            events = X.ButtonPressMask | X.ButtonReleaseMask
            self._root.grab_button(code - BUTTON_OFFSET, state, False, events, *modes, X.NONE, X.NONE, onerror=refused)

    def _grab(self, code: int, states: Iterable[int], mask: int | None = None) -> bool:
        """Grab by XI2 and return whether any of the states was refused.

        Without `mask` the whole press and release are reported.
        """
        kind, detail = _grab_target(code)
        options = xinput.GrabModeAsync, xinput.GrabModeAsync, False, mask or _GRAB_MASKS[kind]
        reply = xinput.passive_grab_device(
            self._root, xinput.AllMasterDevices, X.CurrentTime, detail, kind, *options, list(states)
        )
        return bool(reply.modifiers)

    def ungrab(self, codes: Iterable[int], states: Iterable[int] = (X.AnyModifier,)) -> None:
        """Ungrab keys; does nothing for keys that were not grabbed. Returns when the server has done it."""
        states = list(states)
        with _translate_errors():
            for code in codes:
                kind, detail = _grab_target(code)
                ungrab = self._root.ungrab_key if code < BUTTON_OFFSET else self._root.ungrab_button
                for state in states:
                    ungrab(detail, state)
                xi_states = [xinput.AnyModifier if state == X.AnyModifier else state for state in states]
                xinput.passive_ungrab_device(self._root, xinput.AllMasterDevices, detail, kind, xi_states)
            self._display.sync()

    def is_down(self, code: int) -> bool:
        """Return whether the key or button is physically down now."""
        with _translate_errors():
            if code >= BUTTON_OFFSET:
                return self._button_is_down(code - BUTTON_OFFSET)
            return bool(self._display.query_keymap()[code // 8] & 1 << code % 8)

    def _button_is_down(self, button: int) -> bool:
        """Return whether the button is down on any mouse. The core protocol reports five buttons only."""
        devices = self._display.xinput_query_device(xinput.AllMasterDevices).devices
        states = [
            button_class.state
            for device in devices
            for button_class in device.classes
            if button_class.type == xinput.ButtonClass
        ]
        return any(len(state) >= button and state[button - 1] for state in states)

    def close(self) -> None:
        """Close the connection, which ends every grab."""
        try:
            self._display.close()
        except ConnectionClosedError:
            logger.debug("the display had closed first")


def _grab_target(code: int) -> tuple[int, int]:
    """Return XI2's grab type and the keycode or button number for a code."""
    return (xinput.GrabtypeKeycode, code) if code < BUTTON_OFFSET else (xinput.GrabtypeButton, code - BUTTON_OFFSET)


def _modifier_state_of(event: Any) -> int:
    return int(event.data["mods"].effective_mods)


@contextmanager
def _translate_errors(display: str = "") -> Iterator[None]:
    """Translate python-xlib's exceptions to `HotkeyError`; the only place that does."""
    try:
        yield
    except ConnectionClosedError as error:
        raise HotkeyError("hotkeys-display-lost") from error
    except (DisplayError, XauthError, OSError) as error:
        raise HotkeyError("hotkeys-display-unopened", display=display) from error


def _log_error(error: XError, request: object) -> None:
    logger.warning("the X server refused a request: %s", type(error).__name__)
