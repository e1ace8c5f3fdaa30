"""What the rules make of German, French and Spanish: 150 cases for each, a third of them to be left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.core.types import DictationContext
from desktop.polish.rules.pipeline import PolishRules

CHARACTERS = str.maketrans({"⍽": "\u00a0", "·": "\u202f", "⏎": "\n"})


def cases() -> list[tuple[str, str, str]]:
    """The language, what is said and what is typed of each line of the tables beside this file."""
    found = []
    for path in sorted(Path(__file__).parent.glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                said, _, typed = line.partition("\t")
                found.append((path.stem, said, said if typed == "=" else typed.translate(CHARACTERS)))
    return found


CASES = cases()


@pytest.mark.parametrize(("language", "said", "typed"), CASES)
def test_case_is_typed_as_its_language_wants(language: str, said: str, typed: str) -> None:
    assert PolishRules()(said, DictationContext(language=language)).text == typed


@pytest.mark.parametrize("language", ["de", "es", "fr"])
def test_tables_have_enough_cases(language: str) -> None:
    own = [(said, typed) for code, said, typed in CASES if code == language]
    assert len(own) >= 150
    assert sum(said == typed for said, typed in own) >= 50


@pytest.mark.parametrize(("language", "typed"), [(language, typed) for language, _, typed in CASES])
def test_typed_text_stays_when_polished_again(language: str, typed: str) -> None:
    assert PolishRules()(typed, DictationContext(language=language)).text == typed
