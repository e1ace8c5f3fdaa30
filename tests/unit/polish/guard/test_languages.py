"""What the guard refuses of German, French and Spanish, and that it lets a fluent polish pass.

The pairs were written for it, in two halves: it was tuned on the first, third, fifth of each kind and judged by the
others; 20 of each language were written after that, the rest for mends. `KNOWN` are those at which it still errs.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.files import read_package_toml
from desktop.polish.guard.guard import find_harm
from desktop.polish.guard.language_numbers import choose_guard_language, write_digits
from desktop.polish.guard.lists import name_word
from desktop.polish.rules.languages.language import LANGUAGES

KNOWN: frozenset[str] = frozenset(("Bitte bestätigen Sie die Nummer.", "Nos vemos a las cuatro."))
"""Answers that are refused though they are right: a typo in a word with a capital, "no" as a cue after a sound."""


def _pairs() -> Iterator[tuple[str, str, str, str]]:
    for language in sorted(LANGUAGES):
        lines = Path(__file__).with_name(f"{language}.tsv").read_text(encoding="utf-8").splitlines()[1:]
        for line in lines:
            kind, said, answer = line.split("\t")
            yield language, kind, said, answer.replace("\\n", "\n")


@pytest.mark.parametrize(("language", "kind", "said", "answer"), [*_pairs()])
def test_pair_is_judged_as_written(language: str, kind: str, said: str, answer: str) -> None:
    is_refused = find_harm(said, answer, (), language) != ""
    assert is_refused == ((kind == "harmful") != (answer in KNOWN))


def test_pairs_are_enough() -> None:
    counts = [(language, kind) for language, kind, _, _ in _pairs()]
    assert all(counts.count((language, kind)) >= 60 for language in LANGUAGES for kind in ("harmful", "harmless"))


@pytest.mark.parametrize(
    ("recognized", "text", "language"),
    [
        ("de", "Komme nicht.", "de"),
        ("", "ich komme nicht", "de"),
        ("en", "ich komme heute nicht zu dir", "de"),
        ("de", "I do not know what you have done to the car", ""),
        ("fr", "je viens pas", "fr"),
        ("es-MX", "no vengo", "es"),
        ("en", "he was not there", ""),
        ("zh", "我不去", ""),
    ],
)
def test_language_is_the_text_s(recognized: str, text: str, language: str) -> None:
    assert choose_guard_language(recognized, text) == language


@pytest.mark.parametrize(
    ("language", "text", "written"),
    [
        ("de", "um vierzehn uhr dreißig", "um 14:30"),
        ("de", "um 14.30 Uhr", "um 14:30"),
        ("de", "zwölftausend", "12000"),
        ("de", "drei Millionen und ein Hund", "3 Millionen und ein Hund"),
        ("fr", "quatre-vingt-dix", "90"),
        ("fr", "à 14h30", "à 14:30"),
        ("fr", "12\u202f000,5", "12000.5"),
        ("es", "treinta y cinco", "35"),
        ("es", "1.250 o una", "1250 o una"),
    ],
)
def test_write_digits_writes_one_notation(language: str, text: str, written: str) -> None:
    assert write_digits(text, language) == written


def test_tables_name_only_known_lists() -> None:
    known = read_package_toml("desktop.polish.guard", "meaning.toml")
    for language in sorted(LANGUAGES):
        table = read_package_toml("desktop.polish.guard", f"{language}.toml")
        assert table.keys() <= known.keys()
        assert all(table[name].keys() <= known[name].keys() for name in table if isinstance(table[name], dict))


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_words_of_a_table_have_one_spelling(language: str) -> None:
    groups = read_package_toml("desktop.polish.guard", f"{language}.toml")["same"]["words"]
    named = [name_word(word, language) for group in groups for word in group.split()]
    assert [word for word in sorted({*named}) if named.count(word) > 1] == []
