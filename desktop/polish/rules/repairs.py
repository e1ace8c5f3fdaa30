"""Speakers who correct themselves: what they corrected goes, and so do the words that say so.

"at two, no wait, three": what goes back from the cue is chosen by structure, since nothing marks where it begins. A
correction begins again with a word that was said (the same preposition, the same article, the same verb), or it is of
the same kind: a number for a number, a day for a day, a name for a name, a question for a question. Where neither holds
a cue that can mean nothing else takes back a word, and one that can is left alone: no, sorry, wait, actually and I mean
are plain words too, and what is taken out wrongly is worse than what stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from desktop.polish.rules import chinese
from desktop.polish.rules.edit import Edit, Manner
from desktop.polish.rules.restarts import OWN
from desktop.polish.rules.words import COMMA, NOTHING, STOP, Cut, cut, figure, has_chinese, kin, leading, without, words

FAR, NEAR = 8, 4
"""So many words before a cue may be what it takes back: by a sure cue, and by one that is a plain word too."""


TIED = words("en", "tied")


class Cue(NamedTuple):
    """Words `start` to `end` that may say that something was wrong. `sure`: they can hardly mean anything else;
    `marked`: there is a mark or a pause before them; `atoms`: the phrases."""

    start: int
    end: int
    sure: bool
    marked: bool
    atoms: tuple[str, ...]


type Way = Callable[[Cut, Cue, int], tuple[int, int, int] | None]


def repairs(text: str, manner: Manner) -> Iterator[Edit]:
    """Speakers who correct themselves: what they corrected goes."""
    if has_chinese(text, manner.language):
        yield from chinese.repairs(text)
    said = cut(text, manner.language)
    if not said.english:
        return
    at = begin = earlier = taken = 0
    while at < len(said.said):
        if said.barrier[at] == STOP:
            earlier, begin = begin, at
        cue = _cue(said, at)
        if cue is None:
            at += 1
            continue
        if at == begin and cue.sure and _period(said, at):
            back = _back(said, cue, max(earlier, taken), (_like, _kind, _named))
        else:
            back = _back(said, cue, max(begin, taken))
        if back is not None:
            first, last, put = back
            yield from _edits(said, cue, first, last, put)
            taken = put or cue.end
        at = cue.end


@cache
def _atoms() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """The phrases of cues by their first word, the longest first; and which set they are of."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name in ("cue", "hint", "then"):
        for phrase in words("en", name):
            parts = tuple(phrase.split())
            found.setdefault(parts[0], []).append((parts, name))
    for phrases in found.values():
        phrases.sort(key=lambda phrase: -len(phrase[0]))
    return found


def _cue(said: Cut, at: int) -> Cue | None:
    """The cue that begins at word `at`."""
    low, end = said.said, at
    atoms: list[str] = []
    sure = False
    while end < len(low) and (end == at or said.barrier[end] != STOP):
        for parts, name in _atoms().get(low[end], ()):
            if tuple(low[end : end + len(parts)]) == parts and (name != "then" or atoms):
                atoms.append(" ".join(parts))
                sure = sure or name == "cue"
                end += len(parts)
                break
        else:
            break
    if said.barrier[at] == NOTHING and said.capital(at) and low[at][0] != "i":
        return None  # a title, or shouted
    if not atoms or end >= len(low) or said.barrier[end] == STOP or (len(atoms) > 1 and atoms[-1] == "or"):
        return None
    if f"{atoms[-1]} {low[end]}" in words("en", "plain") and said.barrier[end] == NOTHING:
        return None
    if atoms[0] in ("i mean", "i meant", "wait", "rather") and at and low[at - 1] in TIED:
        return None
    if atoms[0] == "or" and at and low[at - 1] in ("yes", "one", "two", "little", "few", "some", "whether"):
        return None
    if atoms == ["no"] and at and low[at - 1] in words("en", "answered"):
        return None
    if atoms == ["wait"] and not (said.paused[at] or said.barrier[at] == said.barrier[end] == COMMA):
        return None
    strong = [one for one in atoms if one not in ("oh", "well", "or", "no", "make that", "oops")]
    hesitant = any(said.paused[at : end + 1]) and atoms[-1] in ("i mean", "sorry", "rather", "no", "wait")
    sure = sure or (len(atoms) > 1 and (bool(strong) or atoms[-1] == "make that")) or hesitant
    return Cue(at, end, sure, said.barrier[at] != NOTHING or said.paused[at], tuple(atoms))


