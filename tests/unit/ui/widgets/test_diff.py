"""What polish did, as it is shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop.ui.widgets.diff import LONGEST, Kind, Part, difference

SAME, REMOVED, ADDED = Kind.SAME, Kind.REMOVED, Kind.ADDED


def test_a_filler_is_left_out_and_a_full_stop_comes_in() -> None:
    assert difference("um tea is ready", "tea is ready.") == [
        Part(REMOVED, "um "),
        Part(SAME, "tea is ready"),
        Part(ADDED, "."),
    ]


def test_a_word_that_became_another_is_both() -> None:
    assert difference("at three", "at four") == [Part(SAME, "at "), Part(REMOVED, "three"), Part(ADDED, "four")]


def test_chinese_is_compared_by_the_character() -> None:
    assert difference("呃明天开会", "明天开会。") == [Part(REMOVED, "呃"), Part(SAME, "明天开会"), Part(ADDED, "。")]


def test_an_apostrophe_is_within_its_word() -> None:
    assert difference("don't go", "Don't go") == [Part(REMOVED, "don't"), Part(ADDED, "Don't"), Part(SAME, " go")]


def test_what_was_left_alone_has_no_difference() -> None:
    assert difference("the same", "the same") == [Part(SAME, "the same")]
    assert difference("", "") == []


def test_what_is_too_long_to_compare_is_shown_as_both() -> None:
    long = "a " * LONGEST
    assert difference(long, "short") == [Part(REMOVED, long), Part(ADDED, "short")]


TEXTS = st.text(alphabet="ab .,'明天\n", max_size=30)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_from_it(heard: str, written: str) -> None:
    parts = difference(heard, written)
    assert "".join(part.text for part in parts if part.kind is not ADDED) == heard
    assert "".join(part.text for part in parts if part.kind is not REMOVED) == written
