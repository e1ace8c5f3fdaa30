"""Decide from levels, without a widget, whether the microphone picked up a voice, or nothing at all.

A voice rises above the room's level for about one or two syllables. A signal of zeros only means a muted microphone,
whatever the device reports, because a real microphone always has some noise.
"""

from __future__ import annotations

from enum import Enum, auto

RISE = 0.15
"""Rise of a voice above the room's level: 7 dB, as the level is linear from -60 to -12 dB."""

VOICE = 0.35
"""Lowest level of a voice (-43 dB)."""

SYLLABLES = 8
"""Frames of 32 ms with a voice after which it was not a knock on the desk."""

ZERO = 0.005

SILENT_S = 3.0
QUIET_S = 9.0
"""Seconds to wait for any signal at all, and for more than the room's noise."""


class Verdict(Enum):
    """The result since listening began."""

    WAITING = auto()
    HEARD = auto()
    SILENT = auto()
    QUIET = auto()


class Ear:
    """Classifies levels in [0, 1]. Times are seconds of any one clock; listening starts at `started_at`."""

    def __init__(self, began: float) -> None:
        self._began = began
        self._room = 1.0
        self._voiced = 0
        self._sounded = False

    def hear(self, level: float) -> None:
        """Add the level of the newest frame."""
        if level > ZERO:
            self._sounded = True
            self._room = min(self._room, level)
            self._voiced += level >= max(VOICE, min(self._room + RISE, 0.8))

    def verdict(self, now: float) -> Verdict:
        """Return the result so far."""
        if self._voiced >= SYLLABLES:
            return Verdict.HEARD
        if not self._sounded:
            return Verdict.SILENT if now - self._began > SILENT_S else Verdict.WAITING
        return Verdict.QUIET if now - self._began > QUIET_S else Verdict.WAITING
