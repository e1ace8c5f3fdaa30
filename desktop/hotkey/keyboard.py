"""An X server's keyboard and mouse: one connection that hears every key, whoever has the focus, and takes a few for us.

Hearing is by XI2 raw events, which come once for a held key and at once. XRECORD is buffered by the server until
something else is written; core grabs repeat a held key as pairs of release and press. Taking is by XI2 passive grabs:
under a core grab of ours the raw events stop (the server counts them as delivered to the grab), under an XI2 grab
they are part of it. But an XI2 grab silently goes before another program's core grab of the same key, so the core
grab is asked for as well: refused, it says that the key is taken; held, it tells the same to those who come later.
A mouse button is taken in the same way. Its release is heard from our grab alone, which begins with the press.
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

from desktop.hotkey.hearing import BUTTON, Chord, Press, Release, Stroke
from desktop.hotkey.keys import Binding, parse
from desktop.problems import HotkeyProblem

_log = logging.getLogger(__name__)

XK.load_keysym_group("xkb")  # ISO_Level3_Shift, which is AltGr

_RAW = xinput.RawKeyPressMask | xinput.RawKeyReleaseMask
_RAW_FIELDS = struct.Struct("<HIIH")
"""XIRawEvent after its type: device, time, keycode, source. python-xlib 0.33 leaves these bytes unread."""

_MASKS = {
    xinput.GrabtypeKeycode: xinput.KeyPressMask | _RAW,
    xinput.GrabtypeButton: xinput.ButtonPressMask | xinput.ButtonReleaseMask | xinput.RawButtonPressMask,
}
"""What a grab of ours tells."""

_XF86 = range(0x10080000, 0x10090000)
"""Keysyms of vendor-specific keys (XF86keysym.h): volume, brightness, playback, mail, sleep."""

_CHORDS_WITH = {"ctrl": "Control_L", "alt": "Alt_L", "shift": "Shift_L", "super": "Super_L"}
_LOCKS = ("Caps_Lock", "Num_Lock", "Scroll_Lock")
_ALL_STATES = tuple(range(256))
"""Every combination of the eight modifiers. Not AnyModifier: one that is taken (Alt+Esc) would refuse all of them."""

_OFFERS = tuple(map(parse, ("ctrl_r", "alt_r", "super_r", "menu", "pause", "scroll_lock", "f9")))


@dataclass(frozen=True, slots=True)
class Remapped:
    """The keyboard's map changed: keycodes must be looked up again."""


