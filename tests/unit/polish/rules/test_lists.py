"""Spoken lists, and what only sounds like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.polish.rules.edit import RuleContext, apply_edits
from desktop.polish.rules.lists import edit_lists


def listed(text: str) -> str:
    return apply_edits(text, edit_lists(text, RuleContext("en")))[0]


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("bullet milk bullet eggs", "- Milk\n- Eggs"),
        ("Bullet milk, bullet eggs, bullet bread.", "- Milk\n- Eggs\n- Bread"),
        ("Bullet. Milk. Bullet. Eggs.", "- Milk\n- Eggs"),
        ("Bullet point, call mom. Bullet point, pay the rent.", "- Call mom\n- Pay the rent"),
        ("bullet point call mom", "- Call mom"),
        ("Shopping list, bullet milk, bullet eggs", "Shopping list:\n- Milk\n- Eggs"),
        ("Shopping list: bullet milk bullet eggs", "Shopping list:\n- Milk\n- Eggs"),
        ("We need this. Bullet milk. Bullet eggs.", "We need this.\n- Milk\n- Eggs"),
        ("bullet is it on? bullet is it off?", "bullet is it on? bullet is it off?"),
        ("Bullet milk\nbullet eggs\n\nthanks", "- Milk\n- Eggs\n\nthanks"),
    ],
)
def test_bullets_begin_lines(said: str, typed: str) -> None:
    assert listed(said) == typed


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("Number one, buy milk. Number two, call mom. Number three, sleep.", "1. Buy milk\n2. Call mom\n3. Sleep"),
        ("number one buy milk number two call mom number three sleep", "1. Buy milk\n2. Call mom\n3. Sleep"),
        ("Number 1, buy milk, number 2, call mom, and number 3, sleep.", "1. Buy milk\n2. Call mom\n3. Sleep"),
        ("1. Buy milk. 2. Call mom. 3. Sleep.", "1. Buy milk\n2. Call mom\n3. Sleep"),
        ("My list: one, buy milk, two, call mom, three, sleep.", "My list:\n1. Buy milk\n2. Call mom\n3. Sleep"),
        ("My list 1, Buy milk 2, Call mom 3, Sleep", "My list:\n1. Buy milk\n2. Call mom\n3. Sleep"),
        (
            "Here are the steps. First, buy milk. Second, call mom. Third, sleep.",
            "Here are the steps.\n1. Buy milk\n2. Call mom\n3. Sleep",
        ),
        ("购物清单：第一，牛奶，第二，鸡蛋，第三，面包。", "购物清单：\n1. 牛奶\n2. 鸡蛋\n3. 面包"),
    ],
)
def test_numbers_begin_lines_where_they_are_a_list(said: str, typed: str) -> None:
    assert listed(said) == typed


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        (
            "Number one, buy milk. Number two, call mom. Number three, sleep. Then we talk.",
            "1. Buy milk\n2. Call mom\n3. Sleep\n\nThen we talk.",
        ),
        ("Bullet milk. Bullet eggs. That is it. Thanks.", "- Milk\n- Eggs\n\nThat is it. Thanks."),
        (
            "Number one, who pays? Number two, when? Number three, how? Tell me.",
            "1. Who pays?\n2. When?\n3. How?\n\nTell me.",
        ),
        ("Bullet milk. It is out. Bullet eggs. They are out.", "- Milk. It is out.\n- Eggs. They are out."),
        (
            "Bullet bread from Jones Inc. only. Bullet eggs etc. at noon.",
            "- Bread from Jones Inc. only.\n- Eggs etc. at noon.",
        ),
        (
            "购物清单：第一，牛奶。第二，鸡蛋。第三，面包。就这些。",
            "购物清单：\n1. 牛奶。\n2. 鸡蛋。\n3. 面包\n\n就这些。",
        ),
    ],
)
def test_list_ends_at_the_sentence_that_is_no_item(said: str, typed: str) -> None:
    assert listed(said) == typed


@pytest.mark.parametrize(
    "prose",
    [
        "He dodged a bullet. Bullet trains are fast.",
        "The first bullet missed, the second bullet hit.",
        "Bullet trains are fast.",
        "One, two, three, go!",
        "First, it is cheap. Second, it is good. Third, it is here.",
        "One, it is cheap. Two, it is good. Three, it is here.",
        "We finished number one in sales, number two in service, and number three in price.",
        "Number one is love, number two is trust, number three is patience.",
        "Number one, buy milk. Number two, call mom.",
        "Number one, buy milk. Number three, call mom. Number four, sleep.",
        "Use version 1. Then version 2. Then version 3. Done.",
        "It costs $1. Or 2. Or 3.",
        "第一，我们要努力。第二，我们要学习。第三，我们要休息。",
    ],
)
def test_prose_stays_prose(prose: str) -> None:
    assert listed(prose) == prose


MARKERS = ["bullet", "bullet point", "number one", "number two", "number three", "1.", "2.", "3.", "one,", "two,"]
PIECES = [*MARKERS, "three,", "milk", "Eggs", "list:", ".", ",", "\n", "and"]


@given(st.lists(st.sampled_from(PIECES), max_size=10).map(" ".join))
def test_a_list_is_left_as_a_list(text: str) -> None:
    once = listed(text)
    assert listed(once) == once


@given(st.text())
def test_no_text_is_too_strange(text: str) -> None:
    assert isinstance(listed(text), str)
