"""Decide which window was the user's target when they released the key. Pure.

Users change windows while they talk, and may release the key in the same movement. A window that has just come up has
not been looked at yet, so it is not the target.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

from desktop.core.types import Target

STEADY_S = 0.3
"""Seconds that a window must have had the focus to be the target: faster than a user can read where they are."""

KEPT = 16
"""Number of focus changes remembered; more within `MIN_FOCUS_S` is a window manager's flicker."""


@dataclass(frozen=True, slots=True)
class Stay:
    """The focus has been on `target` since the time `since` (`time.monotonic()`)."""

    target: Target
    since: float


class Focus:
    """The history of the focus."""

    def __init__(self) -> None:
        self._stays: deque[Stay] = deque(maxlen=KEPT)

    def moved(self, target: Target, now: float) -> None:
        """Record that the focus is on `target` now; the same window as before only updates the title."""
        if self._stays and self._stays[-1].target.handle == target.handle:
            self._stays[-1] = Stay(target, self._stays[-1].since)
        else:
            self._stays.append(Stay(target, now))

    def meant(self, now: float) -> Target:
        """Return the last window that had the focus for `MIN_FOCUS_S`; if none had, the one that has it."""
        until = now
        for stay in reversed(self._stays):
            if stay.target.handle and until - stay.since >= STEADY_S:
                return _since(stay)
            until = stay.since
        return _since(self._stays[-1]) if self._stays else Target()


def _since(stay: Stay) -> Target:
    return replace(stay.target, focused_at=stay.since)
