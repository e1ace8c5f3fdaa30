"""Spaces: one between words, none before a mark."""

from __future__ import annotations

import re
from collections.abc import Iterator

from desktop.polish.rules.edit import Edit, Manner

_SPACES = re.compile(r"\A\s+|\s+\Z|(?<=\w) (?=[,.;:!?](?:\s|$))|[ \t\u00a0]{2,}|[\t\u00a0]")


def spacing(text: str, manner: Manner) -> Iterator[Edit]:
    """One space between words, none at the ends or before a mark."""
    for match in _SPACES.finditer(text):
        start, end = match.span()
        inside = start > 0 and end < len(text)
        mark = match.group() == " "
        yield Edit(start, end, " " if inside and not mark else "")
