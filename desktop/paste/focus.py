"""Which window somebody meant when they let go of the key: pure.

People change windows while they talk, and some let go in the same movement. A window that has just come up has not been
looked at yet, so it is not the one that the words are for.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

from desktop.ports import Target

STEADY_S = 0.3
"""How long a window must have had the focus to be meant: faster than anybody reads where they are."""

KEPT = 16
"""Changes that are remembered; more in `STEADY_S` is a window manager's flicker."""


@dataclass(frozen=True, slots=True)
class Stay:
    """The focus has been on `target` since the time `since` (`time.monotonic()`)."""

    target: Target
    since: float


class Focus:
    """Where the focus has been."""

    def __init__(self) -> None:
        self._stays: deque[Stay] = deque(maxlen=KEPT)

    def moved(self, target: Target, now: float) -> None:
        """It is on `target` now; the same as before is no news but for the title."""
        if self._stays and self._stays[-1].target.handle == target.handle:
            self._stays[-1] = Stay(target, self._stays[-1].since)
        else:
            self._stays.append(Stay(target, now))

    def meant(self, now: float) -> Target:
        """The last window that had the focus for `STEADY_S`; where none had, the one that has it."""
        until = now
        for stay in reversed(self._stays):
            if stay.target.handle and until - stay.since >= STEADY_S:
                return _since(stay)
            until = stay.since
        return _since(self._stays[-1]) if self._stays else Target()


def _since(stay: Stay) -> Target:
    return replace(stay.target, focused_at=stay.since)
