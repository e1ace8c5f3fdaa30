"""Decide whether an answer is a self-corrected sentence that was rebuilt from the words that were said. Pure.

A speaker who corrects themselves half-way leaves no text that only lacks some words: "what was Houghton's role, no
sorry, I want to know what Houghton said was necessary" has to be put together, and an alignment word by word
(`guard.alignment`) reports that as change and loss. So where the speaker plainly takes something back, or asks a
question whose halves may stand in either order, the words are counted instead of aligned. The words after the last cue
are the correction, and all of its content words must be written. If it is a complete sentence, everything before it may
go; if it replaces something, only that may go: the words directly before the cue, beside a word that is repeated, or of
the same kind.
"""

from __future__ import annotations

from collections import Counter

from desktop.polish.guard.corrections import PRONOUNS, correction, cues, denied
from desktop.polish.guard.omissions import ASKS, RESTARTED, STARTS, TAKEN_BACK, VERBS
from desktop.polish.guard.phrases import Phrases
from desktop.polish.guard.spelling import slip
from desktop.polish.guard.tokens import Token, keys, table

AMONG = 5
"""Least number of spoken content words for which one more may be added to a sentence that is told anew."""

LIGHT = keys("light")
STRICT = ("number", "name", "not", "firm")
_UNDOING = ("un", "in", "im", "il", "ir", "dis", "non")


class Rebuilt:
    """Spoken tokens and an answer as bags of words, split at the last correction."""

    def __init__(self, said: list[Token], answer: list[Token], written: str) -> None:
        phrases = Phrases(said, written)
        self._said = said
        self._answer = answer
        start, end = correction(said, phrases)
        self._cut = start
        self._cues = cues(said, phrases)
        denying = denied(said, answer)
        idle = denying | self._cues
        self._before = [t for t in said[:start] if t.at not in idle]
        self._after = [t for t in said[end:] if t.at not in idle]
        self._cue = said[start:end]
        self._gone = [t for t in said[:start] if t.kind not in ("small", "sound", "not") and not _among(t, answer)]
        self._gone = [t for t in self._gone if t.at not in self._cues]
        self._denied = {t.key for t in said if t.at in denying}
        self._anew = self._tells_anew()

    def harmless(self) -> bool:
        """Return whether nothing is changed, lost or added except what a correction or a swapped question explains."""
        if _more(self._answer, self._said):
            return False
        if self._cut == 0:
            return self._turned()
        if not self._after or not self._before or len(self._before) > RESTARTED:
            return False
        return self._firm() and self._named() and self._worded() and (self._anew or self._replaced())

    def unheeded(self) -> bool:
        """Return whether a sentence that was told anew is written with the negations of the first attempt."""
        if not self._anew or not any(t.at in self._cues for t in self._cue):
            return False
        one, late, early = (_keys(part, "not") for part in (self._answer, self._after, self._before))
        return one != late and one == early

    def _tells_anew(self) -> bool:
        """Return whether the correction is a complete sentence, which takes at most a name for a pronoun from before
        it.
        """
        if not self._after or self._after[0].key not in STARTS | ASKS | VERBS:
            return False
        said = [t for t in self._answer if (t.kind in STRICT or _weighs(t)) and _among(t, self._said)]
        alone = all(_among(t, self._after) for t in said)
        return alone or any(t.key in PRONOUNS for t in self._after)

    def _turned(self) -> bool:
        """Return whether a question has all its words, in another order."""
        if not all((ASKS | {"which"}) & {t.key for t in part} for part in (self._said, self._answer)):
            return False
        one, other = (Counter(t.key for t in _heavy(part)) for part in (self._said, self._answer))
        named = [{t.key for t in part if t.kind in STRICT} for part in (self._said, self._answer)]
        order = [[t.key for t in part if t.key in named[0] & named[1]] for part in (self._said, self._answer)]
        changed = (one - other) + (other - one)
        return one.total() > 1 and order[0] == order[1] and set(changed) <= LIGHT

    def _firm(self) -> bool:
        """Return whether every number and negation is accounted for."""
        for kind in ("number", "not", "firm"):
            one, late, early = (_keys(part, kind) for part in (self._answer, self._after, self._before))
            if one - (late + early + _keys(self._cue, kind)) or (kind != "firm" and late - one):
                return False
            if kind == "not" and one != (late if self._anew else late + early):
                return False
            if kind == "number" and early - one and not (self._anew or late):
                return False
        return True

    def _named(self) -> bool:
        """Return whether the names are those that were said, in their order except where one replaces another."""
        named = {t.key for t in (*self._answer, *self._said) if t.kind == "name"}  # a recognizer may write no capitals
        here, late, early = ([t for t in part if t.key in named] for part in (self._answer, self._after, self._before))
        if not all(_among(t, self._said) for t in here) or not all(_among(t, self._answer) for t in late):
            return False
        if not all(_ordered(part, here) for part in (early, late)):
            return False
        if not self._anew and self._overtakes(early, [t for t in late if not _among(t, early)], here):
            return False
        return all(self._stands(at) for at, t in enumerate(self._answer) if t.key in named)

    def _overtakes(self, early: list[Token], late: list[Token], here: list[Token]) -> bool:
        """Return whether a name of the correction stands before one that was said earlier without replacing a name
        there.
        """
        gone = next((t.at for t in self._before if t.kind in ("name", "number") and t in self._gone), None)
        places = [_place(t, here) for t in early if t not in self._gone and (gone is None or t.at < gone)]
        return any(_place(t, here) < place for t in late for place in places)

    def _stands(self, at: int) -> bool:
        """Return whether a name in the answer stands beside a word that it, or the name it replaces, stood beside."""
        name = self._answer[at]
        own = [i for i, t in enumerate(self._said) if _like(t, name)]
        if _among(name, self._after):
            own += [i for i, t in enumerate(self._said) if t in self._gone]
        here = _beside(self._answer, at)
        return any(one == other for i in own for one, other in zip(here, _beside(self._said, i), strict=True))

    def _worded(self) -> bool:
        """Return whether the other words were said and the whole correction is written."""
        came = [at for at, t in enumerate(self._answer) if _weighs(t) and not _among(t, self._said)]
        if len(came) > self._anew or any(_weighs(t) and not _among(t, self._answer) for t in self._after):
            return False
        inside = all(0 < at < len(self._answer) - 1 for at in came)
        return not came or (
            inside and len(_heavy(self._said)) >= AMONG and not _undoes(self._answer[came[0]], self._said)
        )

    def _replaced(self) -> bool:
        """Return whether what is gone before the cue is what the correction replaces."""
        gone = [t for t in self._gone if t.key not in self._denied and t.key not in LIGHT]
        if not gone:
            return True
        if len(gone) > TAKEN_BACK:
            return False
        heavy = [t for t in self._before if t.kind not in ("small", "sound") and t.key not in LIGHT]
        first, last = heavy.index(gone[0]), heavy.index(gone[-1])
        if any(t not in gone and not _among(t, self._after) for t in heavy[first : last + 1]):
            return False
        kinds = {"name" if len(t.word) == 1 else t.kind for t in gone}
        if kinds <= {"name", "number"} and kinds & {t.kind for t in self._after}:
            return True
        beside = heavy[max(0, first - 1) : first] + heavy[last + 1 : last + 2]
        stands = len(heavy) - last < 4 and any(t.key in PRONOUNS for t in self._after)
        return last == len(heavy) - 1 or stands or any(_among(t, self._after) for t in beside)


