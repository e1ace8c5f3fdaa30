"""Choose the language whose rules a text gets: the recognizer's, checked against the small words of the text.

A recognizer that is set to one language names it whatever was said, and a text may quote another language. So the
rules of German, French and Spanish touch only sentences in whose small words no other language is more frequent, and
the rules of English only texts that are not plainly in another language.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

from desktop.core.files import read_package_toml
from desktop.core.text import guess_language
from desktop.polish.rules.edit import RuleEdit

LANGUAGES = frozenset(("de", "fr", "es"))
"""Languages with a table in this package."""

UNDETERMINED = "und"
"""The language code of a text in which recognizer and words disagree: no rule knows it."""

MIN_SMALL_WORDS = 2
"""Least small words by which a language is chosen."""

MIN_SURPLUS = 2
"""Least surplus of another language's small words over those of the recognizer's language."""

MIN_SPACES = 3
"""Least spaces of a text that is taken for another language than English by a single small word."""

_ENGLISH_SOUNDS = frozenset((*"bcdefghjklmnopqrstuvwxyz", "um", "er"))
"""Small words of other languages that are sounds or letters in English."""

_LETTERS = re.compile(r"[^\W\d_]+")
_SENTENCE = re.compile(r"[^.!?…\n]+(?:[.!?…\n]+|\Z)")


@cache
def load_table(language: str) -> Mapping[str, Any]:
    """Return the table of one of `LANGUAGES`."""
    return read_package_toml("desktop.polish.rules.languages", f"{language}.toml")


@cache
def small_words(language: str) -> frozenset[str]:
    """Return the small words of a language."""
    return frozenset(_load_small_words()[language].split())


@cache
def joining_words(language: str) -> frozenset[str]:
    """Return the words after which no comma stands, of one of `LANGUAGES`; no words of another language."""
    code = base_code(language)
    return frozenset(load_table(code)["joining"].split()) if code in LANGUAGES else frozenset()


@cache
def _load_small_words() -> Mapping[str, str]:
    return read_package_toml("desktop.polish.rules.languages", "small_words.toml")


@cache
def _languages_of_words() -> Mapping[str, tuple[str, ...]]:
    """Return the languages of each small word."""
    found: dict[str, tuple[str, ...]] = {}
    for language in _load_small_words():
        for word in small_words(language):
            found[word] = (*found.get(word, ()), language)
    return found


def base_code(language: str) -> str:
    """Return a language code without its region."""
    return language.lower().partition("-")[0]


@lru_cache(maxsize=8)
def choose_language(recognized: str, text: str) -> str:
    """Return the language whose rules `text` gets; `recognized` is empty if the recognizer named none."""
    language = base_code(recognized)
    guessed = language or guess_language(text)
    if guessed != "en" and guessed not in LANGUAGES:
        return recognized or guessed
    counts = _count_small_words(text, _ENGLISH_SOUNDS if guessed == "en" else frozenset())
    own = counts.pop(guessed, 0)
    best = max(counts, key=counts.__getitem__, default="")
    if guessed != "en":
        is_foreign = counts[best] >= own + MIN_SURPLUS and not _has_own_sentence(text, guessed)
        return UNDETERMINED if is_foreign else recognized
    foreign = counts[best] + _count_foreign_letters(text)
    if foreign <= own or (foreign < MIN_SMALL_WORDS and (own or text.count(" ") < MIN_SPACES)):
        return recognized or guessed
    is_tied = sum(count == counts[best] for count in counts.values()) > 1
    return UNDETERMINED if language or is_tied or counts[best] < MIN_SMALL_WORDS else best


def _has_own_sentence(text: str, language: str) -> bool:
    """Return whether a sentence of `text` is in `language`."""
    for match in _SENTENCE.finditer(text):
        counts = _count_small_words(match.group())
        if counts[language] >= MIN_SMALL_WORDS and counts[language] == max(counts.values()):
            return True
    return False


def _count_foreign_letters(text: str) -> int:
    """Return the number of words with a letter that English has not."""
    return 0 if text.isascii() else sum(not word.isascii() for word in _LETTERS.findall(text))


def _count_small_words(text: str, without: frozenset[str] = frozenset()) -> Counter[str]:
    languages = _languages_of_words()
    words = (word for word in _LETTERS.findall(text.lower()) if word in languages and word not in without)
    return Counter(language for word in words for language in languages[word])


@lru_cache(maxsize=16)
def foreign_spans(text: str, language: str) -> tuple[tuple[int, int], ...]:
    """Return the sentences of `text` that are in another language than `language`."""
    if choose_language(language, text) == UNDETERMINED:
        return ((0, len(text)),)
    found = []
    for match in _SENTENCE.finditer(text):
        counts = _count_small_words(match.group())
        if counts and max(counts.values()) >= counts[language] + MIN_SURPLUS:
            found.append(match.span())
    return tuple(found)


def keep_own_edits(text: str, edits: Iterable[RuleEdit], language: str) -> Iterator[RuleEdit]:
    """Yield those of `edits` that lie in no sentence of another language."""
    for edit in edits:
        if not any(edit.start < end and start < edit.end for start, end in foreign_spans(text, language)):
            yield edit
