"""Decide how much of what was said before a cue it takes back: by structure, since nothing marks where that begins.

A correction repeats a word that was said (the same preposition, article, verb), or it is of the same kind: a number for
a number, a day for a day, a name for a name, a question for a question. Otherwise a sure cue takes back one word, and a
cue that is also a plain word changes nothing: a wrong removal is worse than a leftover. A short correction of a long
phrase takes its place, so that the rest of the phrase is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from desktop.polish.rules.broken_words import REPLACEABLE_WORDS
from desktop.polish.rules.correction_cues import CorrectionCue
from desktop.polish.rules.tokens import (
    COMMA,
    NOTHING,
    STOP,
    SpokenText,
    connecting_words,
    correction_rows,
    is_number_word,
    word_set,
)

MAX_WORDS_SURE, MAX_WORDS_UNSURE = 8, 4
"""Most words before a cue that it may take back: a sure cue, and one that is also a plain word."""


CONTINUING_KINDS = ("preposition", "joining", "auxiliary")
"""Kinds of words with which a phrase continues: in the park with the kids."""


class CorrectionScope(NamedTuple):
    """The first and the last word that are removed.

    `replacement_end` is the end of the words after the cue that take their place; 0 if everything up to the end of the
    cue is removed.
    """

    first: int
    last: int
    replacement_end: int = 0


type ScopeFinder = Callable[[SpokenText, CorrectionCue, int], CorrectionScope | None]


def find_scope(
    spoken: SpokenText, cue: CorrectionCue, begin: int, finders: tuple[ScopeFinder, ...]
) -> CorrectionScope | None:
    """Return what the cue takes back of the words from `begin`, by the first of `finders` that finds something."""
    if cue.start <= begin or cue.phrases in (("or",), ("oh",), ("well",), ("rather",)):
        return _find_question(spoken, cue, begin) if cue.start > begin else None
    if not cue.is_sure and " ".join(spoken.words[cue.end : cue.end + 2]) in word_set("en", "aside"):
        return None
    for finder in finders:
        scope = finder(spoken, cue, begin)
        if scope is not None:
            return (
                scope
                if cue.is_sure
                or (_keeps_negations(spoken, cue, scope.first) and not _is_negation_list(spoken, cue, scope.first))
                else None
            )
    return None


def _is_negation_list(spoken: SpokenText, cue: CorrectionCue, first: int) -> bool:
    """Return whether the cue continues a list of negations: no left no right."""
    return cue.phrases == ("no",) and first > 0 and spoken.words[first - 1] == "no"


def _keeps_negations(spoken: SpokenText, cue: CorrectionCue, first: int) -> bool:
    """Return whether no negation is lost with the words from `first`."""
    removed = {
        word for word in spoken.words[first : cue.start] if word in ("not", "never", "no") or word.endswith("n't")
    }
    return removed <= set(spoken.words[cue.end : cue.end + MAX_WORDS_SURE])


def _scope_from(spoken: SpokenText, cue: CorrectionCue, at: int) -> CorrectionScope:
    """Return what is removed from word `at` on, with which the correction begins too.

    That is everything, or only as many words as a short correction has if the phrase continues after them.
    """
    words, end = spoken.words, cue.end + 1
    while end < len(words) and spoken.barriers[end] == NOTHING:
        end += 1
    rest = at + end - cue.end
    if (
        end - cue.end <= MAX_WORDS_UNSURE
        and rest + 1 < cue.start
        and any(words[rest] in word_set("en", name) for name in CONTINUING_KINDS)
    ):
        return CorrectionScope(at, rest - 1, end)
    return CorrectionScope(at, cue.start - 1)


def _find_question(spoken: SpokenText, cue: CorrectionCue, begin: int) -> CorrectionScope | None:
    """Find a question that another question replaces."""
    words, question_words = spoken.words, word_set("en", "question")
    at = cue.end
    has_preposition = words[at] in word_set("en", "preposition") and at + 1 < len(words)
    if (
        words[at + has_preposition] not in question_words
        or at + has_preposition + 2 >= len(words)
        or STOP in spoken.barriers[at + 1 : at + 3]
    ):
        return None
    starts_with_question = words[begin] in question_words or (
        words[begin] in word_set("en", "preposition") and words[begin + 1] in question_words
    )
    open_end = words[cue.start - 1] in connecting_words()
    if cue.is_sure and words[begin : begin + 2] == words[at : at + 2]:
        return _scope_from(spoken, cue, begin)
    if cue.is_sure and words[at] in words[begin + 1 : cue.start]:
        return None  # what happens when it falls, no wait, when it breaks
    if cue.is_sure:
        return (
            CorrectionScope(begin, cue.start - 1)
            if starts_with_question or words[begin] in word_set("en", "auxiliary")
            else None
        )
    if cue.phrases == ("or",):
        auxiliaries = word_set("en", "auxiliary")
        is_whole = (
            words[cue.start - 2] in word_set("en", "pronoun") or words[at + 1] not in auxiliaries
        )  # what it is or what it was
        is_whole = is_whole and cue.start - begin > 2 and words[cue.start - 1] in auxiliaries
        is_restart = starts_with_question and open_end and not is_whole and words[cue.start - 1] not in question_words
        return CorrectionScope(begin, cue.start - 1) if is_restart else None
    if cue.phrases in (("well",), ("oh",), ("oops",)) and not cue.is_set_off:
        return None
    return CorrectionScope(begin, cue.start - 1) if starts_with_question else None


def _find_same_word(spoken: SpokenText, cue: CorrectionCue, begin: int) -> CorrectionScope | None:
    """Find an earlier use of the word that the correction begins with."""
    words, first = spoken.words, spoken.words[cue.end]
    max_words = MAX_WORDS_SURE if cue.is_sure else MAX_WORDS_UNSURE
    if first in word_set("en", "pronoun") or first in word_set("en", "auxiliary"):
        is_clear = spoken.barriers[cue.start] == spoken.barriers[cue.end] == COMMA and cue.phrases[-1] in (
            "no",
            "sorry",
            "wait",
        )
        first_two = words[cue.end : cue.end + 2]
        if not cue.is_sure:
            is_same = (
                words[begin : begin + 2] == first_two and len(first_two) == 2 and cue.start - begin <= MAX_WORDS_SURE
            )
            return CorrectionScope(begin, cue.start - 1) if is_clear and is_same else None
    elif (
        not cue.is_sure and words[begin] == first and first in word_set("en", "verb") and cue.start - begin <= max_words
    ):
        return CorrectionScope(begin, cue.start - 1)
    elif not cue.is_sure and first not in connecting_words() and not is_number_word(first):
        return None
    if not cue.is_sure and not cue.is_set_off and not {"no", "sorry"} & set(cue.phrases):
        return None
    for at in range(cue.start - 1, max(begin, cue.start - max_words) - 1, -1):
        if words[at] == first and not is_number_word(first):
            if cue.is_sure:
                return _scope_from(spoken, cue, at)
            return CorrectionScope(at, cue.start - 1) if _is_noun_phrase(words[at + 1 : cue.start], first) else None
    return None


def _is_noun_phrase(phrase: list[str], first: str) -> bool:
    """Return whether these words, said after `first`, are only a noun and its attributes."""
    return bool(phrase) and all(
        word not in connecting_words() or (word in REPLACEABLE_WORDS and first not in REPLACEABLE_WORDS)
        for word in phrase
    )


def _find_same_kind(spoken: SpokenText, cue: CorrectionCue, begin: int) -> CorrectionScope | None:
    """Find a number that another number replaces, or a day that another day replaces."""
    words, first = spoken.words, spoken.words[cue.end]
    rows, number = correction_rows().get(first, frozenset()), is_number_word(first)
    is_likely = cue.is_sure or cue.is_set_off or "no" in cue.phrases
    if not is_likely and not (number and cue.phrases[-1] in ("i mean", "i meant")):
        return None
    if (
        cue.phrases == ("no",)
        and (first == "one" or first in word_set("en", "meant"))
        and spoken.barriers[cue.end] == NOTHING
    ):
        return None
    if not cue.is_sure and first in word_set("en", "pronoun"):
        return None
    for at in range(cue.start - 1, max(begin, cue.start - 3) - 1, -1):
        if number and is_number_word(words[at]):
            start = at
            while start > begin and is_number_word(words[start - 1]) and spoken.barriers[start] == NOTHING:
                start -= 1
            end = cue.end + 1
            while end < len(words) and is_number_word(words[end]) and spoken.barriers[end] == NOTHING:
                end += 1
        elif rows & correction_rows().get(words[at], frozenset()):
            start, end = at, cue.end + 1
        else:
            continue
        between = words[at + 1 : cue.start]
        if not is_likely and not _replaces_number(spoken, cue, start, at, end):
            return None
        if not cue.is_sure and words[end : end + 1] and words[end] in word_set("en", "auxiliary"):
            return None  # on Monday, actually Tuesday was busy
        if not between or between[:1] == words[end : end + 1] or set(between) <= word_set("en", "unit"):
            return CorrectionScope(start, cue.start - 1)
        if words[end : end + len(between)] == between or words[end : end + 1] == between[-1:]:
            return CorrectionScope(start, cue.start - 1)
        return CorrectionScope(start, at, end) if cue.is_sure or cue.is_set_off or not is_likely else None
    return None


def _replaces_number(spoken: SpokenText, cue: CorrectionCue, start: int, at: int, end: int) -> bool:
    """Return whether the number from the cue's end to `end`, said without a pause, only replaces the number from
    `start` to `at`.

    It does if nothing follows it, or what followed the other number, or both count the same thing and it is no shorter
    (nineteen eighty I mean two years later). "One" is often no number, and what is not ten may be twenty.
    """
    words = spoken.words
    old, new, between = words[start : at + 1], words[cue.end : end], words[at + 1 : cue.start]
    if old == new or (start and (words[start - 1] in ("not", "never", "no") or words[start - 1].endswith("n't"))):
        return False
    if end == len(words) or spoken.barriers[end] != NOTHING:
        return old != ["one"]
    if ["one"] in (old, new):
        return False
    return words[end] == between[0] if between else len(old) <= len(new)


def _find_name(spoken: SpokenText, cue: CorrectionCue, begin: int) -> CorrectionScope | None:
    """Find a name that another name replaces."""
    if not _is_name(spoken, cue.end) or not (cue.is_sure or cue.is_set_off or "no" in cue.phrases):
        return None
    if cue.phrases == ("no",) and spoken.barriers[cue.start] != spoken.barriers[cue.end]:
        return None  # for Linux, no Windows
    if not cue.is_sure and word_set("en", "auxiliary").intersection(spoken.words[cue.end + 1 : cue.end + 2]):
        return None
    at = cue.start
    while at == cue.start or (at > begin and spoken.barriers[at] == NOTHING):
        if _is_name(spoken, at - 1):
            at -= 1
        elif at < cue.start and at - 1 > begin and spoken.words[at - 1] == "of" and _is_name(spoken, at - 2):
            at -= 2
        else:
            break
        if at == begin:
            break
    at += at == begin and cue.start - at > 1  # the first capital of a sentence shows no name
    if at == cue.start or (at == begin and not cue.is_sure):
        return None
    words = spoken.words
    if (
        at - 2 >= begin
        and words[at - 1] == "and"
        and "and" in words[cue.end + 1 : cue.end + 2]
        and _is_name(spoken, at - 2)
    ):
        at -= 2
    return CorrectionScope(at, cue.start - 1)


def _is_name(spoken: SpokenText, at: int) -> bool:
    return spoken.has_capital(at) and spoken.words[at] != "i" and "i'" not in spoken.words[at][:2]


def _find_same_class(spoken: SpokenText, cue: CorrectionCue, begin: int) -> CorrectionScope | None:
    """Find an article, a preposition or a question word that another one replaces."""
    words, first = spoken.words, spoken.words[cue.end]
    if not cue.is_sure and not {"no", "sorry"} & set(cue.phrases):
        return None
    for name in ("determiner", "preposition", "question"):
        group = word_set("en", name)
        if first not in group or (not cue.is_sure and first not in REPLACEABLE_WORDS):
            continue
        for at in range(cue.start - 1, max(begin, cue.start - MAX_WORDS_UNSURE) - 1, -1):
            if words[at] in group and (
                cue.is_sure or (words[at] in REPLACEABLE_WORDS and _is_noun_phrase(words[at + 1 : cue.start], first))
            ):
                return CorrectionScope(at, cue.start - 1)
    return None


def _find_word(spoken: SpokenText, cue: CorrectionCue, begin: int) -> CorrectionScope | None:
    """Take back one word by a sure cue, or the whole sentence so far if the speaker wants it struck out."""
    words = spoken.words
    if {"scratch that", "strike that"} & set(cue.phrases):
        is_bound = words[cue.start - 1] in word_set("en", "auxiliary") or words[cue.start - 1] in (
            "to",
            "you",
            "i",
            "not",
        )
        return None if is_bound or not cue.is_set_off else CorrectionScope(begin, cue.start - 1)
    if not cue.is_sure or words[cue.end] in word_set("en", "pronoun") or words[cue.end] in word_set("en", "auxiliary"):
        return None
    before, after = words[cue.start - 1], words[cue.end]
    if after in word_set("en", "joining") or any(before in word_set("en", name) for name in ("opening", "meant")):
        return None
    if before in connecting_words() or is_number_word(before) or after in word_set("en", "verb"):
        return None
    if spoken.barriers[cue.end] == COMMA and "sorry" in cue.phrases[-1]:
        return None
    return CorrectionScope(cue.start - 1, cue.start - 1)


FINDERS: tuple[ScopeFinder, ...] = (
    _find_question,
    _find_same_word,
    _find_same_kind,
    _find_name,
    _find_same_class,
    _find_word,
)
"""How to find what is taken back, the surest way first."""

FINDERS_ACROSS_STOP: tuple[ScopeFinder, ...] = (_find_same_class, _find_same_kind, _find_name)
"""The ways that are used if a full stop was written before the cue: at two. No, wait, three."""
