"""Decide from levels, without a widget, whether the microphone picked up a voice, or nothing at all.

A voice rises above the room's level for about one or two syllables. A signal of zeros only means a muted microphone,
whatever the device reports, because a real microphone always has some noise.
"""

from __future__ import annotations

from enum import Enum, auto

VOICE_RISE = 0.15
"""Rise of a voice above the room's level: 7 dB, as the level is linear from -60 to -12 dB."""

MIN_VOICE_LEVEL = 0.35
"""Lowest level of a voice (-43 dB)."""

MIN_VOICED_FRAMES = 8
"""Frames of 32 ms with a voice after which it was not a knock on the desk."""

ZERO_LEVEL = 0.005

SILENT_TIMEOUT_S = 3.0
QUIET_TIMEOUT_S = 9.0
"""Seconds to wait for any signal at all, and for more than the room's noise."""


class MicrophoneVerdict(Enum):
    """The result since listening began."""

    WAITING = auto()
    HEARD = auto()
    SILENT = auto()
    QUIET = auto()


class MicrophoneCheck:
    """Classifies levels in [0, 1]. Times are seconds of any one clock; listening starts at `started_at`."""

    def __init__(self, started_at: float) -> None:
        self._started_at = started_at
        self._room_level = 1.0
        self._voiced_frames = 0
        self._has_signal = False

    def add_level(self, level: float) -> None:
        """Add the level of the newest frame."""
        if level > ZERO_LEVEL:
            self._has_signal = True
            self._room_level = min(self._room_level, level)
            self._voiced_frames += level >= max(MIN_VOICE_LEVEL, min(self._room_level + VOICE_RISE, 0.8))

    def verdict(self, now: float) -> MicrophoneVerdict:
        """Return the result so far."""
        if self._voiced_frames >= MIN_VOICED_FRAMES:
            return MicrophoneVerdict.HEARD
        if not self._has_signal:
            return MicrophoneVerdict.SILENT if now - self._started_at > SILENT_TIMEOUT_S else MicrophoneVerdict.WAITING
        return MicrophoneVerdict.QUIET if now - self._started_at > QUIET_TIMEOUT_S else MicrophoneVerdict.WAITING
