"""The progress of a model download, as engine and windows see it, and its rate."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from desktop.core.errors import UserError

RATE_WINDOW_S = 5.0
"""Seconds over which the rate of a download is averaged."""


@dataclass(frozen=True, slots=True)
class ModelDownload:
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
    problem: UserError | None = None

    @property
    def is_running(self) -> bool:
        """Whether it continues without the user."""
        return not self.paused and self.problem is None

    @property
    def remaining_s(self) -> float | None:
        """Seconds until completion at the current rate; None if unknown."""
        return (self.total - self.done) / self.bytes_s if self.bytes_s and self.total and self.is_running else None


class DownloadRate:
    """The recent rate of a download."""

    def __init__(self) -> None:
        self._samples: deque[tuple[float, int]] = deque()

    def update(self, now: float, done: int) -> float:
        """Return the rate in bytes per second at time `now` (s) with `done` bytes received; 0 while unknown."""
        self._samples.append((now, done))
        while len(self._samples) > 2 and now - self._samples[0][0] > RATE_WINDOW_S:
            self._samples.popleft()
        (since, before) = self._samples[0]
        return max(0.0, (done - before) / (now - since)) if now > since else 0.0
