"""Classify which of `LABELS` a recording sounds like, compared with the speaker's usual voice.

A classifier belongs to the model whose encoder it was trained on: another model's states mean something else.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.emotion.labels import Floats

TYPICAL_WEIGHT = 10
"""Number of recordings from which a speaker's own mean counts as much as the typical one.

Fewer make the first recording too important; more leave too much of a microphone in (RAVDESS, six folds: .77 with 4 to
10 in any order of the recordings, .66 without when all of one emotion come together).
"""

MIN_UPDATE_WEIGHT = 0.03
"""Least weight of a new recording in that mean, reached after about thirty: it follows a cold, and a new room, within a
day or two, but not an emotion of ten recordings (RAVDESS with all of one emotion together: .76, .74 at .05).
"""

NEUTRAL_SHARE = 0.6
"""Assumed share of neutral speech, as far as is known."""


@dataclass(frozen=True, slots=True)
class VoiceClassifier:
    """Weights (n, 7) over a recording's n measures, from which the speaker's usual values are subtracted.

    The measures are the mean of the encoder's states and the prosody, in this order. `spread` (n,) is how much each
    differs between recordings, `typical` (n,) its usual value. `temperature` calibrates the scores.
    """

    spread: Floats
    typical: Floats
    weights: Floats
    biases: Floats
    temperature: float

    @classmethod
    def load(cls, path: Path) -> VoiceClassifier:
        """Load a file that `save` wrote. Raises `OSError`, `ValueError` or `KeyError` if it is none."""
        with np.load(path) as arrays:
            spread, typical, weights, biases = (
                arrays[name].astype(np.float32) for name in ("spread", "typical", "weights", "biases")
            )
            return cls(spread, typical, weights, biases, float(arrays["heat"]))

    def save(self, path: Path) -> None:
        """Write it, in half precision."""
        np.savez_compressed(
            path,
            spread=self.spread.astype(np.float16),
            typical=self.typical.astype(np.float16),
            weights=self.weights.astype(np.float16),
            biases=self.biases,
            heat=np.float32(self.temperature),
        )

    def scores(self, measures: Floats, mean: Floats, count: int) -> Floats:
        """Return the logit of each label, shape (7,), for a recording of a speaker whose mean over `count` recordings
        is `mean`.
        """
        found: Floats = (
            measures - usual_measures(mean, count, self.typical)
        ) / self.spread @ self.weights + self.biases
        return found / np.float32(self.temperature)


def update_mean(mean: Floats, count: int, measures: Floats) -> Floats:
    """Return the running mean over `count` recordings, updated with one more."""
    share = np.float32(max(MIN_UPDATE_WEIGHT, 1 / (count + 1)))
    found: Floats = (mean + share * (measures - mean)).astype(np.float32)
    return found


def usual_measures(mean: Floats, count: int | NDArray[np.int64], typical: Floats) -> Floats:
    """Return a speaker's usual measures: the mean of `count` recordings, drawn towards the typical values."""
    drawn: Floats = (count * mean + TYPICAL_WEIGHT * typical) / (count + TYPICAL_WEIGHT)
    return drawn


def log_prior(neutral: float) -> Floats:
    """Return what to add to logits that assume equally frequent labels, if neutral has the share `neutral`."""
    found: Floats = np.log(np.array([neutral, *[(1 - neutral) / 6] * 6], np.float32) * 7)
    return found


def softmax(scores: Floats) -> Floats:
    """Return the probabilities of logits, along the last axis."""
    turned = np.exp(scores - scores.max(-1, keepdims=True))
    share: Floats = turned / turned.sum(-1, keepdims=True)
    return share
