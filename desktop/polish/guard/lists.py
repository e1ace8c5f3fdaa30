"""Load the words by which the meaning guard judges: those of English and Chinese, and a table for each other language.

A word of another language stands in all lists with the language before it, so that no list mixes two: de:war.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from desktop.core.files import read_package_toml
from desktop.polish.guard.spelling import stem
from desktop.polish.rules.languages.language import LANGUAGES, load_table


@cache
def load_guard_lists() -> dict[str, Any]:
    """Return the content of `meaning.toml`, and that of the other languages' tables with the language before each word:
    de:nicht.
    """
    lists = read_package_toml("desktop.polish.guard", "meaning.toml")
    for language in sorted(LANGUAGES):
        own = read_package_toml("desktop.polish.guard", f"{language}.toml")
        lists = _merge(lists, _read_words(own, language))
        for mark in load_table(language)["spoken"]["mark"]:
            lists["marks"] |= {f"{language}:{said}": mark["write"] for said in mark["said"]}
    return lists


_LIGATURES = {"ß": "ss", "œ": "oe", "æ": "ae"}
_UMLAUTS = str.maketrans(_LIGATURES | {"ä": "ae", "ö": "oe", "ü": "ue"})
_OTHER_LIGATURES = str.maketrans(_LIGATURES)


def name_word(word: str, language: str) -> str:
    """Return `word` as it stands in the lists: with two letters for a letter that may be written as two."""
    letters = _UMLAUTS if language == "de" else _OTHER_LIGATURES
    return f"{language}:{word.translate(letters)}" if language else word


def _read_words(table: Any, language: str) -> Any:
    """Return a language's table with a list for every string of words; a + joins the words of a phrase."""
    if isinstance(table, dict):
        return {name: _read_words(each, language) for name, each in table.items()}
    if isinstance(table, list):
        return [_read_words(each, language) for each in table]
    return [name_word(word.replace("+", " "), language) for word in table.split()]


def _merge(one: Any, other: Any) -> Any:
    if isinstance(one, dict):
        return {name: _merge(each, other.get(name, type(each)())) for name, each in one.items()}
    return one + other


@cache
def guard_tables() -> dict[str, Any]:
    """Return the words of `meaning.toml` as lookup tables."""
    lists = load_guard_lists()
    same_groups: list[list[str]] = lists["same"]["words"]
    return {
        "sounds": frozenset(lists["sounds"]),
        "small": frozenset(lists["small"]["words"]),
        "not": frozenset(lists["negations"]["words"]),
        "firm": frozenset(lists["firm"]["words"]),
        "plain": frozenset(lists["plain"]["words"]),
        "asked": {(one, tuple(other.replace("what", "which").split())) for one, other in lists["asked"]["words"]},
        "opposites": frozenset(
            frozenset(map(stem, pair)) if order else frozenset(pair)
            for pair in lists["opposites"]["words"]
            for order in (0, 1)
        ),
        "same": {word: group[0] for group in same_groups for word in group[1:] if " " not in group[0]},
        "split": {
            word: tuple(group[0].rpartition(":")[2].split())
            for group in same_groups
            for word in group[1:]
            if " " in group[0]
        },
        "units": lists["units"],
        "bare": {word.replace("'", ""): word for word in lists["bare"]["words"]},
        "weak": frozenset(lists["weak"]),
        "carriers": frozenset(lists["carriers"]),
    }
