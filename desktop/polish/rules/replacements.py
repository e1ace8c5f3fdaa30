"""Apply the user's replacements: what is heard becomes what the user writes for it, in the user's case."""

from __future__ import annotations

from collections.abc import Iterator

from desktop.polish.rules.edit import Edit, Manner


def replacements(text: str, manner: Manner) -> Iterator[Edit]:
    """Replace the longest phrase first, whole words in any case, and nothing within an address."""
    for start, end, written in manner.vocabulary.replacing(text):
        yield Edit(start, end, written)
