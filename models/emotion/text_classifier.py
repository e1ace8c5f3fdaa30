"""Classify which of `LABELS` a text expresses."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.emotion.labels import Floats
from models.emotion.text import count_features, weigh_features


@dataclass(frozen=True, slots=True)
class TextClassifier:
    """Weights (features, 7) over the features of a text: one binary classifier per label.

    `thresholds` (7,): probabilities from which a label is given, tuned on the dev part. `scale` and `shift` (7,) turn
    the seven scores into one calibrated distribution.

    `moved` (features,) and `moved_bias` predict whether a dictated text expresses anything at all. The seven learned
    from people who react to each other, where "thanks" is joy.
    """

    places: dict[str, int]
    idf: Floats
    weights: Floats
    biases: Floats
    thresholds: Floats
    scale: Floats
    shift: Floats
    moved: Floats
    moved_bias: float

    @classmethod
    def load(cls, path: Path) -> TextClassifier:
        """Load a file that `save` wrote. Raises `OSError`, `ValueError` or `KeyError` if it is none."""
        with np.load(path) as arrays:
            names = bytes(arrays["features"]).decode().split("\n")
            weights = arrays["weights"].astype(np.float32) * arrays["steps"].astype(np.float32)
            biases = arrays["biases"].astype(np.float32)
            thresholds, scale, shift = (arrays[name].astype(np.float32) for name in ("thresholds", "scale", "shift"))
            return cls(
                {name: at for at, name in enumerate(names)},
                arrays["idf"].astype(np.float32),
                weights[:, :7],
                biases[:7],
                thresholds,
                scale,
                shift,
                weights[:, 7],
                float(biases[7]),
            )

    def save(self, path: Path) -> None:
        """Write the weights in 8 bits, with a step size per classifier."""
        weights = np.column_stack([self.weights, self.moved])
        steps = np.abs(weights).max(0) / 127
        np.savez_compressed(
            path,
            features=np.frombuffer("\n".join(self.places).encode(), np.uint8),
            idf=self.idf.astype(np.float16),
            weights=np.round(weights / steps).astype(np.int8),
            steps=steps,
            biases=np.append(self.biases, np.float32(self.moved_bias)),
            thresholds=self.thresholds,
            scale=self.scale,
            shift=self.shift,
        )

    def scores(self, text: str) -> tuple[Floats, float]:
        """Return the logit of each label, shape (7,), and the probability in [0, 1] that the text, if dictated,
        expresses one at all.
        """
        values = weigh_features(count_features(text), self.places, self.idf)
        at = np.fromiter(values, np.int64, len(values))
        shares = np.fromiter(values.values(), np.float32, len(values))
        moved = float(shares @ self.moved[at]) + self.moved_bias
        return shares @ self.weights[at] + self.biases, 1 / (1 + math.exp(-moved))

    def label_probabilities(self, scores: Floats) -> Floats:
        """Return the independent probability of each label."""
        return 1 / (1 + np.exp(-scores))

    def distribution(self, scores: Floats) -> Floats:
        """Return a calibrated distribution over the labels, which sums to 1."""
        turned = scores * self.scale + self.shift
        turned = np.exp(turned - turned.max(-1, keepdims=True))
        share: Floats = turned / turned.sum(-1, keepdims=True)
        return share

    def adjust_for_dictation(self, distribution: Floats, probability: float) -> Floats:
        """Return the distribution for a dictated text, neutral except with `probability`; it sums to 1."""
        found = distribution * np.float32(probability / max(1e-6, 1 - float(distribution[0])))
        found[0] = 1 - probability
        share: Floats = found / found.sum()
        return share

    def best_label(self, scores: Floats) -> int:
        """Return the index of the label whose probability is highest relative to its threshold."""
        return int((self.label_probabilities(scores) / self.thresholds).argmax())
