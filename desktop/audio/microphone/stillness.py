"""Decide by times alone when a stream without sound is worth a message, and when it is lost.

A working microphone is never perfectly silent: it has a bit or two of noise. Zeros throughout come from a mute switch,
a missing permission or a headset that is still waking up, and from software that closes the stream between words. So
the sound server is asked first, and what it cannot explain is called silent only if the stream has not delivered sound
yet, or for a while.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

CHECK_AFTER_S = 0.3
"""Seconds without data, or with zeros only, after which a stream is examined.

With a check every 0.1 s and the server's answer, the reason is known within half a second.
"""

MAX_SILENT_S = 3.0
"""Seconds for which a stream that had sound may be silent without a known reason, as with a noise gate between
words."""

START_TIMEOUT_S, GAP_TIMEOUT_S = 3.0, 1.0
"""Seconds without a callback after which a device is lost, at the start and later; a Bluetooth headset takes seconds to
begin."""

BLUETOOTH_WAKE_S = 2.0
"""Seconds for which a Bluetooth headset may send zeros before it delivers sound."""


class SignalFault(Enum):
    """What is wrong with a stream according to its own data."""

    NO_DATA = auto()
    ZEROS = auto()
    LOST = auto()


@dataclass(slots=True)
class SignalMonitor:
    """When a stream last delivered data (`arrived_at`) and something other than zeros (`sounded_at`).

    Both start at `started_at`, when the stream was opened or joined.
    """

    started_at: float
    arrived_at: float = 0.0
    sounded_at: float = 0.0
    has_arrived: bool = False
    has_sounded: bool = False

    def __post_init__(self) -> None:
        self.arrived_at = self.sounded_at = self.started_at

    def add_data(self, at: float, has_sound: bool) -> None:
        """Note data that arrived at `at`; `has_sound` is whether it was more than zeros."""
        self.arrived_at, self.has_arrived = at, True
        if has_sound:
            self.sounded_at, self.has_sounded = at, True

    def find_fault(self, now: float) -> SignalFault | None:
        """Return what is wrong with the stream at `now`, or None."""
        if now - self.arrived_at > (GAP_TIMEOUT_S if self.has_arrived else START_TIMEOUT_S):
            return SignalFault.LOST
        if now - self.arrived_at > CHECK_AFTER_S:
            return SignalFault.NO_DATA
        return SignalFault.ZEROS if now - self.sounded_at > CHECK_AFTER_S else None

    def is_waking(self, now: float) -> bool:
        """Whether a Bluetooth headset may still be waking up."""
        return not self.has_sounded and now - self.started_at < BLUETOOTH_WAKE_S

    def is_silent(self, now: float) -> bool:
        """Whether unexplained silence should be reported."""
        return not self.has_sounded or now - self.sounded_at > MAX_SILENT_S
