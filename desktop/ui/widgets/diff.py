"""Compute what polish changed in the raw words, and write it as text with removed and added parts.

The texts are compared instead of the rules' notes: a language model notes nothing, and the user's correction is one
more change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from enum import Enum
from typing import NamedTuple

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor

from desktop.core.text import HAN_AND_KANA
from desktop.ui.style import tokens

MAX_DIFF_TOKENS = 6_000
"""Maximum tokens of both texts, an hour's talk, to compare by word; longer texts are shown as replaced."""
_TOKEN = re.compile(rf"\s+|[{HAN_AND_KANA}]|[^\W{HAN_AND_KANA}]+(?:['’][^\W{HAN_AND_KANA}]+)*|[^\w\s]")


class DiffKind(Enum):
    """What happened to a part."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class DiffPart(NamedTuple):
    """A stretch of text and what happened to it."""

    kind: DiffKind
    text: str


def compute_diff(raw_text: str, polished_text: str) -> list[DiffPart]:
    """Return the parts of both texts in order.

    Without the added parts they read as `raw_text`, without the removed ones as `polished_text`. Compared by word and
    punctuation mark, so that an added full stop does not change the word before it.
    """
    return list(_merge_parts(_compare_tokens(_TOKEN.findall(raw_text), _TOKEN.findall(polished_text))))


def write_diff(cursor: QTextCursor, raw_text: str, polished_text: str) -> None:
    """Write the difference of two texts at `cursor`: removed text struck out, added text underlined.

    It is readable without colour.
    """
    palette = tokens.current_palette()
    for kind, part in compute_diff(raw_text, polished_text):
        text_format = QTextCharFormat()
        if kind is DiffKind.REMOVED:
            text_format.setFontStrikeOut(True)
            text_format.setForeground(QColor(palette.bad))
        elif kind is DiffKind.ADDED:
            text_format.setFontUnderline(True)
            text_format.setForeground(QColor(palette.good))
        cursor.insertText(part, text_format)


def _compare_tokens(old: list[str], new: list[str]) -> Iterator[DiffPart]:
    if len(old) + len(new) > MAX_DIFF_TOKENS:
        yield DiffPart(DiffKind.REMOVED, "".join(old))
        yield DiffPart(DiffKind.ADDED, "".join(new))
        return
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield DiffPart(DiffKind.SAME, "".join(old[a:b]))
        else:
            yield DiffPart(DiffKind.REMOVED, "".join(old[a:b]))
            yield DiffPart(DiffKind.ADDED, "".join(new[c:d]))


def _merge_parts(parts: Iterator[DiffPart]) -> Iterator[DiffPart]:
    """Drop empty parts and merge neighbours of one kind."""
    last: DiffPart | None = None
    for part in parts:
        if not part.text:
            continue
        if last is not None and last.kind is part.kind:
            last = DiffPart(last.kind, last.text + part.text)
            continue
        if last is not None:
            yield last
        last = part
    if last is not None:
        yield last
