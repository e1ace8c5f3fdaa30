"""Two calls hear nothing of a dictation, and are as before after it and after a kill.

The proof `calls` does so a hundred times, and twenty.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.prove.calls import LEAK_MS, caller, summary
from tests.support.call_stage import ALIGN_SAMPLES, RATE_HZ, Samples, find_leak, find_offset


def test_calls_hear_no_dictation_and_are_as_before_after_it_and_after_a_kill(tmp_path: Path) -> None:
    with caller(tmp_path) as user:
        lines = [{"key": key, **user.measure(5, key)} for key in ("dictation 0", "dictation 1", "kill 3")]
    found = summary(lines)
    assert found["as_before_percent"] == 100.0
    assert found["heard_ms"]["p50"] < 10 * LEAK_MS  # of a dictation of 2.5 s, however busy the machine is
    assert found["heard_later_ms"]["max"] == 0.0
    assert found["hears_again_ms"]["max"] > 0.0


NOISE = np.random.default_rng(3).integers(1, 300, 4 * RATE_HZ, np.int16)


def heard(offset: int, *muted: tuple[int, int]) -> Samples:
    """What a call hears of the noise that began `offset` samples after the reference, less what is muted of it."""
    found = NOISE.copy()
    for start, end in muted:
        found[start:end] = 0
    return found[offset:]


@pytest.mark.parametrize(
    ("muted", "begin_ms", "later_ms"),
    [
        (((48_480, 100_000),), 10.0, 0.0),
        (((48_000, 100_000),), 0.0, 0.0),
        (((48_000, 60_000), (60_048, 100_000)), 0.0, 1.0),
        ((), 1000.0, 0.0),
    ],
)
def test_what_a_call_hears_is_counted_by_samples(
    muted: tuple[tuple[int, int], ...], begin_ms: float, later_ms: float
) -> None:
    leak = find_leak(NOISE, heard(500, *muted), 48_000, 96_000)
    assert (leak.begin_ms, leak.later_ms) == (begin_ms, later_ms)
    assert leak.back_ms == (round(4_000 / 48, 1) if muted else 0.0)


def test_a_place_is_found_again() -> None:
    assert find_offset(NOISE, heard(1_234), 48_000) == 1_234
    with pytest.raises(AssertionError, match="not found"):
        find_offset(NOISE, np.zeros(10 * ALIGN_SAMPLES, np.int16), 48_000)
