"""Sounds that are no words: um, uh, 呃."""

from __future__ import annotations

from collections.abc import Iterator

from desktop.polish.rules.edit import Edit, Manner


def fillers(text: str, manner: Manner) -> Iterator[Edit]:
    """Sounds that are no words: um, uh, 呃."""
    yield from ()
