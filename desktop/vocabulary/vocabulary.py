"""The user's vocabulary: words that recognition listens for, replacements of what it hears, and longer texts for spoken
triggers. Pure.

`desktop.vocabulary.snippets` expands snippets, `desktop.vocabulary.learning` suggests entries from corrections,
`desktop.vocabulary.store` stores them, `desktop.vocabulary.import_export` exchanges them with other programs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from desktop.core.text import UNSPACED
from desktop.vocabulary.matcher import TermMatch, TermMatcher

MAX_TERMS = 100
"""Most terms that recognition listens for: a longer list distracts a model from what is said, and some services refuse
it.
"""

MAX_TERM = 40
"""Most characters of a term; a longer entry is a text."""

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

_NEGATED_ENDING = re.compile("['’]t\\b", re.IGNORECASE)
"""An ending that makes another word of the one before it: don't."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The user's own words.

    `words` are listened for, found in what was recognized, and never changed by polish; `replacements` map what is
    heard to what is written; `snippets` map a spoken trigger to its text. `kept`
    are left as they were heard, whatever own word they sound like.
    """

    words: tuple[str, ...] = ()
    replacements: Mapping[str, str] = field(default_factory=dict)
    snippets: Mapping[str, str] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    _replacement_matcher: PhraseMatcher = field(init=False, repr=False, compare=False)
    _snippet_matcher: PhraseMatcher = field(init=False, repr=False, compare=False)
    _lowercase_terms: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    _term_matcher: TermMatcher = field(init=False, repr=False, compare=False)
    _word_matcher: TermMatcher = field(init=False, repr=False, compare=False)
    _kept_matcher: PhraseMatcher = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_replacement_matcher", PhraseMatcher(self.replacements, self.replacements.values()))
        object.__setattr__(self, "_snippet_matcher", PhraseMatcher(self.snippets))
        lowercase_terms: dict[str, tuple[str, ...]] = {}
        for term in dict.fromkeys((*self.words, *self.replacements.values())):
            if term[:1].islower():
                lowercase_terms[term[0]] = (*lowercase_terms.get(term[0], ()), term)
        object.__setattr__(self, "_lowercase_terms", lowercase_terms)
        object.__setattr__(self, "_term_matcher", TermMatcher(self.terms))
        object.__setattr__(self, "_word_matcher", TermMatcher(self.words))
        object.__setattr__(self, "_kept_matcher", PhraseMatcher({phrase: phrase for phrase in self.kept}))

    @property
    def terms(self) -> tuple[str, ...]:
        """What recognition listens for: the words, then the replacements' written forms that are single terms."""
        written = (term for term in self.replacements.values() if is_term(term))
        return tuple(dict.fromkeys((*self.words, *written)))[: max(MAX_TERMS, len(self.words))]

    def find_own_words(
        self,
        text: str,
        language: str,
        *,
        is_guessed: bool = False,
        keeps_case: bool = False,
        is_as_spoken: bool = False,
    ) -> list[TermMatch]:
        """Return where a term was heard as something alike, in order, without overlaps.

        `language`, `is_guessed` and `keeps_case` are as in `TermMatcher.find_matches`. `is_as_spoken`: replacements are
        not made, so that what they write is not looked for either. Nothing is found in an address, in what is kept, nor
        in what a replacement or a snippet stands for.
        """
        matcher = self._word_matcher if is_as_spoken else self._term_matcher
        matches = matcher.find_matches(text, language, is_guessed=is_guessed, keeps_case=keeps_case)
        if not matches:
            return []
        blocked = bytearray(len(text))
        spans = [match.span() for match in _ADDRESS.finditer(text)]
        phrases = (*self.find_replacements(text), *self.find_triggers(text), *self._kept_matcher.find_matches(text))
        for start, end in (*spans, *((start, end) for start, end, _ in phrases)):
            blocked[start:end] = b"\1" * (end - start)
        return [match for match in matches if blocked.find(1, match.start, match.end) < 0]

    def find_replacements(self, text: str) -> Iterator[PhraseMatch]:
        """Yield the parts of `text` that a replacement changes, in order, without overlaps."""
        return self._replacement_matcher.find_matches(text)

    def apply_replacements(self, text: str) -> str:
        """Return `text` with all replacements made.

        A written form stays as it is, so that applying it twice changes nothing.
        """
        parts, at = list[str](), 0
        for start, end, written in self.find_replacements(text):
            parts += (text[at:start], written)
            at = end
        return "".join((*parts, text[at:]))

    def begins_with_term(self, text: str) -> bool:
        """Return whether `text` begins with a user's term as the user writes it, which may be without a capital."""
        for term in self._lowercase_terms.get(text[:1], ()):
            if text.startswith(term) and not text[len(term) : len(term) + 1].isalnum():
                return True
        return False

    def find_triggers(self, text: str) -> Iterator[PhraseMatch]:
        """Yield the parts of `text` that say a snippet's trigger, with the snippet; in order, without overlaps."""
        return self._snippet_matcher.find_matches(text)


