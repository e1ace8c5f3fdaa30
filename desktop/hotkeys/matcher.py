"""Turn key and button events into hotkey events by the bindings. Pure: events in, events out.

A bare modifier is matched by its own press and release. A chord goes down when the server reports the whole chord (only
the server knows every modifier's state, and it ignores Caps Lock and Num Lock) and comes up with its main key,
whichever key is released first. Only one key talks at a time: another key pressed meanwhile runs its own action, unless
that is talking. Two things would otherwise be misread:

- Intone's own paste presses Ctrl and V, which the server cannot tell from the user's keys: they are announced and
  ignored;
- a key-up can get lost (screen lock, another program's grab, an unplugged keyboard): while the key is believed down,
  the keyboard is queried, and two answers in a row that it is up count as its release.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import inf

from desktop.core.keys import BUTTON_OFFSET, Action
from desktop.hotkeys.gesture import GestureEvent

CHECK_INTERVAL_S = 0.150
"""Seconds between two queries of the physical key: a lost key-up costs at most 0.3 s of silence, a query is one round
trip."""

OWN_KEYS_TIMEOUT_S = 1.0
"""Seconds to wait for an announced key: XTest's events come within milliseconds; a paste that failed sends none."""


MAX_INPUT_TIMES = 16
"""Number of input times remembered: more than requesting something takes, which is a few clicks in a menu."""

WHEEL_CODES = frozenset(BUTTON_OFFSET + number for number in (4, 5, 6, 7))
"""Codes of the buttons that scroll, which moves no cursor."""


@dataclass(frozen=True, slots=True)
class KeyPress:
    """A key or button went down, by its code. A held key is reported once."""

    code: int


@dataclass(frozen=True, slots=True)
class KeyRelease:
    """A key or button came up."""

    code: int


@dataclass(frozen=True, slots=True)
class ChordPress:
    """A chord that Intone grabbed went down: the code of its main key or button, and the modifier state.

    Follows the `KeyPress`.
    """

    code: int
    state: int = 0


type KeyEvent = KeyPress | KeyRelease | ChordPress

type HotkeyEvent = tuple[GestureEvent, Action]
"""An event and the action it belongs to. An action that does not talk has only DOWN."""


@dataclass(frozen=True, slots=True)
class BindingTable:
    """The bindings on this keyboard: bare modifiers by keycode, chords by code and modifier state, the codes that
    cancel, the codes of all modifiers, and the codes of media keys, which make no shortcut."""

    bare_modifiers: Mapping[int, Action] = field(default_factory=dict)
    chords: Mapping[tuple[int, int], Action] = field(default_factory=dict)
    cancel_codes: frozenset[int] = frozenset()
    modifiers: frozenset[int] = frozenset()
    media: frozenset[int] = frozenset()

    @property
    def codes(self) -> frozenset[int]:
        """The codes of all bound keys and buttons."""
        return frozenset((*self.bare_modifiers, *(code for code, _ in self.chords), *self.cancel_codes))

    def is_talk_key(self, code: int) -> bool:
        """Return whether the key or button talks, by itself or in a chord."""
        beside = [action for (key, _), action in self.chords.items() if key == code]
        return any(action.is_talk for action in (*beside, self.bare_modifiers.get(code, Action.CANCEL)))


@dataclass(slots=True)
class HotkeyMatcher:
    """The matcher of key events, owned by the hotkey thread. Times are seconds of any steady clock.

    `talk_code` is the code of the talk key that is down. `input_times` are the times of input that may move a cursor,
    oldest first: a press of a key that is not bound, or a click.
    """

    table: BindingTable
    cancel_enabled: bool = False
    talk_code: int | None = None
    check_at: float | None = None
    input_times: tuple[float, ...] = ()
    _previous_input_times: tuple[float, ...] = ()
    _talk_action: Action = Action.TALK
    _up_count: int = 0
    _expected: Counter[KeyEvent] = field(default_factory=Counter)
    _expected_until: float = 0.0

    def expect_own_keys(self, codes: Iterable[int], now: float) -> None:
        """Expect one press and one release of each of `codes` from Intone itself, and ignore them."""
        if now > self._expected_until:
            self._expected.clear()
        self._expected_until = now + OWN_KEYS_TIMEOUT_S
        for code in codes:
            self._expected.update((KeyPress(code), KeyRelease(code)))

    def match_event(self, key_event: KeyEvent, now: float) -> HotkeyEvent | None:
        """Return the hotkey event that `key_event` means, or None."""
        if self._expected[key_event] > 0 and now <= self._expected_until:
            self._expected[key_event] -= 1
            return None
        if self._is_cursor_input(key_event):
            self._previous_input_times, self.input_times = self.input_times, (*self.input_times, now)[-MAX_INPUT_TIMES:]
        match key_event:
            case KeyPress(code) if code in self.table.bare_modifiers:
                return self._press(code, self.table.bare_modifiers[code], now)
            case ChordPress(code, state) if (code, state) in self.table.chords:
                self.input_times = self._previous_input_times  # its press was counted as typing
                return self._press(code, self.table.chords[code, state], now)
            case KeyPress(code) if self.cancel_enabled and code in self.table.cancel_codes:
                return GestureEvent.ESC, Action.CANCEL
            case KeyPress(code) if self.talk_code in self.table.bare_modifiers and self._is_typing_key(code):
                return GestureEvent.OTHER, self._talk_action
            case KeyRelease(code) if code == self.talk_code:
                return self.release_talk_key()
            case _:
                return None

    def last_input_at(self, until: float = inf) -> float:
        """Return the last input time not after `until`; 0 if there was none.

        If so many inputs came after `until` that it is forgotten, returns the oldest one remembered.
        """
        times = self.input_times
        earlier = [at for at in times if at <= until]
        return earlier[-1] if earlier else times[0] if len(times) == MAX_INPUT_TIMES else 0.0

    def _is_typing_key(self, code: int) -> bool:
        """Return whether a shortcut can be made with this key."""
        return code < BUTTON_OFFSET and code not in self.table.modifiers and code not in self.table.media

    def _is_cursor_input(self, key_event: KeyEvent) -> bool:
        if not isinstance(key_event, KeyPress) or key_event.code in WHEEL_CODES:
            return False
        return key_event.code not in self.table.modifiers and not (
            self.cancel_enabled and key_event.code in self.table.cancel_codes
        )

    def check_talk_key(self, is_down: bool, now: float) -> HotkeyEvent | None:
        """Process the answer to the query due at `check_at`: whether the talk key is physically down.

        Returns UP after two answers in a row that it is up.
        """
        self._up_count = 0 if is_down else self._up_count + 1
        self.check_at = now + CHECK_INTERVAL_S
        return self.release_talk_key() if self._up_count == 2 else None

    def release_talk_key(self) -> HotkeyEvent | None:
        """Treat the talk key as up from now on. Returns UP if it was down."""
        code, self.talk_code, self.check_at = self.talk_code, None, None
        return None if code is None else (GestureEvent.UP, self._talk_action)

    def _press(self, code: int, action: Action, now: float) -> HotkeyEvent | None:
        if not action.is_talk:
            return GestureEvent.DOWN, action
        if self.talk_code is not None:
            return None
        self.talk_code, self.check_at, self._up_count, self._talk_action = code, now + CHECK_INTERVAL_S, 0, action
        return GestureEvent.DOWN, action
