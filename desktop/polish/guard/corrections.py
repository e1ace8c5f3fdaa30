"""Find where a speaker takes something back: the cue, and what is named only to be denied. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from desktop.polish.guard.phrases import DENIAL_KEYS, PhraseFinder
from desktop.polish.guard.tokens import (
    DETERMINER_KEYS,
    QUESTION_WORDS,
    SENTENCE_STARTS,
    UNFINISHED_ENDS,
    GuardToken,
    list_keys,
    tokenize,
)

MAX_TAKEN_BACK = 4
"""Most content words, not said again, that a correction may take back."""

PRONOUN_KEYS = list_keys("pronouns")
_QUESTION_KEYS = QUESTION_WORDS | {t.key for t in tokenize("what which")}
_BEFORE_CUES = DENIAL_KEYS | {"or", "oh", "well"}
_LIGHT_KINDS = ("small", "sound")
_LEADING_PREPOSITIONS = UNFINISHED_ENDS & {t.key for t in tokenize("in to at for of on by from with")}

_BETWEEN_COMMAS = {"es:no": "es:nanay"}
"""The key of a word that may take something back only between two commas, and the key with which it does."""


def mark_denials(spoken: list[GuardToken], answer: list[GuardToken]) -> list[GuardToken]:
    """Return `spoken` with the words between two commas that may take something back, if `answer` has fewer of them."""
    for plain, denial in _BETWEEN_COMMAS.items():
        if sum(token.key == plain for token in answer) < sum(token.key == plain for token in spoken):
            ends = [*(token.parted and not token.first for token in spoken[1:]), False]
            spoken = [
                t._replace(key=denial) if t.key == plain and t.parted and not t.first and is_end else t
                for t, is_end in zip(spoken, ends, strict=True)
            ]
    return spoken


def find_correction(spoken: list[GuardToken], phrases: PhraseFinder) -> tuple[int, int]:
    """Return where the last correction cue begins and where the correction after it begins; (0, 0) without a cue.

    The least doubtful kind of cue is tried first: plain cue words, "no", a sound before a question, an unfinished
    question.
    """
    for found in (
        _find_plain_cues(spoken, phrases),
        _find_no_cues(spoken, phrases),
        _find_question_cues(spoken, phrases),
    ):
        last = list(found)[-1:]
        if last:
            return _widen_cue(spoken, *last[0])
    return _find_unfinished_question(spoken, phrases)


def cue_offsets(spoken: list[GuardToken], phrases: PhraseFinder) -> set[int]:
    """Return the offsets in the text of all words of correction cues."""
    return {t.at for at in range(1, len(spoken)) for t in spoken[at : at + phrases.phrase_length("cues", at)]}


def denied_offsets(spoken: list[GuardToken], answer: list[GuardToken]) -> set[int]:
    """Return the offsets in the text of what is named only to be denied and is not written: not the red one."""
    found: set[int] = set()
    earlier_keys: set[str] = set()
    written = {t.key for t in answer}
    for at, token in enumerate(spoken):
        if token.kind == "not":
            denied_at = next(
                (i for i in range(at + 1, min(len(spoken), at + 5)) if spoken[i].kind not in _LIGHT_KINDS), None
            )
            if denied_at is not None and spoken[denied_at].key in earlier_keys and spoken[denied_at].key not in written:
                found |= {spoken[i].at for i in range(at, denied_at + 1)}
        earlier_keys.add(token.key)
    return found


def _find_plain_cues(spoken: list[GuardToken], phrases: PhraseFinder) -> Iterator[tuple[int, int]]:
    yield from _find_cues(spoken, phrases, lambda at: phrases.phrase_length("cues", at) > 0)


def _find_no_cues(spoken: list[GuardToken], phrases: PhraseFinder) -> Iterator[tuple[int, int]]:
    """Yield each plain "no" that takes something back: no noun can follow that it denies, or the speaker hesitates."""
    for start, end in _find_cues(spoken, phrases, lambda at: spoken[at].key in DENIAL_KEYS):
        hesitates = any(t.kind == "sound" or t.key == "or" for t in spoken[max(0, start - 1) : end])
        if (
            hesitates
            or spoken[end].key in _QUESTION_KEYS | DETERMINER_KEYS
            or spoken[end].kind in ("name", "number", "not")
        ):
            yield start, end


def _find_question_cues(spoken: list[GuardToken], phrases: PhraseFinder) -> Iterator[tuple[int, int]]:
    """Yield each sound, or "tell me", after which a question begins when little was said before."""

    def hesitates(at: int) -> bool:
        return spoken[at].kind == "sound" or spoken[at].key == "or" or phrases.phrase_length("anew", at) > 0

    for start, end in _find_cues(spoken, phrases, hesitates):
        allowance = 2 if phrases.phrase_length("anew", start) else 0
        content = (t for t in spoken[:start] if t.kind not in _LIGHT_KINDS and t.key not in QUESTION_WORDS)
        most = MAX_TAKEN_BACK + allowance
        if spoken[end].key in _QUESTION_KEYS and len(list(islice(content, most + 1))) <= most:
            yield start, end


def _find_unfinished_question(spoken: list[GuardToken], phrases: PhraseFinder) -> tuple[int, int]:
    """Return where an unfinished question is asked in another way: what is, in what year was."""
    if not spoken or spoken[0].key not in _QUESTION_KEYS | SENTENCE_STARTS:
        return 0, 0
    for at in range(len(spoken) - 1, 1, -1):
        if spoken[at].key not in _QUESTION_KEYS or spoken[at].parted:
            continue
        question_start = at - 1 if at > 2 and spoken[at - 1].key in _LEADING_PREPOSITIONS else at
        if spoken[question_start - 1].key == "and":
            continue
        is_repeated = [t.key for t in spoken[question_start : question_start + 2]] == [t.key for t in spoken[:2]]
        is_unfinished = (
            is_repeated
            or spoken[question_start - 1].kind == "small"
            or phrases.phrase_length("asides", question_start - 1)
        )
        if is_unfinished and sum(t.kind not in _LIGHT_KINDS for t in spoken[1:question_start]) <= MAX_TAKEN_BACK:
            return question_start, question_start
    return 0, 0


def _find_cues(
    spoken: list[GuardToken], phrases: PhraseFinder, begins: Callable[[int], bool]
) -> Iterator[tuple[int, int]]:
    ends: dict[int, int] = {}
    for at in range(1, len(spoken)):
        if begins(at) and (end := _skip_cue(spoken, phrases, at, ends)) < len(spoken):
            yield at, end


def _widen_cue(spoken: list[GuardToken], start: int, end: int) -> tuple[int, int]:
    """Extend a cue to the sounds and small words before it that belong to it: um, or, no, well."""
    while start > 1 and (spoken[start - 1].kind == "sound" or spoken[start - 1].key in _BEFORE_CUES):
        start -= 1
    return start, end


def _skip_cue(spoken: list[GuardToken], phrases: PhraseFinder, at: int, ends: dict[int, int]) -> int:
    """Return the index where the correction begins after the cue at `at`; note it in `ends` for all words passed."""
    passed = []
    while at < len(spoken) and at not in ends:
        passed.append(at)
        length = max(phrases.phrase_length(name, at) for name in ("cues", "anew", "leads"))
        length = length or (1 if spoken[at].kind == "sound" or spoken[at].key in DENIAL_KEYS | {"or"} else 0)
        if not length:
            break
        at += length
    end = ends.get(at, at)
    ends.update(dict.fromkeys(passed, end))
    return end
