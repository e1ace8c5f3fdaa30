"""Fit a text to the place where it is inserted: its case, its spaces, its full stop. Pure.

Polish writes a sentence with a capital and a full stop; in the middle of another sentence both are wrong. Where the
text around the cursor can be read, `fit_text` decides by it; elsewhere `join_text` decides by the last insertion, as
long as nothing was touched since. Only what is known is acted on: the text around the cursor is never changed, no mark
but the final full stop is removed, and a capital is removed only from words with which no name begins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

JOIN_TIMEOUT_S = 300.0
"""Seconds after which the user has most likely moved elsewhere in the same window."""

CLOSING_MARKS = frozenset(".,;:!?…%)]}’”»،؛؟")
"""Characters that attach to the word before them."""

OPENING_MARKS = frozenset("([{¿¡“‘«")
"""Characters that attach to the word after them."""

QUOTES = frozenset("\"'`*_")
"""Marks that open and close alike; the character on their other side decides which."""

GLUED_BEFORE_WORD = frozenset("/\\@#&=+~|$€£¥<")
"""Characters that belong to the word typed directly after them: paths, addresses, tags, amounts."""

DASHES = frozenset("-–—")

FULL_STOPS = ".。．"
"""Full stops that polish writes at the end of a text."""

SENTENCE_ENDS = frozenset(".!?…:\n。！？؟")
"""Characters after which a sentence begins."""

UNSPACED_SCRIPTS = re.compile(
    "[\u3000-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff9f\U00020000-\U0003ffff]"
)
"""Han, kana, and their punctuation: scripts without spaces between words. Korean has spaces, so Hangul is not here."""

CONTINUING_WORDS = frozenset(
    """
    a about after again all also although an and are around as at back because been before but by can could did do does
    down each even every first for from had has have he her here his how if in into is it its just later like made many
    may more most my no not now of off on only or other our out over said she should since so some still such than that
    the their them then there these they this those through to too under until up was we well were what when where which
    while who why will with would yet you your
    """.split()  # noqa: SIM905 -- a table, not a column of 100 lines
)
"""English words with which no name begins: lower-cased within a sentence."""

_ITEM_MARKER = re.compile(r"\s*(?:[-*+•–—·>#]+|\(?(?:\d+|[A-Za-z])[.)]|[-*+] \[[ xX]?\])\s*")
"""The marker at the beginning of a list item, a quotation or a heading."""

_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|vs|cf|approx|incl|esp|no|[Mm]rs?|[Mm]s|[Dd]r|[Pp]rof|[Ss]t)\.$")
"""An abbreviation whose full stop does not end a sentence."""

_AFTER_SENTENCE = re.compile(r"[\"'”’»)\]}*_`」』）】]+$")
"""Marks that may stand between a sentence's final mark and the next sentence."""


def fit_text(text: str, before: str | None, after: str | None) -> str:
    """Return `text` as it must be inserted between `before` and `after`, the text on either side of the cursor.

    An empty side means that there is nothing; None means unknown, and then that side decides nothing.
    """
    if not text.strip():
        return text
    within = before is not None and _is_mid_sentence(before)
    if after is not None:
        text = _fit_end(text, after, within)
    if before is not None:
        text = f"{' ' if _needs_space_before(before, text) else ''}{lowercase_start(text) if within else text}"
    return text


def _is_mid_sentence(before: str) -> bool:
    """Return whether a sentence that began in `before` continues after it."""
    line = before.rpartition("\n")[2]
    stripped = line.rstrip()
    if not stripped.strip("".join(OPENING_MARKS)) or _ITEM_MARKER.fullmatch(line):
        return False
    if _opens(stripped) and stripped[-1] in QUOTES | frozenset("“‘«「『"):
        return False  # a quotation begins like a sentence
    ended = _AFTER_SENTENCE.sub("", stripped) or stripped
    return ended[-1] not in SENTENCE_ENDS or _ABBREVIATION.search(ended) is not None


def _fit_end(text: str, after: str, within: bool) -> str:
    """Return `text` as it must end before `after`: without its full stop where the sentence continues, and with a
    space.
    """
    rest = after.partition("\n")[0]
    following = rest.lstrip()
    if not following:
        return text
    continues = rest[0] == "'" or _continues(following[0], within)
    if continues and text[-1] in FULL_STOPS and text[-2:-1] not in FULL_STOPS:
        text = text[:-1]
    return f"{text} " if text and _needs_space_after(text[-1], rest) else text


