"""Keep the audio of one dictation as long as it may be decoded again: an hour takes 230 MB."""

from __future__ import annotations

import numpy as np

from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio, Frame
from desktop.stt.segmenter import PAUSE_FRAMES, SpeechWindow
from desktop.stt.traits import EngineTraits

_SILENCE: Frame = np.zeros(FRAME_SAMPLES, np.float32)


class AudioWindowBuffer:
    """Frames of `FRAME_SAMPLES` samples; forgotten ones become silence. `samples` is how many were added."""

    def __init__(self) -> None:
        self.samples = 0
        self._frames: list[Frame] = []
        self._forgotten = 0

    @property
    def seconds(self) -> float:
        """Seconds of audio in memory."""
        return sum(frame is not _SILENCE for frame in self._frames) * FRAME_SAMPLES / RATE_HZ

    def add(self, frame: Frame) -> None:
        """Append the next frame."""
        self._frames.append(frame)
        self.samples += len(frame)

    def forget_before(self, end: int) -> None:
        """Forget everything before sample `end`, which must be the end of a frame."""
        last = end // FRAME_SAMPLES
        self._frames[self._forgotten : last] = [_SILENCE] * (last - self._forgotten)
        self._forgotten = last

    def read_window(self, window: SpeechWindow) -> Audio:
        """Return the samples of `window`, shape (n,), as far as there are any."""
        first = window.start // FRAME_SAMPLES
        offset = window.start - first * FRAME_SAMPLES
        return np.concatenate(self._frames[first : -(-window.end // FRAME_SAMPLES)])[
            offset : offset + window.end - window.start
        ]


def pad_tail(audio: Audio, traits: EngineTraits) -> Audio:
    """Return the audio of a window with silence after it, where the engine wants a longer tail than a phrase keeps."""
    missing = traits.tail_samples - PAUSE_FRAMES * FRAME_SAMPLES
    return np.pad(audio, (0, missing)) if missing > 0 else audio
