"""The sound of one dictation, kept as long as it may be decoded again: an hour of it takes 230 MB."""

from __future__ import annotations

import numpy as np

from desktop.ports import FRAME, RATE_HZ, Audio, Frame
from desktop.speech.windows import Window

_SILENCE: Frame = np.zeros(FRAME, np.float32)


class Held:
    """Frames of `FRAME` samples; what was let go of is silence from then on. `samples`: how many were added."""

    def __init__(self) -> None:
        self.samples = 0
        self._frames: list[Frame] = []
        self._silent = 0

    @property
    def seconds(self) -> float:
        """How much sound is in memory."""
        return sum(frame is not _SILENCE for frame in self._frames) * FRAME / RATE_HZ

    def add(self, frame: Frame) -> None:
        """Keep the next frame."""
        self._frames.append(frame)
        self.samples += len(frame)

    def let_go(self, end: int) -> None:
        """Forget all before sample `end`, the end of a frame."""
        last = end // FRAME
        self._frames[self._silent : last] = [_SILENCE] * (last - self._silent)
        self._silent = last

    def sound(self, window: Window) -> Audio:
        """The samples of `window`, as far as there are any."""
        first = window.start // FRAME
        offset = window.start - first * FRAME
        return np.concatenate(self._frames[first : -(-window.end // FRAME)])[
            offset : offset + window.end - window.start
        ]
