"""Split a text into the words that numbers are read from, and know what stands between them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from desktop.polish.rules.languages.language import small_words

NO_BREAK, NARROW = "\u00a0", "\u202f"
"""A space at which no line breaks, and a narrow one."""

_TOKEN = re.compile(r"\d+(?:[.,\u202f]\d+)*|[^\W\d_]+")
_SPACES = frozenset((" ", NO_BREAK, NARROW))
_LINKS = _SPACES | {"-", "‑"}


class NumberEdit(NamedTuple):
    """What the words from `start` to before `end` become."""

    start: int
    end: int
    new: str


class NumberText:
    """A text and its words: `start`, `end`, `words` (lower case), and `gaps` (what stands before each)."""

    def __init__(self, text: str) -> None:
        matches = list(_TOKEN.finditer(text))
        self.text = text
        self.start = [match.start() for match in matches]
        self.end = [match.end() for match in matches]
        self.words = [match.group().lower() for match in matches]
        self.gaps = [text[a:b] for a, b in zip([0, *self.end], self.start, strict=False)]

    def __len__(self) -> int:
        return len(self.words)

    def word(self, at: int) -> str:
        """Return word `at` if one space or hyphen stands before it, else ""."""
        return self.words[at] if 0 < at < len(self.words) and self.gaps[at] in _LINKS else ""

    def spaced_word(self, at: int) -> str:
        """Return word `at` if one space stands before it, else ""."""
        return self.words[at] if 0 < at < len(self.words) and self.gaps[at] in _SPACES else ""

    def previous(self, at: int, back: int = 1) -> str:
        """Return the word `back` places before word `at` if only spaces stand between, else ""."""
        is_near = at >= back and all(self.gaps[each] in _SPACES for each in range(at - back + 1, at + 1))
        return self.words[at - back] if is_near else ""

    def phrase_end(self, at: int, phrases: str) -> int:
        """Return the index after the one of `phrases` (parted by "|") that begins with word `at`, or 0."""
        for phrase in phrases.split("|"):
            count = phrase.count(" ") + 1
            if " ".join(self.spaced_word(at + each) for each in range(count)) == phrase:
                return at + count
        return 0

    def has_words(self, at: int, words: list[str]) -> bool:
        """Return whether `words` stand from word `at` on, each linked to the one before."""
        return self.words[at] == words[0] and all(self.word(at + each) == words[each] for each in range(1, len(words)))

    def is_capital(self, at: int) -> bool:
        """Return whether word `at` begins with a capital, and no sentence with it."""
        return self.text[self.start[at]].isupper() and not self.begins_sentence(at)

    def begins_sentence(self, at: int) -> bool:
        """Return whether a sentence begins with word `at`."""
        return at == 0 or not {".", "!", "?", "…", "\n", ":"}.isdisjoint(self.gaps[at])

    def is_joined(self, first: int, end: int) -> bool:
        """Return whether the words from `first` to before `end` are part of a word with a hyphen or an apostrophe."""
        before, after = self.start[first] - 1, self.end[end - 1]
        mark, following = self.text[after : after + 1], self.text[after + 1 : after + 2]
        is_part = mark == "-" or (mark in ("'", "’", "/", "_", "@") and following.isalnum())
        return is_part or (before >= 0 and self.text[before] in "-/_@.,")

    def is_followed_by_noun(self, at: int, language: str, may_follow: str = "") -> bool:
        """Return whether word `at` may be what a number before it counts.

        In German by its capital; elsewhere any word may but a small one.
        """
        if not self.word(at):
            return False
        if language == "de":
            return self.text[self.start[at]].isupper()
        return self.words[at] not in small_words(language) and self.words[at] not in may_follow.split()


@lru_cache(maxsize=2)
def split_number_text(text: str) -> NumberText:
    """Return the words of `text`. The result is shared: do not change it."""
    return NumberText(text)
