"""Find small words that change what is meant, though small words may come and go elsewhere. Pure.

A small word may be added, omitted, or moved, but not exchanged for another of its kind: a letter for Anna is not one
from Anna, he was is not he is. Which words are of one kind, and which of them mean nearly the same, is in
`meaning.toml`. Beside that, the order of words makes a question, "have to" an obligation, and "a" more of few.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from desktop.polish.guard.lists import load_guard_lists
from desktop.polish.guard.questions import BEING_KEYS, PERSON_KEYS, is_participle, is_subject, moves_sentence_end
from desktop.polish.guard.tokens import (
    DETERMINER_KEYS,
    MONTHS,
    QUESTION_VERBS,
    QUESTION_WORDS,
    GuardToken,
    list_keys,
)

MAX_MOVED = 4
"""Most words that a verb crosses to make a question."""

_PAST_VERBS = frozenset(("was", "were", "had", "did"))
_SUPPORT_VERBS = frozenset(("do", "does", "did"))
_BEING_KEYS = ("is", "are", "am", "was", "were")
_PAIRS = frozenset(
    (
        ("have", "to"),
        ("has", "to"),
        ("had", "to"),
        ("a", "few"),
        ("a", "littl"),
        *((verb, "to") for verb in _BEING_KEYS),
    )
)
"""Words that mean something else without one of them, or that may not go together."""

_JUDGED_PREPOSITIONS = frozenset(("to", "for", "from", "at", "on"))
_PREPOSITIONS = frozenset(load_guard_lists()["kinds"]["prepositions"]) - {"as"}
_OBJECT_KEYS = DETERMINER_KEYS | list_keys("objects")
_DAY_KEYS = list_keys("days")
_OF_VERB_KEYS = list_keys("of_verbs")
_DURATION_KEYS = list_keys("durations")

_SUBJECTS = frozenset(("i", "you", "he", "she", "we", "they"))
_ASKING_KEYS = QUESTION_WORDS | {"which"}


class Change(NamedTuple):
    """What differs: indices in `spoken` that are omitted; pairs of an index in `answer` that was added and the index in
    `spoken` where it would stand.
    """

    spoken: Sequence[GuardToken]
    answer: Sequence[GuardToken]
    omitted: Collection[int]
    added: Sequence[tuple[int, int]]

    def reversed(self) -> Change:
        """Return the change that makes `spoken` of `answer`."""
        places = dict(self._places())
        added = {index for index, _ in self.added}
        return Change(self.answer, self.spoken, added, [(index, places[index]) for index in sorted(self.omitted)])

    def _places(self) -> Iterator[tuple[int, int]]:
        """Yield each omitted index with the index in `answer` where it would stand."""
        before: dict[int, int] = {}
        for _, at in self.added:
            before[at] = before.get(at, 0) + 1
        at_answer = 0
        for at in range(len(self.spoken)):
            at_answer += before.get(at, 0)
            if at in self.omitted:
                yield at, at_answer
            else:
                at_answer += 1


def find_exchange(change: Change, has_cue: Callable[[int, int], bool]) -> str:
    """Return the kind of an added small word that stands for an omitted one that means something else, or makes two
    things of one that was corrected; empty if there is none. `has_cue` tells whether the speaker took something back
    between two indices.
    """
    found: set[str] = set()
    for index, at in change.added:
        is_doubled = index > 0 and change.answer[index - 1].key == change.answer[index].key  # have had, had had
        run = list(_omitted_run(change, at)) or list(_omitted_run(change, at - is_doubled))
        is_corrected = bool(run) and has_cue(run[0], run[-1] + 1)
        new = change.answer[index].key
        if is_corrected:
            found |= {"conjunctions"} & {_kinds().get(new, "")}
        elif any(_differ(change.spoken[i].key, new) for i in run):
            found.add(_kinds()[new])
    return max(found, key=lambda kind: kind != "verbs", default="")


def changes_form(change: Change, unexplained: Collection[int], said: str, written: str) -> bool:
    """Return whether a question, an obligation, a tense or a quantity was made or lost; `unexplained` are the indices
    that are omitted without a reason, `said` and `written` the texts.
    """
    back = change.reversed()
    is_rephrased = _begins_asking(change.spoken) != _begins_asking(change.answer)
    if moves_sentence_end(change.spoken, change.answer) or (not is_rephrased and _moves_verb(change)):
        return True
    return any(
        _loses_form(one, at, is_rephrased, bool({*text} & {*"?？"}))
        or _loses_pair(one)
        or _is_contracted(one)
        or (not is_rephrased and (_loses_passive(one, at) or _loses_preposition(one)))
        or _changes_participle(one)
        for one, at, text in ((change, unexplained, written), (back, back.omitted, said))
    )


def _loses_preposition(change: Change) -> bool:
    """Return whether a preposition between a word and its object went, or one at the end: paid for him, turn it on."""
    spoken = change.spoken
    added = {change.answer[index].key for index, _ in change.added}
    for at in change.omitted:
        key = spoken[at].key
        if at == 0 or key not in _PREPOSITIONS or key in added or {at - 1, at + 1} & {*change.omitted}:
            continue
        before, following = spoken[at - 1], spoken[at + 1] if at + 1 < len(spoken) else None
        if added & _PREPOSITIONS or key in (before.key, following.key if following else ""):
            continue
        if following is None or following.parted:
            if before.kind != "sound" and not (key == "at" and any(t.word == "where" for t in spoken)):
                return True
        elif key == "of":
            if before.key in _OF_VERB_KEYS or (following.forms and any(t.forms for t in spoken[max(0, at - 2) : at])):
                return True
        elif (
            (key in _JUDGED_PREPOSITIONS or ":" in key)
            and before.kind in ("word", "name", "number")
            and _is_object(spoken, at + 1, key)
        ):
            return True
    return False


def _is_object(spoken: Sequence[GuardToken], at: int, preposition: str) -> bool:
    """Return whether the words at an index may be the object of a verb without `preposition`, and would be another."""
    token = spoken[at]
    is_named = token.key in _OBJECT_KEYS or token.kind == "name"
    if preposition == "to" or ":" in preposition:  # before a verb it comes and goes: help to carry
        return is_named
    if preposition == "on":
        return token.key not in _DAY_KEYS and token.word not in MONTHS.split()
    if preposition == "for" and (token.forms or token.key == "a"):
        return not any(t.key in _DURATION_KEYS for t in spoken[at + 1 : at + 4])
    return token.word != "home"


def _loses_passive(change: Change, omitted: Collection[int]) -> bool:
    """Return whether a passive became an active: we are paid, we paid."""
    spoken, answer = change.spoken, change.answer
    if any(answer[index].key in BEING_KEYS for index, _ in change.added):
        return False
    for at in omitted:
        following = next((t for t in spoken[at + 1 : at + 3] if t.kind != "sound"), None)
        if spoken[at].key not in BEING_KEYS or following is None or not is_participle(following):
            continue
        if not (at and _is_contracted_present(change, at)):
            return True
    bare, contracted = (Counter[tuple[str, str]]() for _ in range(2))
    for sign, part in ((-1, spoken), (1, answer)):
        for one, other in pairwise(part):
            if is_participle(other):
                (contracted if one.contracted == "s" else bare)[one.key, other.key] += sign
    return any(bare[pair] > 0 for pair, count in contracted.items() if count < 0)


def _changes_participle(change: Change) -> bool:
    """Return whether a verb after "is" got the other participle: loved, loving."""
    counts = Counter[tuple[str, bool]]()
    for sign, part in ((-1, change.spoken), (1, change.answer)):
        for at, token in enumerate(part):
            if any(t.key in BEING_KEYS or t.contracted == "s" for t in part[max(0, at - 2) : at]):
                if token.word.endswith("ing"):
                    counts[token.key, True] += sign
                elif is_participle(token):
                    counts[token.key, False] += sign
    return any(count < 0 < counts[key, not is_active] for (key, is_active), count in [*counts.items()])


def _begins_asking(part: Sequence[GuardToken]) -> bool:
    first = next((t.key for t in part if t.kind != "sound"), "")
    return first in _ASKING_KEYS


def _omitted_run(change: Change, at: int) -> Iterator[int]:
    """Yield the indices of the words that are omitted directly before and after an index."""
    start = at
    while start - 1 in change.omitted:
        start -= 1
    while start in change.omitted:
        yield start
        start += 1


def _differ(one: str, other: str) -> bool:
    kinds = _kinds()
    if one == other or one not in kinds or other not in kinds or frozenset((one, other)) in _interchangeable():
        return False
    return kinds[one] == kinds[other]


def _moves_verb(change: Change) -> bool:
    """Return whether a verb changed places with its subject, which makes a question of a statement."""
    asks = _begins_asking(change.spoken) and _begins_asking(change.answer)
    for index, at in change.added:
        key = change.answer[index].key
        for i in change.omitted:
            if change.spoken[i].key == key and abs(i - at) <= MAX_MOVED:
                crossed_words = [change.spoken[j] for j in range(min(i, at), max(i, at)) if j != i]
                if asks and change.spoken[i].kind == "word" and any(t.kind in ("word", "name") for t in crossed_words):
                    return True
                crossed = {t.key for t in crossed_words}
                if (key in QUESTION_VERBS and crossed) or (key in PERSON_KEYS and crossed & QUESTION_VERBS):
                    return True
    return False


def _loses_form(change: Change, omitted: Collection[int], is_rephrased: bool, is_question: bool) -> bool:
    """Return whether an omitted word made a question, an obligation, a tense or a quantity."""
    spoken = change.spoken
    for at in omitted:
        key = spoken[at].key
        following = spoken[at + 1].key if at + 1 < len(spoken) else ""
        if key in _SUPPORT_VERBS and not is_rephrased and following:
            if following in _SUBJECTS and not is_question and at + 2 < len(spoken):
                return True
            if _asks_before(spoken, at) and is_subject(spoken[at + 1], key):
                return True
    return False


def _is_contracted(change: Change) -> bool:
    """Return whether a past verb is written as "'s" or was said as that: he was, he's."""
    past = [at for at in change.omitted if at and change.spoken[at].key in _PAST_VERBS]
    return any(_is_contracted_present(change, at) for at in past)


