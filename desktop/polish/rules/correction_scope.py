"""Decide how much of what was said before a cue it takes back: by structure, since nothing marks where that begins.

A correction repeats a word that was said (the same preposition, article, verb), or it is of the same kind: a number for
a number, a day for a day, a name for a name, a question for a question. Otherwise a sure cue takes back one word, and a
cue that is also a plain word changes nothing: a wrong removal is worse than a leftover. A short correction of a long
phrase takes its place, so that the rest of the phrase is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from desktop.polish.rules.broken import OWN
from desktop.polish.rules.correction_cues import Cue
from desktop.polish.rules.tokens import COMMA, NOTHING, STOP, Cut, figure, kin, leading, words

FAR, NEAR = 8, 4
"""Most words before a cue that it may take back: a sure cue, and one that is also a plain word."""


FOLLOWING = ("preposition", "joining", "auxiliary")
"""Kinds of words with which a phrase continues: in the park with the kids."""


class Back(NamedTuple):
    """The first and the last word that go.

    `replacement_end` is the end of the words after the cue that take their place; 0 if everything up to the end of the
    cue goes.
    """

    first: int
    last: int
    put: int = 0


type Way = Callable[[Cut, Cue, int], Back | None]


def back(said: Cut, cue: Cue, begin: int, ways: tuple[Way, ...]) -> Back | None:
    """Return what the cue takes back of the words from `begin`, by the first of `ways` that finds something."""
    if cue.start <= begin or cue.atoms in (("or",), ("oh",), ("well",), ("rather",)):
        return _question(said, cue, begin) if cue.start > begin else None
    if not cue.sure and " ".join(said.said[cue.end : cue.end + 2]) in words("en", "aside"):
        return None
    for way in ways:
        found = way(said, cue, begin)
        if found is not None:
            return found if cue.sure or (_kept(said, cue, found.first) and not _row(said, cue, found.first)) else None
    return None


def _row(said: Cut, cue: Cue, first: int) -> bool:
    """Return whether the cue continues a list of negations: no left no right."""
    return cue.atoms == ("no",) and first > 0 and said.said[first - 1] == "no"


def _kept(said: Cut, cue: Cue, first: int) -> bool:
    """Return whether no negation is lost with the words from `first`."""
    lost = {word for word in said.said[first : cue.start] if word in ("not", "never", "no") or word.endswith("n't")}
    return lost <= set(said.said[cue.end : cue.end + FAR])


def _placed(said: Cut, cue: Cue, at: int) -> Back:
    """Return what goes from word `at`, with which the correction begins too: everything, or only as many words as a
    short correction has if the phrase continues after them.
    """
    low, end = said.said, cue.end + 1
    while end < len(low) and said.barrier[end] == NOTHING:
        end += 1
    rest = at + end - cue.end
    if end - cue.end <= NEAR and rest + 1 < cue.start and any(low[rest] in words("en", name) for name in FOLLOWING):
        return Back(at, rest - 1, end)
    return Back(at, cue.start - 1)


def _question(said: Cut, cue: Cue, begin: int) -> Back | None:
    """Find a question that another question replaces."""
    low, asking = said.said, words("en", "question")
    at = cue.end
    leads = low[at] in words("en", "preposition") and at + 1 < len(low)
    if low[at + leads] not in asking or at + leads + 2 >= len(low) or STOP in said.barrier[at + 1 : at + 3]:
        return None
    starts = low[begin] in asking or (low[begin] in words("en", "preposition") and low[begin + 1] in asking)
    open_end = low[cue.start - 1] in leading()
    if cue.sure and low[begin : begin + 2] == low[at : at + 2]:
        return _placed(said, cue, begin)
    if cue.sure and low[at] in low[begin + 1 : cue.start]:
        return None  # what happens when it falls, no wait, when it breaks
    if cue.sure:
        return Back(begin, cue.start - 1) if starts or low[begin] in words("en", "auxiliary") else None
    if cue.atoms == ("or",):
        helping = words("en", "auxiliary")
        whole = low[cue.start - 2] in words("en", "pronoun") or low[at + 1] not in helping  # what it is or what it was
        whole = whole and cue.start - begin > 2 and low[cue.start - 1] in helping
        told = starts and open_end and not whole and low[cue.start - 1] not in asking
        return Back(begin, cue.start - 1) if told else None
    if cue.atoms in (("well",), ("oh",), ("oops",)) and not cue.marked:
        return None
    return Back(begin, cue.start - 1) if starts else None


def _same(said: Cut, cue: Cue, begin: int) -> Back | None:
    """Find an earlier use of the word that the correction begins with."""
    low, first = said.said, said.said[cue.end]
    far = FAR if cue.sure else NEAR
    if first in words("en", "pronoun") or first in words("en", "auxiliary"):
        clear = said.barrier[cue.start] == said.barrier[cue.end] == COMMA and cue.atoms[-1] in ("no", "sorry", "wait")
        again = low[cue.end : cue.end + 2]
        if not cue.sure:
            same = low[begin : begin + 2] == again and len(again) == 2 and cue.start - begin <= FAR
            return Back(begin, cue.start - 1) if clear and same else None
    elif not cue.sure and low[begin] == first and first in words("en", "verb") and cue.start - begin <= far:
        return Back(begin, cue.start - 1)
    elif not cue.sure and first not in leading() and not figure(first):
        return None
    if not cue.sure and not cue.marked and not {"no", "sorry"} & set(cue.atoms):
        return None
    for at in range(cue.start - 1, max(begin, cue.start - far) - 1, -1):
        if low[at] == first and not figure(first):
            if cue.sure:
                return _placed(said, cue, at)
            return Back(at, cue.start - 1) if _plain(low[at + 1 : cue.start], first) else None
    return None


def _plain(phrase: list[str], first: str) -> bool:
    """Return whether these words, said after `first`, are only a noun and its attributes."""
    return bool(phrase) and all(word not in leading() or (word in OWN and first not in OWN) for word in phrase)


def _kind(said: Cut, cue: Cue, begin: int) -> Back | None:
    """Find a number that another number replaces, or a day that another day replaces."""
    low, first = said.said, said.said[cue.end]
    rows, number = kin().get(first, frozenset()), figure(first)
    told = cue.sure or cue.marked or "no" in cue.atoms
    if not told and not (number and cue.atoms[-1] in ("i mean", "i meant")):
        return None
    if cue.atoms == ("no",) and (first == "one" or first in words("en", "meant")) and said.barrier[cue.end] == NOTHING:
        return None
    if not cue.sure and first in words("en", "pronoun"):
        return None
    for at in range(cue.start - 1, max(begin, cue.start - 3) - 1, -1):
        if number and figure(low[at]):
            start = at
            while start > begin and figure(low[start - 1]) and said.barrier[start] == NOTHING:
                start -= 1
            end = cue.end + 1
            while end < len(low) and figure(low[end]) and said.barrier[end] == NOTHING:
                end += 1
        elif rows & kin().get(low[at], frozenset()):
            start, end = at, cue.end + 1
        else:
            continue
        between = low[at + 1 : cue.start]
        if not told and not _bare(said, cue, start, at, end):
            return None
        if not cue.sure and low[end : end + 1] and low[end] in words("en", "auxiliary"):
            return None  # on Monday, actually Tuesday was busy
        if not between or between[:1] == low[end : end + 1] or set(between) <= words("en", "unit"):
            return Back(start, cue.start - 1)
        if low[end : end + len(between)] == between or low[end : end + 1] == between[-1:]:
            return Back(start, cue.start - 1)
        return Back(start, at, end) if cue.sure or cue.marked or not told else None
    return None


def _bare(said: Cut, cue: Cue, start: int, at: int, end: int) -> bool:
    """Return whether the number from the cue's end to `end`, said without a pause, only replaces the number from
    `start` to `at`.

    It does if nothing follows it, or what followed the other number, or both count the same thing and it is no shorter
    (nineteen eighty I mean two years later). "One" is often no number, and what is not ten may be twenty.
    """
    low = said.said
    before, now, between = low[start : at + 1], low[cue.end : end], low[at + 1 : cue.start]
    if before == now or (start and (low[start - 1] in ("not", "never", "no") or low[start - 1].endswith("n't"))):
        return False
    if end == len(low) or said.barrier[end] != NOTHING:
        return before != ["one"]
    if ["one"] in (before, now):
        return False
    return low[end] == between[0] if between else len(before) <= len(now)


def _named(said: Cut, cue: Cue, begin: int) -> Back | None:
    """Find a name that another name replaces."""
    if not _capital(said, cue.end) or not (cue.sure or cue.marked or "no" in cue.atoms):
        return None
    if cue.atoms == ("no",) and said.barrier[cue.start] != said.barrier[cue.end]:
        return None  # for Linux, no Windows
    if not cue.sure and words("en", "auxiliary").intersection(said.said[cue.end + 1 : cue.end + 2]):
        return None
    at = cue.start
    while at == cue.start or (at > begin and said.barrier[at] == NOTHING):
        if _capital(said, at - 1):
            at -= 1
        elif at < cue.start and at - 1 > begin and said.said[at - 1] == "of" and _capital(said, at - 2):
            at -= 2
        else:
            break
        if at == begin:
            break
    at += at == begin and cue.start - at > 1  # the first capital of a sentence shows no name
    if at == cue.start or (at == begin and not cue.sure):
        return None
    low = said.said
    if at - 2 >= begin and low[at - 1] == "and" and "and" in low[cue.end + 1 : cue.end + 2] and _capital(said, at - 2):
        at -= 2
    return Back(at, cue.start - 1)


def _capital(said: Cut, at: int) -> bool:
    return said.capital(at) and said.said[at] != "i" and "i'" not in said.said[at][:2]


def _like(said: Cut, cue: Cue, begin: int) -> Back | None:
    """Find an article, a preposition or a question word that another one replaces."""
    low, first = said.said, said.said[cue.end]
    if not cue.sure and not {"no", "sorry"} & set(cue.atoms):
        return None
    for name in ("determiner", "preposition", "question"):
        group = words("en", name)
        if first not in group or (not cue.sure and first not in OWN):
            continue
        for at in range(cue.start - 1, max(begin, cue.start - NEAR) - 1, -1):
            if low[at] in group and (cue.sure or (low[at] in OWN and _plain(low[at + 1 : cue.start], first))):
                return Back(at, cue.start - 1)
    return None


def _word(said: Cut, cue: Cue, begin: int) -> Back | None:
    """Take back one word by a sure cue, or the whole sentence so far if the speaker wants it struck out."""
    low = said.said
    if {"scratch that", "strike that"} & set(cue.atoms):
        tied = low[cue.start - 1] in words("en", "auxiliary") or low[cue.start - 1] in ("to", "you", "i", "not")
        return None if tied or not cue.marked else Back(begin, cue.start - 1)
    if not cue.sure or low[cue.end] in words("en", "pronoun") or low[cue.end] in words("en", "auxiliary"):
        return None
    before, after = low[cue.start - 1], low[cue.end]
    if after in words("en", "joining") or any(before in words("en", name) for name in ("opening", "meant")):
        return None
    if before in leading() or figure(before) or after in words("en", "verb"):
        return None
    if said.barrier[cue.end] == COMMA and "sorry" in cue.atoms[-1]:
        return None
    return Back(cue.start - 1, cue.start - 1)


WAYS: tuple[Way, ...] = (_question, _same, _kind, _named, _like, _word)
"""How to find what is taken back, the surest way first."""

ACROSS: tuple[Way, ...] = (_like, _kind, _named)
"""The ways that are used if a full stop was written before the cue: at two. No, wait, three."""
