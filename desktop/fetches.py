"""A model on its way, as the engine and the windows see it, and the pace at which it comes."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from desktop.problems import Problem

PACE_S = 5.0
"""The stretch of time over which the pace of a download is taken."""


@dataclass(frozen=True, slots=True)
class Fetch:
    """A model on its way: `done` of `total` bytes, `bytes_s` coming each second.

    `paused`: it stands still until it is resumed, also over a restart. `verifying`: its bytes are being read and
    compared. `problem`: why it ended; what has come is kept.
    """

    name: str
    done: int = 0
    total: int = 0
    bytes_s: float = 0.0
    paused: bool = False
    verifying: bool = False
    problem: Problem | None = None

    @property
    def running(self) -> bool:
        """Whether it goes on by itself."""
        return not self.paused and self.problem is None

    @property
    def left_s(self) -> float | None:
        """Seconds until all has come, at the pace of now; None where nobody can tell."""
        return (self.total - self.done) / self.bytes_s if self.bytes_s and self.total and self.running else None


class Pace:
    """How many bytes a second have come of late."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def at(self, now: float, done: int) -> float:
        """The pace, now that `done` bytes are here; 0 while it cannot be told."""
        self._seen.append((now, done))
        while len(self._seen) > 2 and now - self._seen[0][0] > PACE_S:
            self._seen.popleft()
        (since, before) = self._seen[0]
        return max(0.0, (done - before) / (now - since)) if now > since else 0.0
