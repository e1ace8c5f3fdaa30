"""What answers the question which place is meant."""

from __future__ import annotations

import pytest

from desktop.dictation.again_answers import find_answer, is_answer


@pytest.mark.parametrize(
    ("said", "count", "places"),
    [
        ("The first one.", 2, (0,)),
        ("Two.", 2, (1,)),
        ("Number 2.", 3, (1,)),
        ("The last.", 3, (2,)),
        ("Number two, number two.", 2, (1,)),
        ("Both!", 2, (0, 1)),
        ("第二个。", 2, (1,)),
        ("都", 2, (0, 1)),
        ("Das zweite.", 2, (1,)),
        ("Yes.", 1, (0,)),
        ("No.", 2, ()),
        ("None of them!", 3, ()),
        ("不是。", 1, ()),
        ("Yes.", 2, None),
        ("Three.", 2, None),
        ("Kucera", 2, None),
        ("", 2, None),
    ],
)
def test_answers_name_places(said: str, count: int, places: tuple[int, ...] | None) -> None:
    assert find_answer(said, count) == places


@pytest.mark.parametrize(
    ("said", "is_one"),
    [("Yes.", True), ("The third one.", True), ("No, thanks.", True), ("Kucera", False), ("", False)],
)
def test_an_answer_to_another_question_is_known_as_one(said: str, is_one: bool) -> None:
    assert is_answer(said) is is_one
