"""Decide by times alone when a stream without sound is worth a message, and when it is lost.

A working microphone is never perfectly silent: it has a bit or two of noise. Zeros throughout come from a mute switch,
a missing permission or a headset that is still waking up, and from software that closes the stream between words. So
the sound server is asked first, and what it cannot explain is called silent only if the stream has not delivered sound
yet, or for a while.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

STILL_S = 0.3
"""Seconds without data, or with zeros only, after which a stream is examined.

With a check every 0.1 s and the server's answer, the reason is known within half a second.
"""

SILENT_S = 3.0
"""Seconds for which a stream that had sound may be silent without a known reason, as with a noise gate between
words."""

START_S, GAP_S = 3.0, 1.0
"""Seconds without a callback after which a device is lost, at the start and later; a Bluetooth headset takes seconds to
begin."""

WAKE_S = 2.0
"""Seconds for which a Bluetooth headset may send zeros before it delivers sound."""


class Doubt(Enum):
    """What is wrong with a stream according to its own data."""

    NOTHING = auto()
    ZEROS = auto()
    LOST = auto()


@dataclass(slots=True)
class Stillness:
    """When a stream last delivered data (`arrived_at`) and something other than zeros (`sounded_at`).

    Both start at `started_at`, when the stream was opened or joined.
    """

    since: float
    arrived_at: float = 0.0
    sounded_at: float = 0.0
    arrived: bool = False
    sounded: bool = False

    def __post_init__(self) -> None:
        self.arrived_at = self.sounded_at = self.since

    def hear(self, at: float, sounds: bool) -> None:
        """Note data that arrived at `at`; `has_sound` is whether it was more than zeros."""
        self.arrived_at, self.arrived = at, True
        if sounds:
            self.sounded_at, self.sounded = at, True

    def doubt(self, now: float) -> Doubt | None:
        """Return what is wrong with the stream at `now`, or None."""
        if now - self.arrived_at > (GAP_S if self.arrived else START_S):
            return Doubt.LOST
        if now - self.arrived_at > STILL_S:
            return Doubt.NOTHING
        return Doubt.ZEROS if now - self.sounded_at > STILL_S else None

    def wakes(self, now: float) -> bool:
        """Whether a Bluetooth headset may still be waking up."""
        return not self.sounded and now - self.since < WAKE_S

    def silent(self, now: float) -> bool:
        """Whether unexplained silence should be reported."""
        return not self.sounded or now - self.sounded_at > SILENT_S