def _period(said: Cut, at: int) -> bool:
    """Whether it is a full stop that ends the sentence before: at two. No, wait, three."""
    before = said.solid[at] - 1
    return before >= 0 and said.text[said.end[before] : said.start[before + 1]].strip() == "."


def _back(said: Cut, cue: Cue, begin: int, ways: tuple[Way, ...] = ()) -> tuple[int, int, int] | None:
    """The first and the last word that the cue takes back; and, where they are replaced in their place, the end of what
    replaces them (0 where all up to the cue's end just goes)."""
    if cue.start <= begin or cue.atoms in (("or",), ("oh",), ("well",), ("rather",)):
        return _question(said, cue, begin) if cue.start > begin else None
    if not cue.sure and " ".join(said.said[cue.end : cue.end + 2]) in words("en", "aside"):
        return None
    for way in ways or (_question, _same, _kind, _named, _like, _word):
        found = way(said, cue, begin)
        if found is not None:
            return found if cue.sure or _kept(said, cue, found[0]) else None
    return None


def _kept(said: Cut, cue: Cue, first: int) -> bool:
    """Whether no negation is lost with the words from `first`."""
    later = said.said[cue.end : cue.end + FAR]
    return all(
        one in later for one in said.said[first : cue.start] if one in ("not", "never", "no") or one.endswith("n't")
    )


def _question(said: Cut, cue: Cue, begin: int) -> tuple[int, int, int] | None:
    """A question for a question."""
    low, asking = said.said, words("en", "question")
    at = cue.end
    leads = low[at] in words("en", "preposition") and at + 1 < len(low)
    if low[at + leads] not in asking or at + leads + 2 >= len(low) or STOP in said.barrier[at + 1 : at + 3]:
        return None
    starts = low[begin] in asking or (low[begin] in words("en", "preposition") and low[begin + 1] in asking)
    open_end = low[cue.start - 1] in leading()
    if cue.sure:
        return (begin, cue.start - 1, 0) if starts or low[begin] in words("en", "auxiliary") else None
    if cue.atoms == ("or",):
        return (begin, cue.start - 1, 0) if starts and open_end and low[cue.start - 1] not in asking else None
    if cue.atoms in (("well",), ("oh",), ("oops",)) and not cue.marked:
        return None
    return (begin, cue.start - 1, 0) if starts else None


def _same(said: Cut, cue: Cue, begin: int) -> tuple[int, int, int] | None:
    """The word that the correction begins with was said before."""
    low, first = said.said, said.said[cue.end]
    far = FAR if cue.sure else NEAR
    if first in words("en", "pronoun") or first in words("en", "auxiliary"):
        clear = said.barrier[cue.start] == said.barrier[cue.end] == COMMA and cue.atoms[-1] in ("no", "sorry", "wait")
        again = low[cue.end : cue.end + 2]
        if not cue.sure:
            same = low[begin : begin + 2] == again and len(again) == 2 and cue.start - begin <= FAR
            return (begin, cue.start - 1, 0) if clear and same else None
    elif not cue.sure and low[begin] == first and first in words("en", "verb") and cue.start - begin <= far:
        return begin, cue.start - 1, 0
    elif not cue.sure and first not in leading() and not figure(first):
        return None
    if not cue.sure and not cue.marked and not {"no", "sorry"} & set(cue.atoms):
        return None
    for at in range(cue.start - 1, max(begin, cue.start - far) - 1, -1):
        if low[at] == first and not figure(first):
            return (at, cue.start - 1, 0) if cue.sure or _plain(low[at + 1 : cue.start], first) else None
    return None


def _plain(phrase: list[str], first: str) -> bool:
    """Whether these words, said after `first`, are no more than a noun and what belongs to it."""
    return bool(phrase) and all(word not in leading() or (word in OWN and first not in OWN) for word in phrase)


