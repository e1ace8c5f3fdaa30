"""Compute what polish changed in the raw words: removed and added text. Pure.

Compared by word and punctuation mark, so that an added full stop does not change the word before it. The texts are
compared instead of the rules' notes: a language model notes nothing, and the user's correction is one more change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from enum import Enum
from typing import NamedTuple

_EAST = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"\s+|[{_EAST}]|[^\W{_EAST}]+(?:['’][^\W{_EAST}]+)*|[^\w\s]")

LONGEST = 6_000
"""Maximum tokens of both texts, an hour's talk, to compare by word; longer texts are shown as replaced."""


class Kind(Enum):
    """What happened to a part."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class Part(NamedTuple):
    """A stretch of text and what happened to it."""

    kind: Kind
    text: str


def difference(heard: str, written: str) -> list[Part]:
    """Return the parts of `heard` and `written` in order.

    Without the added parts they read as `heard`, without the removed ones as `written`.
    """
    return list(_joined(_parts(_TOKEN.findall(heard), _TOKEN.findall(written))))


def _parts(old: list[str], new: list[str]) -> Iterator[Part]:
    if len(old) + len(new) > LONGEST:
        yield Part(Kind.REMOVED, "".join(old))
        yield Part(Kind.ADDED, "".join(new))
        return
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Part(Kind.SAME, "".join(old[a:b]))
        else:
            yield Part(Kind.REMOVED, "".join(old[a:b]))
            yield Part(Kind.ADDED, "".join(new[c:d]))


def _joined(parts: Iterator[Part]) -> Iterator[Part]:
    """Drop empty parts and merge neighbours of one kind."""
    last: Part | None = None
    for part in parts:
        if not part.text:
            continue
        if last is not None and last.kind is part.kind:
            last = Part(last.kind, last.text + part.text)
            continue
        if last is not None:
            yield last
        last = part
    if last is not None:
        yield last
