"""Words of one text in another one that says nearly the same."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.word_alignment import match_words, place_words, split_words


@pytest.mark.parametrize(
    ("words", "others", "expected"),
    [
        ("we meet on friday", "we meet on friday", [0, 1, 2, 3]),
        ("we meet on friday", "um we meet at on friday", [1, 2, 4, 5]),
        ("we meet on friday", "we will see you friday", [0, 1, 3, 4]),
        ("a heron", "nothing of it", [0, 2]),
        ("", "we meet", []),
    ],
)
def test_words_are_placed(words: str, others: str, expected: list[int]) -> None:
    assert place_words(words.split(), others.split()) == expected


def test_words_of_other_texts_match_none() -> None:
    assert match_words(["the", "red", "kite"], ["the", "kite"]) == [0, None, 1]


@given(st.lists(st.sampled_from("abcd"), max_size=12), st.lists(st.sampled_from("abcd"), min_size=1, max_size=12))
def test_places_never_fall_and_always_exist(words: list[str], others: list[str]) -> None:
    places = place_words(words, others)
    assert len(places) == len(words)
    assert all(0 <= place < len(others) for place in places)
    assert all(left <= right for left, right in pairwise(places))


def test_text_is_split_into_words_and_characters() -> None:
    assert split_words("Don't 今天 go.") == (["don't", "今", "天", "go"], [(0, 5), (6, 7), (7, 8), (9, 11)])
