"""When a line that gives no sound is worth a word, and when it is lost: decided by times alone.

A living microphone is never perfectly still: its noise is a bit or two at least. Zeros throughout come from a mute
switch, a missing permission or a headset that still wakes up, and from software that closes the line while nobody
speaks. So the sound server is asked before anything is said, and what it cannot explain is called silent only where
the line has not been heard yet, or for a while.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

STILL_S = 0.3
"""A line that gave nothing, or zeros, for so long is looked at. With a look every tenth of a second and the sound
server's answer, the reason is known within half a second."""

SILENT_S = 3.0
"""A line that was heard before may be silent for so long without a known reason: a noise gate is, between words."""

START_S, GAP_S = 3.0, 1.0
"""A device that has not called back for so long is gone; a Bluetooth headset takes seconds to begin."""

WAKE_S = 2.0
"""A Bluetooth headset may give zeros for so long before it hears."""


class Doubt(Enum):
    """What is wrong with a line, as far as its own sound says."""

    NOTHING = auto()
    ZEROS = auto()
    LOST = auto()


@dataclass(slots=True)
class Stillness:
    """What a line gave last: anything at all at `arrived_at`, something else than zeros at `sounded_at`. Both begin at
    `since`, when the line was opened or joined."""

    since: float
    arrived_at: float = 0.0
    sounded_at: float = 0.0
    arrived: bool = False
    sounded: bool = False

    def __post_init__(self) -> None:
        self.arrived_at = self.sounded_at = self.since

    def hear(self, at: float, sounds: bool) -> None:
        """Something came at `at`; whether it was more than zeros."""
        self.arrived_at, self.arrived = at, True
        if sounds:
            self.sounded_at, self.sounded = at, True

    def doubt(self, now: float) -> Doubt | None:
        """What is to be asked of the line."""
        if now - self.arrived_at > (GAP_S if self.arrived else START_S):
            return Doubt.LOST
        if now - self.arrived_at > STILL_S:
            return Doubt.NOTHING
        return Doubt.ZEROS if now - self.sounded_at > STILL_S else None

    def wakes(self, now: float) -> bool:
        """Whether a Bluetooth headset may still be waking up."""
        return not self.sounded and now - self.since < WAKE_S

    def silent(self, now: float) -> bool:
        """Whether a stillness that nobody can explain is to be named."""
        return not self.sounded or now - self.sounded_at > SILENT_S
