"""What the strokes of a keyboard mean for the talk key: strokes in, gesture events out, nothing touched.

A bare modifier is heard as it goes down and up. A chord goes down when the server says that the whole chord did (it
alone knows every modifier's state, and it counts Caps Lock and Num Lock out) and comes up with its main key, whatever
is let go first. Two things would otherwise be misread:

- our own paste presses Ctrl and V, and the server cannot tell them from a person's: they are announced and passed
  over;
- a key-up can get lost (screen lock, another program's grab, an unplugged keyboard): while the key is thought down
  the keyboard is asked, and two answers in a row that it is up are its release.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import inf

from desktop.gesture import Event

ASK_S = 0.150
"""Between two looks at the physical key: a lost key-up costs at most 0.3 s of silence, a look is one round trip."""

EXPECT_S = 1.0
"""How long an announced stroke is waited for: XTest's come within milliseconds, a paste that failed sends none."""


@dataclass(frozen=True, slots=True)
class Press:
    """A key went down, by its keycode. A held key does this once."""

    code: int


@dataclass(frozen=True, slots=True)
class Release:
    """A key came up."""

    code: int


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord that we took went down, by the keycode of its main key; follows that key's `Press`."""

    code: int


@dataclass(frozen=True, slots=True)
class Click:
    """A button of the mouse went down, by its number."""

    button: int


type Stroke = Press | Release | Chord | Click

KEPT = 16
"""Touches whose times are kept: more than asking for something takes, a few clicks in a menu."""

WHEEL = frozenset((4, 5, 6, 7))
"""Buttons that scroll, which moves no cursor."""


@dataclass(slots=True)
class Hearing:
    """The talk key as it is heard; owned by the keys thread. Times are seconds of any steady clock.

    `talk` and `cancel` are the keycodes of those keys, `modifiers` those of all modifiers; `bare`: the talk key is one.
    `touches` are the times of what may move a cursor, oldest first: a key that is none of these, or a click.
    """

    talk: frozenset[int]
    cancel: frozenset[int]
    modifiers: frozenset[int]
    bare: bool
    listening: bool = False
    down: int | None = None
    ask_at: float | None = None
    touches: tuple[float, ...] = ()
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

    def hear(self, stroke: Stroke, now: float) -> Event | None:
        """What `stroke` means, or None."""
        if self._expected[stroke] > 0 and now <= self._expected_until:
            self._expected[stroke] -= 1
            return None
        if self._touches(stroke):
            self.touches = (*self.touches, now)[-KEPT:]
        match stroke:
            case Press(code) if self.bare and code in self.talk and self.down is None:
                return self._goes_down(code, now)
            case Chord(code) if not self.bare and code in self.talk and self.down is None:
                return self._goes_down(code, now)
            case Press(code) if self.listening and code in self.cancel:
                return Event.ESC
            case Press(code) if self.bare and self.down is not None and code not in self.modifiers:
                return Event.OTHER
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

    def _touches(self, stroke: Stroke) -> bool:
        match stroke:
            case Click(button):
                return button not in WHEEL
            case Press(code):
                ours = self.talk | self.modifiers | (self.cancel if self.listening else frozenset())
                return code not in ours
            case _:
                return False

    def answered(self, is_down: bool, now: float) -> Event | None:
        """What it means that the keyboard, asked at `ask_at`, says the talk key is or is not down."""
        self._up_answers = 0 if is_down else self._up_answers + 1
        self.ask_at = now + ASK_S
        return self.let_go() if self._up_answers == 2 else None

    def let_go(self) -> Event | None:
        """The talk key counts as up from now on: UP if it was down."""
        was, self.down, self.ask_at = self.down, None, None
        return None if was is None else Event.UP

    def _goes_down(self, code: int, now: float) -> Event:
        self.down, self.ask_at, self._up_answers = code, now + ASK_S, 0
        return Event.DOWN
