"""The head for voices: which of `LABELS` a take sounds like, beside what its speaker sounds like as a rule.

Heads belong to the model whose encoder they were trained on: another model's states mean something else.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.emotion import Floats

PULL = 10
"""A speaker's own mean counts as much as what is typical once it is of so many takes. Fewer make a head that hears the
first take as it likes; more leave too much of a microphone in (RAVDESS, six folds: .77 with 4 to 10 in any order of the
takes, .66 without when all of one emotion come together)."""

SLOWEST = 0.03
"""What a new take counts for that mean once there are some thirty: it follows a cold, and a new room, within a day or
two, but not a mood of ten takes (RAVDESS with all of one emotion together: .76, .74 at .05)."""

NEUTRAL = 0.6
"""How much of what people say is neutral, as far as anybody knows."""


@dataclass(frozen=True, slots=True)
class VoiceHead:
    """Weights (n, 7) over a take's n measures, from which what is usual for the speaker is taken off.

    The measures are the mean of the encoder's states and the prosody, in this order; `spread` (n,) is how much each
    differs between takes, `typical` (n,) what it mostly is. `heat` makes the scores as sure as they are right.
    """

    spread: Floats
    typical: Floats
    weights: Floats
    biases: Floats
    heat: float

    @classmethod
    def load(cls, path: Path) -> VoiceHead:
        """The head in a file that `save` wrote. Raises `OSError`, `ValueError` or `KeyError` where it is none."""
        with np.load(path) as held:
            spread, typical, weights, biases = (
                held[name].astype(np.float32) for name in ("spread", "typical", "weights", "biases")
            )
            return cls(spread, typical, weights, biases, float(held["heat"]))

    def save(self, path: Path) -> None:
        """Write it, in half precision."""
        np.savez_compressed(
            path,
            spread=self.spread.astype(np.float16),
            typical=self.typical.astype(np.float16),
            weights=self.weights.astype(np.float16),
            biases=self.biases,
            heat=np.float32(self.heat),
        )

    def scores(self, measures: Floats, mean: Floats, count: int) -> Floats:
        """The logit of each label, shape (7,), for a take of a speaker whose mean over `count` takes is `mean`."""
        found: Floats = (measures - usual(mean, count, self.typical)) / self.spread @ self.weights + self.biases
        return found / np.float32(self.heat)


def followed(mean: Floats, count: int, measures: Floats) -> Floats:
    """The running mean over `count` takes with one more."""
    share = np.float32(max(SLOWEST, 1 / (count + 1)))
    found: Floats = (mean + share * (measures - mean)).astype(np.float32)
    return found


def usual(mean: Floats, count: int | NDArray[np.int64], typical: Floats) -> Floats:
    """What is usual for a speaker: the mean of so many takes, drawn towards what is typical."""
    drawn: Floats = (count * mean + PULL * typical) / (count + PULL)
    return drawn


def prior(neutral: float) -> Floats:
    """What to add to logits that were made as if all labels were as frequent, where neutral has that share."""
    found: Floats = np.log(np.array([neutral, *[(1 - neutral) / 6] * 6], np.float32) * 7)
    return found


def softmax(scores: Floats) -> Floats:
    """Logits to probabilities along the last axis."""
    turned = np.exp(scores - scores.max(-1, keepdims=True))
    share: Floats = turned / turned.sum(-1, keepdims=True)
    return share
