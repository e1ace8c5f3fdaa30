"""Say where words are meant, whatever the weights say of a proposal to take them out.

Answers, negations, letters and what is said of words look like corrections; a plain "no" is more often none. In the
careful mode the words stay where the text could go on either way.
"""

from __future__ import annotations

import re

from desktop.polish.rules.evidence_features import AUXILIARIES, Proposal, alike_kind
from desktop.polish.rules.tokens import (
    COMMA,
    NOTHING,
    STOP,
    SpokenText,
    connecting_words,
    count_to_mark,
    is_number_word,
    sentence_bounds,
    word_set,
)
from models.polish.removals import RemovalModel

ANSWERS = frozenset(("yes", "no", "maybe", "yeah", "yep", "nope"))

PLAIN_CUES = frozenset(("no", "nope", "sorry", "actually", "i mean", "i meant", "well", "oh", "rather"))
"""Cues that are plain words too."""

RESTATING = frozenset(("actually", "oh", "sorry", "or rather"))
"""Cues that restate what was said as often as they correct it."""

MAX_NEGATION_WORDS = 5
"""Words before a correction in which a negation holds for it."""

ADDING = frozenset(("one", "ones", "too", "also"))
"""Words that add to what was said, and do not replace it."""

ARTICLES, CALLING = word_set("en", "article"), (["call"], ["calls"], ["called"], ["calling"])

_OPEN_NAMES = ("article", "determiner", "preposition", "joining", "auxiliary", "single", "own")
OPEN_WORDS = frozenset[str]().union(*(word_set("en", name) for name in _OPEN_NAMES)) - {"her", "that", "this", "no"}
"""Words in which no clause ends."""

NOUN_DETERMINERS = word_set("en", "determiner") - {"no", "any", "every", "each", "another"}

_FINITE = re.compile(r"\w{2,}ed|knew|went|got|came|made|took|saw|left|thought|told|ran|said|gave|found")
_FINITE_OR_PLURAL = re.compile(r"\w{2,}[^sui']s")
_MARK_OR_CAPITAL = re.compile(r"[,.;:!?A-Z]")


def is_meant(spoken: SpokenText, one: Proposal) -> bool:
    """Return whether the words that `one` would take out are meant, in both modes."""
    if one.cue == one.again:
        if spoken.words[one.again - 1 : one.again + 1] == ["i", "mean"]:
            return not word_set("en", "naming").isdisjoint(spoken.words[one.first : one.again])
        is_phrase = one.kind == "repeat" and one.again - one.first > 1
        if is_phrase and spoken.words[one.first] in ARTICLES and spoken.words[one.first - 1 : one.first] in CALLING:
            return True  # call a spade a spade; but not: call the the doctor
        if spoken.words[one.first : one.again] == ["my"] and spoken.barriers[one.first] == STOP:
            return spoken.barriers[one.again : one.again + 2] == [NOTHING, COMMA]  # my my, look at this
        return one.cue - one.first == 1 and _is_letter(spoken, one.first, one.again)
    cue = " ".join(spoken.words[one.cue : one.again])
    begin, end = sentence_bounds(spoken, one.first)[0], sentence_bounds(spoken, one.cue)[1]
    before = spoken.words[begin : one.cue]
    if cue == "no" and not ANSWERS.isdisjoint((*before, *spoken.words[one.again : end])):
        return True  # yes for lunch, no for dinner
    if cue in PLAIN_CUES and one.first > begin and _is_negation(spoken.words[one.first - 1]):
        return True  # not on Monday, no, on Tuesday
    if cue in ("i mean", "i meant") and _is_named(spoken, begin, one):
        return True  # when I say two, I mean three
    if cue == "no" and is_number_word(spoken.words[one.again]):
        return bool(one.end) or not _ends_number(spoken, one)
    return cue == "actually" and _adds_clause(spoken, one)


