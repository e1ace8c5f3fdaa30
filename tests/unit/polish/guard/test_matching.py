"""Equal stretches of two texts, and that their search grows with the length and not with its square."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import islice, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.polish.guard.guard import MAX_CHANGED_PAIRS, find_harm
from desktop.polish.guard.matching import MAX_PAIRS, MAX_PIECE_PAIRS, match_stretches

LONG = ["".join(letters) for letters in islice(product("bdfgklmnprtv", repeat=4), 2000)]


@given(st.lists(st.sampled_from("abcd"), max_size=60), st.lists(st.sampled_from("abcd"), max_size=60))
def test_short_texts_are_matched_whole(one: list[str], other: list[str]) -> None:
    codes = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    assert list(match_stretches(one, other)) == [(kind == "equal", *places) for kind, *places in codes]


@given(st.data())
def test_stretches_cover_long_texts_in_order(data: st.DataObject) -> None:
    words = st.sampled_from(["a", "b", "um", *LONG[:40]])
    start, count = data.draw(st.integers(0, 1200)), data.draw(st.integers(300, 700))
    one = [*data.draw(st.lists(words, max_size=80)), *LONG[start : start + count]]
    other = [*LONG[start : start + count // 2], *data.draw(st.lists(words, max_size=80)), *LONG[start + count // 2 :]]
    a = c = 0
    for is_equal, i, j, k, m in match_stretches(one, other, lambda at: one[at] == "um"):
        assert (i, k) == (a, c)
        assert not is_equal or one[i:j] == other[k:m]
        a, c = j, m
    assert (a, c) == (len(one), len(other))


def test_long_text_is_cut_between_sounds() -> None:
    spoken = [word for at, word in enumerate(LONG) for word in (("um", word) if at % 2 else (word,))]
    assert len(spoken) * len(LONG) > MAX_PAIRS
    equal = [j - i for is_equal, i, j, _, _ in match_stretches(spoken, LONG, lambda at: spoken[at] == "um") if is_equal]
    assert sum(equal) == len(LONG)


def test_text_that_cannot_be_cut_is_matched_up_to_its_first_difference() -> None:
    one, other = ["yes", "no"] * 400, ["yes", "no"] * 300 + ["no"] * 200
    assert len(one) * len(other) > MAX_PIECE_PAIRS
    assert list(match_stretches(one, other)) == [(True, 0, 600, 0, 600), (False, 600, 800, 600, 800)]
    assert list(match_stretches(one, one)) == [(True, 0, 800, 0, 800)]


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("the um code " * 1700, "the code " * 1700),
        ("and then " * 2500, "then " * 2500),
        (" ".join(LONG), " ".join(LONG[::-1])),
    ],
)
def test_long_text_that_is_another_is_refused(said: str, answer: str) -> None:
    assert len(said.split()) * len(answer.split()) > MAX_CHANGED_PAIRS
    assert find_harm(said, answer)


def test_long_good_text_is_accepted() -> None:
    said = " ".join(f"um {word}" for word in LONG)
    assert find_harm(said, " ".join(LONG).capitalize() + ".") == ""
