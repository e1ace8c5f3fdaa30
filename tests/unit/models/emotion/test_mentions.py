"""Which words of emotion only name something."""

from __future__ import annotations

import pytest

from models.emotion.mentions import find_mentions
from models.emotion.tokens import split_tokens


def names(text: str) -> list[str]:
    tokens = split_tokens(text)
    return [tokens[at].text for at in sorted(find_mentions(tokens))]


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
        ("The class anger has 40 rows.", ["anger"]),
        ("I added the label fear.", ["fear"]),
        ("The word sad is in my calendar.", ["sad"]),
        ("We looked up the adjective gloomy.", ["gloomy"]),
        ("Translate the word frightened.", ["frightened"]),
        ("Type scared to go on.", ["scared"]),
        ("The word disgusts is in line two.", ["disgusts"]),
        ("The label is sad.", ["sad"]),
        ("The tag is angry or sad.", ["angry", "sad"]),
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


@pytest.mark.parametrize(
    "text",
    [
        "His category sickens me.",
        "That type irritates everybody.",
        "This column hurts!",
        "The emotion frightens us.",
        "The icon upset our customers.",
        "The field disappoints.",
        "The noun hurt them.",
        "Such people of this type annoy you.",
        "Which type scare you?",
        "I find your category revolting.",
        "I find that word hilarious.",
        "Is that class boring?",
        "This field is dreadful.",
        "That word is disgusting.",
        "The class is boring, stupid and ugly.",
        "Nice category, adore it.",
        "Spread the word, hopefully we win.",
        "The lonely evenings are unbearable.",
    ],
)
def test_named_emotion_behind_a_word_noun_is_left(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Server panic reports are on the share.", ["panic"]),
        ("The customer rage index is on page two.", ["rage"]),
        ("Children fear wolves are back.", []),
        ("Tom fears dogs are loose.", []),
        ("I fear costs are up.", []),
        ("Our fans love songs are long.", []),
    ],
)
def test_named_middle_of_a_compound_is_found(text: str, words: list[str]) -> None:
    assert names(text) == words


@pytest.mark.parametrize("text", ["", "!", "“", "joy", '"', "the", "the happy", "Joy Joy Joy", "😀 joy"])
def test_named_fragment_is_read(text: str) -> None:
    assert set(names(text)) <= {"joy"}
