"""Letters that were misheard, beside words that are spelled otherwise than they were heard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.polish.rules.misheard_letters import are_misheard

NAMES = ("stephen", "siobhan", "novak", "nicholas", "katherine", "tom")


@pytest.mark.parametrize(
    ("spelled", "heard"),
    [("tephen", "stephen"), ("siobhn", "siobhan"), ("sdephen", "stephen"), ("movak", "novak"), ("tephn", "stephen")],
)
def test_lost_and_confused_letters_of_a_known_word_are_misheard(spelled: str, heard: str) -> None:
    assert are_misheard(spelled, heard)


@pytest.mark.parametrize(
    ("spelled", "heard"),
    [
        ("jon", "john"),
        ("kucera", "kuchera"),
        ("tephen", "stevenson"),
        ("nikolas", "nicholas"),
        ("micael", "michael"),
        ("jonatan", "jonathan"),
        ("philipp", "philip"),
        ("tephen", "shtephen"),
        ("dovag", "novak"),
    ],
)
def test_another_spelling_is_meant(spelled: str, heard: str) -> None:
    assert not are_misheard(spelled, heard)


@given(st.sampled_from(NAMES), st.text("aehnkstz", max_size=9))
def test_word_as_it_was_heard_or_longer_is_never_misheard(heard: str, more: str) -> None:
    assert not are_misheard(heard, heard)
    assert not are_misheard(heard + more, heard)
    are_misheard(more, heard)
