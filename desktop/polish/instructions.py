"""What a language model is told with a dictation: the prompt, how one writes at the place, and the person's own words
that it may be about. Pure but for the prompt's file.

Only words that something in the text sounds like are told: the others would be waited and paid for each time, and are
nobody else's business.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from desktop.polish.tokens import tokens
from desktop.ports import Style
from desktop.prompts import prompt

MOST_WORDS = 40

ALIKE = 0.4
"""A word is near where so large a share of the pairs of letters of it and of what was said are the same (Dice's
coefficient), which "cooper netties" and Kubernetes have."""


def instructions(text: str, style: Style, words: Sequence[str] = ()) -> str:
    """The system's message for `text`."""
    told = [prompt("polish")]
    manner = [style.tone.strip()]
    if not style.capital:
        manner.append("Begin without a capital.")
    if not style.closing:
        manner.append("Put no mark at the end.")
    if any(manner):
        told.append(f"How one writes here: {' '.join(filter(None, manner))}")
    if close := near(text, words):
        told.append(f"If these are meant, spell them so: {', '.join(close)}.")
    return "\n\n".join(told)


def near(text: str, words: Sequence[str]) -> list[str]:
    """Those of `words`, at most `MOST_WORDS`, that something in `text` is spelled or sounds like, in their order."""
    if not words:
        return []
    spelled = [token.word for token in tokens(text) if not token.forms]
    windows = ["".join(spelled[at : at + count]) for at in range(len(spelled)) for count in (1, 2, 3)]
    held = [_pairs(window) for window in windows]
    where: defaultdict[str, set[int]] = defaultdict(set)
    for at, pairs in enumerate(held):
        for pair in pairs:
            where[pair].add(at)
    found = []
    for word in words:
        pairs = _pairs("".join(c for c in word.lower() if c.isalnum()))
        hits = Counter(at for pair in pairs for at in where.get(pair, ()))
        if any(2 * count >= ALIKE * (len(pairs) + len(held[at])) for at, count in hits.items()):
            found.append(word)
    return found[:MOST_WORDS]


def _pairs(word: str) -> set[str]:
    """Every two letters that stand side by side, with the ends."""
    framed = f" {word} "
    return {framed[at : at + 2] for at in range(len(framed) - 1)} if word else set()
