"""A text as it fits between what stands on either side of the cursor: its case, its spaces, its full stop. Pure.

Polish writes a sentence, with a capital and a full stop; put into the middle of another, both are wrong. Only what the
neighbours show is acted on: the text that stands there is never changed, no mark but the full stop at the end is taken
away, and a capital only from words with which no name begins (`joining.CONTINUING`).
"""

from __future__ import annotations

import re

from desktop.paste.joining import CLOSING, ENDING, OPENING, UNSPACED, small

QUOTES = frozenset("\"'`*_")
"""These open and close alike; which of the two one does is told by what stands on its other side."""

GLUE = frozenset("/\\@#&=+~|$€£¥<")
"""What is typed right before a word and belongs to it: paths, addresses, tags, amounts."""

DASHES = frozenset("-–—")

STOPS = ".。．"
"""The full stops that polish puts at an end."""

_ITEM = re.compile(r"\s*(?:[-*+•–—·>#]+|\(?(?:\d+|[A-Za-z])[.)]|[-*+] \[[ xX]?\])\s*")
"""What stands at the beginning of a list's item, a quotation or a heading."""

_SHORT = re.compile(r"\b(?:e\.g|i\.e|vs|cf|approx|incl|esp|no|[Mm]rs?|[Mm]s|[Dd]r|[Pp]rof|[Ss]t)\.$")
"""Ends in a full stop that ends no sentence."""

_ENDED = re.compile(r"[\"'”’»)\]}*_`」』）】]+$")
"""What may stand between a sentence's last mark and the next sentence."""


def fit(text: str, before: str | None, after: str | None) -> str:
    """`text` as it is to be inserted between `before` and `after`, some of what stands on either side of the cursor:
    empty where nothing does, None where that is not known, and then that side decides nothing."""
    if not text.strip():
        return text
    within = before is not None and _within(before)
    if after is not None:
        text = _closed(text, after, within)
    if before is not None:
        text = f"{' ' if _space_after(before, text) else ''}{small(text) if within else text}"
    return text


def _within(before: str) -> bool:
    """Whether a sentence that has begun in `before` goes on after it."""
    line = before.rpartition("\n")[2]
    said = line.rstrip()
    if not said.strip("".join(OPENING)) or _ITEM.fullmatch(line):
        return False
    if _opens(said) and said[-1] in QUOTES | frozenset("“‘«「『"):
        return False  # what is quoted begins like a sentence
    ended = _ENDED.sub("", said) or said
    return ended[-1] not in ENDING or _SHORT.search(ended) is not None


def _closed(text: str, after: str, within: bool) -> str:
    """`text` as it ends before `after`: without its full stop where the sentence goes on there, and with a space."""
    rest = after.partition("\n")[0]
    following = rest.lstrip()
    if not following:
        return text
    goes_on = rest[0] == "'" or _goes_on(following[0], within)
    if goes_on and text[-1] in STOPS and text[-2:-1] not in STOPS:
        text = text[:-1]
    return f"{text} " if text and _space_before(text[-1], rest) else text


def _goes_on(right: str, within: bool) -> bool:
    """Whether the sentence goes on with `right`, the first that follows and is no space. Where a letter has no case,
    the beginning of the sentence says so."""
    if right.islower() or right in CLOSING or right in DASHES:
        return True
    return within and not right.isupper()


def _space_after(before: str, text: str) -> bool:
    """Whether `text` is set apart from what stands before it."""
    left, right = before[-1:], text[0]
    if not left or left.isspace() or right.isspace() or right in CLOSING or left in GLUE or _opens(before):
        return False
    if left in DASHES:
        return before[-2:-1].isspace() and before[-2:-1] != "\n"
    return not (UNSPACED.match(left) or UNSPACED.match(right))


def _space_before(left: str, rest: str) -> bool:
    """Whether a text that ends in `left` is set apart from the `rest` of the line."""
    right = rest[0]
    if left.isspace() or right.isspace() or right in CLOSING or right in DASHES or left in OPENING or right in "/\\'’":
        return False
    if right in QUOTES and (not rest[1:] or rest[1].isspace() or rest[1] in CLOSING):
        return False  # it closes
    return not (UNSPACED.match(left) or UNSPACED.match(right))


def _opens(before: str) -> bool:
    """Whether `before` ends in what opens a quotation or brackets."""
    left, other = before[-1:], before[-2:-1]
    if left in QUOTES:
        return not other or other.isspace() or other in OPENING or other in GLUE or other in DASHES
    return left in OPENING or left in "「『（【《〈"
