"""Disfluencies are put into sentences so that the fluent side is the sentence, the same for the same seed."""

from __future__ import annotations

import re

import pytest

from models.polish.training.injection import TABLE, inject, inject_each, remove_marks
from tests.prove.clean import prose

SENTENCES = [text for text in prose() if text.isascii()]


def words(text: str) -> list[str]:
    return re.findall(r"[\w']+", text.lower())


def is_part(part: list[str], whole: list[str]) -> bool:
    rest = iter(whole)
    return all(word in rest for word in part)


def test_fluent_side_is_the_sentence() -> None:
    pairs = [(text, pair) for text in SENTENCES if (pair := inject(text, 1))]
    assert len(pairs) > 0.9 * len(SENTENCES)
    for text, pair in pairs:
        assert pair.fluent in (text, remove_marks(text))
        assert is_part(words(pair.fluent), words(pair.disfluent)), pair
        assert len(words(pair.disfluent)) > len(words(pair.fluent))


def test_pair_is_the_same_whatever_stands_around_it() -> None:
    alone = [next(inject_each([text], 7), None) for text in SENTENCES]
    assert list(inject_each(SENTENCES, 7)) == [pair for pair in alone if pair]
    assert list(inject_each(SENTENCES, 8)) != list(inject_each(SENTENCES, 7))


@pytest.mark.parametrize("kind", list(TABLE["kinds"]))
def test_kind_is_the_one_asked_for(kind: str) -> None:
    kinds = {pair.kind.split(":")[0] for text in SENTENCES if (pair := inject(text, 1, kind))}
    assert kinds == {kind}


def test_repair_names_a_thing_of_the_same_kind() -> None:
    days = [pair for seed in range(20) if (pair := inject("We meet on Tuesday in the hall.", seed, "repair"))]
    named = [pair for pair in days if pair.kind == "repair:day"]
    assert named
    week = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    assert all(sum(word in week for word in words(pair.disfluent)) == 2 for pair in named)


def test_number_is_never_said_twice_as_a_slip() -> None:
    said = [pair for seed in range(50) if (pair := inject("Put two of the two with two.", seed, "word_twice"))]
    assert said
    assert not any("two two" in pair.disfluent.lower() for pair in said)


def test_shares_are_those_of_the_table() -> None:
    pairs = [pair for seed in range(4) for pair in inject_each(SENTENCES, seed)]
    unmarked = sum(pair.disfluent == remove_marks(pair.disfluent) for pair in pairs) / len(pairs)
    assert unmarked == pytest.approx(TABLE["shares"]["unmarked"], abs=0.05)
    twice = sum(pair.kind.endswith("twice") for pair in pairs)
    repaired = sum(pair.kind.startswith("repair") for pair in pairs)
    assert twice > repaired > sum(pair.kind == "false_start" for pair in pairs)


def test_short_sentence_takes_none() -> None:
    assert inject("Thank you.", 1) is None
