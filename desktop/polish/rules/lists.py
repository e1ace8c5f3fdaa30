"""Lists, as they are written."""

from __future__ import annotations

from collections.abc import Iterator

from desktop.polish.rules.edit import Edit, Manner


def lists(text: str, manner: Manner) -> Iterator[Edit]:
    """Lists, as they are written."""
    yield from ()
