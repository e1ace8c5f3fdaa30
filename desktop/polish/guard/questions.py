"""Find answers that answer a question, swap who did something, or state as a fact what someone reported. Pure.

The difference lies in the smallest words, which elsewhere may go: "did he pay" is a question because of "did", and in
"we were sued by the bank" the bank did it because of "were" and "by".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

from desktop.polish.guard.tokens import (
    DETERMINER_KEYS,
    QUESTION_VERBS,
    QUESTION_WORDS,
    GuardToken,
    guard_tables,
    list_keys,
    load_guard_lists,
    tokenize,
)

_SENTENCE_END = re.compile(r"[.!?。！？…\n](?=\s|$|[^\x00-\x7f])")

BEING_KEYS = list_keys("being")
PERSON_KEYS = list_keys("persons")
_REPORT_KEYS = list_keys("reports")
_CLAUSE_OPENERS = frozenset(
    token.key for word in load_guard_lists()["asides"] if " " not in word for token in tokenize(word)
)
_SUBJECT_VERBS = frozenset(("does", "did", "has"))
"""Verbs always followed by the subject, whatever word it is; after "do" an order may follow: do come in."""

PASSIVE_WINDOW = 4
"""Words before "by" in which the verb must stand that makes it name the agent; also words that are equal after a
restart.
"""


def answers_question(
    spoken: Sequence[GuardToken], omitted: Collection[int], answer: Sequence[GuardToken], written: str
) -> bool:
    """Return whether a question lost the verb that made it a question: did he pay the bill, he paid the bill.

    `omitted` are the indices in `spoken` that are missing from `answer`, whose text is `written`. False if the speaker
    began anew (do we, we do need it), and if the written text still asks.
    """
    words = [at for at, token in enumerate(spoken) if token.kind != "sound"]
    if _swaps_first_words([spoken[at].key for at in words], [token.key for token in answer]):
        return True
    if any(spoken[at].key == "吗" for at in omitted) and not {*written} & {*"吗?？"}:
        return True
    end = 0
    for place, at in enumerate(words):
        verb = spoken[at].key
        if place < end or at not in omitted or verb not in QUESTION_VERBS or not _begins_clause(spoken, words, place):
            continue
        end = next((i for i in range(place, len(words)) if words[i] not in omitted), len(words))
        lost_keys = [spoken[i].key for i in words[place:end]]
        rest = [spoken[i] for i in words[end : end + PASSIVE_WINDOW]]
        if not rest or not set(lost_keys[1:]) <= {verb, *(token.key for token in rest[:2])}:
            continue
        is_restart = rest[0].key in lost_keys and verb in [token.key for token in rest[1:]]
        if not is_restart and is_subject(rest[0], verb) and not _still_asks(rest, answer, written):
            return True
    return False


def asks_otherwise(said: str, written: str) -> bool:
    """Return whether a mark alone makes a question of a statement, or the other way round, at the end of both texts."""
    ends = [
        (_SENTENCE_END.findall(text.strip()) or [""])[-1] if text.strip()[-1:] in ".。?？" else ""
        for text in (said, written)
    ]
    if not all(ends) or (ends[0] in "?？") == (ends[1] in "?？"):
        return False
    last = [t for t in tokenize(_SENTENCE_END.split(written.strip().rstrip(".。?？"))[-1]) if t.kind != "sound"]
    keys = [t.key for t in last]
    asks = QUESTION_WORDS | {"which", "who", "吗", "呢", "什", "谁", "哪", "几", "怎"}
    inverted = any(one in QUESTION_VERBS and other in PERSON_KEYS for one, other in pairwise(keys))
    return bool(keys) and not (asks & {*keys} or keys[0] in QUESTION_VERBS or inverted)


def is_agent(part: Sequence[GuardToken], at: int) -> bool:
    """Return whether "by" at an index names the agent: was seen by him."""
    return part[at].key == "by" and any(token.key in BEING_KEYS for token in part[max(0, at - PASSIVE_WINDOW) : at])


def is_passive(spoken: Sequence[GuardToken], at: int) -> bool:
    """Return whether a verb at an index makes a passive: was told, to be paid.

    Not for "is" and "are", which are contracted with the word before.
    """
    next_token = spoken[at + 1] if at + 1 < len(spoken) else None
    if next_token is None or spoken[at].key not in BEING_KEYS - {"is", "are", "am"}:
        return False
    return next_token.word.endswith(("ed", "en")) or next_token.word in guard_tables()["same"]


def loses_attribution(spoken: Sequence[GuardToken], omitted: Collection[int]) -> bool:
    """Return whether a report is written without its source: she said that he paid, he paid."""
    remaining = {token.key for at, token in enumerate(spoken) if at not in omitted}
    for at, token in enumerate(spoken):
        if token.key == "that" and at in omitted and at + 1 < len(spoken) and at + 1 not in omitted:
            before = {spoken[i].key for i in range(max(0, at - 2), at) if i in omitted}
            if before & (_REPORT_KEYS - remaining):
                return True
    return False


def _swaps_first_words(spoken: Sequence[str], written: Sequence[str]) -> bool:
    """Return whether the first two words of a question were swapped without that order being said later, and without
    the question being asked there.
    """
    if spoken[:1] == written[:1] or not QUESTION_VERBS & {*spoken[:1]} & {*written} or written[0] not in spoken[1:4]:
        return False
    return not any(
        one[at : at + PASSIVE_WINDOW] == other[:PASSIVE_WINDOW]
        for one, other, first in ((spoken, written, 2), (written, spoken, 1))
        for at in range(first, len(one))
    )


def _begins_clause(spoken: Sequence[GuardToken], words: Sequence[int], place: int) -> bool:
    """Return whether a clause begins at an index of `words`, or after words that precede a clause: so, and."""
    while place and not (spoken[words[place]].first or spoken[words[place]].parted):
        place -= 1
        if spoken[words[place]].key not in _CLAUSE_OPENERS:
            return False
    return True


def is_subject(token: GuardToken, verb: str) -> bool:
    """Return whether a word after a verb may be its subject."""
    if token.key in QUESTION_VERBS | QUESTION_WORDS or token.key in ("which", "who"):
        return False
    if token.key in PERSON_KEYS | DETERMINER_KEYS or token.kind in ("name", "number"):
        return True
    is_plural = token.word.endswith("s") and not token.word.endswith("ss")
    return token.kind == "word" and (verb in _SUBJECT_VERBS or is_plural)


def _still_asks(rest: Sequence[GuardToken], answer: Sequence[GuardToken], written: str) -> bool:
    """Return whether the sentence in which `rest` is written ends with a question mark."""
    first_two = [token.key for token in rest[:2]]
    pairs = ((token, [other.key for other in answer[i : i + 2]]) for i, token in enumerate(answer))
    found = next((token.at for token, pair in pairs if pair == first_two), None)
    end = _SENTENCE_END.search(written, found or 0)
    return end is not None and end.group() in "?？"
