"""Keep a user's own words so that those near something heard are found among thousands without a look at each. Pure.

Words are found by their sound key with up to two of its sounds left out: two keys that differ in one sound or two are
the same without them. The first sound is never left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from desktop.vocabulary.sound_key import fold_letters, join_keys, sound_key

MIN_LETTERS = 4
"""Fewest letters of an own word that is found by its sound."""

LONG_KEY = 7
"""Fewest sounds of a key that may differ in two of them from another, not in one alone."""

MAX_SOUNDS, MAX_LEFT_OUT = 40, 2
"""Most sounds of a key that is found without some of them, longer than any name, and most that are left out. For two,
there are half the square of its length of ways: seconds where a model repeats a syllable a thousand times, and
gigabytes for a text that was imported as a word."""


class Term(NamedTuple):
    """An own word as it is written, with its letters, its sound key, and which letters it has as bits."""

    written: str
    letters: str
    key: str
    letter_mask: int


class TermIndex:
    """The own words `terms`, without those with digits; of several with the same letters the first."""

    def __init__(self, terms: Iterable[str]) -> None:
        self.by_letters: dict[str, Term] = {}
        self.by_key: dict[str, list[Term]] = {}
        self._by_shortened: dict[str, list[Term]] = {}
        for written in terms:
            letters = fold_letters(written)
            if not letters or letters in self.by_letters or any(map(str.isdigit, written)):
                continue
            key = join_keys(sound_key(fold_letters(word)) for word in written.split())
            term = self.by_letters[letters] = Term(written, letters, key, mask_letters(letters))
            if len(letters) >= MIN_LETTERS and key:
                self.by_key.setdefault(key, []).append(term)
                for shortened in _shorten(key) if len(key) <= MAX_SOUNDS else ():
                    self._by_shortened.setdefault(shortened, []).append(term)

    def find_near(self, letters: str, key: str, limit: float) -> list[tuple[float, Term]]:
        """Return the words at a distance of at most `limit` from what was heard, nearest first."""
        if len(key) > MAX_SOUNDS + MAX_LEFT_OUT:
            return []
        mask, found = mask_letters(letters), dict[str, tuple[float, Term]]()
        seen = set[str]()
        for shortened in _shorten(key):
            for term in self._by_shortened.get(shortened, ()):
                if term.letters not in seen:
                    seen.add(term.letters)
                    if (distance := _measure_within(letters, key, mask, term, limit)) is not None:
                        found[term.letters] = (distance, term)
        return sorted(found.values())

    def find_same_sound(self, letters: str, key: str, limit: float) -> list[tuple[float, Term]]:
        """Return the words with exactly these sounds at a distance of at most `limit`, nearest first."""
        mask = mask_letters(letters)
        measured = ((_measure_within(letters, key, mask, term, limit), term) for term in self.by_key.get(key, ()))
        return sorted((distance, term) for distance, term in measured if distance is not None)


def measure(letters: str, key: str, term: Term) -> float:
    """Return the distance of letters and their key from an own word, in [0, 1]: half that of the letters, half that of
    the sounds, each as a share of the longer one.
    """
    letter_share = count_edits(letters, term.letters) / max(len(letters), len(term.letters))
    key_share = count_edits(key, term.key) / max(len(key), len(term.key)) if key != term.key else 0.0
    return (letter_share + key_share) / 2


def _measure_within(letters: str, key: str, mask: int, term: Term, limit: float) -> float | None:
    """Return the distance from `term`; None if it is above `limit`, which mostly the letters they share tell."""
    longest = max(len(letters), len(term.letters))
    least = max(abs(len(letters) - len(term.letters)), (mask ^ term.letter_mask).bit_count() / 2) / longest
    if key != term.key:
        least += 1 / max(len(key), len(term.key))
    if least > 2 * limit:
        return None
    distance = measure(letters, key, term)
    return distance if distance <= limit else None


def _shorten(key: str) -> Iterator[str]:
    """Yield `key`, and what remains of it without one or, of a long one, two sounds behind the first."""
    yield key
    rest = range(1, len(key))
    found = {key[:at] + key[at + 1 :] for at in rest}
    if len(key) >= LONG_KEY:
        found |= {key[:at] + key[at + 1 : then] + key[then + 1 :] for at, then in combinations(rest, 2)}
    yield from found


def mask_letters(letters: str) -> int:
    """Return the set of the letters as bits."""
    mask = 0
    for letter in letters:
        mask |= 1 << (ord(letter) & 63)
    return mask


def count_edits(first: Sequence[str], second: Sequence[str]) -> int:
    """Return the number of letters to insert, remove or exchange (Levenshtein)."""
    row = list(range(len(second) + 1))
    for count, letter in enumerate(first, 1):
        corner, row[0] = row[0], count
        left = count
        for at, other in enumerate(second, 1):
            best = corner if letter == other else 1 + min(corner, row[at], left)
            corner, row[at], left = row[at], best, best
    return row[-1]
