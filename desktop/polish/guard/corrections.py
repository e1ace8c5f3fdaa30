"""Find where a speaker takes something back: the cue, and what is named only to be denied. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from desktop.polish.guard.omissions import ASKS, DETERMINERS, STARTS, TAKEN_BACK
from desktop.polish.guard.phrases import Phrases
from desktop.polish.guard.tokens import Token, keys, tokens

PRONOUNS = keys("pronouns")
_ASKED = ASKS | {t.key for t in tokens("what which")}
_LEANING = keys("hanging") & {t.key for t in tokens("in to at for of on by from with")}


def correction(said: list[Token], phrases: Phrases) -> tuple[int, int]:
    """Return where the last correction cue begins and where the correction after it begins; (0, 0) without a cue.

    The least doubtful kind of cue is tried first: plain cue words, "no", a sound before a question, an unfinished
    question.
    """
    for found in (_plain(said, phrases), _denying(said, phrases), _asking(said, phrases)):
        last = list(found)[-1:]
        if last:
            return _widened(said, *last[0])
    return _hanging(said, phrases)


def cues(said: list[Token], phrases: Phrases) -> set[int]:
    """Return the offsets in the text of all words of correction cues."""
    return {t.at for at in range(1, len(said)) for t in said[at : at + phrases.at("cues", at)]}


def denied(said: list[Token], answer: list[Token]) -> set[int]:
    """Return the offsets in the text of what is named only to be denied and is not written: not the red one."""
    found: set[int] = set()
    before: set[str] = set()
    written = {t.key for t in answer}
    for at, token in enumerate(said):
        if token.kind == "not":
            behind = next((i for i in range(at + 1, min(len(said), at + 5)) if said[i].kind not in _LIGHT), None)
            if behind is not None and said[behind].key in before and said[behind].key not in written:
                found |= {said[i].at for i in range(at, behind + 1)}
        before.add(token.key)
    return found


_LIGHT = ("small", "sound")


def _plain(said: list[Token], phrases: Phrases) -> Iterator[tuple[int, int]]:
    yield from _each(said, phrases, lambda at: phrases.at("cues", at) > 0)


def _denying(said: list[Token], phrases: Phrases) -> Iterator[tuple[int, int]]:
    """Yield each plain "no" that takes something back: no noun can follow that it denies, or the speaker hesitates."""
    for start, end in _each(said, phrases, lambda at: said[at].key == "no"):
        falters = any(t.kind == "sound" or t.key == "or" for t in said[max(0, start - 1) : end])
        if falters or said[end].key in _ASKED | DETERMINERS or said[end].kind in ("name", "number", "not"):
            yield start, end


def _asking(said: list[Token], phrases: Phrases) -> Iterator[tuple[int, int]]:
    """Yield each sound, or "tell me", after which a question begins when little was said before."""

    def falters(at: int) -> bool:
        return said[at].kind == "sound" or said[at].key == "or" or phrases.at("anew", at) > 0

    for start, end in _each(said, phrases, falters):
        spare = 2 if phrases.at("anew", start) else 0
        heavy = [t for t in said[:start] if t.kind not in _LIGHT and t.key not in ASKS]
        if said[end].key in _ASKED and len(heavy) <= TAKEN_BACK + spare:
            yield start, end


def _hanging(said: list[Token], phrases: Phrases) -> tuple[int, int]:
    """Return where an unfinished question is asked in another way: what is, in what year was."""
    if not said or said[0].key not in _ASKED | STARTS:
        return 0, 0
    for at in range(len(said) - 1, 1, -1):
        if said[at].key not in _ASKED or said[at].parted:
            continue
        begins = at - 1 if at > 2 and said[at - 1].key in _LEANING else at
        if said[begins - 1].key == "and":
            continue
        again = [t.key for t in said[begins : begins + 2]] == [t.key for t in said[:2]]
        hangs = again or said[begins - 1].kind == "small" or phrases.at("asides", begins - 1)
        if hangs and sum(t.kind not in _LIGHT for t in said[1:begins]) <= TAKEN_BACK:
            return begins, begins
    return 0, 0


def _each(said: list[Token], phrases: Phrases, begins: Callable[[int], bool]) -> Iterator[tuple[int, int]]:
    for at in range(1, len(said)):
        if begins(at) and (end := _led(said, phrases, at)) < len(said):
            yield at, end


def _widened(said: list[Token], start: int, end: int) -> tuple[int, int]:
    """Extend a cue to the sounds and small words before it that belong to it: um, or, no, well."""
    while start > 1 and (said[start - 1].kind == "sound" or said[start - 1].key in ("no", "or", "oh", "well")):
        start -= 1
    return start, end


def _led(said: list[Token], phrases: Phrases, at: int) -> int:
    """Return the index where the correction begins after the cue at `at`."""
    while at < len(said):
        length = max(phrases.at(name, at) for name in ("cues", "anew", "leads"))
        length = length or (1 if said[at].kind == "sound" or said[at].key in ("no", "or") else 0)
        if not length:
            break
        at += length
    return at
