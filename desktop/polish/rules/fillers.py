"""Remove sounds that are no words: um, uh, 呃.

They go with the marks that set them off. The rules for repeats and corrections run before and need them, since a word
that is repeated after a pause is seldom meant twice (`SpokenText.paused`). What is a sound depends on the language; if
the language is in doubt (a German text taken for English), nothing is: "um" is a German word.
"""

from __future__ import annotations

from collections.abc import Iterator

from desktop.polish.rules import chinese
from desktop.polish.rules.edit import Edit, Manner
from desktop.polish.rules.tokens import cut, has_chinese, without


def fillers(text: str, manner: Manner) -> Iterator[Edit]:
    """Remove sounds that are no words: um, uh, 呃."""
    if has_chinese(text, manner.language):
        yield from chinese.fillers(text)
    said = cut(text, manner.language)
    own = manner.vocabulary.words
    sounds = (number for number, sound in enumerate(said.sound) if sound)
    yield from without(said, (one for one in sounds if text[said.start[one] : said.end[one]] not in own))
