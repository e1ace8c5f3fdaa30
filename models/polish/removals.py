"""Judge whether words that look taken back were: logistic regression over named features, and classes of words.

The classes stand in for parts of speech. They were learned from text without labels (`models.polish.training.classes`),
as were the chances that one class follows another.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

WEIGHTS_FILE = Path(__file__).parent / "heads" / "removals-en-1.npz"

NAMED_CLASSES = ("<>", "<#>", "<'s>", "<ing>", "<ed>", "<ly>", "<s>", "<er>", "<?>")
"""Classes of what is no known word: the boundary of a clause, figures, and words by their endings."""

BOUNDARY = 0


@dataclass(frozen=True, slots=True, eq=False)
class RemovalModel:
    """Weights of features by name; the class of each known word; and log-chances of pairs of classes in bits, shape
    (classes, classes). Each is equal only to itself, so that caches tell two apart.
    """

    weights: dict[str, float]
    class_of: dict[str, int]
    class_names: tuple[str, ...]
    pairs: list[list[float]]

    @classmethod
    def load(cls, path: Path = WEIGHTS_FILE) -> RemovalModel:
        """Load a file that `save` wrote."""
        with np.load(path) as arrays:
            names = bytes(arrays["features"]).decode().split("\n")
            words = bytes(arrays["words"]).decode().split("\n")
            classes = arrays["classes"].tolist()
            weights = (arrays["weights"].astype(np.float32) * arrays["step"].astype(np.float32)).tolist()
            pairs = (arrays["pairs"].astype(np.float32) / PAIR_STEPS).tolist()
        class_of = dict(zip(words, classes, strict=True))
        return cls(dict(zip(names, weights, strict=True)), class_of, name_classes(class_of, len(pairs)), pairs)

    def save(self, path: Path = WEIGHTS_FILE) -> None:
        """Write the weights in 8 bits, without those that are too small to count."""
        step = max(abs(value) for value in self.weights.values()) / 127
        kept = {name: value for name, value in sorted(self.weights.items()) if round(value / step)}
        np.savez_compressed(
            path,
            features=np.frombuffer("\n".join(kept).encode(), np.uint8),
            weights=np.round(np.array(list(kept.values())) / step).astype(np.int8),
            step=np.float32(step),
            words=np.frombuffer("\n".join(self.class_of).encode(), np.uint8),
            classes=np.array(list(self.class_of.values()), np.uint16),
            pairs=np.round(np.array(self.pairs) * PAIR_STEPS).clip(-127, 127).astype(np.int8),
        )

    def word_class(self, word: str) -> int:
        """Return the class of a word in lower case."""
        found = self.class_of.get(word)
        return guess_class(word) if found is None else found

    def probability(self, features: Iterable[str]) -> float:
        """Return the probability that the words were taken back, by the features that are present."""
        get = self.weights.get
        score = sum(get(name, 0.0) for name in features)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


@cache
def load_model() -> RemovalModel:
    """Return the model that ships."""
    return RemovalModel.load()


PAIR_STEPS = 16
"""Steps of a bit in which the chances of pairs are stored."""


def name_classes(class_of: dict[str, int], count: int) -> tuple[str, ...]:
    """Return a name for each class: its only word, or its number."""
    words: dict[int, list[str]] = {}
    for word, place in class_of.items():
        words.setdefault(place, []).append(word)
    return tuple(words[at][0] if len(words.get(at, ())) == 1 else f"c{at}" for at in range(count))


def normalize_word(word: str) -> str:
    """Return the word in lower case, with a straight apostrophe, and figures as one class."""
    return "<#>" if word[0].isdigit() else word.lower().replace("’", "'")


def guess_class(word: str) -> int:
    """Return the class of an unknown word by its ending."""
    if any(letter.isdigit() for letter in word):
        return 1
    for at, ending in enumerate(("'s", "ing", "ed", "ly", "s", "er"), 2):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return at
    return len(NAMED_CLASSES) - 1
