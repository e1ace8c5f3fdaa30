"""Words that are glides of three tones over a buzz, which sound otherwise each, and recordings of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from desktop.core.types import RATE_HZ, Audio

WORD_S = 0.4
"""How long a word of a recording is."""


def say_glide(word: int, seconds: float = WORD_S) -> Audio:
    """The word of this number."""
    rng = np.random.default_rng(word)
    at = np.linspace(0, 1, round(seconds * RATE_HZ))
    audio = np.zeros(len(at))
    for lowest, highest in ((250, 900), (900, 2300), (2300, 3600)):
        hz = np.interp(at, np.linspace(0, 1, 4), rng.uniform(lowest, highest, 4))
        audio += np.sin(2 * np.pi * np.cumsum(hz) / RATE_HZ)
    return (0.1 * audio * np.sin(np.pi * at) ** 0.3).astype(np.float32)


def record_glides(words: Sequence[int], lead_s: float = 0.0) -> tuple[Audio, list[tuple[float, float]]]:
    """The words in a row in noise, and the seconds of each; the first is timed from the beginning on."""
    audio = np.concatenate([np.zeros(round(lead_s * RATE_HZ)), *(say_glide(word) for word in words)])
    noise = np.random.default_rng(9).normal(0, 0.01, len(audio))
    begins = [lead_s + WORD_S * at for at in range(len(words))]
    seconds = [(begin if at else 0.0, begin + WORD_S) for at, begin in enumerate(begins)]
    return (audio + noise).astype(np.float32), seconds