def is_doubtful(spoken: SpokenText, one: Proposal, model: RemovalModel) -> bool:
    """Return whether the words that `one` would take out may be meant, so that careful leaves them."""
    if one.cue == one.again:
        return one.again < len(spoken.words) and (
            _goes_on(spoken, one) if spoken.paused[one.again] else _begins_anew(spoken, one)
        )
    cue = " ".join(spoken.words[one.cue : one.again])
    begin, _ = sentence_bounds(spoken, one.first)
    near = spoken.words[max(begin, one.first - MAX_NEGATION_WORDS) : one.first]
    if cue in PLAIN_CUES and any(_is_negation(word) for word in near):
        return True
    if cue == "sorry" and one.kind == "across" and alike_kind(spoken, one.first, one.again, model) == "name":
        return True  # I told Maria. Sorry, Laura.
    if cue == "actually" and spoken.words[one.again] in word_set("en", "article"):
        return True  # a doctor, actually a good one
    if cue in RESTATING and not is_replaced(spoken, one, model):
        same = spoken.words[one.again : one.again + one.cue - one.first] == spoken.words[one.first : one.cue]
        if same or cue == "or rather":
            return True  # on the morrow, actually on the morrow; your hope, or rather your wish
        if not _is_set_off(spoken, one):
            return True  # and extremely sorry and ashamed
    return cue == "no" and _may_deny(spoken, one)


def is_replaced(spoken: SpokenText, one: Proposal, model: RemovalModel) -> bool:
    """Return whether a number, a name or one of a row stands in the place of another: or rather at three."""
    words, first, again = spoken.words, one.first, one.again
    while first + 1 < one.cue and again + 1 < len(words) and words[first] == words[again]:
        first, again = first + 1, again + 1
    return alike_kind(spoken, first, again, model) in ("number", "row", "name")


def _is_set_off(spoken: SpokenText, one: Proposal) -> bool:
    """Return whether a mark or a pause stands beside a cue or a preposition comes again, or the text has no marks."""
    sides = [spoken.barriers[at] != NOTHING or spoken.paused[at] for at in (one.cue, one.again)]
    is_resumed = spoken.words[one.first] == spoken.words[one.again] in word_set("en", "preposition")
    return any(sides) or is_resumed or _MARK_OR_CAPITAL.search(spoken.text, 1) is None


def _begins_anew(spoken: SpokenText, one: Proposal) -> bool:
    """Return whether what looks like a broken word ends a sentence, and a capital begins another: there-- There's."""
    if not one.kind.startswith(("broken", "begun")):
        return False
    return spoken.has_capital(one.again) and not (spoken.has_capital(one.first) or spoken.words[one.again][0] == "i")


def _is_negation(word: str) -> bool:
    return word in ("not", "never", "no", "nor", "neither", "without") or word.endswith("n't")


def _is_named(spoken: SpokenText, begin: int, one: Proposal) -> bool:
    """Return whether a user tells what a word means: if I write Bob, I mean Robert; but not: call Bob, I mean Tom."""
    naming, words = word_set("en", "naming"), spoken.words
    return words[one.again] not in naming and any(
        words[at] in naming and (words[at - 1] in word_set("en", "pronoun") or _is_negation(words[at - 1]))
        for at in range(begin + 1, one.cue)
    )


def _is_letter(spoken: SpokenText, first: int, again: int) -> bool:
    """Return whether one of two words "a" or "I" is a letter or a number: Class A, a rating; World War I, I believe."""
    word = spoken.words[first]
    if word not in ("a", "i") or spoken.words[again : again + 1] != [word]:
        return False
    begin, end = sentence_bounds(spoken, first)
    if any(len(other) == 1 and other.isalpha() and other not in "ai" for other in spoken.words[begin:end]):
        return True  # select a a from b b
    if spoken.barriers[first] == STOP or spoken.paused[again]:
        return False
    before = spoken.words[first - 1]
    if before in word_set("en", "lettered"):
        return True
    if word == "a":
        return spoken.has_capital(first) and not spoken.has_capital(again)  # an A, a surprise
    if before == "and" and spoken.barriers[first - 1] == NOTHING and spoken.barriers[again] == COMMA:
        earlier = spoken.words[first - 2]
        return spoken.has_capital(first - 2) or earlier in word_set("en", "pronoun")  # he and I, I think
    is_set_off = spoken.barriers[again] == COMMA or spoken.has_capital(first) != spoken.has_capital(again)
    is_named = before not in connecting_words() | word_set("en", "opening") | word_set("en", "question")
    return is_set_off and (is_named or (spoken.has_capital(first - 1) and spoken.barriers[first - 1] != STOP))


