"""Say by how much a model is better or worse than the one in use on the user's recordings, or that it cannot be seen.

Pure. Recordings that were drawn by chance and all checked are a sample, and stand for all. Without one, texts that were
not corrected speak for the model that wrote them, and those that were corrected against it, since its mistakes are why.
So a claim must hold where both speak against it (`docs/adr/0029`): that one model makes fewer mistakes than another is
tested on the checked recordings and on the unchecked ones that the other wrote. The interval reported reaches from the
test of one claim to that of its opposite.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from desktop.bench.metrics import INTERVAL_PERCENTILES, RESAMPLES, Estimate, percentile

MIN_RECORDINGS = 30
"""Checked recordings from which something is said. With the clips of `make prove-mine` and a lower minimum, 94 in a
hundred intervals over samples of 20 hold the difference of all clips, 96 of 30; the order is right in 94 and 98."""

MIN_GAIN = 0.01
"""Share of words by which a change must be better to be worth it: one word in a hundred."""

MAX_RELEASE_MS = 500.0
"""Time at release in milliseconds that a change may bring, unless the model in use is slower."""

Z = 1.96
"""Standard deviations to either side that hold 95 % of a normal distribution."""

type Verdict = Literal["in-use", "worth-it", "small", "slow", "unclear", "worse", "too-few"]


@dataclass(frozen=True, slots=True)
class WordCounts:
    """What one model made of one recording. `release_ms`: from the end of the recording to its text."""

    words: int
    errors: int
    names: int
    names_right: int
    release_ms: float


@dataclass(frozen=True, slots=True)
class ComparedRecording:
    """One recording, and what each model made of it. `writer` wrote its text, which is `is_checked` or not;
    `is_sampled`: it was drawn by chance to be checked."""

    is_checked: bool
    writer: str
    counts: Mapping[str, WordCounts]
    is_sampled: bool = False


@dataclass(frozen=True, slots=True)
class ModelComparison:
    """A model beside the one in use, on the `checked` recordings that both have a result of.

    `difference` is its share of wrong words minus that of the model in use, on the checked recordings, with an interval
    that also holds what the others say; None for the model in use, and without recordings. Where there is a sample
    all is of that alone, and `is_sampled`. `gain` is what a claim that it is better may count on.
    """

    model: str
    checked: int
    counts: WordCounts
    release_p50_ms: float | None
    release_p95_ms: float | None
    difference: Estimate | None
    gain: float
    verdict: Verdict
    is_sampled: bool


def compare_models(
    recordings: Sequence[ComparedRecording],
    models: Sequence[str],
    in_use: str,
    unchecked_totals: Mapping[str, int],
    seed: int,
) -> list[ModelComparison]:
    """Return the models, best first; those of which no difference can be seen are among the one in use, by their words.

    `unchecked_totals` are how many unchecked recordings by each writer there are, of which some were drawn.
    """
    compared = [_compare(recordings, model, in_use, unchecked_totals, seed) for model in models]
    return sorted(compared, key=lambda one: (_verdict_rank(one.verdict), _error_rate(one.counts)))


def _verdict_rank(verdict: Verdict) -> int:
    return {"worth-it": 0, "small": 0, "slow": 0, "worse": 2}.get(verdict, 1)


def _compare(
    recordings: Sequence[ComparedRecording], model: str, in_use: str, unchecked_totals: Mapping[str, int], seed: int
) -> ModelComparison:
    shared = [one for one in recordings if model in one.counts and in_use in one.counts]
    sample = [one for one in shared if one.is_sampled]
    is_sampled = len(sample) >= MIN_RECORDINGS
    if is_sampled:
        shared = sample
    checked = [one.counts[model] for one in shared if one.is_checked]
    counts = WordCounts(
        words=sum(one.words for one in checked),
        errors=sum(one.errors for one in checked),
        names=sum(one.names for one in checked),
        names_right=sum(one.names_right for one in checked),
        release_ms=0.0,
    )
    release, in_use_release = ([one.counts[name].release_ms for one in shared] for name in (model, in_use))
    difference, gain = None, 0.0
    if model != in_use and any(one.is_checked for one in shared):
        for_it, against_it, plain = (
            estimate_difference(shared, model, in_use, writers, unchecked_totals, seed)
            for writers in ((model,), (in_use,), ())
        )
        difference = Estimate(plain.value, min(for_it.low, against_it.low), max(for_it.high, against_it.high))
        gain = -against_it.value
    p50, in_use_p50 = percentile(release, 50), percentile(in_use_release, 50)
    verdict = decide_verdict(difference, len(checked), p50, in_use_p50, is_in_use=model == in_use)
    p95 = percentile(release, 95)
    return ModelComparison(model, len(checked), counts, p50, p95, difference, gain, verdict, is_sampled)


def decide_verdict(
    difference: Estimate | None,
    checked: int,
    release_ms: float | None,
    in_use_release_ms: float | None,
    *,
    is_in_use: bool = False,
) -> Verdict:
    """Return what can be said of a model; differences are shares of words."""
    if is_in_use:
        return "in-use"
    if difference is None or checked < MIN_RECORDINGS:
        return "too-few"
    if difference.low > 0:
        return "worse"
    if difference.high >= 0:
        return "unclear"
    if -difference.high < MIN_GAIN:  # at the end of the interval that speaks least for it
        return "small"
    return "slow" if (release_ms or 0.0) > max(MAX_RELEASE_MS, in_use_release_ms or 0.0) else "worth-it"


def estimate_difference(
    recordings: Sequence[ComparedRecording],
    model: str,
    other: str,
    writers: Sequence[str],
    unchecked_totals: Mapping[str, int],
    seed: int,
) -> Estimate:
    """Estimate the error rate of `model` minus that of `other`, as a share of words, over the checked recordings and
    those that one of `writers` wrote.

    Paired by recording, so that a hard one cancels out. Each group is resampled in itself, and counts as many times as
    there are recordings like it.
    """
    groups = [([one for one in recordings if one.is_checked], 1.0)]
    for writer in writers:
        drawn = [one for one in recordings if not one.is_checked and one.writer == writer]
        if drawn:
            groups.append((drawn, max(1.0, unchecked_totals.get(writer, 0) / len(drawn))))
    random = np.random.default_rng(seed)
    values, sums = np.zeros(2), np.zeros((2, RESAMPLES))
    for group, weight in groups:
        pairs = [(one.counts[model], one.counts[other]) for one in group]
        counts = np.array([[mine.errors - its.errors, mine.words] for mine, its in pairs], np.float64).T * weight
        values += counts.sum(axis=1)
        sums += counts[:, random.integers(counts.shape[1], size=(RESAMPLES, counts.shape[1]))].sum(axis=2)
    value = float(values[0] / values[1])
    low, high = np.percentile(sums[0] / np.maximum(sums[1], 1.0), INTERVAL_PERCENTILES)
    widening = widen_for(sum(len(group) for group, _ in groups))
    return Estimate(value, value - widening * (value - float(low)), value + widening * (float(high) - value))


def widen_for(count: int) -> float:
    """Return by how much an interval from resampling `count` recordings is too narrow: the bootstrap takes the variance
    of the sample for that of all, and the normal distribution for Student's (T. Hesterberg, "What Teachers Should Know
    About the Bootstrap", 2015). Student's quantile is expanded as in Abramowitz and Stegun, 26.7.5."""
    freedom = max(count - 1, 1)
    quantile = Z + (Z**3 + Z) / (4 * freedom) + (5 * Z**5 + 16 * Z**3 + 3 * Z) / (96 * freedom**2)
    return float(np.sqrt(count / freedom) * quantile / Z)


def _error_rate(counts: WordCounts) -> float:
    return counts.errors / counts.words if counts.words else 1.0
