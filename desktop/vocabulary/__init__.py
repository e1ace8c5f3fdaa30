"""The user's own words: what recognition listens for, what is written in place of what it hears, and longer texts that
a few spoken words stand for. Pure.

How they are found in a text is in `phrases`, what a snippet becomes in `snippets`, what a correction teaches in
`learn`; `file` keeps them, `forms` is how they go from one program to another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from desktop.vocabulary.phrases import Found, Phrases

MOST_TERMS = 100
"""Recognition listens for so many at most: a longer list leads a model away from what is said, and some refuse it."""

LONGEST_TERM = 40
"""Characters. What is longer is a text and no term."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`words` bias recognition and are never changed by polish; `replacements` go from what is heard to what is
    written; `snippets` from what is said to the text that it stands for."""

    words: tuple[str, ...] = ()
    replacements: Mapping[str, str] = field(default_factory=dict)
    snippets: Mapping[str, str] = field(default_factory=dict)
    _written: Phrases = field(init=False, repr=False, compare=False)
    _expanded: Phrases = field(init=False, repr=False, compare=False)
    _small: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_written", Phrases(self.replacements, self.replacements.values()))
        object.__setattr__(self, "_expanded", Phrases(self.snippets))
        small: dict[str, tuple[str, ...]] = {}
        for term in dict.fromkeys((*self.words, *self.replacements.values())):
            if term[:1].islower():
                small[term[0]] = (*small.get(term[0], ()), term)
        object.__setattr__(self, "_small", small)

    @property
    def terms(self) -> tuple[str, ...]:
        """What recognition listens for: the words, then what is written for what was heard, where that is one term."""
        written = (term for term in self.replacements.values() if is_term(term))
        return tuple(dict.fromkeys((*self.words, *written)))[: max(MOST_TERMS, len(self.words))]

    def replacing(self, text: str) -> Iterator[Found]:
        """What of `text` is to be written otherwise, and how; in order, none overlapping."""
        return self._written.found(text)

    def replaced(self, text: str) -> str:
        """`text` with all replacements made. What is written as it should be stays, so twice is as once."""
        parts, at = list[str](), 0
        for start, end, written in self.replacing(text):
            parts += (text[at:start], written)
            at = end
        return "".join((*parts, text[at:]))

    def begins(self, text: str) -> bool:
        """Whether `text` begins with one of the user's own as they write it, which may be without a capital."""
        for term in self._small.get(text[:1], ()):
            if text.startswith(term) and not text[len(term) : len(term) + 1].isalnum():
                return True
        return False

    def expanding(self, text: str) -> Iterator[Found]:
        """Where `text` says a snippet's trigger, and the snippet; in order, none overlapping."""
        return self._expanded.found(text)


def is_term(text: str) -> bool:
    """Whether `text` is a single name or word, for which recognition can listen."""
    return len(text) <= LONGEST_TERM and len(text.split()) == 1 and any(map(str.isalpha, text))
