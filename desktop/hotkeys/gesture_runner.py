"""Turn key events and commands into intents, on the engine's loop; the only owner of the gesture.

The keyboard and the command line change one gesture: a dictation started by `intone start` is ended by the talk key,
and the other way round.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from desktop.hotkeys.gesture import (
    MAX_TAP_S,
    DictationIntent,
    Gesture,
    GestureEvent,
    HeldGesture,
    IdleGesture,
    IgnoredKeyGesture,
    LockedGesture,
    ReleasingGesture,
    advance_gesture,
    next_tick_at,
)


class GestureRunner:
    """Holds the gesture, schedules its ticks, and sends each intent with its time."""

    def __init__(
        self,
        on_intent: Callable[[DictationIntent, float], None],
        max_tap_s: float = MAX_TAP_S,
        double_tap: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """A press shorter than `max_tap_s` locks, or two of them with `double_tap`; both may be set later. `clock`
        returns seconds."""
        self.max_tap_s = max_tap_s
        self.double_tap = double_tap
        self.user_left_at = 0.0
        """When the user was last known to leave (monotonic)."""
        self._on_intent = on_intent
        self._started_at = 0.0
        self._clock = clock
        self._gesture: Gesture = IdleGesture()
        self._sends_return = False
        self._timer: asyncio.TimerHandle | None = None

    @property
    def is_held(self) -> bool:
        """Whether the talk key is physically down, even if it no longer means anything."""
        return isinstance(self._gesture, HeldGesture) or self._gesture == IgnoredKeyGesture()

    @property
    def is_held_recording(self) -> bool:
        """Whether the talk key is down and recording."""
        return isinstance(self._gesture, HeldGesture)

    @property
    def is_recording(self) -> bool:
        """Whether a dictation is being recorded, with the talk key down or locked."""
        return isinstance(self._gesture, HeldGesture | LockedGesture)

    def handle_key(
        self, event: GestureEvent, sends_return: bool = False, begins: DictationIntent = DictationIntent.BEGIN
    ) -> None:
        """Handle a key event. With `sends_return`, the key ends its dictation with Return; the key pressed last
        decides. `begins` is what the key begins; the key pressed first decides. Esc also works after the release, while
        words are still being transcribed."""
        now = self._clock()
        if event is GestureEvent.ESC and isinstance(self._gesture, IdleGesture | IgnoredKeyGesture):
            self._on_intent(DictationIntent.CANCEL, now)
            return
        released_at = self._gesture.released_at if isinstance(self._gesture, ReleasingGesture) else now
        self._gesture, intents = advance_gesture(self._gesture, event, now, self.max_tap_s, self.double_tap)
        ends_with_return = (
            self._sends_return if DictationIntent.BEGIN in intents or event is not GestureEvent.DOWN else sends_return
        )
        if event is GestureEvent.DOWN:
            self._sends_return = sends_return
        for intent in intents:
            if intent is DictationIntent.END:
                self._on_intent(DictationIntent.SEND if ends_with_return else DictationIntent.END, released_at)
            elif intent is DictationIntent.BEGIN:
                self._started_at = now
                self._on_intent(begins, now)
            else:
                self._on_intent(intent, now)
        self._schedule_tick()

    def start(self, begins: DictationIntent = DictationIntent.BEGIN) -> None:
        """Start a hands-free dictation, or what else `begins` it, unless one is running."""
        if isinstance(self._gesture, IdleGesture | IgnoredKeyGesture):
            now = self._clock()
            self._gesture, self._started_at = LockedGesture(), now
            self._on_intent(begins, now)
            self._on_intent(DictationIntent.LOCK, now)

    def stop(self) -> None:
        """End the running dictation, if any."""
        if not isinstance(self._gesture, IdleGesture | IgnoredKeyGesture):
            self._gesture = IgnoredKeyGesture() if isinstance(self._gesture, HeldGesture) else IdleGesture()
            self._on_intent(DictationIntent.END, self._clock())

    def toggle(self, begins: DictationIntent = DictationIntent.BEGIN) -> None:
        """Start a dictation, or what else `begins` it, or end the running one."""
        if isinstance(self._gesture, IdleGesture | IgnoredKeyGesture):
            self.start(begins)
        else:
            self.stop()

    def on_auto_stop(self, pressed_at: float) -> None:
        """End the gesture of the press at `pressed_at`, whose dictation ended by itself: a key still down means nothing
        any more. Does nothing if another dictation was started meanwhile, or if it has ended already."""
        if pressed_at != self._started_at or isinstance(self._gesture, IgnoredKeyGesture):
            return
        self._gesture = IgnoredKeyGesture() if isinstance(self._gesture, HeldGesture) else IdleGesture()

    def on_user_left(self) -> None:
        """Cancel what is being recorded, as Esc does: the user has left the computer."""
        self.user_left_at = self._clock()
        if not isinstance(self._gesture, IdleGesture | IgnoredKeyGesture):
            self.handle_key(GestureEvent.ESC)

    def reset_after_sleep(self) -> None:
        """Reset a key that meant nothing any more before the machine slept: its release was missed. What is being
        recorded was started since, and is ended by that key."""
        if isinstance(self._gesture, IgnoredKeyGesture):
            self._gesture = IdleGesture()
            self._schedule_tick()

    def close(self) -> None:
        """Cancel the tick that is due: nothing takes intents any more."""
        if self._timer is not None:
            self._timer.cancel()

    def _schedule_tick(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        due = next_tick_at(self._gesture)
        self._timer = None
        if due is not None:
            delay_s = due - self._clock() + 0.001  # a tick must not come before the grace period ends
            self._timer = asyncio.get_running_loop().call_later(delay_s, self.handle_key, GestureEvent.TICK)
