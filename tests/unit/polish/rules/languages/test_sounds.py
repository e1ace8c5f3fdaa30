"""What is said twice in other languages than English, and what is only a sound."""

from __future__ import annotations

import pytest

from desktop.core.types import DictationContext
from desktop.polish.rules.pipeline import PolishRules


def polished(text: str, language: str) -> str:
    return PolishRules()(text, DictationContext(language=language)).text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Die PIN ist neun drei neun drei."),
        ("de", "Die Nummer lautet zwanzig dreißig zwanzig dreißig."),
        ("de", "Der Code ist A sieben A sieben."),
        ("de", "Das Modell heißt null Strich fünf null Strich fünf."),
        ("fr", "Mon numéro est zéro six quatre-vingt douze quatre-vingt douze."),
        ("fr", "Le code est un un deux."),
        ("fr", "Notre clé se termine par un un."),
        ("fr", "L'adresse est dix point zéro point zéro point un."),
        ("es", "La clave es uno siete uno siete."),
        ("es", "La versión es dos punto cero punto cero punto tres."),
        ("it", "Il mio codice è otto nove otto nove."),
        ("pt", "O número é dois sete dois sete."),
        ("nl", "Het nummer is vijf een vijf een."),
        ("pl", "Kod to pięć siedem pięć siedem."),
    ],
)
def test_digits_said_twice_stay(language: str, text: str) -> None:
    assert polished(text, language) == text


@pytest.mark.parametrize(
    ("language", "said", "meant"),
    [
        ("de", "Ich brauche ich brauche zwei Karten.", "Ich brauche zwei Karten."),
        ("de", "Ich habe ein ein Problem.", "Ich habe ein Problem."),
        ("fr", "J'ai vu un un chien.", "J'ai vu un chien."),
        ("es", "Tengo una una idea.", "Tengo una idea."),
    ],
)
def test_words_said_twice_by_mistake_go(language: str, said: str, meant: str) -> None:
    assert polished(said, language) == meant