def _continues(right: str, within: bool) -> bool:
    """Return whether the sentence continues with `right`, the first following character that is no space.

    For a letter without case, `within` decides.
    """
    if right.islower() or right in CLOSING_MARKS or right in DASHES:
        return True
    return within and not right.isupper()


def _needs_space_before(before: str, text: str) -> bool:
    """Return whether a space separates `text` from what stands before it."""
    left, right = before[-1:], text[0]
    if (
        not left
        or left.isspace()
        or right.isspace()
        or right in CLOSING_MARKS
        or left in GLUED_BEFORE_WORD
        or _opens(before)
    ):
        return False
    if left in DASHES:
        return before[-2:-1].isspace() and before[-2:-1] != "\n"
    return not (UNSPACED_SCRIPTS.match(left) or UNSPACED_SCRIPTS.match(right))


def _needs_space_after(left: str, rest: str) -> bool:
    """Return whether a space separates a text that ends in `left` from the `rest` of the line."""
    right = rest[0]
    if (
        left.isspace()
        or right.isspace()
        or right in CLOSING_MARKS
        or right in DASHES
        or left in OPENING_MARKS
        or right in "/\\'’"
    ):
        return False
    if right in QUOTES and (not rest[1:] or rest[1].isspace() or rest[1] in CLOSING_MARKS):
        return False  # a closing quotation mark
    return not (UNSPACED_SCRIPTS.match(left) or UNSPACED_SCRIPTS.match(right))


def _opens(before: str) -> bool:
    """Return whether `before` ends in a mark that opens a quotation or brackets."""
    left, other = before[-1:], before[-2:-1]
    if left in QUOTES:
        return not other or other.isspace() or other in OPENING_MARKS or other in GLUED_BEFORE_WORD or other in DASHES
    return left in OPENING_MARKS or left in "「『（【《〈"


@dataclass(frozen=True, slots=True)
class Insertion:
    """The last insertion: its window (handle), the text as it stands there, and when (seconds, steady clock).

    `previous_text` is what was known to stand before it, and `spoken_text` the text before it was joined to that.
    `replaced_text` is what it has replaced. `text_after_cursor` is the end of the text that the cursor stands before.
    If `text` is empty nothing can be undone: that was done already, or Return has sent the text.
    """

    handle: int
    text: str
    inserted_at: float
    previous_text: str = ""
    spoken_text: str = ""
    text_after_cursor: str = ""
    replaced_text: str = ""

    @property
    def last_character(self) -> str:
        """The character before the cursor; empty if unknown."""
        return self.text.removesuffix(self.text_after_cursor)[-1:] or self.previous_text


def find_character_before(insertion: Insertion | None, handle: int, now: float, last_input_at: float) -> str:
    """Return the character before the cursor of window `handle`, as far as it is known; else an empty string.

    `last_input_at`: when the user last pressed a key or mouse button, after which the cursor may be anywhere.
    """
    if (
        insertion is None
        or insertion.handle != handle
        or last_input_at > insertion.inserted_at
        or now - insertion.inserted_at > JOIN_TIMEOUT_S
    ):
        return ""
    return insertion.last_character


def join_text(previous: str, text: str) -> str:
    """Return `text` as it must be inserted after `previous`, of which only the last character counts; empty if unknown.

    A space comes between them where the writing system has spaces; within a sentence the text begins in lower case. The
    space goes before the later dictation, because only then is it known that there is one; a trailing space after every
    dictation would put stray blanks into search boxes and passwords of shells.
    """
    if not previous or not text:
        return text
    left = previous[-1]
    if left not in SENTENCE_ENDS and not left.isspace():
        text = lowercase_start(text)
    right = text[0]
    if left.isspace() or right.isspace() or left in OPENING_MARKS or right in CLOSING_MARKS:
        return text
    if UNSPACED_SCRIPTS.match(left) or UNSPACED_SCRIPTS.match(right):
        return text
    return f" {text}"


def lowercase_start(text: str) -> str:
    """Return `text` without a capital that only the beginning of a sentence gave it."""
    word = re.match(r"[A-Z]?[a-z]*\b", text)
    return text[0].lower() + text[1:] if word and word.group().lower() in CONTINUING_WORDS else text
