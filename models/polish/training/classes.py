"""Group words into classes by the words beside them, without labels: the stand-in for parts of speech.

The most frequent words are classes of their own. The others are exchanged between classes as long as that makes the
pairs of neighbouring classes more likely (Martin, Liermann and Ney, 1998). Deterministic.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from models.polish.removals import (
    BOUNDARY,
    NAMED_CLASSES,
    RemovalModel,
    guess_class,
    name_classes,
    normalize_word,
)

OWN_CLASSES, CLASSES = 320, 96
"""Frequent words with a class of their own, and classes of the others."""

MIN_COUNT = 6
"""Least occurrences of a word with a class; others are guessed by their endings."""

SWEEPS = 8

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[.!?;:]+")

type Ints = NDArray[np.int64]


def learn_model(prose: Iterable[str]) -> RemovalModel:
    """Return a model that knows classes of words and their pairs, and has no weights."""
    clauses = split_clauses(prose)
    class_of = learn_classes(clauses)
    width = len(NAMED_CLASSES) + OWN_CLASSES + CLASSES
    pairs = count_pairs(clauses, class_of, width)
    expected = pairs.sum(1, keepdims=True) * pairs.sum(0, keepdims=True) / pairs.sum()
    bits = np.log2((pairs + 2) / (expected + 2))
    return RemovalModel({"bias": 1.0}, class_of, name_classes(class_of, width), bits.tolist())


def split_clauses(sentences: Iterable[str]) -> list[list[str]]:
    """Return the words of each clause between two full stops of any kind, normalised."""
    clauses: list[list[str]] = []
    for sentence in sentences:
        clause: list[str] = []
        for word in _WORD.findall(sentence):
            if word[0].isalnum():
                clause.append(normalize_word(word))
            elif clause:
                clauses.append(clause)
                clause = []
        if clause:
            clauses.append(clause)
    return clauses


def learn_classes(clauses: list[list[str]], own_classes: int = OWN_CLASSES, count: int = CLASSES) -> dict[str, int]:
    """Return the class of each word that is frequent enough: `own_classes` of single words and `count` others.

    The first classes are `NAMED_CLASSES`, then come the frequent words, then the learned classes.
    """
    counts = Counter(word for clause in clauses for word in clause)
    frequent = sorted((word for word in counts if counts[word] >= MIN_COUNT), key=lambda word: (-counts[word], word))
    frequent = [word for word in frequent if word not in NAMED_CLASSES]
    first = len(NAMED_CLASSES)
    class_of = {word: at for at, word in enumerate(NAMED_CLASSES)}
    class_of |= {word: first + at for at, word in enumerate(frequent[:own_classes])}
    others = frequent[own_classes:]
    base = first + own_classes
    class_of |= {word: base + at % count for at, word in enumerate(others)}
    return _exchange(clauses, class_of, others, base, base + count)


def count_pairs(clauses: list[list[str]], class_of: dict[str, int], width: int) -> NDArray[np.float64]:
    """Return how often each class follows each, shape (width, width), with the boundary of a clause at both ends."""
    pairs = np.zeros((width, width))
    for clause in clauses:
        before = BOUNDARY
        for word in clause:
            after = class_of.get(word)
            after = guess_class(word) if after is None else after
            pairs[before, after] += 1
            before = after
        pairs[before, BOUNDARY] += 1
    return pairs


def _exchange(
    clauses: list[list[str]], class_of: dict[str, int], others: list[str], base: int, width: int
) -> dict[str, int]:
    """Return `class_of` with the `others` moved between the classes from `base` to `width`."""
    number = {word: at for at, word in enumerate(others)}
    left: list[Counter[str]] = [Counter() for _ in others]
    right: list[Counter[str]] = [Counter() for _ in others]
    for clause in clauses:
        marked = ["", *clause, ""]
        for at, word in enumerate(clause, 1):
            if (place := number.get(word)) is not None:
                left[place][marked[at - 1]] += 1
                right[place][marked[at + 1]] += 1
    classes = dict(class_of)
    pairs = count_pairs(clauses, classes, width)
    logs = _xlogx(np.arange(int(pairs.max()) * 3 + 10, dtype=np.float64))
    for _ in range(SWEEPS):
        moved = 0
        for place, word in enumerate(others):
            old = classes[word]
            before, after = _by_class(left[place], classes), _by_class(right[place], classes)
            best = _best_class(pairs, before, after, old, base, logs)
            if best != old:
                moved += 1
                classes[word] = best
                pairs[before[0], old] -= before[1]
                pairs[old, after[0]] -= after[1]
                pairs[before[0], best] += before[1]
                pairs[best, after[0]] += after[1]
        if moved < len(others) // 200:
            break
        pairs = count_pairs(clauses, classes, width)
    return classes


def _by_class(words: Counter[str], classes: dict[str, int]) -> tuple[Ints, NDArray[np.float64]]:
    found: Counter[int] = Counter()
    for word, count in words.items():
        place = classes.get(word)
        found[(guess_class(word) if word else BOUNDARY) if place is None else place] += count
    return np.fromiter(found, np.int64, len(found)), np.fromiter(found.values(), np.float64, len(found))


def _xlogx(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return values * np.log(np.maximum(values, 1))


def _best_class(
    pairs: NDArray[np.float64],
    before: tuple[Ints, NDArray[np.float64]],
    after: tuple[Ints, NDArray[np.float64]],
    old: int,
    base: int,
    logs: NDArray[np.float64],
) -> int:
    """Return the class in which a word with these neighbours makes the text most likely."""
    columns = pairs[before[0], base:].copy()
    rows = pairs[base:, after[0]].copy()
    columns[:, old - base] -= before[1]
    rows[old - base] -= after[1]
    columns, rows = np.maximum(columns, 0), np.maximum(rows, 0)
    totals = pairs[:, base:].sum(0)
    count = before[1].sum()
    totals[old - base] = max(0.0, totals[old - base] - count)
    gain = _f(columns + before[1][:, None], logs).sum(0) - _f(columns, logs).sum(0)
    gain += _f(rows + after[1][None, :], logs).sum(1) - _f(rows, logs).sum(1)
    gain -= 2 * (_xlogx(totals + count) - _xlogx(totals))
    return base + int(gain.argmax())


def _f(values: NDArray[np.float64], logs: NDArray[np.float64]) -> NDArray[np.float64]:
    return logs[np.minimum(values, len(logs) - 1).astype(np.int64)]
