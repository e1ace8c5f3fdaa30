"""The words of a mark stay where they mean themselves in German, French and Spanish."""

from __future__ import annotations

import pytest

from desktop.core.types import DictationContext
from desktop.polish.rules.pipeline import PolishRules


def polished(text: str, language: str) -> str:
    return PolishRules()(text, DictationContext(language=language)).text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Elle n'y songe point."),
        ("fr", "Ce pays, je ne le connais point."),
        ("fr", "Ne t'en fais point."),
        ("es", "Ojalá que mi perro viejo y cansado coma."),
        ("es", "Quiero que el gato coma."),
        ("de", "Sie schrieb Komma."),
        ("de", "Setze Komma und Doppelpunkt ans Ende."),
        ("de", "Sag Punkt."),
        ("fr", "Elle a écrit virgule."),
        ("fr", "Tape point virgule à la fin."),
        ("es", "Escribe punto y coma al final."),
        ("fr", "Nous avons marqué, deux points."),
        ("fr", "Il s'est arrêté à la ligne douze du tableau."),
        ("fr", "Rendez-vous à la ligne d'horizon."),
        ("fr", "Tu as mis combien à la ligne divers ?"),
    ],
)
def test_words_that_mean_themselves_stay(language: str, text: str) -> None:
    assert polished(text, language) == text


@pytest.mark.parametrize(
    ("language", "said", "typed"),
    [
        ("fr", "Elle n'y songe point point", "Elle n'y songe point."),
        ("fr", "Elle n'y songe point virgule hélas", "Elle n'y songe point, hélas."),
        ("fr", "Elle n'y songe pas point", "Elle n'y songe pas."),
        ("fr", "Si je ne me trompe virgule il dort point", "Si je ne me trompe, il dort."),
        ("es", "Espero que mi perro coma punto", "Espero que mi perro coma."),
        ("es", "Cuando tu hermana pequeña coma coma llámame punto", "Cuando tu hermana pequeña coma, llámame."),
        ("es", "Dile que salga ahora coma por favor punto", "Dile que salga ahora, por favor."),
        ("de", "Sie sagte Komma dass es regnet", "Sie sagte, dass es regnet."),
        ("de", "Sie sagte Doppelpunkt ich gehe", "Sie sagte: ich gehe."),
        ("de", "Das habe ich dir doch gesagt Punkt", "Das habe ich dir doch gesagt."),
        ("de", "Liebe Frau Weber Komma", "Liebe Frau Weber,"),
        ("fr", "Il est rentré à la ligne merci", "Il est rentré\nMerci."),
        ("fr", "Bonjour virgule à la ligne pensez au pain", "Bonjour,\nPensez au pain."),
    ],
)
def test_marks_are_written_beside_them(language: str, said: str, typed: str) -> None:
    assert polished(said, language) == typed
