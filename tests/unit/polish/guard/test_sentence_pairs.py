"""A correction excuses what it changes in its own sentence and nothing in the others."""

from __future__ import annotations

import pytest

from desktop.polish.guard.guard import find_harm

CORRECTED = [
    ("The train leaves at nine, no, ten.", "The train leaves at ten."),
    ("Ask Martha, sorry, ask Judith about the keys.", "Ask Judith about the keys."),
    ("What did they paint, no sorry, what did they build here?", "What did they build here?"),
]
BETWEEN = "The soup was good."
HARMED = [
    ("She does not need to wait.", "She does not wait."),
    ("They may call us.", "They call us."),
    ("Perhaps the door is locked.", "The door is locked."),
    ("Nearly all chairs are taken.", "All chairs are taken."),
    ("Copy only the short files.", "Copy the short files."),
    ("Send it if the printer works.", "Send it, the printer works."),
    ("He was robbed by a friend.", "He robbed a friend."),
    ("A little sugar is left.", "Little sugar is left."),
    ("You were late and they had a plan.", "You are late and they have a plan."),
    ("We sold the green boat and the small tent.", "We sold the small boat and the green tent."),
]


@pytest.mark.parametrize(("said", "answer"), CORRECTED)
@pytest.mark.parametrize(("right", "wrong"), HARMED)
def test_harm_in_another_sentence_is_refused(said: str, answer: str, right: str, wrong: str) -> None:
    assert find_harm(f"{said} {BETWEEN} {right}", f"{answer} {BETWEEN} {right}") == ""
    assert find_harm(f"{said} {BETWEEN} {right}", f"{answer} {BETWEEN} {wrong}")
    assert find_harm(f"{right} {BETWEEN} {said}", f"{wrong} {BETWEEN} {answer}")
    assert find_harm(f"{said} {right}", f"{answer} {wrong}")


@pytest.mark.parametrize(("right", "wrong"), HARMED)
def test_harm_is_refused_where_no_marks_were_said(right: str, wrong: str) -> None:
    said, answer = CORRECTED[0]
    spoken = f"{said} um {BETWEEN} {right}".lower().translate(dict.fromkeys(map(ord, ".,")))
    assert find_harm(spoken, f"{answer} {BETWEEN} {right}") == ""
    assert find_harm(spoken, f"{answer} {BETWEEN} {wrong}")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("Give it to Ben. No wait, give it to Clara. Then lock the door.", "Give it to Clara. Then lock the door."),
        ("The soup was good. We meet in May. Sorry, in June.", "The soup was good. We meet in June."),
        (
            "the soup was good we meet in may sorry in june bring the maps",
            "The soup was good. We meet in June. Bring the maps.",
        ),
    ],
)
def test_correction_over_two_sentences_is_accepted(said: str, answer: str) -> None:
    assert find_harm(said, answer) == ""
