"""Which words of emotion are negated."""

from __future__ import annotations

import pytest

from models.emotion.negation import find_negated
from models.emotion.text_classifier import count_features, split_words
from models.emotion.tokens import split_tokens


def denied(text: str) -> list[str]:
    tokens = split_tokens(text)
    return [tokens[at].text for at in sorted(find_negated(tokens))]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I'm not happy about this.", ["happy"]),
        ("I don’t hate it.", ["hate"]),
        ("i dont hate mondays", ["hate"]),
        ("It isn't funny.", ["funny"]),
        ("He was never angry.", ["angry"]),
        ("I am no longer sad.", ["sad"]),
        ("I'm hardly thrilled.", ["thrilled"]),
        ("I'm not really so very happy.", ["happy"]),
        ("I don't think I'm angry.", ["angry"]),
        ("I don't want to be sad.", ["sad"]),
        ("It's not that I hate it.", ["hate"]),
        ("Nobody is angry.", ["angry"]),
        ("Nothing makes me happy.", ["happy"]),
        ("I have no fear of it.", ["fear"]),
        ("He spoke without anger.", ["anger"]),
        ("I am far from happy.", ["happy"]),
        ("It was anything but wonderful.", ["wonderful"]),
        ("I am neither happy nor sad.", ["happy", "sad"]),
        ("I'm not sad, angry or afraid.", ["sad", "angry", "afraid"]),
        ("It is no great surprise.", ["great", "surprise"]),
        ("I'm not unhappy.", ["unhappy"]),
        ("It's not bad.", ["bad"]),
        ("Don't worry, be happy.", ["worry"]),
        ("I'm not angry, I'm furious.", ["angry"]),
        ("Why aren't you happy?", ["happy"]),
        ("Don't be sad.", ["sad"]),
        ("I don't have no fear.", ["fear"]),
        ("It ain't never been funny.", ["funny"]),
        ("I am not not not afraid.", ["afraid"]),
        ("She's not this happy on Mondays.", ["happy"]),
        ("I have not been happy with it.", ["happy"]),
        ("I can't, not angry as I am.", ["angry"]),
    ],
)
def test_negated_simple_negation_reaches_the_word(text: str, words: list[str]) -> None:
    assert denied(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "I am not only happy, I am proud.",
        "I'm not just angry.",
        "No wonder she's angry.",
        "Why not be happy?",
        "I can't be happier.",
        "I couldn't be happier.",
        "We could not be more excited.",
        "I couldn't love it more.",
        "I've never been so happy.",
        "I haven't been this angry in years.",
        "I haven't been so scared in years.",
        "Nothing makes me happier.",
        "Isn't it wonderful!",
        "Don't you love it?",
        "And isn't that lovely?",
        "I don't care I hate it",
        "No, I hate it.",
        "No it is great",
        "I don't know why I am so sad.",
        "I can't tell you how happy I am.",
        "I can't stop crying.",
        "I can't believe it, this is wonderful!",
        "I'm not coming because I'm scared.",
        "I felt nothing but joy.",
        "I never thought I would be so happy.",
        "Nobody told me, and I'm furious.",
        "I never want to see that disgusting man again.",
    ],
)
def test_negated_expressed_words_are_left(text: str) -> None:
    assert denied(text) in ([], ["care"])


@pytest.mark.parametrize(
    "text",
    [
        "We have not been this excited since May.",
        "He had not felt such joy before.",
        "They've not been so scared in years.",
        "She's not been this proud in ages.",
        "You can't not enjoy it.",
        "I could not not cry.",
        "He is not not afraid.",
        "I can't say I'm not disappointed.",
        "Don't think that I'm not furious.",
    ],
)
def test_negated_double_or_exalting_negation_is_left(text: str) -> None:
    assert denied(text) == []


def test_negated_word_is_a_feature_of_its_own() -> None:
    assert split_words("I'm not happy.") == ["i'm", "not", "not:happy"]
    found = count_features("I'm not happy.")
    assert "happy" not in found
    assert not any(name.startswith("#") and "happ" in name for name in found)
    assert count_features("I'm not happy.", literal=True)["happy"] == 1


@pytest.mark.parametrize("unit", ["not sad, ", ", sad", "never happy ", "not sad or angry and "])
def test_negated_long_text_is_read_to_its_end(unit: str) -> None:
    assert len(split_words(unit * 5_000)) >= 5_000


@pytest.mark.parametrize("text", ["", " ", "...", "not", "isn't", "no", "far from", "我不高兴", "not 5 !"])
def test_negated_text_without_an_emotion_has_none(text: str) -> None:
    assert denied(text) == []
