"""Turn talk key events into intents: a pure state machine.

One key does both: held, it records until it is released; tapped, it locks until it is tapped again. Recording begins on
the press, so no time is lost while the two are told apart at the release. A release counts only after
`RELEASE_GRACE_S`: X11 repeats a held key as release and press pairs in the same millisecond, and a worn switch bounces.

    States below are the classes without their ending `Gesture`; intents are in parentheses.
    Idle -DOWN-> Held (BEGIN)      Held -UP-> Releasing      Releasing -DOWN within the grace-> Held
    Releasing -TICK after the grace-> Idle (END), or Locked when the press was shorter than `max_tap_s`
    With `double_tap` a shorter press is the first of two: Releasing -TICK-> Tapped
    Tapped -DOWN-> Locked (LOCK)      Tapped -TICK after `DOUBLE_TAP_S`-> Idle (DISCARD)
    Locked -DOWN-> Spent (END)      Held -ESC-> Spent (CANCEL)      Releasing, Tapped, Locked -ESC-> Idle (CANCEL)
    Held -OTHER within `SHORTCUT_WINDOW_S`-> Held (SHORTCUT)      Held -OTHER later-> Held
    Spent -UP, and the grace has passed-> Idle

A hold during which another key was pressed is never a tap, however short: it ends at the release and never locks.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from math import inf

GRACE_S = 0.050
"""Seconds before a release counts: longer than an auto-repeat pair (same ms) and a switch's bounce (5-20 ms), shorter
than a user's tap."""

TAP_S = 0.4
"""Seconds below which a press is a tap and locks (hyprwhspr 400 ms, VoiceInk 500 ms)."""


SHORTCUT_S = 0.2
"""Seconds after which a held modifier no longer begins a shortcut: another key then changes nothing."""

DOUBLE_S = 0.35
"""Seconds from the end of one tap to the start of the other, where two are needed: the time of a double click."""


class Event(Enum):
    """A key or command line event.

    OTHER is another key pressed while a modifier is the talk key: the press may begin a shortcut (Right Ctrl + C). TICK
    means that time has passed.
    """

    DOWN = auto()
    UP = auto()
    ESC = auto()
    OTHER = auto()
    TICK = auto()


class Intent(Enum):
    """What the user wants of the dictation. EDIT is a BEGIN whose words are an instruction for the selected text, SEND
    an END with Return after the text. SHORTCUT and DISCARD end an accidental dictation without a trace; if something
    was said already, SHORTCUT changes nothing and DISCARD is a CANCEL."""

    BEGIN = auto()
    EDIT = auto()
    LOCK = auto()
    END = auto()
    SEND = auto()
    CANCEL = auto()
    SHORTCUT = auto()
    DISCARD = auto()


@dataclass(frozen=True, slots=True)
class Up:
    """The key is up and nothing is being recorded."""


@dataclass(frozen=True, slots=True)
class Held:
    """The key is down since `pressed_at`, -inf if this can no longer be a tap."""

    since: float


@dataclass(frozen=True, slots=True)
class Releasing:
    """The key came up at `released_at`; it may be an auto-repeat."""

    since: float
    at: float


@dataclass(frozen=True, slots=True)
class Tapped:
    """The key was tapped until `released_at` and a second tap is awaited; speech is recorded meanwhile."""

    at: float


@dataclass(frozen=True, slots=True)
class Locked:
    """The key was tapped; the next press ends the recording."""


@dataclass(frozen=True, slots=True)
class Spent:
    """The key is still down but no longer means anything (it ended a locked recording, or Esc came); `released_at`:
    when it came up."""

    at: float | None = None


type Gesture = Up | Held | Releasing | Tapped | Locked | Spent


def step(
    gesture: Gesture, event: Event, now: float, tap_s: float = TAP_S, double: bool = False
) -> tuple[Gesture, tuple[Intent, ...]]:
    """Return the next gesture and, in order, the intents of `event` at `now` (seconds, any steady clock).

    A press shorter than `max_tap_s` locks, or two of them with `double_tap`.
    """
    match gesture, event:
        case Up(), Event.DOWN:
            return Held(now), (Intent.BEGIN,)
        case Held(since), Event.UP:
            return Releasing(since, now), ()
        case Releasing(since, at), Event.DOWN if now < at + GRACE_S:
            return Held(since), ()
        case Releasing(since, at), Event.DOWN if at - since < tap_s and double:
            return Locked(), (Intent.LOCK,)
        case Releasing(since, at), Event.DOWN if at - since < tap_s:
            return Spent(), (Intent.LOCK, Intent.END)
        case Releasing(), Event.DOWN:
            return Held(now), (Intent.END, Intent.BEGIN)
        case Releasing(since, at), Event.TICK if now >= at + GRACE_S and at - since < tap_s and double:
            return Tapped(at), ()
        case Releasing(since, at), Event.TICK if now >= at + GRACE_S:
            return (Locked(), (Intent.LOCK,)) if at - since < tap_s else (Up(), (Intent.END,))
        case Tapped(), Event.DOWN:
            return Locked(), (Intent.LOCK,)
        case Tapped(at), Event.TICK if now >= at + DOUBLE_S:
            return Up(), (Intent.DISCARD,)
        case Locked(), Event.DOWN:
            return Spent(), (Intent.END,)
        case Held(), Event.ESC:
            return Spent(), (Intent.CANCEL,)
        case Held(since), Event.OTHER:
            return Held(-inf), (Intent.SHORTCUT,) if now < since + SHORTCUT_S else ()
        case ((Releasing() | Tapped() | Locked()), Event.ESC):
            return Up(), (Intent.CANCEL,)
        case Spent(), Event.UP:
            return Spent(now), ()
        case Spent(float(at)), Event.DOWN if now < at + GRACE_S:
            return Spent(), ()
        case Spent(float()), Event.DOWN:
            return Held(now), (Intent.BEGIN,)
        case Spent(float(at)), Event.TICK if now >= at + GRACE_S:
            return Up(), ()
        case _:
            return gesture, ()


def wake_at(gesture: Gesture) -> float | None:
    """Return when a TICK is due, or None."""
    match gesture:
        case Releasing(_, at) | Spent(float(at)):
            return at + GRACE_S
        case Tapped(at):
            return at + DOUBLE_S
        case _:
            return None
