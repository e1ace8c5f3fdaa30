"""When the language is certain."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.stt.local.engine import LocalEngine, Wanted
from desktop.stt.local.language import LOOKS_S, Look, average, decide, due, following
from models.store import Store

SURE, HALF = {"en": 0.97, "zh": 0.03}, {"zh": 0.6, "en": 0.4}


@pytest.mark.parametrize(
    ("looks", "last", "language"),
    [
        ([], "en", ""),
        ([Look(3, SURE)], "", "en"),
        ([Look(3, SURE)], "de", "en"),
        ([Look(3, HALF)], "", ""),
        ([Look(3, HALF)], "en", "en"),
        ([Look(3, {"zh": 0.99, "en": 0.01})], "en", "zh"),
        ([Look(3, HALF), Look(6, {"en": 0.9, "zh": 0.1})], "", ""),
        ([Look(3, HALF), Look(6, {"en": 0.9, "zh": 0.1}), Look(10, {"en": 0.8, "zh": 0.2})], "", "en"),
    ],
)
def test_language_uncertain_hears_more_habit_counts(looks: list[Look], last: str, language: str) -> None:
    assert decide(looks, last) == language


def test_the_model_is_asked_three_times_at_most() -> None:
    looks: list[Look] = []
    asked = []
    for tenths in range(400):
        if due(tenths / 10, looks):
            asked.append(tenths / 10)
            looks.append(Look(tenths / 10, HALF))
    assert asked == list(LOOKS_S)


def test_a_long_look_weighs_more() -> None:
    mean = average([Look(3, {"zh": 1.0}), Look(9, {"en": 1.0})])
    assert mean == {"zh": 0.25, "en": 0.75}


def test_language_key_cycles_and_returns_to_all() -> None:
    chosen, expected = ("en", "de"), ("en", "de")
    rounds = [expected := following(expected, chosen) for _ in range(4)]
    assert rounds == [("en",), ("de",), ("en", "de"), ("en",)]
    assert following(("fr",), chosen) == ("en",), "what is not chosen any more begins anew"
    assert [following((), ()), following(("en",), ("en",))] == [(), ("en",)], "nothing to go through"


@pytest.mark.anyio
async def test_another_language_needs_no_other_model(tmp_path: Path) -> None:
    engine = LocalEngine(Store(tmp_path), Wanted(languages=("en", "de")), lambda condition: None)
    assert [engine.next_language(), engine.next_language()] == [("en",), ("de",)]
    engine.choose(Wanted(languages=("fr", "en")))
    assert [engine.next_language(), engine.next_language()] == [("fr",), ("en",)]
