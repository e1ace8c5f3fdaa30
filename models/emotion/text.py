"""Compute features of a text for the classification of emotion. Pure.

Features are words, pairs of words, and pieces of words up to five letters, which match despite endings and
misspellings. Case is ignored, since a recognizer's capitals do not depend on emotion. Words that are negated
(`negation`) or only name something (`mentions`) are replaced first: no weight of a single word distinguishes them from
words that express emotion.
"""

from __future__ import annotations

import math
from collections import Counter

from models.emotion.mentions import find_mentions
from models.emotion.negation import find_negated
from models.emotion.tokens import split_tokens

PIECE_LENGTHS = range(3, 6)
"""Letters in a piece of a word."""


NAME_TOKEN = "name"
"""Replaces a word that only names something; GoEmotions uses the same for names."""

NEGATED_PREFIX = "not:"
"""Prefix of a negated word, which is a separate feature."""


def split_words(text: str, *, literal: bool = False) -> list[str]:
    """Return the words of `text`: those that only name something as `NAME_TOKEN`, negated ones with `NEGATED_PREFIX`.

    `literal` returns all words unchanged.
    """
    tokens = split_tokens(text)
    names = set() if literal else find_mentions(tokens)
    negated_at = set() if literal else find_negated(tokens)
    return [
        NAME_TOKEN if at in names else f"{NEGATED_PREFIX}{token.text}" if at in negated_at else token.text
        for at, token in enumerate(tokens)
    ]


def count_features(text: str, *, literal: bool = False) -> Counter[str]:
    """Return how often each feature is in `text`: words, pairs of them, and pieces of words with their ends marked.

    A negated word has no pieces. `literal`: see `split_words`.
    """
    words = split_words(text, literal=literal)
    found = Counter(words)
    found.update(f"{one} {two}" for one, two in zip(["<", *words], [*words, ">"], strict=True))
    for word in words:
        if word[0].isalpha() and not word.startswith(NEGATED_PREFIX):
            marked = f"_{word}_"
            found.update(
                f"#{marked[at : at + size]}" for size in PIECE_LENGTHS for at in range(max(0, len(marked) - size + 1))
            )
    return found


def weigh_features(found: Counter[str], places: dict[str, int], idf: object) -> dict[int, float]:
    """Return the known features by their index, normalised to length 1: (1 + log count) times idf."""
    values = {places[name]: (1 + math.log(count)) for name, count in found.items() if name in places}
    values = {at: value * float(idf[at]) for at, value in values.items()}  # type: ignore[index]
    length = math.sqrt(sum(value * value for value in values.values())) or 1.0
    return {at: value / length for at, value in values.items()}
