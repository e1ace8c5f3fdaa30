"""Two dictations after each other read as one text: a single space between them, where the writing system has spaces.

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


@dataclass(frozen=True, slots=True)
class Insertion:
    """What was last put into a window: which (its handle), the text's last character, and when (seconds, steady
    clock)."""

    handle: int
    last: str
    at: float


def before(insertion: Insertion | None, handle: int, now: float) -> str:
    """The character that stands before the cursor of window `handle` as far as we know, else an empty string."""
    if insertion is None or insertion.handle != handle or now - insertion.at > FORGET_S:
        return ""
    return insertion.last


def join(previous: str, text: str) -> str:
    """`text` as it must be inserted after `previous` (only its last character counts; empty where it is not known)."""
    if not previous or not text:
        return text
    left, right = previous[-1], text[0]
    if left.isspace() or right.isspace() or left in OPENING or right in CLOSING:
        return text
    if UNSPACED.match(left) or UNSPACED.match(right):
        return text
    return f" {text}"
