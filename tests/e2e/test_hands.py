"""Hands that are not steady: a sample of what `make prove-hands` does two hundred times."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from tests.support.desk import Desk
from tests.support.hands import KINDS, Hands, misplaced, moves


def test_user_actions_lose_double_or_misplace_nothing(desk: Desk, tmp_path: Path) -> None:
    hands = Hands(desk, tmp_path)
    came = {move.kind: hands.make(move) for move in islice(moves(seed=3), len(KINDS))}
    assert {kind: one.wrong for kind, one in came.items() if one.wrong} == {}
    assert came.keys() == set(KINDS)
    assert len(came["held"].outcomes) == 2


@pytest.mark.parametrize(
    ("text", "inserted", "typed"),
    [
        ("", [], ""),
        ("Hello there.", ["Hello there."], ""),
        ("Hello there. And on.", ["Hello there.", "And on."], ""),
        ("qwHello thereer and on.t", ["Hello there", "And on."], "qwert"),
        ("One. One.", ["One.", "One."], ""),
    ],
)
def test_the_judge_takes_what_is_in_its_place(text: str, inserted: list[str], typed: str) -> None:
    assert misplaced(text, inserted, typed) == ""


@pytest.mark.parametrize(
    ("text", "inserted", "typed"),
    [
        ("", ["Hello."], ""),
        ("Hello.", [], ""),
        ("Hello.Hello.", ["Hello."], ""),
        ("Helqlo.", ["Hello."], "q"),
        ("HellO.", ["Hello."], ""),
        ("Hello.", ["Hello."], "q"),
        ("Hello.wq", ["Hello."], "qw"),
        ("Two.One.", ["One.", "Two."], ""),
        (" Hello.", ["Hello."], ""),
    ],
)
def test_judge_finds_lost_doubled_and_misplaced_text(text: str, inserted: list[str], typed: str) -> None:
    assert misplaced(text, inserted, typed)
