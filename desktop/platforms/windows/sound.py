"""What Windows tells of microphones and of what programs play. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CaptureEndpoint:
    """A microphone. `rate_hz` and `channels` are what it is recorded with, `bus` is how it is connected ("USB")."""

    id: str
    name: str
    is_default: bool
    rate_hz: int
    channels: int
    bus: str = ""


@dataclass(frozen=True, slots=True)
class PlaybackSession:
    """What a program plays on a device, or records by it.

    `program` stays the same at its next start, `instance` does not; `volume` is from 0 to 1; `pid` is 0 for the
    system's own sounds.
    """

    program: str
    instance: str
    pid: int
    volume: float
    is_playing: bool
    is_muted: bool
