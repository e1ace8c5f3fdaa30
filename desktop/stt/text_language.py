"""Tell by the words of a text that it is in none of the languages that the user speaks. Pure.

For engines that take no language, and drift into another. A text counts as foreign only on clear evidence: its script,
or several frequent short words of another language where those of the user's are few.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Collection
from typing import Any

from desktop.core.files import read_package_toml
from desktop.core.text import WORD
from models.catalog import base_language

MIN_LETTERS, MAX_KNOWN_LETTERS = 8, 2
"""Letters below which a script proves nothing, since a name is written so in any language, and letters of the user's
own scripts beside them at most: a Chinese sentence may be in Latin for the most part."""

MIN_FOREIGN_WORDS, MIN_FOREIGN_SHARE = 3, 0.25
"""Frequent words of another language, and their share of all words, that prove it, each counted once. None of them is
a word of a language allowed, of which there must be less than half as many."""

LATIN = "LATIN"

_APOSTROPHE = re.compile("['’]")


def is_foreign(text: str, allowed: Collection[str]) -> bool:
    """Whether `text` is in none of the languages `allowed`, whose codes may have a region; none allows all."""
    codes = {base_language(code) for code in allowed}
    if not codes or not text:
        return False
    scripts = Counter(_find_script(letter) for letter in text if letter.isalpha())
    known = sum(count for script, count in scripts.items() if _writes_in(script, codes))
    if scripts.total() >= MIN_LETTERS and known <= MAX_KNOWN_LETTERS:
        return True
    return _has_foreign_words(text, codes)


def _has_foreign_words(text: str, codes: Collection[str]) -> bool:
    table = _load_words()
    if not table.keys() >= set(codes):
        return False
    words = {part for match in WORD.finditer(text) for part in _APOSTROPHE.split(match[0].lower())}
    allowed = frozenset[str]().union(*(table[code] for code in codes))
    known = words & allowed
    return any(
        len(foreign := words & frequent - allowed) >= MIN_FOREIGN_SHARE * len(words)
        and len(foreign) >= max(MIN_FOREIGN_WORDS, 2 * len(known - frequent) + 1)
        for code, frequent in table.items()
        if code not in codes
    )


def _find_script(letter: str) -> str:
    return unicodedata.name(letter, LATIN).split()[0]


def _writes_in(script: str, codes: Collection[str]) -> bool:
    """Whether one of the languages is written in the script, or the script is not known."""
    scripts: dict[str, list[str]] = _load_table()["scripts"]
    if script == LATIN:
        others = {code for languages in scripts.values() for code in languages}
        return any(code not in others for code in codes)
    return script not in scripts or any(code in scripts[script] for code in codes)


@functools.cache
def _load_words() -> dict[str, frozenset[str]]:
    return {code: frozenset(words.split()) for code, words in _load_table()["words"].items()}


@functools.cache
def _load_table() -> dict[str, Any]:
    return read_package_toml("desktop.stt", "languages.toml")
