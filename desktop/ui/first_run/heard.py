"""Whether a voice was heard, or nothing at all: decided from levels, without a widget.

A voice is told from the room by rising above it for about a syllable or two. What gives nothing but zeros is muted,
whatever it says of itself, for a real microphone always has some noise.
"""

from __future__ import annotations

from enum import Enum, auto

RISE = 0.15
"""So far above the room a voice is, where the level is linear between -60 and -12 dB: 7 dB."""

VOICE = 0.35
"""No voice is softer than this (-43 dB)."""

SYLLABLES = 8
"""Frames of 32 ms with a voice in them after which it was not a knock on the desk."""

ZERO = 0.005

SILENT_S = 3.0
QUIET_S = 9.0
"""How long nothing at all, or nothing but a room, is waited for."""


class Verdict(Enum):
    """What was heard since one began to listen."""

    WAITING = auto()
    HEARD = auto()
    SILENT = auto()
    QUIET = auto()


class Ear:
    """Takes levels in [0, 1] and says what they were. Times are seconds of any one clock; `began` is now."""

    def __init__(self, began: float) -> None:
        self._began = began
        self._room = 1.0
        self._voiced = 0
        self._sounded = False

    def hear(self, level: float) -> None:
        """Take the level of the newest frame."""
        if level > ZERO:
            self._sounded = True
            self._room = min(self._room, level)
            self._voiced += level >= max(VOICE, min(self._room + RISE, 0.8))

    def verdict(self, now: float) -> Verdict:
        """What was heard until now."""
        if self._voiced >= SYLLABLES:
            return Verdict.HEARD
        if not self._sounded:
            return Verdict.SILENT if now - self._began > SILENT_S else Verdict.WAITING
        return Verdict.QUIET if now - self._began > QUIET_S else Verdict.WAITING
