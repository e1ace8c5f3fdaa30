"""Measure a recording for display: loudness per bar, and how much of the speech has passed at each time.

Rows store no word times, so the current word is an estimate: as far into the letters as into the audio, counting only
frames louder than pauses. On read speech it is a word or two off. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from desktop.core.text import HAN_AND_KANA
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio

MAX_BARS = 240
"""Number of peaks, more than a window shows: neighbours are drawn as one bar."""

PAUSE_RATIO = 0.12
"""Below this part of the loud frames' level (95th percentile) a frame is a pause: about 18 dB down."""

_WORD = re.compile(rf"[{HAN_AND_KANA}]|[^\s{HAN_AND_KANA}]+")


@dataclass(frozen=True, slots=True, eq=False)
class Waveform:
    """A recording with its `peaks` in [0, 1] from start to end, and the part of the speech passed after each frame."""

    audio: Audio
    peaks: tuple[float, ...]
    _speech_progress: NDArray[np.float64] = field(repr=False)

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.audio) / RATE_HZ

    def samples_from(self, at_s: float) -> Audio:
        """Return the samples from `at_s` seconds on."""
        return self.audio[max(0, round(at_s * RATE_HZ)) :]

    def speech_progress(self, at_s: float) -> float:
        """Return how much of the speech has passed at `at_s` seconds, in [0, 1]."""
        if not len(self._speech_progress):
            return 0.0
        frame = min(max(at_s, 0.0) * RATE_HZ / FRAME_SAMPLES, len(self._speech_progress) - 1.0)
        return float(np.interp(frame, np.arange(len(self._speech_progress)), self._speech_progress))


def measure_waveform(audio: Audio) -> Waveform:
    """Measure `audio` (float32 samples, shape (n,), mono at `RATE_HZ`)."""
    frames = len(audio) // FRAME_SAMPLES
    levels = (
        np.sqrt(np.mean(np.square(audio[: frames * FRAME_SAMPLES].reshape(frames, FRAME_SAMPLES)), axis=1))
        if frames
        else audio
    )
    loud = float(np.percentile(levels, 95)) if frames else 0.0
    passed = np.cumsum(levels > PAUSE_RATIO * loud, dtype=np.float64)
    return Waveform(audio, _compute_peaks(audio), passed / passed[-1] if frames and passed[-1] else passed)


def _compute_peaks(audio: Audio) -> tuple[float, ...]:
    if not len(audio):
        return ()
    edges = np.linspace(0, len(audio), min(MAX_BARS, len(audio)) + 1).astype(int)[:-1]
    peaks = np.maximum.reduceat(np.abs(audio), edges)
    top = float(peaks.max())
    return tuple(float(peak) for peak in (peaks / top if top > 0 else peaks))


def find_word_at(text: str, progress: float) -> tuple[int, int]:
    """Return the (start, end) character range of the word at `progress` in the text, [0, 1]; (0, 0) without words.

    Spaces take no time.
    """
    words = list(_WORD.finditer(text))
    letters = sum(len(word.group()) for word in words)
    passed = 0
    for word in words:
        passed += len(word.group())
        if passed >= progress * letters:
            return word.span()
    return 0, 0
