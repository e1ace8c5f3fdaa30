"""Of corrections that follow one another all are made or none, and only words of one kind change places."""

from __future__ import annotations

import pytest

from desktop.polish.rules.edit import RuleContext, apply_edits
from desktop.polish.rules.repairs import edit_repairs
from tests.prove.prose import MODES, Mode


def repaired(text: str, removals: Mode = "careful") -> str:
    return apply_edits(text, edit_repairs(text, RuleContext("en", removals=removals)))[0]


@pytest.mark.parametrize("removals", MODES)
@pytest.mark.parametrize(
    ("said", "whole"),
    [
        ("Call Jane, sorry, Paul, sorry, Rita.", "Call Rita."),
        ("There were nine, no, ten, no, twelve guests.", "There were twelve guests."),
        ("there were nine no ten no twelve guests", "there were twelve guests"),
        ("The train leaves at six, no, seven, no, eight.", "The train leaves at eight."),
    ],
)
def test_a_chain_is_whole(said: str, whole: str, removals: Mode) -> None:
    assert repaired(said, removals) in (said, whole)


def test_a_chain_of_sure_corrections_is_made() -> None:
    assert repaired("Call Ann, sorry, Bob, sorry, Eve.") == "Call Eve."


def test_words_of_one_kind_change_places() -> None:
    assert repaired("Send the red file, no wait, blue.") == "Send the blue file."


@pytest.mark.parametrize("text", ["Is it Paul, no wait, I hear him.", "is it paul no wait i hear him"])
def test_a_pronoun_takes_no_noun_s_place(text: str) -> None:
    assert repaired(text, "thorough") == text
