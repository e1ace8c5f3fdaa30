"""Emotion in words: features of a text. Pure.

Words and pairs of words, and the pieces of words up to five letters, which see through endings and misspellings. Case
is ignored, since a recognizer's capitals say nothing of a mood. Before that, words that are negated (`negation`) or
only name something (`mentions`) are replaced: no weight of a single word tells them from those that express.
"""

from __future__ import annotations

import math
from collections import Counter

from models.emotion.mentions import named
from models.emotion.negation import negated
from models.emotion.tokens import tokens_of

PIECES = range(3, 6)
"""Letters in a piece of a word."""


NAMED = "name"
"""Stands for a word that only names something. The names in GoEmotions are replaced by the same."""

NEGATED = "not:"
"""Stands before a negated word, which is a feature of its own."""


def words_of(text: str, *, literal: bool = False) -> list[str]:
    """Return the words of `text`: those that only name something as `NAMED`, negated ones behind `NEGATED`. `literal`:
    all as they stand."""
    tokens = tokens_of(text)
    names = set() if literal else named(tokens)
    taken_back = set() if literal else negated(tokens)
    return [
        NAMED if at in names else f"{NEGATED}{token.text}" if at in taken_back else token.text
        for at, token in enumerate(tokens)
    ]


def counted(text: str, *, literal: bool = False) -> Counter[str]:
    """Return how often each feature is in `text`: words, pairs of them, and pieces of words with their ends marked.
    A negated word has no pieces. `literal`: see `words_of`."""
    words = words_of(text, literal=literal)
    found = Counter(words)
    found.update(f"{one} {two}" for one, two in zip(["<", *words], [*words, ">"], strict=True))
    for word in words:
        if word[0].isalpha() and not word.startswith(NEGATED):
            marked = f"_{word}_"
            found.update(
                f"#{marked[at : at + size]}" for size in PIECES for at in range(max(0, len(marked) - size + 1))
            )
    return found


def weighed(found: Counter[str], places: dict[str, int], idf: object) -> dict[int, float]:
    """The features that are known, by their place, of length 1 together: (1 + log count) times idf."""
    values = {places[name]: (1 + math.log(count)) for name, count in found.items() if name in places}
    values = {at: value * float(idf[at]) for at, value in values.items()}  # type: ignore[index]
    length = math.sqrt(sum(value * value for value in values.values())) or 1.0
    return {at: value / length for at, value in values.items()}
