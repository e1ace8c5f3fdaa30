"""Marks and layout that are said: new line, question mark, quote ... unquote."""

from __future__ import annotations

from collections.abc import Iterator

from desktop.polish.rules.edit import Edit, Manner


def spoken(text: str, manner: Manner) -> Iterator[Edit]:
    """Marks and layout that are said: new line, question mark, quote ... unquote."""
    yield from ()
