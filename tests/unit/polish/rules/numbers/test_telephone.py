"""Telephone numbers with a country code."""

from __future__ import annotations

import pytest

from tests.support.spoken_numbers import typed


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("call plus four four two oh seven nine four six oh nine five eight", "call +44 20 7946 0958"),
        ("call plus four four twenty seven nine four six oh nine five eight", "call +44 20 7946 0958"),
        ("text plus forty four seven seven double oh nine double oh one two three", "text +44 7700 900123"),
        ("plus four four one six three two nine six oh nine double eight", "+44 1632 960988"),
        ("plus four four one one three four nine six oh nine double eight", "+44 113 496 0988"),
        ("plus one five five five one two three four five six seven", "+1 555-123-4567"),
        ("plus three three one ninety nine zero zero twelve thirty four", "+33 1 99 00 12 34"),
        ("ring plus four nine one five one two three four five six seven eight", "ring +49 1512345678"),
        ("ring plus thirty nine three three one two three four five six seven", "ring +39 331234567"),
        ("call plus eight six one three eight zero zero one three eight zero zero zero", "call +86 138 0013 8000"),
    ],
)
def test_number_is_grouped_as_in_its_country(said: str, written: str) -> None:
    assert typed(said) == written == typed(written)


@pytest.mark.parametrize(
    "said",
    [
        "two plus two is four",
        "plus one for that",
        "the plus four four three formation",
        "plus three three of them",
    ],
)
def test_plus_before_few_digits_is_no_country_code(said: str) -> None:
    assert typed(said) == said


def test_plus_of_a_sum_is_no_country_code() -> None:
    assert "+" not in typed("add eight plus four nine three one two three four five six seven eight")


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Her number is two one two, five five five, oh one four two.", "Her number is 212-555-0142."),
        (
            "You can call me at five five five, oh one double nine.",
            "You can call me at five five five, oh one double nine.",
        ),
        ("Call us on five five five, oh one three nine, please.", "Call us on 555-0139, please."),
        ("Dial one, two one two, five five five, oh one four two.", "Dial 1-212-555-0142."),
    ],
)
def test_number_said_in_groups_is_one(said: str, written: str) -> None:
    assert typed(said) == written == typed(written)


@pytest.mark.parametrize("said", ["We count one two three, four five six, seven.", "They won by two one, three two."])
def test_groups_without_a_telephone_stay(said: str) -> None:
    assert typed(said) == said
