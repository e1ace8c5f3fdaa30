"""Join consecutive dictations as one text: a single space between them where the writing system has spaces, and no
capital within a sentence.

The window is not read: our last insertion is known, and so is whether a key or button was pressed since. The space goes
before the later dictation, because only then is it known that there is one; a trailing space after every dictation
would put stray blanks into search boxes and passwords of shells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

FORGET_S = 300.0
"""Seconds after which the user has most likely moved elsewhere in the same window."""

CLOSING = frozenset(".,;:!?…%)]}’”»،؛؟")
"""Characters that attach to the word before them."""

OPENING = frozenset("([{¿¡“‘«")
"""Characters that attach to the word after them."""

UNSPACED = re.compile(
    "[\u3000-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff9f\U00020000-\U0003ffff]"
)
"""Han, kana, and their punctuation: scripts without spaces between words. Korean has spaces, so Hangul is not here."""


ENDING = frozenset(".!?…:\n。！？؟")
"""Characters after which a sentence begins."""

CONTINUING = frozenset(
    """
    a about after again all also although an and are around as at back because been before but by can could did do does
    down each even every first for from had has have he her here his how if in into is it its just later like made many
    may more most my no not now of off on only or other our out over said she should since so some still such than that
    the their them then there these they this those through to too under until up was we well were what when where which
    while who why will with would yet you your
    """.split()  # noqa: SIM905 -- a table, not a column of 100 lines
)
"""English words with which no name begins: lower-cased within a sentence."""


@dataclass(frozen=True, slots=True)
class Insertion:
    """The last insertion: its window (handle), the text as it stands there, and when (seconds, steady clock).

    `previous_text` is what was known to stand before it, and `spoken_text` the text before it was joined to that.
    `replaced_text` is what it has replaced. `text_after_cursor` is the end of the text that the cursor stands before.
    If `text` is empty nothing can be undone: that was done already, or Return has sent the text.
    """

    handle: int
    text: str
    at: float
    previous: str = ""
    said: str = ""
    after: str = ""
    original: str = ""

    @property
    def last(self) -> str:
        """The character before the cursor; empty if unknown."""
        return self.text.removesuffix(self.after)[-1:] or self.previous


def before(insertion: Insertion | None, handle: int, now: float, touched_at: float) -> str:
    """Return the character before the cursor of window `handle`, as far as it is known; else an empty string.

    `last_input_at`: when the user last pressed a key or mouse button, after which the cursor may be anywhere.
    """
    if insertion is None or insertion.handle != handle or touched_at > insertion.at or now - insertion.at > FORGET_S:
        return ""
    return insertion.last


def join(previous: str, text: str) -> str:
    """Return `text` as it must be inserted after `previous`, of which only the last character counts; empty if unknown.

    A space comes between them where the writing system has spaces; within a sentence the text begins in lower case.
    """
    if not previous or not text:
        return text
    left = previous[-1]
    if left not in ENDING and not left.isspace():
        text = small(text)
    right = text[0]
    if left.isspace() or right.isspace() or left in OPENING or right in CLOSING:
        return text
    if UNSPACED.match(left) or UNSPACED.match(right):
        return text
    return f" {text}"


def small(text: str) -> str:
    """Return `text` without a capital that only the beginning of a sentence gave it."""
    word = re.match(r"[A-Z]?[a-z]*\b", text)
    return text[0].lower() + text[1:] if word and word.group().lower() in CONTINUING else text
