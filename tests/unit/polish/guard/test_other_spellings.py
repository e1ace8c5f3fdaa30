"""Words written together that were said apart, and the other way round."""

from __future__ import annotations

import pytest

from desktop.polish.guard.guard import find_harm


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the form is in complete order", "The form is incomplete order."),
        ("it stays in active use", "It stays inactive use."),
        ("she was now here", "She was nowhere."),
        ("he is not able", "He is notable."),
        ("there is no table", "There is not able."),
        ("we are not iced in", "We are noticed in."),
        ("a moral story", "Amoral story."),
        ("they may be here", "They maybe here."),
        ("we are in formation", "We are information."),
        ("be side him", "Beside him."),
        ("it is an other wise plan", "It is an otherwise plan."),
    ],
)
def test_another_word_made_by_a_space_is_refused(one: str, other: str) -> None:
    assert find_harm(one, other)
    assert find_harm(other.rstrip(".").lower(), one.capitalize() + ".")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("i can not see it", "I cannot see it."),
        ("some times it rains", "Sometimes it rains."),
        ("it rains every day", "It rains everyday."),
        ("the web site is new", "The website is new."),
        ("put it in to the box", "Put it into the box."),
        ("i like it alot", "I like it a lot."),
        ("please log in now", "Please login now."),
    ],
)
def test_spaces_that_change_nothing_are_accepted(one: str, other: str) -> None:
    assert find_harm(one, other) == ""
    assert find_harm(other.rstrip(".").lower(), one.capitalize() + ".") == ""


def test_own_word_is_joined_but_not_of_a_negation() -> None:
    assert find_harm("we use green house", "We use GreenHouse.", ("GreenHouse",)) == ""
    assert find_harm("there is no show today", "There is NoShow today.", ("NoShow",))
    assert find_harm("every one all day", "EveryOne allday.", ("Allday",))
