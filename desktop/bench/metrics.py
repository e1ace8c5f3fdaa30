"""Score texts, and estimate slopes and differences with the confidence interval that their sample allows.

An error rate hides a lost end and doubled words, so both are counted too. English is compared after Whisper's own
normalizer, other languages after its basic one; by words where words are written apart, otherwise by characters.
Traditional and simplified characters count as different.

Intervals come from resampling, which needs no assumption on the distribution of latencies or errors, and only numpy. It
is seeded, so that the same run gives the same interval.
"""

from __future__ import annotations

import functools
import unicodedata
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop.core.errors import UserError

CHARACTER_LANGUAGES = ("zh", "yue", "ja", "ko", "th")
"""Languages whose error rate is counted in characters (CER)."""

TAIL_WORDS = 3
"""Number of words at the end that must not be lost."""

MIN_DOUBLED_WORDS, MIN_DOUBLED_CHARACTERS = 2, 4
"""Minimum length of a repeated run that counts, in words and in characters; two words are as short as a stutter of the
decoder gets."""

RESAMPLES = 2000
INTERVAL_PERCENTILES = (2.5, 97.5)
"""Percentiles that contain 95 % of the resampled values."""

type Column = NDArray[np.float64]


def require_scoring() -> None:
    """Raise `UserError` unless all libraries for scoring are installed."""
    require_module("jiwer")
    require_module("whisper_normalizer.english")


def require_module(module: str) -> ModuleType:
    """Import a library of the extra `bench`. Raises `UserError` where it is not installed; call it before anything is
    measured, so that its lack does not surface after an hour."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)  # whisper_normalizer's docstrings
            return import_module(module)
    except ModuleNotFoundError as error:
        raise UserError("bench-package-missing", package=module.partition(".")[0]) from error


def is_scored_by_character(language: str) -> bool:
    """Return whether the language's errors are counted in characters."""
    return language.split("-")[0].lower() in CHARACTER_LANGUAGES


def tokenize(text: str, language: str) -> list[str]:
    """Return the words, or characters, of `text` that count, without case and punctuation."""
    normal = _load_normalizer("english" if language.split("-")[0].lower() == "en" else "basic")(text)
    return list("".join(normal.split())) if is_scored_by_character(language) else normal.split()


def tokenize_cased(text: str, language: str) -> list[str]:
    """Return the words, or characters, of `text` as written: a comma is part of its word. Quotes are straightened."""
    plain = unicodedata.normalize("NFKC", text).translate(str.maketrans("‘’“”", "''\"\""))
    return list("".join(plain.split())) if is_scored_by_character(language) else plain.split()


def count_edits(reference: Sequence[str], hypothesis: Sequence[str]) -> int:
    """Return the minimum number of substitutions, deletions and insertions from `reference` to `hypothesis`."""
    if not reference or not hypothesis:
        return len(reference) + len(hypothesis)
    alignment = _align(reference, hypothesis)
    return int(alignment.substitutions + alignment.deletions + alignment.insertions)


def has_lost_tail(reference: Sequence[str], batch: Sequence[str], streaming: Sequence[str]) -> bool:
    """Return whether `streaming` lacks one of the last `TAIL_WORDS` words, where `batch` ends correctly.

    A misrecognized word is not lost: the error rate counts it. Nor are two that were heard as one ("a la" as "Ola"),
    which has as many letters.
    """
    tail = list(reference[-TAIL_WORDS:])
    if not tail or list(batch[-TAIL_WORDS:]) != tail:
        return False
    if not streaming:
        return True
    runs: list[list[Any]] = [[]]
    for chunk in _align(reference, streaming).alignments[0]:
        if chunk.type == "equal":
            runs.append([])
        else:
            runs[-1].append(chunk)
    return any(
        any(chunk.type == "delete" and chunk.ref_end_idx > len(reference) - len(tail) for chunk in run)
        and len("".join(streaming[run[0].hyp_start_idx : run[-1].hyp_end_idx]))
        < len("".join(reference[run[0].ref_start_idx : run[-1].ref_end_idx]))
        for run in runs
    )