class Keyboard:
    """The connection. Everything raises `HotkeyProblem` once the server is gone; for one thread."""

    def __init__(self, display: str) -> None:
        """Connect and start to hear. Raises `HotkeyProblem` without a display, a permission or XI2."""
        with _the_server_answers(display):
            self._display = Display(display)
        try:
            with _the_server_answers(display):
                self._start_hearing()
        except BaseException:
            self.close()
            raise

    def _start_hearing(self) -> None:
        if not self._display.has_extension(xinput.extname) or self._version() < (2, 1):
            raise HotkeyProblem(
                "This X server cannot report keys (it has no XInput 2).", "Start Intone on another display."
            )
        self._display.set_error_handler(_log_error)
        self._root = self._display.screen().root
        self._root.xinput_select_events([(xinput.AllMasterDevices, _RAW | xinput.RawButtonPressMask)])
        self._display.sync()

    def _version(self) -> tuple[int, int]:
        """The XInput of both sides.

        Asked for here, because python-xlib's own question says 2.0, and to such a client raw events stop while anybody
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
        """For `select`."""
        with _the_server_answers():
            return int(self._display.fileno())

    def waiting(self) -> bool:
        """Whether strokes were read already, so that `select` would wait for nothing. Sends what is to be sent."""
        with _the_server_answers():
            return bool(self._display.pending_events())

    def read(self) -> list[Stroke | Remapped]:
        """What has come, oldest first."""
        with _the_server_answers():
            events = [self._display.next_event() for _ in range(self._display.pending_events())]
            return [stroke for event in events if (stroke := self._stroke(event)) is not None]

    def _stroke(self, event: Any) -> Stroke | Remapped | None:
        if event.type == X.MappingNotify:
            self._display.refresh_keyboard_mapping(event)
            return Remapped()
        if event.type != ge.GenericEventCode:
            return None
        match event.evtype:
            case xinput.RawKeyPress:
                return Press(_RAW_FIELDS.unpack_from(event.data)[2])
            case xinput.RawKeyRelease:
                return Release(_RAW_FIELDS.unpack_from(event.data)[2])
            case xinput.RawButtonPress:
                return Press(BUTTON + _RAW_FIELDS.unpack_from(event.data)[2])
            case xinput.KeyPress if not event.data["flags"] & xinput.KeyRepeat:
                return Chord(event.data["detail"], _state(event))
            case xinput.ButtonPress:
                return Chord(BUTTON + event.data["detail"], _state(event))
            case xinput.ButtonRelease:
                return Release(BUTTON + event.data["detail"])
            case _:
                return None

    def codes(self, binding: Binding) -> frozenset[int]:
        """The codes of the binding's key or button. Raises `HotkeyProblem`, which offers another key, when the keyboard
        has none; a mouse may come any time."""
        if binding.button is not None:
            return frozenset({BUTTON + binding.button})
        for keysym in binding.keysyms:
            if found := self._find(keysym):
                return found
        offer = next((other for other in _OFFERS if self._find(other.keysyms[0])), _OFFERS[0])
        raise HotkeyProblem(
            f"This keyboard has no {binding.label} key.",
            f"Choose another one in the settings, for example {offer.label} ({offer}).",
        )

    def _find(self, keysym: str) -> frozenset[int]:
        """The keys that have `keysym` where it is easiest to reach."""
        places = list(self._display.keysym_to_keycodes(XK.string_to_keysym(keysym)))
        return frozenset(code for code, level in places if level == min(level for _, level in places))

    def modifiers(self) -> frozenset[int]:
        """The keycodes of every modifier."""
        with _the_server_answers():
            return frozenset(code for codes in self._display.get_modifier_mapping() for code in codes if code)

    def media(self) -> frozenset[int]:
        """Return the keycodes of volume, brightness, playback and other keys whose keysym is XF86's."""
        first, last = self._display.display.info.min_keycode, self._display.display.info.max_keycode
        with _the_server_answers():
            return frozenset(c for c in range(first, last + 1) if self._display.keycode_to_keysym(c, 0) in _XF86)

    def _mask(self, keysym: str) -> int:
        """The modifier bits that `keysym`'s key sets, 0 when it is no modifier here."""
        places = self._display.keysym_to_keycodes(XK.string_to_keysym(keysym))
        keys = {code for code, _ in places}
        return sum(1 << bit for bit, codes in enumerate(self._display.get_modifier_mapping()) if keys & set(codes))

    def states(self, binding: Binding) -> tuple[int, ...]:
        """The modifier states in which a chord counts as pressed: its own modifiers, with each lock on or off."""
        with _the_server_answers():
            own = sum(self._mask(_CHORDS_WITH[name]) for name in binding.modifiers)
            locks = [mask for name in _LOCKS if (mask := self._mask(name))]
        subsets = [subset for size in range(len(locks) + 1) for subset in combinations(locks, size)]
        return tuple(sorted(own | sum(subset) for subset in subsets))

    def take(self, binding: Binding, codes: Iterable[int], states: Iterable[int]) -> None:
        """Keep a chord from the applications, and hear it as `Chord`. Raises `HotkeyProblem` when it is taken."""
        states = list(states)
        with _the_server_answers():
            for code in codes:
                refused = CatchError(BadAccess)
                for state in states:
                    self._grab_core(code, state, refused)
                taken = self._grab(code, states)
                if taken or refused.get_error():
                    self.give_back(codes, states)
                    raise HotkeyProblem(
                        f"{binding.label} is taken by another program.",
                        "Free it there, or choose another one in the settings.",
                    )

    def swallow(self, codes: Iterable[int]) -> None:
        """Keep keys from the applications with whatever modifiers; combinations that others took stay theirs."""
        with _the_server_answers():
            for code in codes:
                self._grab(code, _ALL_STATES, _RAW)

    def _grab_core(self, code: int, state: int, refused: CatchError) -> None:
        how = X.GrabModeAsync, X.GrabModeAsync
        if code < BUTTON:
            self._root.grab_key(code, state, False, *how, onerror=refused)
        else:
            events = X.ButtonPressMask | X.ButtonReleaseMask
            self._root.grab_button(code - BUTTON, state, False, events, *how, X.NONE, X.NONE, onerror=refused)

    def _grab(self, code: int, states: Iterable[int], mask: int | None = None) -> bool:
        """Whether any of the states was refused. Without `mask` the whole stroke is told."""
        kind, detail = _kind(code)
        how = xinput.GrabModeAsync, xinput.GrabModeAsync, False, mask or _MASKS[kind]
        reply = xinput.passive_grab_device(
            self._root, xinput.AllMasterDevices, X.CurrentTime, detail, kind, *how, list(states)
        )
        return bool(reply.modifiers)

    def give_back(self, codes: Iterable[int], states: Iterable[int] = (X.AnyModifier,)) -> None:
        """End `take` and `swallow`, nothing for keys that were not taken. Returns when the server has done it."""
        states = list(states)
        with _the_server_answers():
            for code in codes:
                kind, detail = _kind(code)
                ungrab = self._root.ungrab_key if code < BUTTON else self._root.ungrab_button
                for state in states:
                    ungrab(detail, state)
                anyway = [xinput.AnyModifier if state == X.AnyModifier else state for state in states]
                xinput.passive_ungrab_device(self._root, xinput.AllMasterDevices, detail, kind, anyway)
            self._display.sync()

    def is_down(self, code: int) -> bool:
        """Whether the key or button is physically down now."""
        with _the_server_answers():
            if code >= BUTTON:
                return self._button_is_down(code - BUTTON)
            return bool(self._display.query_keymap()[code // 8] & 1 << code % 8)

    def _button_is_down(self, button: int) -> bool:
        """Any mouse's: the core protocol tells of five buttons alone."""
        devices = self._display.xinput_query_device(xinput.AllMasterDevices).devices
        states = [found.state for device in devices for found in device.classes if found.type == xinput.ButtonClass]
        return any(len(state) >= button and state[button - 1] for state in states)

    def close(self) -> None:
        """End the connection, and with it every grab."""
        try:
            self._display.close()
        except ConnectionClosedError:
            _log.debug("the display had closed first")


def _kind(code: int) -> tuple[int, int]:
    """What XI2 calls this kind of grab, and the keycode's or the button's own number."""
    return (xinput.GrabtypeKeycode, code) if code < BUTTON else (xinput.GrabtypeButton, code - BUTTON)


def _state(event: Any) -> int:
    return int(event.data["mods"].effective_mods)


@contextmanager
def _the_server_answers(display: str = "") -> Iterator[None]:
    """The one place where python-xlib's exceptions become a `Problem`."""
    try:
        yield
    except ConnectionClosedError as gone:
        raise HotkeyProblem(
            "The connection to the display is gone.", "Start Intone again in the running session."
        ) from gone
    except (DisplayError, XauthError, OSError) as closed:
        raise HotkeyProblem(
            f"The display “{display}” cannot be opened, so no key is heard.",
            "Start Intone from the desktop's own session, or set DISPLAY and XAUTHORITY to it.",
        ) from closed


def _log_error(error: XError, request: object) -> None:
    _log.warning("the X server refused a request: %s", type(error).__name__)
