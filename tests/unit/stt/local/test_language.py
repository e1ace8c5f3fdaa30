"""When the language is certain."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.stt.local.engine import WhisperEngine
from desktop.stt.local.engine_options import LocalEngineOptions
from desktop.stt.local.language import (
    SAMPLES_AT_S,
    LanguageSample,
    average_probabilities,
    decide_language,
    is_sample_due,
    next_expected,
)
from models.store import ModelStore

SURE, HALF = {"en": 0.97, "zh": 0.03}, {"zh": 0.6, "en": 0.4}


@pytest.mark.parametrize(
    ("looks", "last", "language"),
    [
        ([], "en", ""),
        ([LanguageSample(3, SURE)], "", "en"),
        ([LanguageSample(3, SURE)], "de", "en"),
        ([LanguageSample(3, HALF)], "", ""),
        ([LanguageSample(3, HALF)], "en", "en"),
        ([LanguageSample(3, {"zh": 0.99, "en": 0.01})], "en", "zh"),
        ([LanguageSample(3, HALF), LanguageSample(6, {"en": 0.9, "zh": 0.1})], "", ""),
        (
            [
                LanguageSample(3, HALF),
                LanguageSample(6, {"en": 0.9, "zh": 0.1}),
                LanguageSample(10, {"en": 0.8, "zh": 0.2}),
            ],
            "",
            "en",
        ),
    ],
)
def test_language_uncertain_hears_more_habit_counts(looks: list[LanguageSample], last: str, language: str) -> None:
    assert decide_language(looks, last) == language


def test_the_model_is_asked_three_times_at_most() -> None:
    looks: list[LanguageSample] = []
    asked = []
    for tenths in range(400):
        if is_sample_due(tenths / 10, looks):
            asked.append(tenths / 10)
            looks.append(LanguageSample(tenths / 10, HALF))
    assert asked == list(SAMPLES_AT_S)


@pytest.mark.parametrize(
    ("chosen", "rounds"),
    [
        (("en", "de"), [("en",), ("de",), ("en", "de")]),
        (("en",), [("en",)]),
        (("layout", "en", "de"), [("en",), ("de",), ("layout",)]),
        (("en", "layout"), [("en",), ("layout",)]),
        (("layout",), [("layout",)]),
    ],
)
def test_key_goes_through_the_languages_and_back(chosen: tuple[str, ...], rounds: list[tuple[str, ...]]) -> None:
    expected, seen = rounds[-1], []
    for _ in rounds:
        expected = next_expected(expected, chosen)
        seen.append(expected)
    assert seen == rounds


def test_a_long_look_weighs_more() -> None:
    mean = average_probabilities([LanguageSample(3, {"zh": 1.0}), LanguageSample(9, {"en": 1.0})])
    assert mean == {"zh": 0.25, "en": 0.75}


def test_language_key_cycles_and_returns_to_all() -> None:
    chosen, expected = ("en", "de"), ("en", "de")
    rounds = [expected := next_expected(expected, chosen) for _ in range(4)]
    assert rounds == [("en",), ("de",), ("en", "de"), ("en",)]
    assert next_expected(("fr",), chosen) == ("en",), "what is not chosen any more begins anew"
    assert [next_expected((), ()), next_expected(("en",), ("en",))] == [(), ("en",)], "nothing to go through"


@pytest.mark.anyio
async def test_another_language_needs_no_other_model(tmp_path: Path) -> None:
    engine = WhisperEngine(ModelStore(tmp_path), LocalEngineOptions(languages=("en", "de")), lambda condition: None)
    assert [engine.select_next_language(), engine.select_next_language()] == [("en",), ("de",)]
    engine.apply_options(LocalEngineOptions(languages=("fr", "en")))
    assert [engine.select_next_language(), engine.select_next_language()] == [("fr",), ("en",)]
