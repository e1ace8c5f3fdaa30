"""Which words of emotion only name something."""

from __future__ import annotations

import pytest

from models.emotion.mentions import named
from models.emotion.tokens import tokens_of


def names(text: str) -> list[str]:
    tokens = tokens_of(text)
    return [tokens[at].text for at in sorted(named(tokens))]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Grace and Hope are coming at eight.", ["grace", "hope"]),
        ("Joy called about the printer.", ["joy"]),
        ("joy called about the printer", ["joy"]),
        ("Please ask Joy.", ["joy"]),
        ("tell hope that i will be late", ["hope"]),
        ("Joy's flight lands at three.", ["joy's"]),
        ("Turn into Hope Street.", ["hope"]),
        ("Happy Valley is north of the river.", ["happy"]),
        ("Merry and Pippin are in the book.", ["merry"]),
        ("The amazing race starts at six.", ["amazing"]),
        ("The sad face icon is missing.", ["sad"]),
        ("The terrible twos is a phase.", ["terrible"]),
        ("The surprise party is on Friday.", ["surprise"]),
        ("Our panic buttons are red.", ["panic"]),
        ("The love letter was sold.", ["love"]),
        ("Disgust is one of seven labels.", ["disgust"]),
        ("Sadly is an adverb.", ["sadly"]),
        ("Wow is an acronym.", ["wow"]),
        ("The word surprise has eight letters.", ["surprise"]),
        ("Furious is a synonym of angry.", ["furious", "angry"]),
        ('The label "joy" is rare.', ["joy"]),
        ("The label “joy” is rare.", ["joy"]),
        ("The labels are joy, sadness and anger.", ["joy", "sadness", "anger"]),
        ("Our boat is called Surprise.", ["surprise"]),
    ],
)
def test_named_word_is_found(text: str, words: list[str]) -> None:
    assert names(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "What a lovely surprise!",
        "I hope so.",
        "Joy filled the room.",
        "Thank goodness, what a joy!",
        "The joy of it all!",
        "The fear grew.",
        "Love you!",
        "Happy birthday, dear Tom!",
        "I am So Happy",
        "I am SO HAPPY!!",
        "I Love This So Much",
        "Joy is what I feel.",
        "The sad truth is that nobody came.",
        "The beautiful flowers made me cry.",
        "The stupid printer is jammed.",
        "I had a panic attack.",
        "I feel joy, love and hope.",
        "Sad and alone again.",
        "I love music.",
        "This is disgusting.",
    ],
)
def test_named_expressed_word_is_left(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize("text", ["", "!", "“", "joy", '"', "the", "the happy", "Joy Joy Joy", "😀 joy"])
def test_named_fragment_is_read(text: str) -> None:
    assert set(names(text)) <= {"joy"}
