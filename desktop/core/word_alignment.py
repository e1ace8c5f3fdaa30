"""Find the words of one text in another one that says nearly the same. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from difflib import SequenceMatcher

from desktop.core.text import WORD


def match_words(words: Sequence[str], others: Sequence[str]) -> list[int | None]:
    """Return for each of `words` the position in `others` of the same word, None where it has none, in rising order."""
    positions: list[int | None] = [None] * len(words)
    for block in SequenceMatcher(None, words, others, autojunk=False).get_matching_blocks():
        for offset in range(block.size):
            positions[block.a + offset] = block.b + offset
    return positions


def place_words(words: Sequence[str], others: Sequence[str]) -> list[int]:
    """Return for each of `words` its position in `others`, of which there must be one, never falling.

    A word that is not there is placed in proportion between those beside it that are.
    """
    matched = match_words(words, others)
    known = [(-1, -1), *((at, place) for at, place in enumerate(matched) if place is not None)]
    known.append((len(words), len(others)))
    places = []
    for (left, left_place), (right, right_place) in itertools.pairwise(known):
        if left >= 0:
            places.append(left_place)
        for at in range(left + 1, right):
            place = left_place + (at - left) * (right_place - left_place) / (right - left)
            places.append(min(max(0, round(place)), len(others) - 1))
    return places


def split_words(text: str) -> tuple[list[str], list[tuple[int, int]]]:
    """Return the words of `text` without case, and the characters where each begins and ends."""
    matches = [*WORD.finditer(text)]
    return [match.group().casefold() for match in matches], [match.span() for match in matches]
