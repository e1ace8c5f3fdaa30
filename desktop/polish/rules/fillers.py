"""Sounds that are no words: um, uh, 呃.

They go with the marks that set them off. The rules for repeats and corrections pass before and need them, since a word
that comes again after a pause is seldom meant twice (`words.Cut.paused`).
What is a sound depends on the language, and where there is doubt about that (a German text that was taken for an
English one) nothing is: um is a word there.
"""

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
    own = manner.vocabulary.words
    sounds = (number for number, sound in enumerate(said.sound) if sound)
    yield from without(said, (one for one in sounds if text[said.start[one] : said.end[one]] not in own))
