"""Two dictations after each other read as one text: a single space between them, where the writing system has spaces,
and no capital in the middle of a sentence.

It needs no look into the window: our last insertion is known, and so is whether a key or a button was pressed since.
The space goes before the later one, because only then is it known that there is a later one; a trailing space after
every dictation would send stray blanks into search boxes and passwords of shells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

FORGET_S = 300.0
"""After this long the person has most likely gone elsewhere in the same window."""

CLOSING = frozenset(".,;:!?…%)]}’”»،؛؟")
"""What attaches to the word before it."""

OPENING = frozenset("([{¿¡“‘«")
"""What attaches to the word after it."""

UNSPACED = re.compile(
    "[\u3000-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff9f\U00020000-\U0003ffff]"
)
"""Han, kana, and their punctuation: scripts that put no space between words. Korean does, so Hangul is not here."""


ENDING = frozenset(".!?…:\n。！？؟")
"""After these a sentence begins."""

CONTINUING = frozenset(
    """
    a about after again all also although an and are around as at back because been before but by can could did do does
    down each even every first for from had has have he her here his how if in into is it its just later like made many
    may more most my no not now of off on only or other our out over said she should since so some still such than that
    the their them then there these they this those through to too under until up was we well were what when where which
    while who why will with would yet you your
    """.split()  # noqa: SIM905 -- a table, not a column of 100 lines
)
"""English words that no name begins with: within a sentence they are written small."""


@dataclass(frozen=True, slots=True)
class Insertion:
    """What was last put into a window: which (its handle), the text as it stands there, and when (seconds, steady
    clock).

    `previous` is what was known to stand before it, and `said` the text before it was joined to that. `original` is
    what it has replaced. `after` is the end of the text that the cursor stands before. Where `text` is empty nothing
    can be taken back: that was done already, or Return has sent the text.
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
        """The character before the cursor, empty where it is not known."""
        return self.text.removesuffix(self.after)[-1:] or self.previous


def before(insertion: Insertion | None, handle: int, now: float, touched_at: float) -> str:
    """The character that stands before the cursor of window `handle` as far as we know, else an empty string.

    `touched_at`: when the person last pressed a key or a button of the mouse, after which the cursor may be anywhere.
    """
    if insertion is None or insertion.handle != handle or touched_at > insertion.at or now - insertion.at > FORGET_S:
        return ""
    return insertion.last


def join(previous: str, text: str) -> str:
    """`text` as it must be inserted after `previous` (only its last character counts; empty where it is not known).

    A space comes between them where the writing system has spaces; within a sentence the case goes on.
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
    """`text` without a capital that only the beginning of a sentence gave it."""
    word = re.match(r"[A-Z]?[a-z]*\b", text)
    return text[0].lower() + text[1:] if word and word.group().lower() in CONTINUING else text