def find_doubled(
    reference: Sequence[str], batch: Sequence[str], streaming: Sequence[str], min_length: int = MIN_DOUBLED_WORDS
) -> list[tuple[str, ...]]:
    """Return the runs of at least `min_length` words that come twice in a row in `streaming`, but not in the other two.

    What was said twice and misrecognized twice is not doubled: doubling adds words that the reference lacks.
    """
    added = _added_positions(reference, streaming)
    found: list[tuple[str, ...]] = []
    start = 0
    while start < len(streaming):
        length = next(
            (n for n in _run_lengths(len(streaming) - start, min_length) if _is_repeated(streaming, start, n)), 0
        )
        run = tuple(streaming[start : start + length])
        extra = len(added.intersection(range(start, start + 2 * length)))
        if length and extra >= min_length and not any(_contains_run(run * 2, words) for words in (reference, batch)):
            found.append(run)
        start += max(1, length)
    return found


def _added_positions(reference: Sequence[str], hypothesis: Sequence[str]) -> set[int]:
    """Return the positions of the words in `hypothesis` that `reference` lacks."""
    if not reference or not hypothesis:
        return set(range(len(hypothesis)))
    chunks = [chunk for chunk in _align(reference, hypothesis).alignments[0] if chunk.type == "insert"]
    return {at for chunk in chunks for at in range(chunk.hyp_start_idx, chunk.hyp_end_idx)}


def _run_lengths(remaining: int, min_length: int) -> range:
    return range(remaining // 2, min_length - 1, -1)


def _is_repeated(words: Sequence[str], start: int, length: int) -> bool:
    middle = start + length
    return list(words[start:middle]) == list(words[middle : middle + length])


def _contains_run(run: tuple[str, ...], words: Sequence[str]) -> bool:
    return any(tuple(words[i : i + len(run)]) == run for i in range(len(words) - len(run) + 1))


def _align(reference: Sequence[str], hypothesis: Sequence[str]) -> Any:
    return require_module("jiwer").process_words([" ".join(reference)], [" ".join(hypothesis)])


@functools.cache
def _load_normalizer(kind: str) -> Callable[[str], str]:
    module = require_module(f"whisper_normalizer.{kind}")
    normalizer_class: Callable[[], Callable[[str], str]] = (
        module.EnglishTextNormalizer if kind == "english" else module.BasicTextNormalizer
    )
    return normalizer_class()


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value and its 95 % interval, in the value's unit."""

    value: float
    low: float
    high: float


def theil_sen(x: Sequence[float], y: Sequence[float], seed: int) -> Estimate | None:
    """Estimate the slope of y over x as the median over all pairs of points; None where fewer than two x differ.

    A median, so that one trial on a busy machine does not tilt it.
    """
    xs, ys = np.asarray(x, np.float64), np.asarray(y, np.float64)
    if len(np.unique(xs)) < 2:
        return None
    sampled = np.random.default_rng(seed).integers(len(xs), size=(RESAMPLES, len(xs)))
    slopes = np.array([_slope(xs[points], ys[points]) for points in sampled])
    low, high = np.nanpercentile(slopes, INTERVAL_PERCENTILES)
    return Estimate(_slope(xs, ys), float(low), float(high))


def _slope(x: Column, y: Column) -> float:
    i, j = np.triu_indices(len(x), 1)
    differ = x[i] != x[j]
    return float(np.median((y[j] - y[i])[differ] / (x[j] - x[i])[differ])) if differ.any() else float("nan")


def estimate_difference(edits: Sequence[int], other_edits: Sequence[int], words: Sequence[int], seed: int) -> Estimate:
    """Estimate the error rate of `edits` minus that of `other_edits` over files of `words` reference words each, as
    fractions.

    Paired: a resample draws files, and each file brings both its counts, so that a hard file cancels out.
    """
    counts = np.array([edits, other_edits, words], np.float64)
    sampled = np.random.default_rng(seed).integers(counts.shape[1], size=(RESAMPLES, counts.shape[1]))
    sums = counts[:, sampled].sum(axis=2)
    low, high = np.percentile((sums[0] - sums[1]) / sums[2], INTERVAL_PERCENTILES)
    return Estimate(float((counts[0].sum() - counts[1].sum()) / counts[2].sum()), float(low), float(high))


def percentile(values: Sequence[float], percent: float) -> float | None:
    """Return the percentile, interpolated between neighbours; None if there are no values."""
    return round(float(np.percentile(values, percent)), 1) if values else None
