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

from desktop.core.bindings import Action
from desktop.hotkeys.gesture import Event

ASK_S = 0.150
"""Seconds between two queries of the physical key: a lost key-up costs at most 0.3 s of silence, a query is one round
trip."""

EXPECT_S = 1.0
"""Seconds to wait for an announced key: XTest's events come within milliseconds; a paste that failed sends none."""


BUTTON = 0x100
"""Offset added to a mouse button's number to make a code like a key's. X's keycodes are one byte."""

KEPT = 16
"""Number of input times remembered: more than requesting something takes, which is a few clicks in a menu."""

WHEEL = frozenset(BUTTON + number for number in (4, 5, 6, 7))
"""Codes of the buttons that scroll, which moves no cursor."""


@dataclass(frozen=True, slots=True)
class Press:
    """A key or button went down, by its code. A held key is reported once."""

    code: int


@dataclass(frozen=True, slots=True)
class Release:
    """A key or button came up."""

    code: int


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord that Intone grabbed went down: the code of its main key or button, and the modifier state.

    Follows the `KeyPress`.
    """

    code: int
    state: int = 0


type Stroke = Press | Release | Chord

type Heard = tuple[Event, Action]
"""An event and the action it belongs to. An action that does not talk has only DOWN."""


@dataclass(frozen=True, slots=True)
class Armed:
    """The bindings on this keyboard: bare modifiers by keycode, chords by code and modifier state, the codes that
    cancel, the codes of all modifiers, and the codes of media keys, which make no shortcut."""

    bare: Mapping[int, Action] = field(default_factory=dict)
    chords: Mapping[tuple[int, int], Action] = field(default_factory=dict)
    cancel: frozenset[int] = frozenset()
    modifiers: frozenset[int] = frozenset()
    media: frozenset[int] = frozenset()

    def talks(self, code: int) -> bool:
        """Return whether the key or button talks, by itself or in a chord."""
        beside = [action for (key, _), action in self.chords.items() if key == code]
        return any(action.talks for action in (*beside, self.bare.get(code, Action.CANCEL)))


@dataclass(slots=True)
class Hearing:
    """The matcher of key events, owned by the hotkey thread. Times are seconds of any steady clock.

    `talk_code` is the code of the talk key that is down. `input_times` are the times of input that may move a cursor,
    oldest first: a press of a key that is not bound, or a click.
    """

    armed: Armed
    listening: bool = False
    down: int | None = None
    ask_at: float | None = None
    touches: tuple[float, ...] = ()
    _touches_before: tuple[float, ...] = ()
    _talks: Action = Action.TALK
    _up_answers: int = 0
    _expected: Counter[Stroke] = field(default_factory=Counter)
    _expected_until: float = 0.0

    def expect(self, codes: Iterable[int], now: float) -> None:
        """Expect one press and one release of each of `codes` from Intone itself, and ignore them."""
        if now > self._expected_until:
            self._expected.clear()
        self._expected_until = now + EXPECT_S
        for code in codes:
            self._expected.update((Press(code), Release(code)))

    def hear(self, stroke: Stroke, now: float) -> Heard | None:
        """Return the hotkey event that `key_event` means, or None."""
        if self._expected[stroke] > 0 and now <= self._expected_until:
            self._expected[stroke] -= 1
            return None
        if self._touches(stroke):
            self._touches_before, self.touches = self.touches, (*self.touches, now)[-KEPT:]
        match stroke:
            case Press(code) if code in self.armed.bare:
                return self._pressed(code, self.armed.bare[code], now)
            case Chord(code, state) if (code, state) in self.armed.chords:
                self.touches = self._touches_before  # its press was counted as typing
                return self._pressed(code, self.armed.chords[code, state], now)
            case Press(code) if self.listening and code in self.armed.cancel:
                return Event.ESC, Action.CANCEL
            case Press(code) if self.down in self.armed.bare and self._types(code):
                return Event.OTHER, self._talks
            case Release(code) if code == self.down:
                return self.let_go()
            case _:
                return None

    def touched(self, until: float = inf) -> float:
        """Return the last input time not after `until`; 0 if there was none.

        If so many inputs came after `until` that it is forgotten, returns the oldest one remembered.
        """
        touches = self.touches
        earlier = [at for at in touches if at <= until]
        return earlier[-1] if earlier else touches[0] if len(touches) == KEPT else 0.0

    def _types(self, code: int) -> bool:
        """Return whether a shortcut can be made with this key."""
        return code < BUTTON and code not in self.armed.modifiers and code not in self.armed.media

    def _touches(self, stroke: Stroke) -> bool:
        if not isinstance(stroke, Press) or stroke.code in WHEEL:
            return False
        return stroke.code not in self.armed.modifiers and not (self.listening and stroke.code in self.armed.cancel)

    def answered(self, is_down: bool, now: float) -> Heard | None:
        """Process the answer to the query due at `check_at`: whether the talk key is physically down.

        Returns UP after two answers in a row that it is up.
        """
        self._up_answers = 0 if is_down else self._up_answers + 1
        self.ask_at = now + ASK_S
        return self.let_go() if self._up_answers == 2 else None

    def let_go(self) -> Heard | None:
        """Treat the talk key as up from now on. Returns UP if it was down."""
        was, self.down, self.ask_at = self.down, None, None
        return None if was is None else (Event.UP, self._talks)

    def _pressed(self, code: int, action: Action, now: float) -> Heard | None:
        if not action.talks:
            return Event.DOWN, action
        if self.down is not None:
            return None
        self.down, self.ask_at, self._up_answers, self._talks = code, now + ASK_S, 0, action
        return Event.DOWN, action