def _kind(said: Cut, cue: Cue, begin: int) -> tuple[int, int, int] | None:
    """A number for a number, a day for a day."""
    low, first = said.said, said.said[cue.end]
    if not cue.sure and not cue.marked and "no" not in cue.atoms:
        return None
    if cue.atoms == ("no",) and (first == "one" or first in words("en", "meant")) and said.barrier[cue.end] == NOTHING:
        return None
    rows, number = kin().get(first, frozenset()), figure(first)
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
        if not cue.sure and low[end : end + 1] and low[end] in words("en", "auxiliary"):
            return None  # on Monday, actually Tuesday was busy
        if not between or between[:1] == low[end : end + 1] or set(between) <= words("en", "unit"):
            return start, cue.start - 1, 0
        if low[end : end + len(between)] == between or low[end : end + 1] == between[-1:]:
            return start, cue.start - 1, 0
        return (start, at, end) if cue.sure or cue.marked else None
    return None


def _named(said: Cut, cue: Cue, begin: int) -> tuple[int, int, int] | None:
    """A name for a name."""
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
    at += at == begin and cue.start - at > 1  # the capital of a sentence is no name's
    if at == cue.start or (at == begin and not cue.sure):
        return None
    low = said.said
    if at - 2 >= begin and low[at - 1] == "and" and "and" in low[cue.end + 1 : cue.end + 2] and _capital(said, at - 2):
        at -= 2
    return at, cue.start - 1, 0


def _capital(said: Cut, at: int) -> bool:
    return said.capital(at) and said.said[at] != "i" and "i'" not in said.said[at][:2]


def _like(said: Cut, cue: Cue, begin: int) -> tuple[int, int, int] | None:
    """An article for another, a preposition for another, a question's word for another."""
    low, first = said.said, said.said[cue.end]
    if not cue.sure and not {"no", "sorry"} & set(cue.atoms):
        return None
    for name in ("determiner", "preposition", "question"):
        group = words("en", name)
        if first not in group or (not cue.sure and first not in OWN):
            continue
        for at in range(cue.start - 1, max(begin, cue.start - NEAR) - 1, -1):
            if low[at] in group and (cue.sure or (low[at] in OWN and _plain(low[at + 1 : cue.start], first))):
                return at, cue.start - 1, 0
    return None


def _word(said: Cut, cue: Cue, begin: int) -> tuple[int, int, int] | None:
    """By a sure cue a word at least; all that was said of the sentence where the speaker wants it struck out."""
    low = said.said
    if {"scratch that", "strike that"} & set(cue.atoms):
        tied = low[cue.start - 1] in words("en", "auxiliary") or low[cue.start - 1] in ("to", "you", "i", "not")
        return None if tied or not cue.marked else (begin, cue.start - 1, 0)
    if not cue.sure or low[cue.end] in words("en", "pronoun") or low[cue.end] in words("en", "auxiliary"):
        return None
    before, after = low[cue.start - 1], low[cue.end]
    if after in words("en", "joining") or any(before in words("en", name) for name in ("opening", "meant")):
        return None
    if before in leading() or figure(before) or after in words("en", "verb"):
        return None
    if said.barrier[cue.end] == COMMA and "sorry" in cue.atoms[-1]:
        return None
    return cue.start - 1, cue.start - 1, 0


def _edits(said: Cut, cue: Cue, first: int, last: int, put: int) -> Iterator[Edit]:
    """Take out the words from `first`, or put those between the cue and `put` in their place."""
    solid = said.solid
    if put:
        new = said.text[said.start[solid[cue.end]] : said.end[solid[put - 1]]]
        yield Edit(said.start[solid[first]], said.end[solid[last]], new)
        yield from without(said, range(solid[cue.start - 1] + 1, solid[put - 1] + 1))
        return
    gone = list(range(solid[first], solid[cue.end]))
    if "or" in cue.atoms or "no" in cue.atoms:
        gone += _trailing(said, cue.end)
    yield from without(said, gone)


def _trailing(said: Cut, at: int) -> list[int]:
    """The "rather" that ends a correction: "or the Rhine rather"."""
    for number in range(at + 1, min(at + 7, len(said.said))):
        if said.barrier[number] == STOP:
            return []
        if said.said[number] == "rather":
            after = said.said[number + 1 : number + 2]
            ends = not after or said.barrier[number + 1] != NOTHING or after[0] in words("en", "preposition") - {"than"}
            return [said.solid[number]] if ends else []
    return []
