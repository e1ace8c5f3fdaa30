"""What the strokes of a keyboard and a mouse mean for the keys that are bound: strokes in, events out, nothing touched.

A bare modifier is heard as it goes down and up. A chord goes down when the server says that the whole chord did (it
alone knows every modifier's state, and it counts Caps Lock and Num Lock out) and comes up with its main key, whatever
is let go first. One key talks at a time: what is pressed beside it does what it is bound to, unless that is talking.
Two things would otherwise be misread:

- our own paste presses Ctrl and V, and the server cannot tell them from a person's: they are announced and passed
  over;
- a key-up can get lost (screen lock, another program's grab, an unplugged keyboard): while the key is thought down
  the keyboard is asked, and two answers in a row that it is up are its release.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import inf

from desktop.gesture import Event
from desktop.hotkey.bindings import Action

ASK_S = 0.150
"""Between two looks at the physical key: a lost key-up costs at most 0.3 s of silence, a look is one round trip."""

EXPECT_S = 1.0
"""How long an announced stroke is waited for: XTest's come within milliseconds, a paste that failed sends none."""


BUTTON = 0x100
"""Added to a mouse button's number it is a code as a key's is: X's keycodes are one byte."""

KEPT = 16
"""Touches whose times are kept: more than asking for something takes, a few clicks in a menu."""

WHEEL = frozenset(BUTTON + number for number in (4, 5, 6, 7))
"""Buttons that scroll, which moves no cursor."""


@dataclass(frozen=True, slots=True)
class Press:
    """A key or a button went down, by its code. A held key does this once."""

    code: int


@dataclass(frozen=True, slots=True)
class Release:
    """A key or a button came up."""

    code: int


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord that we took went down: its main key or button, and the state of the modifiers; follows the `Press`."""

    code: int
    state: int = 0


type Stroke = Press | Release | Chord

type Heard = tuple[Event, Action]
"""What happened, and to which of the bindings. An action that is no talking has a DOWN alone."""


@dataclass(frozen=True, slots=True)
class Armed:
    """What the bindings are on this keyboard: modifiers by themselves by keycode, chords by code and modifier state,
    the codes that cancel, those of every modifier, and those of media keys, which make no shortcut."""

    bare: Mapping[int, Action] = field(default_factory=dict)
    chords: Mapping[tuple[int, int], Action] = field(default_factory=dict)
    cancel: frozenset[int] = frozenset()
    modifiers: frozenset[int] = frozenset()
    media: frozenset[int] = frozenset()

    def talks(self, code: int) -> bool:
        """Whether the key or button talks, by itself or in a chord."""
        beside = [action for (key, _), action in self.chords.items() if key == code]
        return any(action.talks for action in (*beside, self.bare.get(code, Action.CANCEL)))


@dataclass(slots=True)
class Hearing:
    """The keys as they are heard; owned by the keys thread. Times are seconds of any steady clock.

    `down` is the code of the key that talks, while it is down; `touches` are the times of what may move a cursor,
    oldest first: a key that is not ours, or a click.
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
        """One press and one release of each of `codes` are about to come from ourselves."""
        if now > self._expected_until:
            self._expected.clear()
        self._expected_until = now + EXPECT_S
        for code in codes:
            self._expected.update((Press(code), Release(code)))

    def hear(self, stroke: Stroke, now: float) -> Heard | None:
        """What `stroke` means, or None."""
        if self._expected[stroke] > 0 and now <= self._expected_until:
            self._expected[stroke] -= 1
            return None
        if self._touches(stroke):
            self._touches_before, self.touches = self.touches, (*self.touches, now)[-KEPT:]
        match stroke:
            case Press(code) if code in self.armed.bare:
                return self._pressed(code, self.armed.bare[code], now)
            case Chord(code, state) if (code, state) in self.armed.chords:
                self.touches = self._touches_before  # its press looked like typing
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
        """The last touch that was not after `until`; where so many came after it that it is forgotten, one of those.
        0 where there was none."""
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
        """What it means that the keyboard, asked at `ask_at`, says the talk key is or is not down."""
        self._up_answers = 0 if is_down else self._up_answers + 1
        self.ask_at = now + ASK_S
        return self.let_go() if self._up_answers == 2 else None

    def let_go(self) -> Heard | None:
        """The talk key counts as up from now on: UP if it was down."""
        was, self.down, self.ask_at = self.down, None, None
        return None if was is None else (Event.UP, self._talks)

    def _pressed(self, code: int, action: Action, now: float) -> Heard | None:
        if not action.talks:
            return Event.DOWN, action
        if self.down is not None:
            return None
        self.down, self.ask_at, self._up_answers, self._talks = code, now + ASK_S, 0, action
        return Event.DOWN, action
