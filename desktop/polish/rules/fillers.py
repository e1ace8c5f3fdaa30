"""Remove sounds that are no words: um, uh, 呃.

They go with the marks that set them off. The rules for repeats and corrections run before and need them, since a word
that is repeated after a pause is seldom meant twice (`SpokenText.paused`). What is a sound depends on the language; if
the language is in doubt (a German text taken for English), nothing is: "um" is a German word. A sound that was quoted
stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from itertools import count

from desktop.polish.rules import chinese
from desktop.polish.rules.edit import RuleContext, RuleEdit
from desktop.polish.rules.languages.sounds import find_sounds, is_meant
from desktop.polish.rules.tokens import (
    COMMA,
    SpokenText,
    connecting_words,
    has_chinese,
    remove_words,
    split_words,
    word_set,
)
from models.polish.removals import BOUNDARY, RemovalModel

PARTED_BITS, JOINED_BITS, NEVER_ENDS_BITS = -1.5, 1.2, -0.9
"""How much likelier two words stand together than apart, for a comma between them or none; how seldom the first ends a
clause."""


def edit_fillers(text: str, context: RuleContext) -> Iterator[RuleEdit]:
    """Remove sounds that are no words: um, uh, 呃."""
    if has_chinese(text, context.language):
        yield from chinese.edit_chinese_fillers(text)
    spoken = split_words(text, context.language)
    user_words = context.vocabulary.words
    sounds = {number for number, sound in enumerate(spoken.is_sound) if sound}
    sounds |= {*find_sounds(spoken, context.language)}
    sounds = {number for number in sounds if not is_meant(spoken, number, context.language)}
    sounds = {number for number in sounds if text[spoken.start[number] : spoken.end[number]] not in user_words}
    commas = find_commas(spoken, sounds, context.load_removal_model()) if spoken.is_english else {}
    yield from remove_words(spoken, sounds, commas=commas)


def find_commas(spoken: SpokenText, sounds: Set[int], model: RemovalModel) -> dict[int, bool]:
    """Return for the first sound of each row between commas whether one of them must stay, where that is known.

    A new clause needs it ("I can, uh, I can't"); a verb and what it needs have none ("we need, um, chairs").
    """
    found: dict[int, bool] = {}
    words, marks, pairs = spoken.lowercase, spoken.marks, model.pairs
    for first in sounds:
        after = next(one for one in count(first) if one not in sounds)
        if first - 1 in sounds or not first or after >= len(words) or (marks[first], marks[after]) != (COMMA, COMMA):
            continue
        left, right = (model.word_class(words[one]) for one in (first - 1, after))
        ends = pairs[left][BOUNDARY]
        bits = pairs[left][right] - ends - pairs[BOUNDARY][right]
        begun = words[max(0, first - 2) : first - 1]
        is_clause = words[first - 1] in word_set("en", "auxiliary") and not word_set("en", "pronoun").isdisjoint(begun)
        if words[first - 1] in word_set("en", "pronoun") | word_set("en", "auxiliary"):
            is_subject = words[after].partition("'")[0] in word_set("en", "pronoun")
            if is_subject and (is_clause or bits < PARTED_BITS):
                found[first] = True
        elif words[first - 1] not in connecting_words() and bits > JOINED_BITS and ends < NEVER_ENDS_BITS:
            found[first] = False
    return found
