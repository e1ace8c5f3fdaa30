"""Remove sounds that are no words: um, uh, 呃.

They go with the marks that set them off. The rules for repeats and corrections run before and need them, since a word
that is repeated after a pause is seldom meant twice (`SpokenText.paused`). What is a sound depends on the language; if
the language is in doubt (a German text taken for English), nothing is: "um" is a German word. A sound that was quoted
stays.
"""

from __future__ import annotations

from collections.abc import Iterator

from desktop.polish.rules import chinese
from desktop.polish.rules.edit import RuleContext, RuleEdit
from desktop.polish.rules.languages.sounds import find_sounds, is_meant
from desktop.polish.rules.tokens import has_chinese, remove_words, split_words


def edit_fillers(text: str, context: RuleContext) -> Iterator[RuleEdit]:
    """Remove sounds that are no words: um, uh, 呃."""
    if has_chinese(text, context.language):
        yield from chinese.edit_chinese_fillers(text)
    spoken = split_words(text, context.language)
    user_words = context.vocabulary.words
    sounds = {number for number, sound in enumerate(spoken.is_sound) if sound}
    sounds |= {*find_sounds(spoken, context.language)}
    sounds = {number for number in sounds if not is_meant(spoken, number, context.language)}
    yield from remove_words(
        spoken, (number for number in sounds if text[spoken.start[number] : spoken.end[number]] not in user_words)
    )
