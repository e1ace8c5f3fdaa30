"""Find answers that answer a question, swap who did something, or state as a fact what someone reported. Pure.

The difference lies in the smallest words, which elsewhere may go: "did he pay" is a question because of "did", and in
"we were sued by the bank" the bank did it because of "were" and "by".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import NamedTuple

from desktop.polish.guard.lists import guard_tables, load_guard_lists
from desktop.polish.guard.tokens import (
    DETERMINER_KEYS,
    QUESTION_VERBS,
    QUESTION_WORDS,
    GuardToken,
    list_keys,
    tokenize,
    tokenize_entry,
)
from desktop.polish.rules.languages.language import LANGUAGES, UNDETERMINED, choose_language

_SENTENCE_END = re.compile(r"[.!?。！？…\n](?=\s|$|[^\x00-\x7f])")

BEING_KEYS = list_keys("being")
PERSON_KEYS = list_keys("persons")
_REPORT_KEYS = list_keys("reports")
_CLAUSE_OPENERS = frozenset(
    token.key for word in load_guard_lists()["asides"] if " " not in word for token in tokenize_entry(word)
)
_CONDITION_KEYS = list_keys("conditions")
_PARTICIPLES = frozenset(load_guard_lists()["participles"])
_TAG_KEYS = list_keys("tags")
_OPEN_QUESTION_KEYS = QUESTION_WORDS | list_keys("asking")
_STATEMENT_KEYS = list_keys("statements")
FOREIGN_VERBS = frozenset(verb for verb in load_guard_lists()["kinds"]["verbs"] if ":" in verb)

_SUBJECT_VERBS = frozenset(("does", "did", "has"))
"""Verbs always followed by the subject, whatever word it is; after "do" an order may follow: do come in."""

PASSIVE_WINDOW = 4
"""Words before "by" in which the verb must stand that makes it name the agent; also words that are equal after a
restart.
"""


class _MarkedSentence(NamedTuple):
    """The keys of a sentence's words, and the mark at its end: ? or . or ! or none."""

    keys: tuple[str, ...]
    mark: str


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


def inverts_question(spoken: Sequence[GuardToken], answer: Sequence[GuardToken]) -> bool:
    """Return whether a clause that is not English begins with a verb and its subject, and `answer` has them the other
    way round: ist er da, er ist da.
    """
    said, written = (Counter(pairwise(t.key for t in part if t.word != "t")) for part in (spoken, answer))  # a-t-il
    begins = False
    for verb, subject in pairwise(token for token in spoken if token.word != "t"):
        begins = verb.first or verb.parted or (begins and verb.key in _CLAUSE_OPENERS)
        pair = (verb.key, subject.key)
        is_moved = written[pair] < said[pair] and written[pair[::-1]] > said[pair[::-1]]
        if begins and is_moved and verb.key in FOREIGN_VERBS:
            return True
        begins = begins or verb.kind == "sound"
    return False


def asks_otherwise(said: str, written: str, language: str) -> bool:
    """Return whether a mark alone makes a question of a statement, or the other way round, where a sentence ends that
    is in both texts; `language` as in `desktop.polish.guard.tokens.tokenize`.
    """
    if not {*"?？"} & {*said, *written}:
        return False
    is_known = language or choose_language("", said) not in (*LANGUAGES, UNDETERMINED)
    if not is_known and not {*"?？"} <= {*said, *written}:
        return False  # the words of their questions are not known
    spoken, answer = _split_sentences(said, language), _split_sentences(written, language)
    return _makes_question(spoken, answer, bool(language)) or _makes_question(answer, spoken, True, is_reversed=True)


def _makes_question(
    spoken: list[_MarkedSentence], answer: list[_MarkedSentence], needs_mark: bool, is_reversed: bool = False
) -> bool:
    """Return whether a sentence of `answer` has a question mark only there, though it has not the words of a question.

    `needs_mark`: that mark counts only against a full stop in `spoken`. `is_reversed`: the two texts are exchanged.
    """
    places: dict[tuple[str, ...], list[_MarkedSentence]] = {}
    for one in spoken:
        for last_words in {*pairwise(one.keys), *((key,) for key in one.keys)}:
            places.setdefault(last_words, []).append(one)
    for sentence in answer:
        found = places.get(sentence.keys[-2:], []) if sentence.mark == "?" else []
        marks = {one.mark for one in found}
        if not found or "?" in marks or (needs_mark and "." not in marks):
            continue
        if marks == {"!"} and not is_reversed:
            return True
        if not _has_question_words(sentence.keys) and not any(_has_question_words(one.keys) for one in found):
            return True
    return False


def _has_question_words(keys: Sequence[str]) -> bool:
    """Return whether words ask (who, are you, isn't it, right), or are only one."""
    words = [key for key in keys if key not in _CLAUSE_OPENERS]
    if len(words) < 2:
        return True
    if any(":" in key for key in words):
        return keys[-1] in _TAG_KEYS or not _is_statement(words)
    inverted = any(one in QUESTION_VERBS and other in PERSON_KEYS | {"not"} for one, other in pairwise(keys))
    return bool(_OPEN_QUESTION_KEYS & {*keys} or words[0] in QUESTION_VERBS or inverted or keys[-1] in _TAG_KEYS)


def _is_statement(keys: Sequence[str]) -> bool:
    """Return whether words that are not English begin with the subject, and nothing in them asks."""
    is_inverted = any(one in FOREIGN_VERBS and other in _STATEMENT_KEYS for one, other in pairwise(keys[1:]))
    return (
        (keys[0] in _STATEMENT_KEYS or (keys[0] in DETERMINER_KEYS and not is_inverted))
        and _OPEN_QUESTION_KEYS.isdisjoint(keys)
        and keys[0] not in keys[1:]
    )


def _split_sentences(text: str, language: str) -> list[_MarkedSentence]:
    """Return the sentences of a text with words."""
    found, start = [], 0
    for match in (*_SENTENCE_END.finditer(text), None):
        part = text[start : match.start() if match else len(text)]
        mark = {"？": "?", "。": ".", "！": "!"}.get(match[0], match[0]) if match else ""
        if keys := tuple(t.key for t in tokenize(part.rstrip("?？!！.。"), language) if t.kind != "sound"):
            found.append(_MarkedSentence(keys, "?" if part[-1:] in ("?", "？") else mark))
        start = match.end() if match else len(text)
    return found


def moves_sentence_end(spoken: Sequence[GuardToken], answer: Sequence[GuardToken]) -> bool:
    """Return whether a clause went from one sentence to another: I will pay. If he asks, I lie. I will pay if he asks.
    I lie.
    """
    ends = [
        {(one.key, other.key): other.first for one, other in pairwise(part) if other.kind != "number"}
        for part in (spoken, answer)
    ]
    moved = [pair for pair in ends[0].keys() & ends[1].keys() if ends[0][pair] != ends[1][pair]]
    return len({ends[0][pair] for pair in moved}) == 2 and any(pair[1] in _CONDITION_KEYS for pair in moved)


def is_participle(token: GuardToken) -> bool:
    """Return whether a word may be a passive participle: blocked, written, paid."""
    is_regular = token.kind == "word" and len(token.word) > 4 and token.word.endswith(("ed", "en"))
    return is_regular or token.word in _PARTICIPLES


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
