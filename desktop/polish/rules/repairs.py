"""Speakers who correct themselves: what they corrected goes."""

from __future__ import annotations

from collections.abc import Iterator

from desktop.polish.rules.edit import Edit, Manner


def repairs(text: str, manner: Manner) -> Iterator[Edit]:
    """Speakers who correct themselves: what they corrected goes."""
    yield from ()
