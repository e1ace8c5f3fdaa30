"""Finding the user's phrases in a text: whole words, whatever their case, the longest first.

By words and not by one regular expression: a text is cut into words once and each is looked up, so that a thousand
phrases cost no more than one. In a script without spaces every character is a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from desktop.speech.text import UNSPACED

_WORD = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+|\n|[^\w\s]")

_ADDRESS = re.compile(
    r"[a-z][a-z+.-]*://[^\s\u3000-\u9fff]+"
    r"|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*"
    r"|(?<![A-Za-z0-9_-])[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+(?:[/:][^\s\u3000-\u9fff]*)?"
    r"|(?<![\w@#])[@#][\w-]+"
    r"|(?<![\w/.~])(?:~|\.{1,2})?/[\w./-]+",
    re.IGNORECASE,
)
"""A URL, an e-mail address, a host or file name, a handle, a path."""

_NOT = re.compile("['’]t\\b", re.IGNORECASE)
"""What makes another word of the one before it: don't."""


class Found(NamedTuple):
    """`text[start:end]` is a phrase that stands for `value`."""

    start: int
    end: int
    value: str


class _Word(NamedTuple):
    """A word in its place: as it is compared, and whether nothing stands between it and the one before it."""

    start: int
    end: int
    folded: str
    glued: bool


class _Phrase(NamedTuple):
    """The words of a phrase after its first, each with whether it is glued to the one before; what it stands for; and
    whether it counts only as it is written there."""

    rest: tuple[tuple[str, bool], ...]
    value: str
    exact: bool


class Phrases:
    """What each phrase of `values` stands for. A phrase of `kept` that stands in a text exactly so is left alone, with
    all in it."""

    def __init__(self, values: Mapping[str, str], kept: Iterable[str] = ()) -> None:
        self._phrases: dict[str, list[_Phrase]] = {}
        for phrase, value in values.items():
            self._add(phrase, value, exact=False)
        for phrase in kept:
            self._add(phrase, phrase, exact=True)
        for phrases in self._phrases.values():
            phrases.sort(key=lambda phrase: (-len(phrase.rest), phrase.exact))

    def _add(self, phrase: str, value: str, exact: bool) -> None:
        words = list(_words(phrase))
        if words:
            rest = tuple((word.folded, word.glued) for word in words[1:])
            self._phrases.setdefault(words[0].folded, []).append(_Phrase(rest, value, exact))

    def found(self, text: str) -> Iterator[Found]:
        """The phrases in `text`, in order, none overlapping: the longest of those that begin at one place. None lies
        within a word, an address or a file's name, unless it is all of it."""
        if not self._phrases:
            return
        words, at = list(_words(text)), 0
        addresses: list[tuple[int, int]] | None = None
        while at < len(words):
            size = 1
            for phrase in self._phrases.get(words[at].folded, ()):
                rest = words[at + 1 : at + 1 + len(phrase.rest)]
                if phrase.rest != tuple((word.folded, word.glued) for word in rest):
                    continue
                start, end = words[at].start, rest[-1].end if rest else words[at].end
                if phrase.exact and text[start:end] != phrase.value:
                    continue
                if addresses is None:
                    addresses = [match.span() for match in _ADDRESS.finditer(text)]
                if _within_word(text, start, end) or any(_within(start, end, *address) for address in addresses):
                    continue
                size += len(rest)
                if not phrase.exact:
                    yield Found(start, end, phrase.value)
                break
            at += size


def folded(phrase: str) -> str:
    """What two phrases have in common that are found in the same places; empty where nothing could be found."""
    words = list(_words(phrase))
    if not any(any(map(str.isalnum, word.folded)) for word in words):
        return ""
    return "".join(f"{'' if word.glued else ' '}{word.folded}" for word in words).strip()


def _words(text: str) -> Iterator[_Word]:
    """The words of `text`, and its signs one by one. A hyphen between two words is as a space."""
    before = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        if match.group() == "-" and text[start - 1 : start].isalnum() and text[end : end + 1].isalnum():
            continue
        yield _Word(start, end, match.group().replace("’", "'").casefold(), start == before and start > 0)
        before = end


def _within(start: int, end: int, first: int, last: int) -> bool:
    """Whether the two overlap and the first is not all of the second."""
    return first < end and start < last and not (start <= first and last <= end)


def _within_word(text: str, start: int, end: int) -> bool:
    """Whether the word goes on before or after: with a mark of its script, or with what makes it a negation."""
    edges = text[start - 1 : start] if start else "", text[end : end + 1]
    if any(edge and unicodedata.category(edge)[0] == "M" for edge in edges):
        return True
    return bool(_NOT.match(text, end))
