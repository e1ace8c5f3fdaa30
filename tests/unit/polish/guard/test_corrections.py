"""Sentences that a speaker corrected half-way and a model built anew: what is still what was meant, and what is not."""

from __future__ import annotations

import pytest

from desktop.polish.guard.guard import find_harm


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (
            "What was Houghton's role no sorry I want to know what Houghton said was necessary for any changes?",
            "What did Houghton say is necessary for any changes?",
        ),
        ("What did Woodward Shakespeare donate no Lewis Eaton?", "What did Lewis Eaton donate?"),
        (
            "In what year did the Reva and Logan Center open, sorry make that the Williams and Logan Center?",
            "In what year did the Williams and Logan Center open?",
        ),
        ("How do they fight it alone no sorry how do they fight against it?", "How do they fight against it?"),
        ("The miasma theory was supported by whose theories?", "Whose theories supported the miasma theory?"),
        ("the private day school is called what?", "What is the private day school called?"),
        (
            "What do they use the hall for no I mean what did they build next to the hall?",
            "What did they build next to the hall?",
        ),
    ],
)
def test_rephrased_text_may_use_its_own_words(said: str, answer: str) -> None:
    assert find_harm(said, answer) == ""


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("What did Woodward donate no Eaton?", "What did Woodward donate?"),
        ("What did Woodward Shakespeare donate no Lewis Eaton?", "What did Lewis Miller donate?"),
        ("How do they fight it no sorry how do they not fight it?", "How do they fight it?"),
        ("What did they build in 1920 no sorry what did they build in 1930?", "What did they build in 1920?"),
        ("Did Mark pay Anna no sorry did Anna pay Mark?", "Did Mark pay Anna?"),
        ("Which team won no sorry which team lost the last game?", "Which team won the last game?"),
        ("What relates to obedience no sorry what relates to the law of obedience?", "What relates to disobedience?"),
        ("The first plan no sorry the second plan needs a roof?", "The second plan needs a banana?"),
        ("Whose theories supported Darwin against Owen?", "Whose theories supported Owen against Darwin?"),
        ("How far from the Yard is the house no I mean the Quad?", "How far from the Quad is the Yard?"),
    ],
)
def test_lost_correction_or_other_change_is_refused(said: str, answer: str) -> None:
    assert find_harm(said, answer)
