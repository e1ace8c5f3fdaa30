"""Find phrases by which speakers talk about their own words: cues, asides, spoken marks.

Pure; the phrases are in `meaning.toml`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache, cached_property

from desktop.polish.guard.tokens import Token, keys, lists, tokens

_LISTED = re.compile(r"(?:(?<=\n)|^)[ \t]*\d{1,2}[.)]\s")
COUNTED = keys("counted")
_MEANT = tuple(
    tuple(t.key for t in tokens(phrase)) for phrase in ("right now", "just now", "by now", "so far", "see you")
)
"""Phrases that are made of words which are also asides, but carry meaning."""


class Phrases:
    """Finds these phrases in `said`, from which `written` was made."""

    def __init__(self, said: list[Token], written: str) -> None:
        self.keys = [t.key for t in said]
        self._said = said
        self._written = frozenset(written)
        self._listed = len(_LISTED.findall(written))

    def cue(self, start: int, end: int) -> bool:
        """Return whether the speaker took something back between two indices."""
        return bisect_left(self._cues, start) < bisect_left(self._cues, end)

    @cached_property
    def _cues(self) -> list[int]:
        """The indices at which correction cues begin, ascending."""
        return [at for at, key in enumerate(self.keys) if self.at("cues", at) or key == "no"]

    def idle(self, at: int) -> int:
        """Return how many words at an index are a sound, an aside, or a mark that was written; 0 for none."""
        if self._said[at].kind == "sound":
            return 1
        if any(self._here(phrase, at - back) for phrase in _MEANT for back in range(min(at + 1, len(phrase)))):
            return 0
        number = at + (self.keys[at] in COUNTED and at + 1 < len(self._said))
        if self._listed and self.keys[number] in {f"#{count}" for count in range(1, self._listed + 1)}:
            return number + 1 - at
        marks = next((len(phrase) for phrase, marks in _marks() if self._here(phrase, at) and marks & self._written), 0)
        return marks or self.at("asides", at)

    def _here(self, phrase: tuple[str, ...], at: int) -> bool:
        return tuple(self.keys[at : at + len(phrase)]) == phrase

    def at(self, name: str, at: int) -> int:
        """Return how many words the phrase of this list that begins at an index has, 0 for none."""
        for phrase in _phrases(name).get(self.keys[at], ()):
            if self._here(phrase, at):
                return len(phrase)
        return 0


@cache
def _phrases(name: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return the phrases of this list of `meaning.toml` by their first word, longest first."""
    found = lists()[name]
    cut = sorted({tuple(t.key for t in tokens(phrase)) for phrase in found}, key=len, reverse=True)
    firsts = {phrase[0] for phrase in cut if phrase}
    return {first: tuple(phrase for phrase in cut if phrase and phrase[0] == first) for first in firsts}


@cache
def _marks() -> list[tuple[tuple[str, ...], frozenset[str]]]:
    found = lists()["marks"]
    return sorted(
        ((tuple(t.key for t in tokens(phrase)), frozenset(marks)) for phrase, marks in found.items()),
        key=lambda pair: -len(pair[0]),
    )
