"""Find where a speaker takes something back: the cue, and what is named only to be denied. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from desktop.polish.guard.omissions import DETERMINER_KEYS, MAX_TAKEN_BACK, QUESTION_WORDS, SENTENCE_STARTS
from desktop.polish.guard.phrases import PhraseFinder
from desktop.polish.guard.tokens import GuardToken, list_keys, tokenize

PRONOUN_KEYS = list_keys("pronouns")
_QUESTION_KEYS = QUESTION_WORDS | {t.key for t in tokenize("what which")}
_LEADING_PREPOSITIONS = list_keys("hanging") & {t.key for t in tokenize("in to at for of on by from with")}


def find_correction(said: list[GuardToken], phrases: PhraseFinder) -> tuple[int, int]:
    """Return where the last correction cue begins and where the correction after it begins; (0, 0) without a cue.

    The least doubtful kind of cue is tried first: plain cue words, "no", a sound before a question, an unfinished
    question.
    """
    for found in (_find_plain_cues(said, phrases), _find_no_cues(said, phrases), _find_question_cues(said, phrases)):
        last = list(found)[-1:]
        if last:
            return _widen_cue(said, *last[0])
    return _find_unfinished_question(said, phrases)


def cue_offsets(said: list[GuardToken], phrases: PhraseFinder) -> set[int]:
    """Return the offsets in the text of all words of correction cues."""
    return {t.at for at in range(1, len(said)) for t in said[at : at + phrases.phrase_length("cues", at)]}


def denied_offsets(said: list[GuardToken], answer: list[GuardToken]) -> set[int]:
    """Return the offsets in the text of what is named only to be denied and is not written: not the red one."""
    found: set[int] = set()
    before: set[str] = set()
    written = {t.key for t in answer}
    for at, token in enumerate(said):
        if token.kind == "not":
            behind = next((i for i in range(at + 1, min(len(said), at + 5)) if said[i].kind not in _LIGHT_KINDS), None)
            if behind is not None and said[behind].key in before and said[behind].key not in written:
                found |= {said[i].at for i in range(at, behind + 1)}
        before.add(token.key)
    return found


_LIGHT_KINDS = ("small", "sound")


def _find_plain_cues(said: list[GuardToken], phrases: PhraseFinder) -> Iterator[tuple[int, int]]:
    yield from _find_cues(said, phrases, lambda at: phrases.phrase_length("cues", at) > 0)


def _find_no_cues(said: list[GuardToken], phrases: PhraseFinder) -> Iterator[tuple[int, int]]:
    """Yield each plain "no" that takes something back: no noun can follow that it denies, or the speaker hesitates."""
    for start, end in _find_cues(said, phrases, lambda at: said[at].key == "no"):
        hesitates = any(t.kind == "sound" or t.key == "or" for t in said[max(0, start - 1) : end])
        if (
            hesitates
            or said[end].key in _QUESTION_KEYS | DETERMINER_KEYS
            or said[end].kind in ("name", "number", "not")
        ):
            yield start, end


def _find_question_cues(said: list[GuardToken], phrases: PhraseFinder) -> Iterator[tuple[int, int]]:
    """Yield each sound, or "tell me", after which a question begins when little was said before."""

    def hesitates(at: int) -> bool:
        return said[at].kind == "sound" or said[at].key == "or" or phrases.phrase_length("anew", at) > 0

    for start, end in _find_cues(said, phrases, hesitates):
        spare = 2 if phrases.phrase_length("anew", start) else 0
        heavy = [t for t in said[:start] if t.kind not in _LIGHT_KINDS and t.key not in QUESTION_WORDS]
        if said[end].key in _QUESTION_KEYS and len(heavy) <= MAX_TAKEN_BACK + spare:
            yield start, end


def _find_unfinished_question(said: list[GuardToken], phrases: PhraseFinder) -> tuple[int, int]:
    """Return where an unfinished question is asked in another way: what is, in what year was."""
    if not said or said[0].key not in _QUESTION_KEYS | SENTENCE_STARTS:
        return 0, 0
    for at in range(len(said) - 1, 1, -1):
        if said[at].key not in _QUESTION_KEYS or said[at].parted:
            continue
        begins = at - 1 if at > 2 and said[at - 1].key in _LEADING_PREPOSITIONS else at
        if said[begins - 1].key == "and":
            continue
        again = [t.key for t in said[begins : begins + 2]] == [t.key for t in said[:2]]
        hangs = again or said[begins - 1].kind == "small" or phrases.phrase_length("asides", begins - 1)
        if hangs and sum(t.kind not in _LIGHT_KINDS for t in said[1:begins]) <= MAX_TAKEN_BACK:
            return begins, begins
    return 0, 0


def _find_cues(
    said: list[GuardToken], phrases: PhraseFinder, begins: Callable[[int], bool]
) -> Iterator[tuple[int, int]]:
    for at in range(1, len(said)):
        if begins(at) and (end := _skip_cue(said, phrases, at)) < len(said):
            yield at, end


def _widen_cue(said: list[GuardToken], start: int, end: int) -> tuple[int, int]:
    """Extend a cue to the sounds and small words before it that belong to it: um, or, no, well."""
    while start > 1 and (said[start - 1].kind == "sound" or said[start - 1].key in ("no", "or", "oh", "well")):
        start -= 1
    return start, end


def _skip_cue(said: list[GuardToken], phrases: PhraseFinder, at: int) -> int:
    """Return the index where the correction begins after the cue at `at`."""
    while at < len(said):
        length = max(phrases.phrase_length(name, at) for name in ("cues", "anew", "leads"))
        length = length or (1 if said[at].kind == "sound" or said[at].key in ("no", "or") else 0)
        if not length:
            break
        at += length
    return at
