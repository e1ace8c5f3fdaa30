"""Emotion in words: features of a text, and the head that weighs them. Pure numpy.

Words and pairs of words, and the pieces of words up to five letters, which see through endings and misspellings. Case
is ignored, since a recognizer's capitals say nothing of a mood.
"""

from __future__ import annotations

import math
import re
from collections import Counter

_TOKEN = re.compile(r"[a-z]+(?:['’][a-z]+)?|\d+|[!?]+|[^\w\s.,;:\"()\[\]/*_-]", re.IGNORECASE)

PIECES = range(3, 6)
"""Letters in a piece of a word."""


def counted(text: str) -> Counter[str]:
    """How often each feature is in `text`: words, pairs of them, and pieces of words with their ends marked."""
    words = [word.replace("’", "'") for word in _TOKEN.findall(text.lower())]
    found = Counter(words)
    found.update(f"{one} {two}" for one, two in zip(["<", *words], [*words, ">"], strict=True))
    for word in words:
        if word[0].isalpha():
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
