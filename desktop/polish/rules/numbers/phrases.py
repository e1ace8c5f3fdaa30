"""Split a text into phrases: words with only spaces and hyphens between, which is as far as a number can reach.

Readers of numbers walk over the lower-cased words of one phrase by index and return the index after the number and what
is written; only this module maps indices to positions in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from desktop.core.files import read_package_toml
from desktop.core.text import EAST_ASIAN

_LETTERS = rf"[^\W\d_{EAST_ASIAN}]+"
_WORD = re.compile(
    rf"[ap]\.m\b\.?|o['’] ?clock\b|{_LETTERS}(?:['’]{_LETTERS})*|\d+(?:[.,:]\d+)*|[^\s\w.,;:!?\-]", re.IGNORECASE
)
"""A word, a number in digits, or a sign that is no punctuation and ends a phrase."""


class NumberMatch(NamedTuple):
    """What was read: the index after its last word, and how it is written; "" to leave it as it was said."""

    end: int
    new: str


class Phrase:
    """Words of `text` that follow one another without a mark. `starts_sentence`: they begin a sentence."""

    def __init__(self, starts_sentence: bool, text: str = "") -> None:
        self.starts_sentence = starts_sentence
        self.text = text
        self.lower_words: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.time_end = -1
        """The index after the last time of day that was read in the phrase."""

    def __len__(self) -> int:
        return len(self.lower_words)

    def word_at(self, index: int) -> str:
        """Return the word at an index; "" beyond either end."""
        return self.lower_words[index] if 0 <= index < len(self.lower_words) else ""

    def is_capitalized(self, index: int) -> bool:
        """Return whether the word at an index has a capital, and not because it begins a sentence."""
        return (index > 0 or not self.starts_sentence) and self.text[self.starts[index]].isupper()

    def joined_words(self, start: int, end: int) -> str:
        """Return the words from one index up to another, joined by spaces."""
        return " ".join(self.lower_words[start:end])


def split_phrases(text: str) -> Iterator[Phrase]:
    """Yield the phrases of `text` in order."""
    at, phrase = 0, Phrase(True, text)
    for match in _WORD.finditer(text):
        gap = text[at : match.start()]
        if gap not in (" ", "-", "") or (not gap and at):
            if phrase:
                yield phrase
            phrase = Phrase(not at or any(mark in gap for mark in ".!?\n"), text)
        phrase.lower_words.append(match.group().lower().replace("’", "'"))
        phrase.starts.append(match.start())
        phrase.ends.append(match.end())
        at = match.end()
    if phrase:
        yield phrase


class NumberWords(NamedTuple):
    """The content of `words.toml`: the values of number words, and sets of words for each purpose.

    `counted`: the words of cardinals except "hundred". `cardinals`: from the word of an ordinal to its cardinal.
    `numeric`: all words of numbers. `indicators`: a text without one of these contains no number. `beginnings`: words
    with which a number may begin.
    """

    units: dict[str, int]
    teens: dict[str, int]
    tens: dict[str, int]
    scales: dict[str, int]
    ordinals: dict[str, int]
    decades: dict[str, int]
    sets: dict[str, frozenset[str]]
    counted: frozenset[str]
    cardinals: dict[str, str]
    numeric: frozenset[str]
    indicators: frozenset[str]
    beginnings: frozenset[str]
    kept: tuple[tuple[str, ...], ...]
    glued: frozenset[tuple[str, ...]]
    written: dict[tuple[str, ...], str]
    telephone: dict[str, dict[str, str]]


@cache
def number_words() -> NumberWords:
    """Return the table, loaded once at its first use."""
    table = read_package_toml("desktop.polish.rules.numbers", "words.toml")
    units, teens, tens = table["units"], table["teens"], table["tens"]
    sets = {name: frozenset(text.split()) for name, text in table["lists"].items()}
    kept = tuple(tuple(phrase.split()) for phrase in table["phrases"]["kept"])
    written = {tuple(phrase.split()): new for phrase, new in table["written"].items()}
    months = sets["months"] | sets["weekdays"]
    counted = frozenset[str]().union(units, teens, tens, table["scales"])
    names = {value: word for values in (units, teens, tens) for word, value in values.items()}
    return NumberWords(
        units,
        teens,
        tens,
        table["scales"],
        table["ordinals"],
        table["decades"],
        sets,
        counted,
        {word: names[value] for word, value in table["ordinals"].items()},
        counted.union(sets["numeric"], sets["measures"], sets["months"], table["ordinals"], table["decades"]),
        counted.union(months, table["decades"], list(table["ordinals"])[9:], sets["telling"]),
        counted.union(months, table["ordinals"], sets["beginnings"], [phrase[0] for phrase in (*kept, *written)]),
        kept,
        frozenset(tuple(phrase.split()) for phrase in table["phrases"]["glued"]),
        written,
        table["telephone"],
    )
