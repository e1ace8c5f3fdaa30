"""Sounds that are no words: um, uh, 呃."""

from __future__ import annotations

from collections.abc import Iterator

from desktop.polish.rules import chinese
from desktop.polish.rules.edit import Edit, Manner
from desktop.polish.rules.words import cut, has_chinese, without


def fillers(text: str, manner: Manner) -> Iterator[Edit]:
    """Sounds that are no words: um, uh, 呃."""
    if has_chinese(text, manner.language):
        yield from chinese.fillers(text)
    said = cut(text, manner.language)
    yield from without(said, (number for number, sound in enumerate(said.sound) if sound))
