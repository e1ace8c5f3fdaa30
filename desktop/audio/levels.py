"""Measure loudness (the level of a meter, and pauses), and write samples in 16 bits."""

from __future__ import annotations

import math

import numpy as np

from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio, Frame

METER_QUIET_DB, METER_LOUD_DB = -60.0, -12.0
"""The meter's ends in dB: a quiet room, and speech close to a headset."""

QUIET_SHARE = 0.1
"""Share of the loudest frame's loudness below which a frame is quiet: 20 dB."""

PEAK_DECAY = 0.999
"""Decay of the loudest value with each frame: half after 22 s, so that speech is not quiet for long after a cough."""


def compute_level(frame: Frame) -> float:
    """Return the frame's loudness in [0, 1], linear in decibels between `METER_QUIET_DB` and `METER_LOUD_DB`."""
    power = float(np.mean(np.square(frame))) if len(frame) else 0.0
    return min(1.0, max(0.0, (10 * math.log10(power + 1e-12) - METER_QUIET_DB) / (METER_LOUD_DB - METER_QUIET_DB)))


class PauseDetector:
    """Detects pauses by loudness alone, to choose the moment of a commit; a missed pause only delays that.

    Words are segmented by `desktop.stt.segmenter`, which detects voice. `quiet_s` is the length of the current pause in
    seconds.
    """

    def __init__(self) -> None:
        self.quiet_s = 0.0
        self._loudest = 0.0

    def add_audio(self, pcm: bytes) -> None:
        """Add audio: mono, `RATE_HZ`, 16 bits."""
        samples = np.frombuffer(pcm, "<i2").astype(np.float32)
        for start in range(0, len(samples), FRAME_SAMPLES):
            frame = samples[start : start + FRAME_SAMPLES]
            loud = float(np.sqrt(np.mean(frame**2)))
            self._loudest = max(loud, self._loudest * PEAK_DECAY)
            self.quiet_s = self.quiet_s + len(frame) / RATE_HZ if loud < QUIET_SHARE * self._loudest else 0.0


def to_pcm(audio: Audio) -> bytes:
    """Return `audio` in 16 bits, which every loudspeaker takes."""
    return (np.clip(audio, -1.0, 1.0) * 32767).astype("<i2").tobytes()
