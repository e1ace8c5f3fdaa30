"""What answers the question which place is meant."""

from __future__ import annotations

import pytest

from desktop.core.types import Replacement
from desktop.dictation.again_answers import are_apart, find_answer, is_answer

CHOICES = [Replacement(10 * at, 10 * at + 3, "Kucera") for at in range(4)]
"""What a question offers."""


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
        ("第二个吧。", 2, (1,)),
        ("全部全部", 2, (0, 1)),
        ("Yes, the second one, please.", 2, (1,)),
        ("The second place.", 2, (1,)),
        ("To.", 2, None),
        ("Won.", 2, None),
        ("都", 2, (0, 1)),
        ("Das zweite.", 2, (1,)),
        ("Yes.", 1, (0,)),
        ("Yes, please.", 1, (0,)),
        ("Yes, yes.", 1, (0,)),
        ("The second one please", 2, (1,)),
        ("Please.", 1, None),
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
    choices = CHOICES[:count]
    picked = find_answer(said, choices)
    assert (None if picked is None else tuple(map(choices.index, picked))) == places


def test_borders_of_one_place_cannot_all_be_replaced() -> None:
    borders = [Replacement(0, 11, "Kucera"), Replacement(0, 9, "Kucera"), Replacement(20, 28, "Kucera")]
    assert find_answer("All.", borders) is None
    assert is_answer("All.", borders)
    assert not are_apart(borders)
    assert are_apart(borders[1:])


@pytest.mark.parametrize(("said", "written"), [("One.", "one"), ("No.", "no"), ("Last.", "last"), ("All.", "all")])
def test_the_word_of_the_question_is_no_answer(said: str, written: str) -> None:
    choices = [Replacement(0, 3, written), Replacement(10, 13, written)]
    assert find_answer(said, choices) is None
    assert not is_answer(said, choices)


@pytest.mark.parametrize(
    ("said", "is_one"),
    [("Yes.", True), ("The third one.", True), ("No, thanks.", True), ("Kucera", False), ("", False)],
)
def test_an_answer_to_another_question_is_known_as_one(said: str, is_one: bool) -> None:
    assert is_answer(said, CHOICES[:2]) is is_one
