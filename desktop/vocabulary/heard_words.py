"""Split a recognized text into the words that may be a user's own, and judge whether it is English. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from desktop.core.text import UNSPACED
from desktop.vocabulary.known_forms import list_common_words
from desktop.vocabulary.sound_key import fold_letters

MIN_COMMON_SHARE, MIN_TEXT_WORDS = 0.5, 5
"""Least share of common words in an English text, if it has so many words or its language is a guess: else it is in
another language, whatever is said of it. A shorter text of more than one word has at least one."""

_LETTER = rf"[^\W\d_{UNSPACED}]"
_WORD = re.compile(rf"(?<![^\W{UNSPACED}]){_LETTER}+(?:['’]{_LETTER}+)*(?![^\W{UNSPACED}])")
_TOKEN_BEFORE, _TOKEN_AFTER = re.compile(r"[/\\._@$-]"), re.compile(r"[/\\._@-]+\w")
"""What joins a word to the one before or after it, as in a command, a path or an address."""

_POSSESSIVE = re.compile("['’]s$|(?<=s)['’]$", re.IGNORECASE)


class HeardWord(NamedTuple):
    """A word of the text. `end` and `letters` are those without a possessive ending; `is_plain` where nothing else than
    letters is left; `follows` and `leads` where it is joined to a token before or after it."""

    start: int
    end: int
    letters: str
    is_plain: bool
    has_ending: bool
    follows: bool
    leads: bool


def split_words(text: str) -> list[HeardWord]:
    """Return the words of `text`."""
    found: list[HeardWord] = []
    for match in _WORD.finditer(text):
        word, end = match.group(), match.end()
        ending = _POSSESSIVE.search(word)
        if ending:
            end -= len(ending.group())
            word = word[: ending.start()]
        start = match.start()
        follows = start > 0 and _TOKEN_BEFORE.match(text, start - 1) is not None
        leads = _TOKEN_AFTER.match(text, match.end()) is not None
        found.append(HeardWord(start, end, fold_letters(word), word.isalpha(), ending is not None, follows, leads))
    return found


def is_foreign(words: Collection[HeardWord], is_guessed: bool) -> bool:
    """Return whether too few of the words are English."""
    common = list_common_words()
    count = sum(word.letters in common or not word.is_plain for word in words)
    if len(words) >= MIN_TEXT_WORDS or is_guessed:
        return count < MIN_COMMON_SHARE * len(words)
    return len(words) > 1 and not count
