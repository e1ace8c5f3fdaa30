"""Fit a text to the text on either side of the cursor: its case, its spaces, its full stop. Pure.

Polish writes a sentence with a capital and a full stop; in the middle of another sentence both are wrong. Only what the
neighbours show is acted on: the text around the cursor is never changed, no mark but the final full stop is removed,
and a capital is removed only from words with which no name begins (`CONTINUING`).
"""

from __future__ import annotations

import re

from desktop.paste.joining import CLOSING, ENDING, OPENING, UNSPACED, small

QUOTES = frozenset("\"'`*_")
"""Marks that open and close alike; the character on their other side decides which."""

GLUE = frozenset("/\\@#&=+~|$€£¥<")
"""Characters that belong to the word typed directly after them: paths, addresses, tags, amounts."""

DASHES = frozenset("-–—")

STOPS = ".。．"
"""Full stops that polish writes at the end of a text."""

_ITEM = re.compile(r"\s*(?:[-*+•–—·>#]+|\(?(?:\d+|[A-Za-z])[.)]|[-*+] \[[ xX]?\])\s*")
"""The marker at the beginning of a list item, a quotation or a heading."""

_SHORT = re.compile(r"\b(?:e\.g|i\.e|vs|cf|approx|incl|esp|no|[Mm]rs?|[Mm]s|[Dd]r|[Pp]rof|[Ss]t)\.$")
"""An abbreviation whose full stop does not end a sentence."""

_ENDED = re.compile(r"[\"'”’»)\]}*_`」』）】]+$")
"""Marks that may stand between a sentence's final mark and the next sentence."""


def fit(text: str, before: str | None, after: str | None) -> str:
    """Return `text` as it must be inserted between `before` and `after`, the text on either side of the cursor.

    An empty side means that there is nothing; None means unknown, and then that side decides nothing.
    """
    if not text.strip():
        return text
    within = before is not None and _within(before)
    if after is not None:
        text = _closed(text, after, within)
    if before is not None:
        text = f"{' ' if _space_after(before, text) else ''}{small(text) if within else text}"
    return text


def _within(before: str) -> bool:
    """Return whether a sentence that began in `before` continues after it."""
    line = before.rpartition("\n")[2]
    said = line.rstrip()
    if not said.strip("".join(OPENING)) or _ITEM.fullmatch(line):
        return False
    if _opens(said) and said[-1] in QUOTES | frozenset("“‘«「『"):
        return False  # a quotation begins like a sentence
    ended = _ENDED.sub("", said) or said
    return ended[-1] not in ENDING or _SHORT.search(ended) is not None


def _closed(text: str, after: str, within: bool) -> str:
    """Return `text` as it must end before `after`: without its full stop where the sentence continues, and with a
    space.
    """
    rest = after.partition("\n")[0]
    following = rest.lstrip()
    if not following:
        return text
    goes_on = rest[0] == "'" or _goes_on(following[0], within)
    if goes_on and text[-1] in STOPS and text[-2:-1] not in STOPS:
        text = text[:-1]
    return f"{text} " if text and _space_before(text[-1], rest) else text


def _goes_on(right: str, within: bool) -> bool:
    """Return whether the sentence continues with `right`, the first following character that is no space.

    For a letter without case, `within` decides.
    """
    if right.islower() or right in CLOSING or right in DASHES:
        return True
    return within and not right.isupper()


def _space_after(before: str, text: str) -> bool:
    """Return whether a space separates `text` from what stands before it."""
    left, right = before[-1:], text[0]
    if not left or left.isspace() or right.isspace() or right in CLOSING or left in GLUE or _opens(before):
        return False
    if left in DASHES:
        return before[-2:-1].isspace() and before[-2:-1] != "\n"
    return not (UNSPACED.match(left) or UNSPACED.match(right))


def _space_before(left: str, rest: str) -> bool:
    """Return whether a space separates a text that ends in `left` from the `rest` of the line."""
    right = rest[0]
    if left.isspace() or right.isspace() or right in CLOSING or right in DASHES or left in OPENING or right in "/\\'’":
        return False
    if right in QUOTES and (not rest[1:] or rest[1].isspace() or rest[1] in CLOSING):
        return False  # a closing quotation mark
    return not (UNSPACED.match(left) or UNSPACED.match(right))


def _opens(before: str) -> bool:
    """Return whether `before` ends in a mark that opens a quotation or brackets."""
    left, other = before[-1:], before[-2:-1]
    if left in QUOTES:
        return not other or other.isspace() or other in OPENING or other in GLUE or other in DASHES
    return left in OPENING or left in "「『（【《〈"
