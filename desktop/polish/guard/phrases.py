"""Find phrases by which speakers talk about their own words: cues, asides, spoken marks.

Pure; the phrases are in `meaning.toml`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache, cached_property

from desktop.polish.guard.lists import load_guard_lists
from desktop.polish.guard.tokens import DETERMINER_KEYS, GuardToken, list_keys, tokenize, tokenize_entry

_LIST_NUMBER = re.compile(r"(?:(?<=\n)|^)[ \t]*\d{1,2}[.)]\s")
COUNTED_KEYS = list_keys("counted")
DENIAL_KEYS = list_keys("denials")
EXCEPTING_KEYS = list_keys("excepting")
PERSON_SUBJECTS = frozenset(("i", "he", "she", "we", "they", "it", "there", "this", "that"))
_MEANINGFUL_PHRASES = tuple(
    tuple(t.key for t in tokenize(phrase))
    for phrase in ("right now", "just now", "by now", "so far", "see you", "look like", "sound like", "feel like")
)
"""Phrases that are made of words which are also asides, but carry meaning."""

_NEGATING_ENDS = ((("不", "是"), 1), (("not", "that"), 4))
"""Ends of cues that negate a negation, and within how many words it follows."""


class PhraseFinder:
    """Finds these phrases in `spoken`, from which `written` was made."""

    def __init__(self, spoken: list[GuardToken], written: str) -> None:
        self.keys = [t.key for t in spoken]
        self._spoken = spoken
        self._written = frozenset(written)
        self._list_length = len(_LIST_NUMBER.findall(written))

    def has_cue(self, start: int, end: int) -> bool:
        """Return whether the speaker took something back between two indices."""
        return bisect_left(self._cue_indices, start) < bisect_left(self._cue_indices, end)

    @cached_property
    def _cue_indices(self) -> list[int]:
        """The indices at which correction cues begin, ascending."""
        return [at for at, key in enumerate(self.keys) if self.phrase_length("cues", at) or key in DENIAL_KEYS]

    def idle_length(self, at: int) -> int:
        """Return how many words at an index are a sound, an aside, or a mark that was written; 0 for none."""
        if self._spoken[at].kind == "sound":
            return 1
        if any(
            self._matches(phrase, at - steps_back)
            for phrase in _MEANINGFUL_PHRASES
            for steps_back in range(min(at + 1, len(phrase)))
        ):
            return 0
        number = at + (self.keys[at] in COUNTED_KEYS and at + 1 < len(self._spoken))
        if self._list_length and self.keys[number] in {f"#{count}" for count in range(1, self._list_length + 1)}:
            return number + 1 - at
        marks = next(
            (
                len(phrase)
                for phrase, marks in _spoken_mark_phrases()
                if self._matches(phrase, at) and marks & self._written
            ),
            0,
        )
        if marks and self.keys[at - 1] not in DETERMINER_KEYS:
            return marks
        return self.phrase_length("asides", at) or (self._begins_clause(at) and self.phrase_length("openers", at))

    def _begins_clause(self, at: int) -> bool:
        """Return whether a clause begins at an index, or after a sound or asides that begin one."""
        token, before = self._spoken[at], self._spoken[at - 1]
        if at == 0 or token.first or token.parted or before.kind == "sound" or self.phrase_length("asides", at - 1):
            return True
        return bool(self.phrase_length("openers", at - 1)) and self._begins_clause(at - 1)

    def _matches(self, phrase: tuple[str, ...], at: int) -> bool:
        return tuple(self.keys[at : at + len(phrase)]) == phrase

    def phrase_length(self, name: str, at: int) -> int:
        """Return how many words the phrase of this list that begins at an index has, 0 for none."""
        for phrase in _phrases_by_first_word(name).get(self.keys[at], ()):
            if self._matches(phrase, at):
                return 0 if self._is_no_cue(phrase, at) else len(phrase)
        return 0

    def _is_no_cue(self, phrase: tuple[str, ...], at: int) -> bool:
        """Return whether a cue or an aside is none: it only negates the negation after it (不是不, not that I do not),
        says what one had better do, compares (instead of, rather than), or means except (all but one).
        """
        following = self.keys[at + len(phrase)] if at + len(phrase) < len(self.keys) else ""
        if phrase[-1] in ("better", "rather", "instead") and following in ("of", "then"):
            return True
        if phrase == ("but",) and self._means_except(at):
            return True
        if phrase[0] in ("better", "rather") and at and self.keys[at - 1] in ("would", "had"):
            return True
        reach = next((words for ending, words in _NEGATING_ENDS if phrase[-2:] == ending), 0)
        return any(t.kind == "not" for t in self._spoken[at + len(phrase) : at + len(phrase) + reach])

    def _means_except(self, at: int) -> bool:
        """Return whether "but" at an index means except: all but one, every red one but that."""
        if self._spoken[at].parted:
            return False
        following = self.keys[at + 1] if at + 1 < len(self.keys) else ""
        reach = 1 if following in PERSON_SUBJECTS else 3
        return any(
            self.keys[i] in EXCEPTING_KEYS and (self.keys[i] != "not" or i == at - 1)
            for i in range(max(0, at - reach), at)
        )


@cache
def _phrases_by_first_word(name: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return the phrases of this list of `meaning.toml` by their first word, longest first."""
    phrases = load_guard_lists()[name]
    keyed = sorted({tuple(t.key for t in tokenize_entry(phrase)) for phrase in phrases}, key=len, reverse=True)
    first_words = {phrase[0] for phrase in keyed if phrase}
    return {first: tuple(phrase for phrase in keyed if phrase and phrase[0] == first) for first in first_words}


@cache
def _spoken_mark_phrases() -> list[tuple[tuple[str, ...], frozenset[str]]]:
    phrases = load_guard_lists()["marks"]
    return sorted(
        ((tuple(t.key for t in tokenize_entry(phrase)), frozenset(marks)) for phrase, marks in phrases.items()),
        key=lambda pair: -len(pair[0]),
    )
