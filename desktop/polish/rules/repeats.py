"""Words said twice, and words begun and left off."""

from __future__ import annotations

from collections.abc import Iterator

from desktop.polish.rules.edit import Edit, Manner


def repeats(text: str, manner: Manner) -> Iterator[Edit]:
    """Words said twice, and words begun and left off."""
    yield from ()
