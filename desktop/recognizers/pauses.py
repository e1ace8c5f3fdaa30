"""Whether one pauses just now, by loudness alone: good enough to choose the moment of a commit, where a miss costs
nothing but a later one. Words are cut by `desktop.speech`, which hears voices."""

from __future__ import annotations

import numpy as np

from desktop.ports import FRAME, RATE_HZ

QUIET = 0.1
"""A frame is quiet whose loudness is this part of the loudest's: 20 dB below."""

FORGET = 0.999
"""What is left of the loudest with each frame: half of it after 22 s, so that after a cough speech is not quiet for
long."""


class Pauses:
    """`quiet_s` is for how long it has been quiet."""

    def __init__(self) -> None:
        self.quiet_s = 0.0
        self._loudest = 0.0

    def hear(self, pcm: bytes) -> None:
        """Hear on: mono, `RATE_HZ`, 16 bits."""
        samples = np.frombuffer(pcm, "<i2").astype(np.float32)
        for start in range(0, len(samples), FRAME):
            frame = samples[start : start + FRAME]
            loud = float(np.sqrt(np.mean(frame**2)))
            self._loudest = max(loud, self._loudest * FORGET)
            self.quiet_s = self.quiet_s + len(frame) / RATE_HZ if loud < QUIET * self._loudest else 0.0
