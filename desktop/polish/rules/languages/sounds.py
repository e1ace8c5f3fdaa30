"""Find words that were said twice, sounds that are words elsewhere, and sounds that are meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

from desktop.polish.rules.languages.cardinals import is_number_begin, number_words
from desktop.polish.rules.languages.language import LANGUAGES, base_code, foreign_spans, load_table, small_words
from desktop.polish.rules.tokens import COMMA, NOTHING, STOP, SpokenText, word_set

_QUOTES = (*"„“”«»‹›'", '"', "‘", "’", "\u00a0", "\u202f")
_QUOTING = frozenset(("de", "fr", "es", "it", "nl", "pt"))
_ENGLISH_SOUNDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"um": ("de", "nl", "pt"), "er": ("de", "nl", "da", "sv")}
)
"""Sounds of English that are small words elsewhere, and where."""

MAX_BESIDE = 3
"""Most words on each side that show the language around a sound."""


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


def is_meant(spoken: SpokenText, number: int, language: str) -> bool:
    """Return whether the sound `number` is quoted ("er sagte hm"), or a word of another language than the text's."""
    if spoken.is_english:
        return _is_foreign_word(spoken, number)
    code = base_code(language)
    if code not in _QUOTING:
        return False
    start, end, text = spoken.start[number], spoken.end[number], spoken.text
    if text[start - 1 : start] in _QUOTES and text[end : end + 1] in _QUOTES and start:
        return True
    if not number or spoken.marks[number] == STOP or spoken.lowercase[number - 1] not in word_set("said", code):
        return False
    if number + 1 == len(spoken.lowercase) or spoken.marks[number + 1] == STOP:
        return True
    return spoken.lowercase[number][0] == "h" or spoken.lowercase[number + 1] in word_set("and", code)


def _is_foreign_word(spoken: SpokenText, number: int) -> bool:
    """Return whether an English sound stands between words of a language that has it as a word, at no pause."""
    words, marks = spoken.lowercase, spoken.marks
    languages = _ENGLISH_SOUNDS.get(words[number], ())
    if not languages or marks[number] != NOTHING or COMMA in marks[number + 1 : number + 2]:
        return False
    first, end = number, number + 1
    while first and marks[first] == NOTHING and number - first < MAX_BESIDE:
        first -= 1
    while end < len(words) and marks[end] == NOTHING and end - number <= MAX_BESIDE:
        end += 1
    beside = (*words[first:number], *words[number + 1 : end])
    english = sum(word in small_words("en") for word in beside)
    own = max(sum(word in small_words(each) and word not in small_words("en") for word in beside) for each in languages)
    return own > 1 and own > english
