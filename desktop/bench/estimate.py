"""Estimate slopes and differences with the confidence interval that their sample allows.

By resampling, which needs no assumption on the distribution of latencies or errors, and only numpy. Seeded, so that the
same run gives the same interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2000
INTERVAL_PERCENTILES = (2.5, 97.5)
"""Percentiles that contain 95 % of the resampled values."""

type Column = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value and its 95 % interval, in the value's unit."""

    value: float
    low: float
    high: float


def theil_sen(x: Sequence[float], y: Sequence[float], seed: int) -> Estimate | None:
    """Estimate the slope of y over x as the median over all pairs of points; None where fewer than two x differ.

    A median, so that one take on a busy machine does not tilt it.
    """
    xs, ys = np.asarray(x, np.float64), np.asarray(y, np.float64)
    if len(np.unique(xs)) < 2:
        return None
    drawn = np.random.default_rng(seed).integers(len(xs), size=(RESAMPLES, len(xs)))
    slopes = np.array([_slope(xs[points], ys[points]) for points in drawn])
    low, high = np.nanpercentile(slopes, INTERVAL_PERCENTILES)
    return Estimate(_slope(xs, ys), float(low), float(high))


def _slope(x: Column, y: Column) -> float:
    i, j = np.triu_indices(len(x), 1)
    apart = x[i] != x[j]
    return float(np.median((y[j] - y[i])[apart] / (x[j] - x[i])[apart])) if apart.any() else float("nan")


def estimate_difference(edits: Sequence[int], other_edits: Sequence[int], words: Sequence[int], seed: int) -> Estimate:
    """Estimate the error rate of `edits` minus that of `other_edits` over files of `words` reference words each, as
    fractions.

    Paired: a resample draws files, and each file brings both its counts, so that a hard file cancels out.
    """
    counts = np.array([edits, other_edits, words], np.float64)
    drawn = np.random.default_rng(seed).integers(counts.shape[1], size=(RESAMPLES, counts.shape[1]))
    sums = counts[:, drawn].sum(axis=2)
    low, high = np.percentile((sums[0] - sums[1]) / sums[2], INTERVAL_PERCENTILES)
    return Estimate(float((counts[0].sum() - counts[1].sum()) / counts[2].sum()), float(low), float(high))


def percentile(values: Sequence[float], percent: float) -> float | None:
    """Return the percentile, interpolated between neighbours; None if there are no values."""
    return round(float(np.percentile(values, percent)), 1) if values else None
