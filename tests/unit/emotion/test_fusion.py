"""From what words and voice say to one emotion."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.types import EMOTION_LABELS, NEAR_NEUTRAL
from desktop.emotion.fusion import (
    MAX_VOICE_ONLY_CONFIDENCE,
    EmotionJudgement,
    compute_arousal,
    compute_valence,
    judge_emotion,
    round_scores,
    weight_by_emotion,
)
from models.emotion.labels import LABELS, Floats
from models.emotion.voice_classifier import MEASURE_NAMES


def sure_of(label: str, share: float) -> Floats:
    found = np.full(7, (1 - share) / 6, np.float32)
    found[LABELS.index(label)] = share
    return found


def test_the_flow_and_the_heads_know_the_same_labels() -> None:
    assert EMOTION_LABELS == LABELS


@pytest.mark.parametrize(
    ("text", "words", "voice", "takes", "label", "abstained"),
    [
        (sure_of("joy", 0.8), 10, None, 0, "joy", False),
        (sure_of("joy", 0.4), 10, None, 0, "neutral", True),
        (sure_of("neutral", 0.4), 10, None, 0, "neutral", False),
        (None, 0, sure_of("anger", 0.55), 10, "neutral", False),  # the prior
        (None, 0, sure_of("anger", 0.95), 10, "anger", False),
        (sure_of("neutral", 0.9), 10, sure_of("anger", 0.95), 0, "neutral", False),  # a voice that is not known
        (sure_of("joy", 0.9), 10, sure_of("sadness", 0.8), 1, "joy", False),
        (sure_of("joy", 0.8), 10, sure_of("joy", 0.8), 10, "joy", False),
    ],
)
def test_what_is_not_likely_enough_is_neutral(
    text: Floats | None, words: int, voice: Floats | None, takes: int, label: str, abstained: bool
) -> None:
    found = judge_emotion(text, words, voice, takes)
    assert found is not None
    assert (found.label, found.abstained) == (label, abstained)
    assert found.scores.sum() == pytest.approx(1, abs=1e-5)


def test_without_prior_likeliest_label_wins() -> None:
    found = judge_emotion(None, 0, sure_of("anger", 0.3), 1, with_prior=False)
    assert found is not None
    assert (found.label, found.abstained) == ("anger", False)


def test_dictated_text_is_neutral_with_scores_kept() -> None:
    joy, manners = sure_of("joy", 0.9), sure_of("neutral", 0.8)
    found = judge_emotion(joy, 10, None, dictated=manners)
    assert found is not None
    assert (found.label, found.abstained) == ("neutral", False)
    assert found.scores == pytest.approx(joy, abs=1e-6)
    plain = judge_emotion(joy, 10, None, dictated=manners, with_prior=False)
    assert plain is not None
    assert plain.label == "joy"


def test_plain_voice_or_words_do_not_silence_other() -> None:
    plain, angry = sure_of("neutral", 0.95), sure_of("anger", 0.95)
    assert judge_emotion(angry, 10, plain).label == "anger"  # type: ignore[union-attr]
    assert judge_emotion(plain, 10, sure_of("anger", 0.995)).label == "anger"  # type: ignore[union-attr]
    assert judge_emotion(plain, 10, sure_of("anger", 0.8)).label == "neutral"  # type: ignore[union-attr]


def test_a_voice_alone_is_never_sure() -> None:
    voice = sure_of("anger", 0.999)
    for words in (None, sure_of("neutral", 0.95), sure_of("joy", 0.4)):
        found = judge_emotion(words, 10, voice)
        assert found is not None
        assert (found.label, found.confidence) == ("anger", MAX_VOICE_ONLY_CONFIDENCE)
    agreed = judge_emotion(sure_of("anger", 0.95), 10, voice)
    assert agreed is not None
    assert agreed.confidence > 0.9


def test_nobody_who_can_tell_means_nothing_is_told() -> None:
    assert judge_emotion(None, 5, None) is None


def test_words_and_a_known_voice_that_differ_are_mixed() -> None:
    joy, anger = sure_of("joy", 0.9), sure_of("anger", 0.9)
    assert judge_emotion(joy, 10, anger, 10).mixed  # type: ignore[union-attr]
    assert not judge_emotion(joy, 10, anger, 3).mixed  # type: ignore[union-attr]
    assert not judge_emotion(joy, 10, joy, 10).mixed  # type: ignore[union-attr]


def test_valence_lies_mostly_in_the_words() -> None:
    joy, anger = sure_of("joy", 1.0), sure_of("anger", 1.0)
    assert compute_valence(joy, None) == pytest.approx(1)
    assert compute_valence(joy, anger) == pytest.approx(0.4)
    assert compute_valence(None, anger) == pytest.approx(-1)
    assert compute_valence(None, None) == 0


def test_louder_higher_faster_than_usual_is_excited() -> None:
    usual = np.zeros(len(MEASURE_NAMES), np.float32)
    loud = usual.copy()
    loud[MEASURE_NAMES.index("loud")] = 6
    assert compute_arousal(usual, usual, MEASURE_NAMES) == 0
    assert 0.4 < compute_arousal(loud, usual, MEASURE_NAMES) < 1
    assert compute_arousal(usual, loud, MEASURE_NAMES) == -compute_arousal(loud, usual, MEASURE_NAMES)


@pytest.mark.parametrize("seed", range(20))
def test_rounded_scores_sum_to_one_and_keep_order(seed: int) -> None:
    scores = np.random.default_rng(seed).dirichlet(np.full(7, 0.3)).astype(np.float32)
    told = round_scores(scores)
    assert sum(told) == pytest.approx(1, abs=1e-12)
    assert int(np.argmax(told)) == int(scores.argmax())
    assert min(told) >= 0


shares = st.lists(st.floats(0.001, 1), min_size=7, max_size=7).map(
    lambda found: (np.array(found, np.float32) / np.float32(sum(found))).astype(np.float32)
)


@given(shares, st.one_of(st.none(), shares), st.integers(1, 12), st.integers(0, 20), st.booleans())
def test_valence_of_neutral_is_near_neutral(
    text: Floats, voice: Floats | None, words: int, takes: int, with_prior: bool
) -> None:
    found = judge_emotion(text, words, voice, takes, with_prior=with_prior)
    assert found is not None
    for value in (compute_valence(text, voice), 1.0, -1.0):
        moved = weight_by_emotion(value, found)
        assert abs(moved) <= 1 - found.neutral + 1e-6
        assert found.label != "neutral" or abs(moved) <= NEAR_NEUTRAL
    assert -1 <= compute_valence(text, voice) <= 1


@given(st.floats(-1, 1), st.lists(st.floats(0, 1), min_size=2, max_size=9), st.sampled_from(LABELS))
def test_weighted_value_grows_with_what_is_not_neutral(value: float, neutral: list[float], label: str) -> None:
    scores = np.zeros(7, np.float32)
    found = [
        weight_by_emotion(value, EmotionJudgement(label, 1.0, scores, False, neutral=share))
        for share in sorted(neutral, reverse=True)
    ]
    assert [abs(each) for each in found] == sorted(abs(each) for each in found)
    assert all(each * value >= 0 for each in found)


@given(shares)
def test_judgement_tells_the_neutral_that_decided(text: Floats) -> None:
    found = judge_emotion(text, 10, None)
    assert found is not None
    assert found.label != "neutral" or found.abstained or found.confidence == pytest.approx(found.neutral)
    assert found.label == "neutral" or found.confidence <= 1 - found.neutral + 1e-6


def test_valence_of_polite_words_is_small() -> None:
    polite = judge_emotion(sure_of("joy", 0.98), 10, None, dictated=sure_of("neutral", 0.9))
    assert polite is not None
    assert polite.label == "neutral"
    assert 0 < weight_by_emotion(compute_valence(sure_of("joy", 0.98), None), polite) <= 0.1


def test_weighted_without_judgement_has_prior() -> None:
    assert weight_by_emotion(0.2, None) == pytest.approx(0.08)
    assert weight_by_emotion(-1.0, None) == -NEAR_NEUTRAL


@pytest.mark.parametrize(
    ("words", "label"), [(1, "neutral"), (2, "neutral"), (3, "anger"), (4, "anger"), (40, "anger")]
)
def test_short_text_counts_in_proportion(words: int, label: str) -> None:
    found = judge_emotion(sure_of("anger", 0.9), words, None, dictated=sure_of("anger", 0.88))
    assert found is not None
    assert found.label == label
