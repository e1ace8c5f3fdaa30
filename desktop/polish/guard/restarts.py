"""Recognize a speaker who begins anew, or says another name or number, without a cue. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.polish.guard.corrections import MAX_TAKEN_BACK
from desktop.polish.guard.tokens import (
    DETERMINER_KEYS,
    QUESTION_WORDS,
    SENTENCE_STARTS,
    UNFINISHED_ENDS,
    GuardToken,
    list_keys,
)

LOOK_AHEAD = 12
"""Words, beyond the length of the missing stretch, that are searched for what is said again after it."""

WISH_WORDS = list_keys("wishes")
ORDER_OPENINGS = list_keys("openings")

_CENTURY_DIGITS = frozenset(str(century) for century in range(10, 22))


def is_restart(spoken: Sequence[GuardToken], keys: Sequence[str], start: int, cue: int, end: int) -> bool:
    """Return whether a speaker began anew or said another name without a cue, with only "um" or "or" or nothing.

    `keys` are those of `spoken`; the words from `start` to `end` are missing, those from `cue` on are "um" or "or".
    """
    if end == len(spoken):
        return False
    before = [t for t in spoken[start:cue] if t.kind != "sound"]
    later_keys = keys[end : end + LOOK_AHEAD + cue - start]
    content = [
        t
        for t in before
        if t.kind != "small" and t.key not in SENTENCE_STARTS and not (t.kind == "number" and t.key in later_keys)
    ]
    if not before or any(t.kind in ("number", "not") for t in content):
        return _is_repeated_number(spoken, keys, start, cue, end)
    if content and cue == end and keys[end - 1] == "and":  # two questions, not one that is begun again
        return False
    said_keys = {t.key for t in content}
    is_meant = any(t.kind == "firm" and keys[end + i : end + i + 1] != [t.key] for i, t in enumerate(before))
    content = [t for t in content if t.key not in later_keys]
    is_paused = cue < end
    asks_question = QUESTION_WORDS & {*keys[end : end + (2 if is_paused else 1)]}
    if all(t.key in DETERMINER_KEYS for t in before) and spoken[end].key in DETERMINER_KEYS:
        return True
    if spoken[start].first and not spoken[end].first and asks_question and keys[start] in SENTENCE_STARTS:
        return len(content) <= (MAX_TAKEN_BACK if is_paused else 1)
    if keys[cue : cue + 1] == ["or"] and end - cue > 1:
        return len(content) <= MAX_TAKEN_BACK
    if is_meant:
        return False
    is_fresh = start == 0 or spoken[start].first or spoken[start].parted or spoken[start - 1].kind == "sound"
    if any(t.kind == "name" for t in content):
        has_other_name = any(t.kind == "name" for t in spoken[end : end + 4])
        return is_paused and has_other_name and len(content) <= 3 and (start == 0 or spoken[start - 1].kind != "name")
    if is_fresh and said_keys <= WISH_WORDS and spoken[end].key in SENTENCE_STARTS:
        return True
    last = next((t.key for t in reversed(before) if t.kind != "small"), "")
    if is_fresh and keys[start] != keys[end] and last in later_keys and len(content) <= 1:
        return True
    if keys[start] == keys[end] and keys[start + 1 : start + 2] == keys[end + 1 : end + 2]:
        return len(content) <= 2
    if before[-1].key in UNFINISHED_ENDS and len(before) > 1:
        return len(content) <= (2 if is_fresh else 1) and spoken[end].key in (
            SENTENCE_STARTS | ORDER_OPENINGS if is_fresh else UNFINISHED_ENDS
        )
    if keys[start] == keys[end] and not content and len(before) > 1:
        return True
    if not content and len(before) == 1:
        return is_paused
    return is_paused and len(content) <= 2 and len(before) < 4


def _is_repeated_number(spoken: Sequence[GuardToken], keys: Sequence[str], start: int, cue: int, end: int) -> bool:
    """Return whether a number, or another year, was said once more after "um"."""
    before = [t for t in spoken[start:cue] if t.kind != "sound"]
    after = spoken[end]
    is_repeated = len(before) == 2 and keys[end + 1 : end + 2] == [before[1].key]
    if cue == end or not before or not (len(before) == 1 or is_repeated) or not before[0].forms or not after.forms:
        return False
    if is_repeated:
        return True
    are_years = all(len(t.word) == 4 and t.word[:2] in _CENTURY_DIGITS for t in (before[0], after))
    is_dated = start > 0 and keys[start - 1] in ("in", "of", "since", "until", "from", "year")
    has_cue_words = any(t.kind != "sound" for t in spoken[cue:end]) or len(after.word) > 1
    return (before[0].key == after.key and has_cue_words) or (are_years and is_dated)
