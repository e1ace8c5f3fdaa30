"""Turn key events and commands into intents, on the engine's loop; the only owner of the gesture.

The keyboard and the command line change one gesture: a dictation started by `intone start` is ended by the talk key,
and the other way round.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from desktop.hotkeys.gesture import TAP_S, Event, Gesture, Held, Intent, Locked, Releasing, Spent, Up, step, wake_at


class Intents:
    """Holds the gesture, schedules its ticks, and sends each intent with its time."""

    def __init__(
        self,
        send: Callable[[Intent, float], None],
        tap_s: float = TAP_S,
        double: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """A press shorter than `max_tap_s` locks, or two of them with `double_tap`; both may be set later. `clock`
        returns seconds."""
        self.tap_s = tap_s
        self.double = double
        self.left_at = 0.0
        """When the user was last known to leave (monotonic)."""
        self._send = send
        self._begun_at = 0.0
        self._clock = clock
        self._gesture: Gesture = Up()
        self._sends = False
        self._timer: asyncio.TimerHandle | None = None

    @property
    def held(self) -> bool:
        """Whether the talk key is physically down, even if it no longer means anything."""
        return isinstance(self._gesture, Held) or self._gesture == Spent()

    @property
    def talking(self) -> bool:
        """Whether the talk key is down and recording."""
        return isinstance(self._gesture, Held)

    @property
    def speaking(self) -> bool:
        """Whether a dictation is being recorded, with the talk key down or locked."""
        return isinstance(self._gesture, Held | Locked)

    def key(self, event: Event, sends: bool = False, edits: bool = False) -> None:
        """Handle a key event. With `sends_return`, the key ends its dictation with Return; the key pressed last
        decides. With `starts_edit`, the key starts an edit; the key pressed first decides. Esc also works after the
        release, while words are still being transcribed."""
        now = self._clock()
        if event is Event.ESC and isinstance(self._gesture, Up | Spent):
            self._send(Intent.CANCEL, now)
            return
        came_up = self._gesture.at if isinstance(self._gesture, Releasing) else now
        self._gesture, meant = step(self._gesture, event, now, self.tap_s, self.double)
        ends_with = self._sends if Intent.BEGIN in meant or event is not Event.DOWN else sends
        if event is Event.DOWN:
            self._sends = sends
        for intent in meant:
            if intent is Intent.END:
                self._send(Intent.SEND if ends_with else Intent.END, came_up)
            elif intent is Intent.BEGIN:
                self._begun_at = now
                self._send(Intent.EDIT if edits else intent, now)
            else:
                self._send(intent, now)
        self._wake()

    def start(self) -> None:
        """Start a hands-free dictation unless one is running."""
        if isinstance(self._gesture, Up | Spent):
            now = self._clock()
            self._gesture, self._begun_at = Locked(), now
            self._send(Intent.BEGIN, now)
            self._send(Intent.LOCK, now)

    def stop(self) -> None:
        """End the running dictation, if any."""
        if not isinstance(self._gesture, Up | Spent):
            self._gesture = Spent() if isinstance(self._gesture, Held) else Up()
            self._send(Intent.END, self._clock())

    def toggle(self) -> None:
        """Start a dictation or end the running one."""
        if isinstance(self._gesture, Up | Spent):
            self.start()
        else:
            self.stop()

    def over(self, pressed_at: float) -> None:
        """End the gesture of the press at `pressed_at`, whose dictation ended by itself: a key still down means nothing
        any more. Does nothing if another dictation was started meanwhile."""
        if pressed_at != self._begun_at:
            return
        self._gesture = Spent() if isinstance(self._gesture, Held) else Up()

    def leave(self) -> None:
        """Cancel what is being recorded, as Esc does: the user has left the computer."""
        self.left_at = self._clock()
        if not isinstance(self._gesture, Up | Spent):
            self.key(Event.ESC)

    def forget(self) -> None:
        """Reset a key that meant nothing any more before the machine slept: its release was missed. What is being
        recorded was started since, and is ended by that key."""
        if isinstance(self._gesture, Spent):
            self._gesture = Up()
            self._wake()

    def _wake(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        due = wake_at(self._gesture)
        self._timer = None
        if due is not None:
            delay_s = due - self._clock() + 0.001  # a tick must not come before the grace period ends
            self._timer = asyncio.get_running_loop().call_later(delay_s, self.key, Event.TICK)
