"""Define the user's vocabulary: words that recognition listens for, replacements of what it hears, and longer texts for
spoken triggers. Pure.

`vocabulary.snippets` expands snippets, `vocabulary.learning` suggests entries from corrections, `vocabulary.store`
stores them, `vocabulary.import_export` exchanges them with other programs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from desktop.vocabulary.phrases import PhraseMatch, PhraseMatcher

MAX_TERMS = 100
"""Most terms that recognition listens for: a longer list distracts a model from what is said, and some services refuse
it.
"""

MAX_TERM = 40
"""Most characters of a term; a longer entry is a text."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The user's own words.

    `words` bias recognition and are never changed by polish; `replacements` map what is heard to what is written;
    `snippets` map a spoken trigger to its text.
    """

    words: tuple[str, ...] = ()
    replacements: Mapping[str, str] = field(default_factory=dict)
    snippets: Mapping[str, str] = field(default_factory=dict)
    _written: PhraseMatcher = field(init=False, repr=False, compare=False)
    _expanded: PhraseMatcher = field(init=False, repr=False, compare=False)
    _small: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_written", PhraseMatcher(self.replacements, self.replacements.values()))
        object.__setattr__(self, "_expanded", PhraseMatcher(self.snippets))
        small: dict[str, tuple[str, ...]] = {}
        for term in dict.fromkeys((*self.words, *self.replacements.values())):
            if term[:1].islower():
                small[term[0]] = (*small.get(term[0], ()), term)
        object.__setattr__(self, "_small", small)

    @property
    def terms(self) -> tuple[str, ...]:
        """What recognition listens for: the words, then the replacements' written forms that are single terms."""
        written = (term for term in self.replacements.values() if is_term(term))
        return tuple(dict.fromkeys((*self.words, *written)))[: max(MAX_TERMS, len(self.words))]

    def find_replacements(self, text: str) -> Iterator[PhraseMatch]:
        """Yield the parts of `text` that a replacement changes, in order, without overlaps."""
        return self._written.find_matches(text)

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
        for term in self._small.get(text[:1], ()):
            if text.startswith(term) and not text[len(term) : len(term) + 1].isalnum():
                return True
        return False

    def find_triggers(self, text: str) -> Iterator[PhraseMatch]:
        """Yield the parts of `text` that say a snippet's trigger, with the snippet; in order, without overlaps."""
        return self._expanded.find_matches(text)


def is_term(text: str) -> bool:
    """Return whether `text` is a single name or word, for which recognition can listen."""
    return len(text) <= MAX_TERM and len(text.split()) == 1 and any(map(str.isalpha, text))
