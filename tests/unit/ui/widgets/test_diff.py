"""What polish did, as it is shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop.ui.widgets.diff import MAX_DIFF_TOKENS, DiffKind, DiffPart, compute_diff

SAME, REMOVED, ADDED = DiffKind.SAME, DiffKind.REMOVED, DiffKind.ADDED


def test_a_filler_is_left_out_and_a_full_stop_comes_in() -> None:
    assert compute_diff("um tea is ready", "tea is ready.") == [
        DiffPart(REMOVED, "um "),
        DiffPart(SAME, "tea is ready"),
        DiffPart(ADDED, "."),
    ]


def test_a_word_that_became_another_is_both() -> None:
    assert compute_diff("at three", "at four") == [
        DiffPart(SAME, "at "),
        DiffPart(REMOVED, "three"),
        DiffPart(ADDED, "four"),
    ]


def test_chinese_is_compared_by_the_character() -> None:
    assert compute_diff("呃明天开会", "明天开会。") == [
        DiffPart(REMOVED, "呃"),
        DiffPart(SAME, "明天开会"),
        DiffPart(ADDED, "。"),
    ]


def test_an_apostrophe_is_within_its_word() -> None:
    assert compute_diff("don't go", "Don't go") == [
        DiffPart(REMOVED, "don't"),
        DiffPart(ADDED, "Don't"),
        DiffPart(SAME, " go"),
    ]


def test_what_was_left_alone_has_no_difference() -> None:
    assert compute_diff("the same", "the same") == [DiffPart(SAME, "the same")]
    assert compute_diff("", "") == []


def test_what_is_too_long_to_compare_is_shown_as_both() -> None:
    long = "a " * MAX_DIFF_TOKENS
    assert compute_diff(long, "short") == [DiffPart(REMOVED, long), DiffPart(ADDED, "short")]


TEXTS = st.text(alphabet="ab .,'明天\n", max_size=30)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_from_it(heard: str, written: str) -> None:
    parts = compute_diff(heard, written)
    assert "".join(part.text for part in parts if part.kind is not ADDED) == heard
    assert "".join(part.text for part in parts if part.kind is not REMOVED) == written
