"""The user's own replacements: what is heard becomes what they write for it, in their own case."""

from __future__ import annotations

from collections.abc import Iterator

from desktop.polish.rules.edit import Edit, Manner


def replacements(text: str, manner: Manner) -> Iterator[Edit]:
    """The longest phrase first, whole words whatever their case, and nothing within an address."""
    for start, end, written in manner.vocabulary.replacing(text):
        yield Edit(start, end, written)
