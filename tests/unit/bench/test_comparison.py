"""What can be said of two models, as tables, and how often it is wrong."""

from __future__ import annotations

import numpy as np
import pytest

from desktop.bench.comparison import (
    ComparedRecording,
    Verdict,
    WordCounts,
    compare_models,
    decide_verdict,
    estimate_difference,
    widen_for,
)
from desktop.bench.metrics import Estimate


def compared(
    errors: dict[str, int], *, words: int = 10, checked: bool = True, writer: str = "", sampled: bool = False
) -> ComparedRecording:
    counts = {name: WordCounts(words, wrong, 1, wrong == 0, 300.0) for name, wrong in errors.items()}
    return ComparedRecording(checked, writer, counts, sampled)


@pytest.mark.parametrize(
    ("low", "high", "checked", "release_ms", "in_use_ms", "verdict"),
    [
        (-0.05, -0.02, 30, 300.0, 200.0, "worth-it"),
        (-0.05, -0.02, 30, 900.0, 950.0, "worth-it"),
        (-0.05, -0.02, 30, 900.0, 200.0, "slow"),
        (-0.06, -0.0004, 30, 300.0, 200.0, "small"),
        (-0.05, 0.001, 30, 300.0, 200.0, "unclear"),
        (-0.05, 0.02, 30, 300.0, 200.0, "unclear"),
        (0.001, 0.02, 30, 300.0, 200.0, "worse"),
        (-0.05, -0.02, 29, 300.0, 200.0, "too-few"),
    ],
)
def test_verdict(low: float, high: float, checked: int, release_ms: float, in_use_ms: float, verdict: Verdict) -> None:
    assert decide_verdict(Estimate(0.0, low, high), checked, release_ms, in_use_ms) == verdict


def test_verdict_without_a_difference() -> None:
    assert decide_verdict(None, 0, None, None) == "too-few"
    assert decide_verdict(None, 30, 300.0, 300.0, is_in_use=True) == "in-use"


def test_a_much_better_model_is_worth_it_and_first() -> None:
    recordings = [compared({"tiny": 3 + at % 3, "base": at % 2, "none": 10}) for at in range(30)]
    best, in_use, worst = compare_models(recordings, ["tiny", "base", "none"], "tiny", {}, seed=1)
    assert [(one.model, one.verdict) for one in (best, in_use, worst)] == [
        ("base", "worth-it"),
        ("tiny", "in-use"),
        ("none", "worse"),
    ]
    assert best.difference is not None
    assert best.difference.low <= -0.35 == best.difference.value <= best.difference.high < 0
    assert (in_use.counts.words, in_use.counts.errors, in_use.difference) == (300, 120, None)
    assert best.release_p50_ms == 300.0


def test_the_same_seed_says_the_same() -> None:
    recordings = [compared({"a": at % 4, "b": at % 3}) for at in range(25)]
    first, again, other = (compare_models(recordings, ["a", "b"], "a", {}, seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_texts_that_were_not_corrected_speak_against_a_claim_and_never_for_it() -> None:
    checked = [compared({"a": 3, "b": 1}) for _ in range(40)]
    by_a = [compared({"a": 0, "b": 2}, checked=False, writer="a") for _ in range(40)]
    by_b = [compared({"a": 2, "b": 0}, checked=False, writer="b") for _ in range(40)]
    verdicts = {
        name: {one.model: one.verdict for one in compare_models(recordings, ["a", "b"], "a", {"a": 200}, seed=1)}["b"]
        for name, recordings in {
            "checked": checked,
            "against": [*checked, *by_a],
            "for": [*checked[:30], *by_b],
            "for alone": by_b,
        }.items()
    }
    assert verdicts == {"checked": "worth-it", "against": "unclear", "for": "worth-it", "for alone": "too-few"}
    alike = [compared({"a": 2, "b": 2}) for _ in range(40)]
    (_, other) = compare_models([*alike, *by_b], ["a", "b"], "a", {}, seed=1)
    assert other.verdict == "unclear", "what b wrote itself does not make it better"


def test_a_sample_is_all_that_counts_once_it_is_large_enough() -> None:
    others = [compared({"a": 0, "b": 5}, checked=False, writer="a") for _ in range(30)]
    for size, verdict in ((29, "too-few"), (30, "worth-it")):
        sample = [compared({"a": 3, "b": at % 2}, sampled=True) for at in range(size)]
        found = {one.model: one for one in compare_models([*sample, *others], ["a", "b"], "a", {}, seed=1)}
        assert (found["b"].verdict, found["b"].checked, found["b"].is_sampled) == (verdict, size, size == 30)
        assert found["b"].counts.words == 10 * size


def test_figures_are_of_the_recordings_that_both_models_have_heard() -> None:
    recordings = [compared({"a": 0, "b": 1}) for _ in range(4)] + [compared({"b": 10}) for _ in range(4)]
    found = {one.model: one for one in compare_models(recordings, ["a", "b"], "a", {}, seed=1)}
    assert (found["b"].counts.words, found["b"].counts.errors, found["b"].checked) == (40, 4, 4)


def test_models_of_which_nothing_is_known_are_named() -> None:
    (_, other) = compare_models([compared({"a": 1})], ["a", "b"], "a", {}, seed=1)
    assert (other.model, other.difference, other.release_p50_ms, other.verdict) == ("b", None, None, "too-few")


def test_unchecked_recordings_count_for_those_that_were_not_drawn() -> None:
    recordings = [compared({"a": 2, "b": 0}), compared({"a": 0, "b": 2}, checked=False, writer="a")]
    values = [estimate_difference(recordings, "b", "a", ("a",), {"a": total}, seed=1).value for total in (1, 3)]
    assert values == [0.0, pytest.approx(0.1)]


def test_intervals_of_few_are_wider() -> None:
    assert [round(widen_for(count), 2) for count in (10, 20, 100)] == [1.21, 1.1, 1.02]


def test_no_gain_is_claimed_where_the_user_corrects_the_mistakes_of_equal_models() -> None:
    """What is corrected was wrong: on corrected texts alone, any model would be better than the one in use."""
    claims = alone = 0
    for seed in range(60):
        draw = np.random.default_rng(seed)
        recordings = []
        for wrong, other_wrong in draw.binomial(12, 0.1, size=(60, 2)).tolist():
            checked = wrong > 0 and draw.random() < 0.9
            seen = {"a": wrong, "b": other_wrong} if checked else {"a": 0, "b": wrong + other_wrong}
            recordings.append(compared(seen, words=12, checked=checked, writer="a"))
        other = next(one for one in compare_models(recordings, ["a", "b"], "a", {}, seed) if one.model == "b")
        claims += other.verdict in ("worth-it", "small", "slow")
        alone += estimate_difference(recordings, "b", "a", (), {}, seed).high < 0
    assert claims <= 4
    assert alone > 30
