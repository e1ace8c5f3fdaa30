"""Decide which window was the user's target when they released the key. Pure.

Users change windows while they talk, and may release the key in the same movement. A window that has just come up has
not been looked at yet, so it is not the target.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

from desktop.core.types import Target

MIN_FOCUS_S = 0.3
"""Seconds that a window must have had the focus to be the target: faster than a user can read where they are."""

MAX_PERIODS = 16
"""Number of focus changes remembered; more within `MIN_FOCUS_S` is a window manager's flicker."""


@dataclass(frozen=True, slots=True)
class FocusPeriod:
    """The focus has been on `target` since the time `since` (`time.monotonic()`)."""

    target: Target
    since: float


class FocusHistory:
    """The history of the focus."""

    def __init__(self) -> None:
        self._periods: deque[FocusPeriod] = deque(maxlen=MAX_PERIODS)

    def record(self, target: Target, now: float) -> None:
        """Record that the focus is on `target` now; the same window as before only updates the title."""
        if self._periods and self._periods[-1].target.handle == target.handle:
            self._periods[-1] = FocusPeriod(target, self._periods[-1].since)
        else:
            self._periods.append(FocusPeriod(target, now))

    def find_target(self, now: float) -> Target:
        """Return the last window that had the focus for `MIN_FOCUS_S`; if none had, the one that has it."""
        until = now
        for period in reversed(self._periods):
            if period.target.handle and until - period.since >= MIN_FOCUS_S:
                return _with_focused_at(period)
            until = period.since
        return _with_focused_at(self._periods[-1]) if self._periods else Target()


def _with_focused_at(period: FocusPeriod) -> Target:
    return replace(period.target, focused_at=period.since)
