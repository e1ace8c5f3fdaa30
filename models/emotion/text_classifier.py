"""Classify which of `LABELS` a text expresses, by features of its words.

Features are words, pairs of words, and pieces of words. Words that are negated (`negation`) or only name something
(`mentions`) are replaced first.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.emotion.labels import LABELS, Floats
from models.emotion.mentions import find_mentions
from models.emotion.negation import find_negated
from models.emotion.tokens import split_tokens

PIECE_LENGTHS = range(3, 6)
"""Letters in a piece of a word."""

NAME_TOKEN = "name"
"""Replaces a word that only names something; GoEmotions uses the same for names."""

NEGATED_PREFIX = "not:"
"""Prefix of a negated word, which is a separate feature."""

CONTRADICTION_WEIGHT = 0.8
MIN_CONTRADICTION = -2.5
"""How much less likely an expression is for each unit by which joy and another emotion both exceed the minimum in the
clauses of a text. Tuned on `tests/prove/emotion_plain.toml` and `emotion_nearby.toml`."""

SHARE_POWER = 0.8
"""How far the best label is chosen as if all labels were equally frequent: 0 not at all, 1 entirely. The more, the more
rare emotions are found, and the more neutral sentences are taken for one. This is the least with which .64 of comments
with labels equally frequent are right (cross-validated in the training part)."""

_CLAUSE_END = re.compile(
    r"[.,;:!?…—–]+|\b(?:and|but|or|so|yet|though|although|while|whereas|until|before|when|if|because|that|which|only|"
    r"except)\b",
    re.IGNORECASE,
)

_JOY, _NEGATIVE = LABELS.index("joy"), [LABELS.index(label) for label in ("sadness", "anger", "fear", "disgust")]


@dataclass(frozen=True, slots=True)
class TextClassifier:
    """Weights (features, 7) over the features of a text: one binary classifier per label.

    `thresholds` (7,): probabilities from which a label is given, tuned on the dev part. `scale` and `shift` (7,) turn
    the seven scores into one calibrated distribution; `shares` (7,) are those of the labels where that was fitted.

    `expressive` (features,) and `expressive_bias` predict whether a dictated text expresses anything at all. The seven
    learned from people who react to each other, where "thanks" is joy.
    """

    feature_indices: dict[str, int]
    idf: Floats
    weights: Floats
    biases: Floats
    thresholds: Floats
    scale: Floats
    shift: Floats
    shares: Floats
    expressive: Floats
    expressive_bias: float

    @classmethod
    def load(cls, path: Path) -> TextClassifier:
        """Load a file that `save` wrote. Raises `OSError`, `ValueError` or `KeyError` if it is none."""
        with np.load(path) as arrays:
            names = bytes(arrays["features"]).decode().split("\n")
            weights = arrays["weights"].astype(np.float32) * arrays["steps"].astype(np.float32)
            biases = arrays["biases"].astype(np.float32)
            thresholds, scale, shift, shares = (
                arrays[name].astype(np.float32) for name in ("thresholds", "scale", "shift", "shares")
            )
            return cls(
                {name: at for at, name in enumerate(names)},
                arrays["idf"].astype(np.float32),
                weights[:, :7],
                biases[:7],
                thresholds,
                scale,
                shift,
                shares,
                weights[:, 7],
                float(biases[7]),
            )

    def save(self, path: Path) -> None:
        """Write the weights in 8 bits, with a step size per classifier."""
        weights = np.column_stack([self.weights, self.expressive])
        steps = np.abs(weights).max(0) / 127
        np.savez_compressed(
            path,
            features=np.frombuffer("\n".join(self.feature_indices).encode(), np.uint8),
            idf=self.idf.astype(np.float16),
            weights=np.round(weights / steps).astype(np.int8),
            steps=steps,
            biases=np.append(self.biases, np.float32(self.expressive_bias)),
            thresholds=self.thresholds,
            scale=self.scale,
            shift=self.shift,
            shares=self.shares,
        )

    def scores(self, text: str) -> tuple[Floats, float]:
        """Return the logit of each label, shape (7,), and the probability in [0, 1] that the text, if dictated,
        expresses one at all.
        """
        logits, expressive = self._score_features(text)
        if expressive > 0:
            contradiction = self._measure_contradiction(text)
            expressive -= CONTRADICTION_WEIGHT * max(0.0, contradiction - MIN_CONTRADICTION)
        return logits, 1 / (1 + math.exp(-expressive))

    def _score_features(self, text: str) -> tuple[Floats, float]:
        values = weigh_features(count_features(text), self.feature_indices, self.idf)
        indices = np.fromiter(values, np.int64, len(values))
        shares = np.fromiter(values.values(), np.float32, len(values))
        expressive_score = float(shares @ self.expressive[indices]) + self.expressive_bias
        return shares @ self.weights[indices] + self.biases, expressive_score

    def _measure_contradiction(self, text: str) -> float:
        """Return the lesser of the highest logit of joy and the highest of a negative emotion among the clauses."""
        clauses = [clause for clause in _CLAUSE_END.split(text) if clause.strip()]
        logits = np.array([self._score_features(clause)[0] for clause in clauses or [text]])
        return float(min(logits[:, _JOY].max(), logits[:, _NEGATIVE].max()))

    def label_probabilities(self, scores: Floats) -> Floats:
        """Return the independent probability of each label."""
        return 1 / (1 + np.exp(-scores))

    def distribution(self, scores: Floats) -> Floats:
        """Return a calibrated distribution over the labels, which sums to 1."""
        scaled = scores * self.scale + self.shift
        odds = np.exp(scaled - scaled.max(-1, keepdims=True))
        share: Floats = odds / odds.sum(-1, keepdims=True)
        return share

    def adjust_for_dictation(self, distribution: Floats, probability: float) -> Floats:
        """Return the distribution for a dictated text, neutral except with `probability`; it sums to 1."""
        adjusted = distribution * np.float32(probability / max(1e-6, 1 - float(distribution[0])))
        adjusted[0] = 1 - probability
        share: Floats = adjusted / adjusted.sum()
        return share

    def best_labels(self, scores: Floats) -> NDArray[np.int64]:
        """Return the index of the best label for each row of `scores`: the likeliest if labels differed less in how
        frequent they are, see `SHARE_POWER`.
        """
        best: NDArray[np.int64] = (self.distribution(scores) / self.shares**SHARE_POWER).argmax(-1)
        return best


def count_features(text: str, *, literal: bool = False) -> Counter[str]:
    """Return how often each feature is in `text`: words, pairs of them, and pieces of words with their ends marked.

    Pieces have up to five letters, and match despite endings and misspellings; a negated word has none. Case is
    ignored, since a recognizer's capitals do not depend on emotion. `literal`: see `split_words`.
    """
    words = split_words(text, literal=literal)
    counts = Counter(words)
    counts.update(f"{first} {second}" for first, second in zip(["<", *words], [*words, ">"], strict=True))
    for word in words:
        if word[0].isalpha() and not word.startswith(NEGATED_PREFIX):
            marked = f"_{word}_"
            counts.update(
                f"#{marked[start : start + size]}"
                for size in PIECE_LENGTHS
                for start in range(max(0, len(marked) - size + 1))
            )
    return counts


def split_words(text: str, *, literal: bool = False) -> list[str]:
    """Return the words of `text`: those that only name something as `NAME_TOKEN`, negated ones with `NEGATED_PREFIX`.

    No weight of a single word distinguishes these from words that express emotion. `literal` returns all words
    unchanged.
    """
    tokens = split_tokens(text)
    named = set() if literal else find_mentions(tokens)
    negated = set() if literal else find_negated(tokens)
    return [
        NAME_TOKEN if index in named else f"{NEGATED_PREFIX}{token.text}" if index in negated else token.text
        for index, token in enumerate(tokens)
    ]


def weigh_features(counts: Counter[str], feature_indices: dict[str, int], idf: Floats) -> dict[int, float]:
    """Return the known features by their index, normalised to length 1: (1 + log count) times idf."""
    known = [(index, count) for name, count in counts.items() if (index := feature_indices.get(name)) is not None]
    if not known:
        return {}
    indices, found = zip(*known, strict=True)
    values = (1 + np.log(found)) * idf[list(indices)]
    return dict(zip(indices, (values / np.sqrt(values @ values)).tolist(), strict=True))
