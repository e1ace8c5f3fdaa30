"""Telephone numbers with a country code."""

from __future__ import annotations

import pytest

from desktop.polish.rules.edit import RuleContext, apply_edits
from desktop.polish.rules.numbers.numbers import edit_numbers


def typed(text: str) -> str:
    return apply_edits(text, edit_numbers(text, RuleContext("en")))[0]


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
        ("call plus eight six one three eight zero zero one three eight zero zero zero", "call +86 138 0013 8000"),
    ],
)
def test_number_is_grouped_as_in_its_country(said: str, written: str) -> None:
    assert typed(said) == written == typed(written)


@pytest.mark.parametrize(
    "said",
    ["two plus two is four", "plus one for that", "the plus four four three formation", "plus three three of them"],
)
def test_plus_before_few_digits_is_no_country_code(said: str) -> None:
    assert typed(said) == said