def is_term(text: str) -> bool:
    """Return whether `text` is a single name or word, for which recognition can listen."""
    return len(text) <= MAX_TERM and len(text.split()) == 1 and any(map(str.isalpha, text))


class PhraseMatch(NamedTuple):
    """`text[start:end]` is a phrase that stands for `value`."""

    start: int
    end: int
    value: str


class PhraseMatcher:
    """Finds the phrases of `values`, and what each stands for: whole words in any case, longest first.

    The text is split into words once and each is looked up, instead of searched by one regular expression, so that a
    thousand phrases cost no more than one. In a script without spaces every character is a word.

    A phrase of `exact_phrases` that a text contains in exactly this spelling is left alone, with everything in it.
    """

    def __init__(self, values: Mapping[str, str], exact_phrases: Iterable[str] = ()) -> None:
        self._phrases: dict[str, list[_PhraseEntry]] = {}
        for phrase, value in values.items():
            self._add(phrase, value, is_exact=False)
        for phrase in exact_phrases:
            self._add(phrase, phrase, is_exact=True)
        for phrases in self._phrases.values():
            phrases.sort(key=lambda phrase: (-len(phrase.rest), phrase.is_exact))

    def _add(self, phrase: str, value: str, is_exact: bool) -> None:
        words = list(_phrase_words(phrase))
        if words:
            rest = tuple((word.folded, word.is_glued) for word in words[1:])
            self._phrases.setdefault(words[0].folded, []).append(_PhraseEntry(rest, value, is_exact))

    def find_matches(self, text: str) -> Iterator[PhraseMatch]:
        """Yield the phrases in `text`, in order, without overlaps: the longest of those that begin at one place.

        None lies within a word, an address or a file name, unless it is all of it.
        """
        if not self._phrases:
            return
        words, at = list(_phrase_words(text)), 0
        addresses: list[tuple[int, int]] | None = None
        while at < len(words):
            size = 1
            for phrase in self._phrases.get(words[at].folded, ()):
                rest = words[at + 1 : at + 1 + len(phrase.rest)]
                if phrase.rest != tuple((word.folded, word.is_glued) for word in rest):
                    continue
                start, end = words[at].start, rest[-1].end if rest else words[at].end
                if phrase.is_exact and text[start:end] != phrase.value:
                    continue
                if addresses is None:
                    addresses = [match.span() for match in _ADDRESS.finditer(text)]
                if _is_inside_word(text, start, end) or any(
                    _overlaps_partly(start, end, *address) for address in addresses
                ):
                    continue
                size += len(rest)
                if not phrase.is_exact:
                    yield PhraseMatch(start, end, phrase.value)
                break
            at += size


class _PhraseWord(NamedTuple):
    """A word and its position: its folded form, and whether nothing stands between it and the word before it."""

    start: int
    end: int
    folded: str
    is_glued: bool


class _PhraseEntry(NamedTuple):
    """A phrase without its first word.

    `rest`: the other words, each with whether it is glued to the one before. `value`: what the phrase stands for.
    `is_exact`: it matches only in this spelling.
    """

    rest: tuple[tuple[str, bool], ...]
    value: str
    is_exact: bool


def fold_phrase(phrase: str) -> str:
    """Return the form that two phrases share if they match the same texts; "" if a phrase can match nothing."""
    words = list(_phrase_words(phrase))
    if not any(any(map(str.isalnum, word.folded)) for word in words):
        return ""
    return "".join(f"{'' if word.is_glued else ' '}{word.folded}" for word in words).strip()


def _phrase_words(text: str) -> Iterator[_PhraseWord]:
    """Yield the words of `text`, and its signs one by one. A hyphen between two words counts as a space."""
    before = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        if match.group() == "-" and text[start - 1 : start].isalnum() and text[end : end + 1].isalnum():
            continue
        yield _PhraseWord(start, end, match.group().replace("’", "'").casefold(), start == before and start > 0)
        before = end


def _overlaps_partly(start: int, end: int, first: int, last: int) -> bool:
    """Return whether the first span overlaps the second without covering all of it."""
    return first < end and start < last and not (start <= first and last <= end)


def _is_inside_word(text: str, start: int, end: int) -> bool:
    """Return whether the word continues before or after: with a combining mark, or with an ending that negates it."""
    edges = text[start - 1 : start] if start else "", text[end : end + 1]
    if any(edge and unicodedata.category(edge)[0] == "M" for edge in edges):
        return True
    return bool(_NEGATED_ENDING.match(text, end))
