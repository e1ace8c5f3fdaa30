"""A recording as it is drawn and followed: how loud it is from bar to bar, and how much of it was said by when.

A row has no times of its words, so where the voice is in the text is an estimate: as far into the letters as into the
sound, of which only what is louder than its pauses counts. On read speech that is a word or two off. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from desktop.ports import FRAME, RATE_HZ, Audio

BARS = 240
"""More than a window has room for: neighbours are drawn as one."""

PAUSE = 0.12
"""Of the loud frames' level (their 95th percentile): what is quieter is a pause, about 18 dB down."""

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\s\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """A recording: `audio` as everywhere, `peaks` in [0, 1] from its beginning to its end, and how much of the speech
    has passed after each of its frames, in [0, 1]."""

    audio: Audio
    peaks: tuple[float, ...]
    _said: NDArray[np.float64] = field(repr=False)

    @property
    def duration_s(self) -> float:
        """Seconds from beginning to end."""
        return len(self.audio) / RATE_HZ

    def rest(self, at_s: float) -> Audio:
        """The samples from `at_s` seconds on."""
        return self.audio[max(0, round(at_s * RATE_HZ)) :]

    def said(self, at_s: float) -> float:
        """How much of the speech has passed `at_s` seconds after its beginning, in [0, 1]."""
        if not len(self._said):
            return 0.0
        frame = min(max(at_s, 0.0) * RATE_HZ / FRAME, len(self._said) - 1.0)
        return float(np.interp(frame, np.arange(len(self._said)), self._said))


def sound(audio: Audio) -> Sound:
    """`audio` (float32[n], mono at `RATE_HZ`), measured."""
    frames = len(audio) // FRAME
    levels = np.sqrt(np.mean(np.square(audio[: frames * FRAME].reshape(frames, FRAME)), axis=1)) if frames else audio
    loud = float(np.percentile(levels, 95)) if frames else 0.0
    passed = np.cumsum(levels > PAUSE * loud, dtype=np.float64)
    return Sound(audio, _peaks(audio), passed / passed[-1] if frames and passed[-1] else passed)


def _peaks(audio: Audio) -> tuple[float, ...]:
    if not len(audio):
        return ()
    edges = np.linspace(0, len(audio), min(BARS, len(audio)) + 1).astype(int)[:-1]
    peaks = np.maximum.reduceat(np.abs(audio), edges)
    top = float(peaks.max())
    return tuple(float(peak) for peak in (peaks / top if top > 0 else peaks))


def word_at(text: str, part: float) -> tuple[int, int]:
    """Where the word is, from its first character to behind its last, at which `part` of the text has been said; the
    spaces between words take no time. (0, 0) where there is none."""
    words = list(_WORD.finditer(text))
    letters = sum(len(word.group()) for word in words)
    passed = 0
    for word in words:
        passed += len(word.group())
        if passed >= part * letters:
            return word.span()
    return 0, 0
