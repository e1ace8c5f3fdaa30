"""Small words that end nothing are said again only by mistake; what only looks like it stays."""

from __future__ import annotations

from typing import Literal

import pytest

from desktop.polish.rules.edit import RuleContext, apply_edits
from desktop.polish.rules.repeats import edit_repeats, propose_repeats, repeat_lengths
from desktop.polish.rules.tokens import SpokenText
from models.polish.removals import load_model


def without_repeats(text: str, removals: Literal["careful", "thorough"] = "careful") -> str:
    return apply_edits(text, edit_repeats(text, RuleContext("en", removals=removals)))[0]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("We talked about my about my manager.", "We talked about my manager."),
        ("we walked by your by your house", "we walked by your house"),
        ("I called because its because its battery died.", "I called because its battery died."),
        ("Will you will you bring the cake?", "Will you bring the cake?"),
        ("so do they do they pay for lunch", "so do they pay for lunch"),
        ("That you that you came was kind.", "That you came was kind."),
        ("It it rained all night.", "It rained all night."),
        ("it it rained all night", "it rained all night"),
        ("Can can we leave early?", "Can we leave early?"),
        ("do do you have a pen", "do you have a pen"),
        ("The train is is late again.", "The train is late again."),
        ("my phone was was broken", "my phone was broken"),
    ],
)
def test_small_words_that_end_nothing_are_said_once(said: str, meant: str) -> None:
    assert without_repeats(said) == meant


@pytest.mark.parametrize(
    "text",
    [
        "What the trouble is is that nobody knows.",
        "what the trouble is is hard to say",
        "The point is is that we wait.",
        "The question is is there time?",
        "my worry is is she safe",
        "All the work was was paper.",
        "Will will you a house.",
        "We sat between you and I and I slept.",
        "What it is it is.",
        "They came to us to us alone.",
        "I gave it to her to her face.",
        "Sign in in a new tab.",
        "sign in in a new tab",
        "turn it off off the record",
    ],
)
def test_what_may_be_meant_twice_stays(text: str) -> None:
    assert without_repeats(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "We hope to win, we hope to learn, we hope to grow.",
        "Tell Eve about the train, tell Eve about the bus.",
        "Step for step, side by side.",
        "home slash dot dot slash dot dot slash music",
        "Sign in in a new tab.",
        "sign in in a new tab",
    ],
)
def test_thorough_keeps_what_is_alike(text: str) -> None:
    assert without_repeats(text, "thorough") == text


def test_thorough_takes_a_clause_that_was_broken_off() -> None:
    assert without_repeats("set an alarm for, set an alarm for six", "thorough") == "set an alarm for six"


def test_a_row_of_one_word_has_one_proposal_a_word() -> None:
    spoken = SpokenText("the " * 60, "en")
    assert [*repeat_lengths(spoken, 20, frozenset())] == [1]
    found = [
        one for one in propose_repeats(spoken, frozenset(), load_model()) if one.kind == "repeat" and one.first < 50
    ]
    assert len(found) == 50


def test_a_row_of_one_phrase_is_looked_at_by_its_shortest() -> None:
    spoken = SpokenText("ask me " * 30, "en")
    assert [*repeat_lengths(spoken, 20, frozenset())] == [2]
