"""Build the instructions for a language model: the prompt, the style of the place, and user words that the dictation
may contain. Pure except for reading the prompt's file.

Only words that sound like something in the text are sent: others would cost time and money on every request, and are no
business of the service.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from desktop.core.types import Style
from desktop.llm.prompts import load_prompt
from desktop.polish.guard.tokens import tokenize

MAX_WORDS = 40

MIN_PAIR_SHARE = 0.4
"""Least share of common letter pairs between a word and what was said (Dice's coefficient); "cooper netties" and
Kubernetes reach it.
"""


def build_instructions(text: str, style: Style, words: Sequence[str] = ()) -> str:
    """Return the system message for `text`."""
    parts = [load_prompt("polish")]
    style_notes = [style.tone.strip()]
    if not style.capital:
        style_notes.append("Begin without a capital.")
    if not style.closing:
        style_notes.append("Put no mark at the end.")
    if any(style_notes):
        parts.append(f"How one writes here: {' '.join(filter(None, style_notes))}")
    if close := find_near_words(text, words):
        parts.append(f"If these are meant, spell them so: {', '.join(close)}.")
    return "\n\n".join(parts)


def find_near_words(text: str, words: Sequence[str]) -> list[str]:
    """Return those of `words`, at most `MAX_WORDS`, that something in `text` is spelled or sounds like, in order."""
    if not words:
        return []
    spelled = [token.word for token in tokenize(text) if not token.forms]
    windows = ["".join(spelled[at : at + count]) for at in range(len(spelled)) for count in (1, 2, 3)]
    window_pairs = [_letter_pairs(window) for window in windows]
    windows_of_pair: defaultdict[str, set[int]] = defaultdict(set)
    for at, pairs in enumerate(window_pairs):
        for pair in pairs:
            windows_of_pair[pair].add(at)
    found = []
    for word in words:
        pairs = _letter_pairs("".join(c for c in word.lower() if c.isalnum()))
        hits = Counter(at for pair in pairs for at in windows_of_pair.get(pair, ()))
        if any(2 * count >= MIN_PAIR_SHARE * (len(pairs) + len(window_pairs[at])) for at, count in hits.items()):
            found.append(word)
    return found[:MAX_WORDS]


def _letter_pairs(word: str) -> set[str]:
    """Return every pair of adjacent letters, word boundaries included."""
    framed = f" {word} "
    return {framed[at : at + 2] for at in range(len(framed) - 1)} if word else set()