def _weighs(token: Token) -> bool:
    return token.kind == "word" and token.key not in LIGHT | PRONOUNS


def _heavy(part: list[Token]) -> list[Token]:
    return [t for t in part if t.kind not in ("small", "sound")]


def _keys(part: list[Token], kind: str) -> Counter[str]:
    return Counter(t.key for t in part if t.kind == kind)


def _more(answer: list[Token], said: list[Token]) -> bool:
    """Return whether a word is written more often than it was said."""
    one, other = (Counter(t.key for t in part if t.kind in STRICT or _weighs(t)) for part in (answer, said))
    return any(count > other[key] > 0 for key, count in one.items())


def _among(one: Token, others: list[Token]) -> bool:
    return any(_like(one, other) for other in others)


def _like(one: Token, other: Token) -> bool:
    """Return whether two words are the same: equal, one letter corrected, or of one root."""
    if one.key == other.key or slip(one.word, other.word):
        return True
    return one.kind == other.kind == "word" and _root(one.word, other.word)


def _root(one: str, other: str) -> bool:
    same = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return same >= 5 and max(len(one), len(other)) - same <= 4


def _undoes(word: Token, said: list[Token]) -> bool:
    """Return whether a word is the opposite of one that was said."""
    for other in said:
        if frozenset((word.key, other.key)) in table()["opposites"]:
            return True
        short, long = sorted((word.word, other.word), key=len)
        if any(long == undoing + short for undoing in _UNDOING):
            return True
    return False


def _beside(part: list[Token], at: int) -> tuple[str, str]:
    """Return the words before and after an index, ignoring sounds; empty at an edge."""
    before = next((t.key for t in reversed(part[:at]) if t.kind != "sound"), "")
    return before, next((t.key for t in part[at + 1 :] if t.kind != "sound"), "")


def _place(name: Token, here: list[Token]) -> int:
    return next((at for at, t in enumerate(here) if _like(t, name)), -1)


def _ordered(part: list[Token], here: list[Token]) -> bool:
    """Return whether the words of `part` that are in `here` keep their order there."""
    if Counter(t.key for t in part) == Counter(t.key for t in here):
        return [t.key for t in part] == [t.key for t in here]
    last = [one for at, one in enumerate(part) if one.key not in {t.key for t in part[at + 1 :]}]
    places = [place for place in (_place(one, here) for one in last) if place >= 0]
    return places == sorted(places)
