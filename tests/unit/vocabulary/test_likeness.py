"""How much words sound alike: pairs that recognizers confuse, and pairs that only share letters."""

from __future__ import annotations

import pytest

from desktop.vocabulary.likeness import find_sounds, measure_likeness


@pytest.mark.parametrize(
    ("first", "second", "language", "least"),
    [
        ("their", "there", "en", 0.95),
        ("knight", "night", "en", 1.0),
        ("philip", "fillip", "en", 0.95),
        ("Kucera", "coo chair a", "en", 0.7),
        ("Kombucha", "combat you", "en", 0.8),
        ("fifteen", "15", "en", 1.0),
        ("fifty", "50", "en", 1.0),
        ("Tchaikovsky", "T J Koski", "en", 0.55),
        ("SQL", "ess queue ell", "en", 0.7),
        ("Bordeaux", "bordo", "fr", 0.9),
        ("Schmidt", "Schmitt", "de", 0.75),
        ("Jorge", "horhe", "es", 0.9),
        ("москва", "масква", "ru", 0.7),
        ("图书馆", "图书管", "zh", 0.6),
    ],
)
def test_words_that_sound_alike_are_alike(first: str, second: str, language: str, least: float) -> None:
    assert measure_likeness(first, second, language) >= least


@pytest.mark.parametrize(
    ("first", "second", "language"),
    [
        ("Kucera", "yesterday", "en"),
        ("Prague", "the station", "en"),
        ("though", "cough", "en"),
        ("graph", "chapter", "en"),
        ("图书馆", "北京人", "zh"),
        ("word", "", "en"),
        ("", "", "en"),
    ],
)
def test_words_that_sound_different_are_not_alike(first: str, second: str, language: str) -> None:
    assert measure_likeness(first, second, language) < 0.6


def test_sounds_follow_the_language() -> None:
    assert find_sounds("Wein", "de") == "vain"
    assert find_sounds("chat", "fr") == "Sa"
    assert find_sounds("chat", "en") == "Cat"
