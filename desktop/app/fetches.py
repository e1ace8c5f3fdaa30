"""The progress of a model download, as engine and windows see it, and its rate."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from desktop.core.errors import Problem

PACE_S = 5.0
"""Seconds over which the rate of a download is averaged."""


@dataclass(frozen=True, slots=True)
class Fetch:
    """A download in progress: `done` of `total` bytes, at `bytes_s` bytes per second.

    `paused`: stopped until resumed, also across a restart. `verifying`: its bytes are being read and compared.
    `problem`: why it ended; the bytes received are kept.
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
        """Whether it continues without the user."""
        return not self.paused and self.problem is None

    @property
    def left_s(self) -> float | None:
        """Seconds until completion at the current rate; None if unknown."""
        return (self.total - self.done) / self.bytes_s if self.bytes_s and self.total and self.running else None


class Pace:
    """The recent rate of a download."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def at(self, now: float, done: int) -> float:
        """Return the rate in bytes per second at time `now` (s) with `done` bytes received; 0 while unknown."""
        self._seen.append((now, done))
        while len(self._seen) > 2 and now - self._seen[0][0] > PACE_S:
            self._seen.popleft()
        (since, before) = self._seen[0]
        return max(0.0, (done - before) / (now - since)) if now > since else 0.0