def _is_finite(spoken: SpokenText, at: int, is_set_off: bool) -> bool:
    """Return whether word `at` looks like a verb that has a subject: Tom knows it; but not: the Skype contacts."""
    words, after = spoken.words, at + 1
    if words[at] in AUXILIARIES or _FINITE.fullmatch(words[at]):
        return True
    has_object = after < len(words) and spoken.barriers[after] == NOTHING
    has_object = has_object and words[after] not in word_set("en", "preposition") | word_set("en", "joining")
    return (is_set_off or has_object) and _FINITE_OR_PLURAL.fullmatch(words[at]) is not None


def _adds_clause(spoken: SpokenText, one: Proposal) -> bool:
    """Return whether what follows "actually" adds to what was said: actually Friday works better."""
    rest = spoken.words[one.again : one.again + count_to_mark(spoken.barriers, one.again)]
    if not ADDING.isdisjoint(rest[1:]):
        return True
    at = one.end or one.again + 1
    return (at < one.again + len(rest) and _is_finite(spoken, at, False)) or not AUXILIARIES.isdisjoint(rest[1:])


def _ends_number(spoken: SpokenText, one: Proposal) -> bool:
    """Return whether the clause ends after the number that a correction begins with, or the same noun follows."""
    words, again = spoken.words, one.again
    rest = count_to_mark(spoken.barriers, again)
    count = next((at for at in range(rest) if not is_number_word(words[again + at])), rest)
    return rest == count or words[again + count] == words[one.cue - 1]


def _may_deny(spoken: SpokenText, one: Proposal) -> bool:
    """Return whether a plain "no" may deny what follows: two adults, no five year olds."""
    words, barriers, again = spoken.words, spoken.barriers, one.again
    if one.end:
        return True
    sides = [barriers[at] != NOTHING or spoken.paused[at] for at in (one.cue, again)]
    if is_number_word(words[again]) and any(sides):
        return not all(sides)
    if any(sides) or words[again] in NOUN_DETERMINERS | word_set("en", "question"):
        return False
    is_marked = _MARK_OR_CAPITAL.search(spoken.text) is not None
    spare = words[again] in word_set("en", "preposition")
    return (is_marked and not spare) or count_to_mark(barriers, again) > one.cue - one.first + spare


def _goes_on(spoken: SpokenText, one: Proposal) -> bool:
    """Return whether what follows a sound may go on with what was said: call Anna, um, call Tom.

    Not so if what stands before the sound is said again, or ends in a word that another one must follow.
    """
    words, first, again = spoken.words, one.first, one.again
    if _is_whole(spoken, first, again):
        return True
    if words[again - 1] in OPEN_WORDS or one.kind.startswith(("broken", "begun")):
        return False
    length, is_set_off = again - first, spoken.barriers[again] == COMMA
    if words[first:again] != words[again : again + length]:
        return not _is_attribute_question(spoken, first, again)
    if spoken.barriers[first] != NOTHING:
        return False
    at, end = again + length, again + count_to_mark(spoken.barriers, again)
    return at < end and (_is_finite(spoken, at, is_set_off) or not AUXILIARIES.isdisjoint(words[at : min(at + 3, end)]))


def _is_whole(spoken: SpokenText, first: int, again: int) -> bool:
    """Return whether a clause or a verb ends before a sound: if you go, um, you go alone; turn it on, um, on Monday."""
    words = spoken.words
    if spoken.barriers[first] == STOP or words[first] != words[again]:
        return False
    if again - first > 1:
        return words[first - 1] in word_set("en", "supposing") and words[first] in word_set("en", "pronoun")
    verbs = {f"{words[first - 1]} {words[first]}"} & word_set("en", "phrasal")
    return bool(verbs) or (first > 1 and f"{words[first - 2]} {words[first]}" in word_set("en", "parted"))


def _is_attribute_question(spoken: SpokenText, first: int, again: int) -> bool:
    """Return whether a question with no verb yet is followed by another: what area, um, what can they do."""
    words = spoken.words
    return (
        spoken.barriers[first] == STOP
        and again == first + 2
        and words[first] in ("what", "which", "how")
        and words[again] in word_set("en", "question")
        and not _is_finite(spoken, first + 1, False)
    )
