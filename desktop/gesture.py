"""The talk key's meaning, pure: events in, intents out.

One key does both: held, it talks until let go; tapped, it locks until tapped again. Recording begins on the press, so
no time is lost while the two are told apart at the release. A release is believed only after `GRACE_S`: X11 repeats a
held key as release and press pairs in the same millisecond, and a worn switch bounces.

    Up -DOWN-> Held (BEGIN)      Held -UP-> Releasing      Releasing -DOWN within the grace-> Held
    Releasing -TICK after the grace-> Up (END), or Locked when the press was shorter than `tap_s`
    With `double` a shorter press is the first of two: Releasing -TICK-> Tapped
    Tapped -DOWN-> Locked (LOCK)      Tapped -TICK after `DOUBLE_S`-> Up (DISCARD)
    Locked -DOWN-> Spent (END)      Held -ESC-> Spent (CANCEL)      Releasing, Tapped, Locked -ESC-> Up (CANCEL)
    Held -OTHER within `SHORTCUT_S`-> Held (SHORTCUT)      Held -OTHER later-> Held
    Spent -UP, and the grace has passed-> Up

A hold during which another key was pressed is no tap however short: it ends at the release and never locks.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from math import inf

GRACE_S = 0.050
"""Longer than any auto-repeat pair (same ms) and than a switch's bounce (5-20 ms), shorter than a person's tap."""

TAP_S = 0.4
"""A press shorter than this locks (hyprwhspr 400 ms, VoiceInk 500 ms)."""


SHORTCUT_S = 0.2
"""A modifier held for this long is not the beginning of a shortcut any more: another key then changes nothing."""

DOUBLE_S = 0.35
"""From the end of one tap to the beginning of the other, where two are needed: a double click's time."""


class Event(Enum):
    """What the keyboard or the command line did.

    OTHER is another key pressed while a modifier is the talk key: the press may be the beginning of a shortcut (Right
    Ctrl + C). TICK says that time has passed.
    """

    DOWN = auto()
    UP = auto()
    ESC = auto()
    OTHER = auto()
    TICK = auto()


class Intent(Enum):
    """What the user wants of the dictation. EDIT is a BEGIN whose words are to be done to the selection, SEND an END
    with Return after the text. SHORTCUT and DISCARD end a dictation that was not meant, without a trace; where
    something was said already, SHORTCUT changes nothing and DISCARD is a CANCEL."""

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
    """The key is up and nobody speaks."""


@dataclass(frozen=True, slots=True)
class Held:
    """The key is down since `since`, -inf where that can be no tap any more."""

    since: float


@dataclass(frozen=True, slots=True)
class Releasing:
    """The key came up at `at`; it may be a repeat."""

    since: float
    at: float


@dataclass(frozen=True, slots=True)
class Tapped:
    """The key was tapped until `at` and waits for the second tap; what is said meanwhile is heard."""

    at: float


@dataclass(frozen=True, slots=True)
class Locked:
    """The key was tapped; the next press ends."""


@dataclass(frozen=True, slots=True)
class Spent:
    """The key is still down but its meaning is used up (it ended a locked take, or Esc came); `at`: when it came up."""

    at: float | None = None


type Gesture = Up | Held | Releasing | Tapped | Locked | Spent


def step(
    gesture: Gesture, event: Event, now: float, tap_s: float = TAP_S, double: bool = False
) -> tuple[Gesture, tuple[Intent, ...]]:
    """The next gesture and what `event` at `now` (seconds, any steady clock) means, in order.

    A press shorter than `tap_s` locks, or two of them where `double`.
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
    """When a TICK is due, or None."""
    match gesture:
        case Releasing(_, at) | Spent(float(at)):
            return at + GRACE_S
        case Tapped(at):
            return at + DOUBLE_S
        case _:
            return None
