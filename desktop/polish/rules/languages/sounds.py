"""Find words that were said twice, and sounds that are words elsewhere, in German, French and Spanish."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from desktop.polish.rules.languages.cardinals import is_number_begin, number_words
from desktop.polish.rules.languages.language import LANGUAGES, base_code, foreign_spans, load_table
from desktop.polish.rules.tokens import COMMA, NOTHING, STOP, SpokenText


@cache
def _repeated_words(language: str) -> frozenset[str]:
    return frozenset(load_table(language)["repeats"]["words"].split())


def doubled_length(spoken: SpokenText, at: int, language: str) -> int:
    """Return 1 if word `at` is said again directly after and the language never doubles it, else 0.

    A comma between the two is a sign that both are meant; a word said three times is.
    """
    code = base_code(language)
    words = spoken.words
    if code not in LANGUAGES or words[at] != words[at + 1] or words[at] not in _repeated_words(code):
        return 0
    if _is_number(words[at], code) and _stands_in_number(spoken, at, code):
        return 0
    is_tripled = words[at] in (*words[max(0, at - 1) : at], *words[at + 2 : at + 3])
    if is_tripled or spoken.barriers[at + 1] > (COMMA if spoken.paused[at + 1] else NOTHING):
        return 0
    if spoken.has_capital(at + 1) or (spoken.has_capital(at) and spoken.barriers[at] != STOP):
        return 0
    start = spoken.start[spoken.word_numbers[at]]
    return int(not any(first <= start < end for first, end in foreign_spans(spoken.text, code)))


def is_dictated_twice(spoken: SpokenText, at: int, length: int, language: str) -> bool:
    """Return whether the phrase of `length` words from `at` is of numbers, letters and what is said between them.

    So are codes and telephone numbers. In a language without number words any phrase may be one.
    """
    code = base_code(language)
    if code not in LANGUAGES:
        return True
    phrase, between = spoken.words[at : at + length], _between_numbers(code)
    return all(len(word) == 1 or _is_number(word, code) or word in between for word in phrase)


def _stands_in_number(spoken: SpokenText, at: int, language: str) -> bool:
    """Return whether the two equal words from `at` are digits: beside another number, or with no noun behind."""
    words = spoken.words
    if at + 2 == len(words) or spoken.barriers[at + 2] == STOP:
        return True
    around = (*words[max(0, at - 1) : at], words[at + 2])
    return any(_is_number(word, language) or word in number_words(language).decimal for word in around)


def _is_number(word: str, language: str) -> bool:
    """Return whether a word is part of a number; its parts may have hyphens between."""
    words = number_words(language)
    return all(
        any(c.isdigit() for c in part) or is_number_begin(words, part) or part in words.scales
        for part in word.split("-")
    )


@cache
def _between_numbers(language: str) -> frozenset[str]:
    return frozenset(load_table(language)["repeats"]["between"].split())


def find_sounds(spoken: SpokenText, language: str) -> Iterator[int]:
    """Yield the numbers of the words that are sounds where they stand, though they may be words: eh, este."""
    code = base_code(language)
    fillers = load_table(code).get("fillers") if code in LANGUAGES else None
    if not fillers:
        return
    words = spoken.lowercase
    for number, word in enumerate(words):
        if word[0] != "e" or number + 1 == len(words):
            continue
        before, after = spoken.marks[number], spoken.marks[number + 1]
        next_word = words[number + 1]
        if re.fullmatch(fillers["sounds"], word):
            is_exclaimed = spoken.text[spoken.start[number] - 1 : spoken.start[number]] in ("¿", "¡")
            if after != STOP and not is_exclaimed and next_word not in fillers["called"].split():
                yield number
        elif number and word in fillers["paused"].split() and words[number - 1] in fillers["paused_after"].split():
            yield from [number] if before == after == COMMA else []
