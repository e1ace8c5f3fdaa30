"""The user's own replacements."""

from __future__ import annotations

from collections.abc import Iterator

from desktop.polish.rules.edit import Edit, Manner


def replacements(text: str, manner: Manner) -> Iterator[Edit]:
    """The user's own replacements."""
    yield from ()
