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

from desktop.core.state import SHORTCUT_WINDOW_S

RELEASE_GRACE_S = 0.050
"""Seconds before a release counts: longer than an auto-repeat pair (same ms) and a switch's bounce (5-20 ms), shorter
than a user's tap."""

MAX_TAP_S = 0.4
"""Seconds below which a press is a tap and locks (hyprwhspr 400 ms, VoiceInk 500 ms)."""


DOUBLE_TAP_S = 0.35
"""Seconds from the end of one tap to the start of the other, where two are needed: the time of a double click."""


class GestureEvent(Enum):
    """A key or command line event.

    OTHER is another key pressed while a modifier is the talk key: the press may begin a shortcut (Right Ctrl + C). TICK
    means that time has passed.
    """

    DOWN = auto()
    UP = auto()
    ESC = auto()
    OTHER = auto()
    TICK = auto()


class DictationIntent(Enum):
    """What the user wants of the dictation.

    - BEGIN: begin it.
    - EDIT: begin it; its words are an instruction for the selected text.
    - AGAIN: begin it; its words replace what sounds like them in the last text.
    - LOCK: continue without the key.
    - END: end it and insert the text.
    - SEND: the same, with Return after the text.
    - CANCEL: end it and insert nothing.
    - SHORTCUT: it began by accident, as part of a shortcut: end it without a trace; continue if something was said.
    - DISCARD: the same, but cancel it if something was said.
    """

    BEGIN = auto()
    EDIT = auto()
    AGAIN = auto()
    LOCK = auto()
    END = auto()
    SEND = auto()
    CANCEL = auto()
    SHORTCUT = auto()
    DISCARD = auto()


@dataclass(frozen=True, slots=True)
class IdleGesture:
    """The key is up and nothing is being recorded."""


@dataclass(frozen=True, slots=True)
class HeldGesture:
    """The key is down since `pressed_at`, -inf if this can no longer be a tap."""

    pressed_at: float


@dataclass(frozen=True, slots=True)
class ReleasingGesture:
    """The key came up at `released_at`; it may be an auto-repeat."""

    pressed_at: float
    released_at: float


@dataclass(frozen=True, slots=True)
class TappedGesture:
    """The key was tapped until `released_at` and a second tap is awaited; speech is recorded meanwhile."""

    released_at: float


@dataclass(frozen=True, slots=True)
class LockedGesture:
    """The key was tapped; the next press ends the recording."""


@dataclass(frozen=True, slots=True)
class IgnoredKeyGesture:
    """The key is still down but no longer means anything (it ended a locked recording, or Esc came); `released_at`:
    when it came up."""

    released_at: float | None = None


type Gesture = IdleGesture | HeldGesture | ReleasingGesture | TappedGesture | LockedGesture | IgnoredKeyGesture


def advance_gesture(
    gesture: Gesture, event: GestureEvent, now: float, max_tap_s: float = MAX_TAP_S, double_tap: bool = False
) -> tuple[Gesture, tuple[DictationIntent, ...]]:
    """Return the next gesture and, in order, the intents of `event` at `now` (seconds, any steady clock).

    A press shorter than `max_tap_s` locks, or two of them with `double_tap`.
    """
    match gesture, event:
        case IdleGesture(), GestureEvent.DOWN:
            return HeldGesture(now), (DictationIntent.BEGIN,)
        case HeldGesture(since), GestureEvent.UP:
            return ReleasingGesture(since, now), ()
        case ReleasingGesture(since, at), GestureEvent.DOWN if now < at + RELEASE_GRACE_S:
            return HeldGesture(since), ()
        case ReleasingGesture(since, at), GestureEvent.DOWN if at - since < max_tap_s and double_tap:
            return LockedGesture(), (DictationIntent.LOCK,)
        case ReleasingGesture(since, at), GestureEvent.DOWN if at - since < max_tap_s:
            return IgnoredKeyGesture(), (DictationIntent.LOCK, DictationIntent.END)
        case ReleasingGesture(), GestureEvent.DOWN:
            return HeldGesture(now), (DictationIntent.END, DictationIntent.BEGIN)
        case ReleasingGesture(since, at), GestureEvent.TICK if (
            now >= at + RELEASE_GRACE_S and at - since < max_tap_s and double_tap
        ):
            return TappedGesture(at), ()
        case ReleasingGesture(since, at), GestureEvent.TICK if now >= at + RELEASE_GRACE_S:
            return (
                (LockedGesture(), (DictationIntent.LOCK,))
                if at - since < max_tap_s
                else (IdleGesture(), (DictationIntent.END,))
            )
        case TappedGesture(), GestureEvent.DOWN:
            return LockedGesture(), (DictationIntent.LOCK,)
        case TappedGesture(at), GestureEvent.TICK if now >= at + DOUBLE_TAP_S:
            return IdleGesture(), (DictationIntent.DISCARD,)
        case LockedGesture(), GestureEvent.DOWN:
            return IgnoredKeyGesture(), (DictationIntent.END,)
        case HeldGesture(), GestureEvent.ESC:
            return IgnoredKeyGesture(), (DictationIntent.CANCEL,)
        case HeldGesture(since), GestureEvent.OTHER:
            return HeldGesture(-inf), (DictationIntent.SHORTCUT,) if now < since + SHORTCUT_WINDOW_S else ()
        case ((ReleasingGesture() | TappedGesture() | LockedGesture()), GestureEvent.ESC):
            return IdleGesture(), (DictationIntent.CANCEL,)
        case IgnoredKeyGesture(), GestureEvent.UP:
            return IgnoredKeyGesture(now), ()
        case IgnoredKeyGesture(float(at)), GestureEvent.DOWN if now < at + RELEASE_GRACE_S:
            return IgnoredKeyGesture(), ()
        case IgnoredKeyGesture(float()), GestureEvent.DOWN:
            return HeldGesture(now), (DictationIntent.BEGIN,)
        case IgnoredKeyGesture(float(at)), GestureEvent.TICK if now >= at + RELEASE_GRACE_S:
            return IdleGesture(), ()
        case _:
            return gesture, ()


def next_tick_at(gesture: Gesture) -> float | None:
    """Return when a TICK is due, or None."""
    match gesture:
        case ReleasingGesture(_, at) | IgnoredKeyGesture(float(at)):
            return at + RELEASE_GRACE_S
        case TappedGesture(at):
            return at + DOUBLE_TAP_S
        case _:
            return None
