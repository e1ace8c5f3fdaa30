"""The traits of engines: a table with a row for each family, and Whisper's as they were measured."""

from __future__ import annotations

import pytest

from desktop.core.types import FRAME_SAMPLES
from desktop.stt.segmenter import PAUSE_FRAMES
from desktop.stt.traits import (
    DETECT,
    LOG_PROBABILITY,
    MATCHER,
    NO_EVIDENCE,
    NO_LANGUAGE,
    PROMPT,
    TOKENS,
    TOLD,
    VOCABULARY,
    EngineTraits,
    list_families,
    load_traits,
)

FAMILIES = ("whisper", "moonshine", "moonshine-streaming", "parakeet", "canary", "qwen3-asr", "cohere")


def test_every_family_has_traits() -> None:
    assert list_families() == FAMILIES


def test_whisper_has_the_values_it_was_measured_with() -> None:
    assert load_traits("whisper") == EngineTraits(
        "whisper", 0.64, 0.32, 0.16, 12.0, 20.0, 27.0, 28.0, DETECT, PROMPT, LOG_PROBABILITY, answers_noise=True
    )


def test_whisper_leads_and_tail_are_whole_frames() -> None:
    whisper = load_traits("whisper")
    assert whisper.first_lead_samples == 20 * FRAME_SAMPLES
    assert whisper.lead_samples == 10 * FRAME_SAMPLES
    assert whisper.tail_samples == PAUSE_FRAMES * FRAME_SAMPLES


@pytest.mark.parametrize("family", FAMILIES)
def test_lengths_of_a_family_fit_each_other(family: str) -> None:
    traits = load_traits(family)
    assert 0 < traits.lead_s <= traits.first_lead_s < 1
    assert 0 < traits.tail_s < 1
    assert 4 < traits.max_phrase_s <= traits.max_group_s
    assert 0 < traits.seal_s < traits.max_group_s < traits.max_window_s < 30


@pytest.mark.parametrize("family", FAMILIES)
def test_words_and_evidence_of_a_family_are_known(family: str) -> None:
    traits = load_traits(family)
    assert traits.words in (PROMPT, MATCHER, VOCABULARY)
    assert traits.evidence in (LOG_PROBABILITY, TOKENS, NO_EVIDENCE)
    assert traits.language in (DETECT, TOLD, NO_LANGUAGE) or len(traits.language) == 2


def test_only_language_of_moonshine_is_english() -> None:
    assert load_traits("moonshine").only_language == "en"
    assert load_traits("whisper").only_language == ""
    assert load_traits("parakeet").only_language == ""


def test_language_is_detected_by_those_that_can() -> None:
    assert [family for family in FAMILIES if load_traits(family).can_detect_language] == ["whisper", "qwen3-asr"]


def test_faint_speech_is_judged_by_evidence_or_silence() -> None:
    assert [family for family in FAMILIES if load_traits(family).can_judge_faint_speech] == ["whisper", "moonshine"]


def test_an_unknown_family_is_refused() -> None:
    with pytest.raises(KeyError):
        load_traits("unheard-of")
