"""The head for words: which of `LABELS` a text expresses."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.emotion import Floats
from models.emotion.text import counted, weighed


@dataclass(frozen=True, slots=True)
class TextHead:
    """Weights (features, 7) over the features of a text, one question of yes or no for each label.

    `thresholds` (7,): from which probability a label is given, tuned on the dev part; `scale` and `shift` (7,) make of
    the seven scores one distribution that is as sure as it is right.
    """

    places: dict[str, int]
    idf: Floats
    weights: Floats
    biases: Floats
    thresholds: Floats
    scale: Floats
    shift: Floats

    @classmethod
    def load(cls, path: Path) -> TextHead:
        """The head in a file that `save` wrote. Raises `OSError`, `ValueError` or `KeyError` where it is none."""
        with np.load(path) as held:
            names = bytes(held["features"]).decode().split("\n")
            return cls(
                {name: at for at, name in enumerate(names)},
                held["idf"].astype(np.float32),
                held["weights"].astype(np.float32) * held["steps"].astype(np.float32),
                *(held[name].astype(np.float32) for name in ("biases", "thresholds", "scale", "shift")),
            )

    def save(self, path: Path) -> None:
        """Write it: weights in 8 bits, of which each label has steps of its own."""
        steps = np.abs(self.weights).max(0) / 127
        np.savez_compressed(
            path,
            features=np.frombuffer("\n".join(self.places).encode(), np.uint8),
            idf=self.idf.astype(np.float16),
            weights=np.round(self.weights / steps).astype(np.int8),
            steps=steps,
            biases=self.biases,
            thresholds=self.thresholds,
            scale=self.scale,
            shift=self.shift,
        )

    def scores(self, text: str) -> Floats:
        """The logit of each label, shape (7,)."""
        values = weighed(counted(text), self.places, self.idf)
        if not values:
            return self.biases
        at = np.fromiter(values, np.int64, len(values))
        return np.fromiter(values.values(), np.float32, len(values)) @ self.weights[at] + self.biases

    def each(self, scores: Floats) -> Floats:
        """The probability of each label by itself."""
        return 1 / (1 + np.exp(-scores))

    def distribution(self, scores: Floats) -> Floats:
        """One distribution over the labels, which is calibrated: it adds up to 1."""
        turned = scores * self.scale + self.shift
        turned = np.exp(turned - turned.max(-1, keepdims=True))
        share: Floats = turned / turned.sum(-1, keepdims=True)
        return share

    def rank(self, scores: Floats) -> int:
        """The label whose probability is highest over its own threshold."""
        return int((self.each(scores) / self.thresholds).argmax())
