"""What polish made of the words as they were heard, as a person sees it: what was left out and what came in. Pure.

It is told word by word, and mark by mark, so that a full stop that was added does not make a new word of the one before
it. The differences of the texts themselves are shown rather than the changes that the rules noted: a language model
notes none, and a person's own correction is one more.
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
"""Tokens of both texts that are compared word by word; longer ones are shown as replaced. An hour's talk."""


class Kind(Enum):
    """What became of a part."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class Part(NamedTuple):
    """A stretch of text and what became of it."""

    kind: Kind
    text: str


def difference(heard: str, written: str) -> list[Part]:
    """How `heard` became `written`: the parts of both, in order. Without what was added it reads as heard, without
    what was removed as written."""
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
    """Those that hold something, neighbours of a kind as one."""
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