def _loses_pair(change: Change) -> bool:
    """Return whether "have to" or "a few" lost a word, or was lost as a whole and not said twice."""
    keys = [t.key for t in change.spoken]
    written = Counter(pairwise(t.key for t in change.answer))
    for at, pair in enumerate(pairwise(keys)):
        lost = sum(i in change.omitted for i in (at, at + 1))
        if pair not in _PAIRS or lost < 1 + (pair[0] in _BEING_KEYS):
            continue
        run = list(_omitted_run(change, at if at in change.omitted else at + 1))
        is_repeated = pair in (*pairwise(keys[max(0, at - 2) : at]), *pairwise(keys[at + 2 : at + 4]))
        if len(run) <= len(pair) and not is_repeated and Counter(pairwise(keys))[pair] > written[pair]:
            return True
    return False


def _asks_before(spoken: Sequence[GuardToken], at: int) -> bool:
    """Return whether a question word, or one and a noun, stands before an index."""
    return any(spoken[i].key in _ASKING_KEYS for i in range(max(0, at - 2), at))


def _is_contracted_present(change: Change, at: int) -> bool:
    """Return whether the word before an index is written with "'s"."""
    before = change.spoken[at - 1].key
    return not change.spoken[at - 1].contracted and any(t.contracted == "s" and t.key == before for t in change.answer)


@cache
def _kinds() -> dict[str, str]:
    return {word: kind for kind, words in load_guard_lists()["kinds"].items() if kind != "alike" for word in words}


@cache
def _interchangeable() -> frozenset[frozenset[str]]:
    return frozenset(
        frozenset((one, other))
        for group in load_guard_lists()["kinds"]["alike"]
        for one in group
        for other in group
        if one != other
    )
