"""Slopes and differences of a benchmark, and the intervals that belong to them."""

from __future__ import annotations

import numpy as np
import pytest

from desktop.bench.metrics import estimate_difference, percentile, theil_sen

LENGTHS = [3.0, 11.0, 30.0, 60.0, 120.0] * 3


@pytest.mark.parametrize(
    ("y", "slope"),
    [
        ([200.0] * 15, 0.0),
        ([200 + 30 * x for x in LENGTHS], 30.0),
        ([200 + 30 * x for x in LENGTHS[:-1]] + [90_000.0], 30.0),  # one take in which the machine was busy
    ],
)
def test_a_slope_is_that_of_most_pairs(y: list[float], slope: float) -> None:
    found = theil_sen(LENGTHS, y, seed=0)
    assert found is not None
    assert found.value == pytest.approx(slope)
    assert found.low <= found.value <= found.high


@pytest.mark.parametrize("x", [[], [3.0], [3.0, 3.0, 3.0]])
def test_one_length_alone_has_no_slope(x: list[float]) -> None:
    assert theil_sen(x, [1.0, 2.0, 3.0][: len(x)], seed=0) is None


def test_slope_interval_holds_zero_for_noise_only() -> None:
    noise = np.random.default_rng(1).normal(0, 50, len(LENGTHS))
    flat = theil_sen(LENGTHS, list(300 + noise), seed=0)
    steep = theil_sen(LENGTHS, list(300 + 20 * np.array(LENGTHS) + noise), seed=0)
    assert flat is not None
    assert steep is not None
    assert flat.low < 0 < flat.high
    assert 15 < steep.low < 20 < steep.high < 25


def test_slope_interval_repeats_with_same_seed_only() -> None:
    y = [float(value) for value in np.random.default_rng(2).normal(300, 50, len(LENGTHS))]
    assert theil_sen(LENGTHS, y, seed=0) == theil_sen(LENGTHS, y, seed=0)
    assert theil_sen(LENGTHS, y, seed=0) != theil_sen(LENGTHS, y, seed=1)


def test_error_rate_difference_weighs_words_not_files() -> None:
    found = estimate_difference([1, 10], [0, 0], [10, 1000], seed=0)
    assert found.value == pytest.approx(11 / 1010)


def test_difference_of_equal_errors_has_zero_interval() -> None:
    hard = [0, 9, 2, 7, 0, 5]
    found = estimate_difference(hard, hard, [10] * 6, seed=0)
    assert (found.value, found.low, found.high) == (0, 0, 0)


def test_a_difference_that_one_file_makes_is_in_doubt() -> None:
    found = estimate_difference([5, 0, 0, 0, 0, 0], [0] * 6, [10] * 6, seed=0)
    assert found.low == 0 < found.value < found.high


@pytest.mark.parametrize(
    ("values", "percent", "found"), [([], 50, None), ([7.0], 95, 7.0), ([1.0, 2.0, 3.0, 4.0], 50, 2.5)]
)
def test_percentiles_lie_between_neighbours(values: list[float], percent: float, found: float | None) -> None:
    assert percentile(values, percent) == found
