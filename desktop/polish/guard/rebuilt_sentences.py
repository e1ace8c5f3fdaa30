"""Decide whether an answer is a self-corrected sentence that was rebuilt from the words that were said. Pure.

A speaker who corrects themselves half-way leaves no text that only lacks some words: "what was Houghton's role, no
sorry, I want to know what Houghton said was necessary" has to be put together, and an alignment word by word
(`desktop.polish.guard.alignment`) reports that as change and loss. So where the speaker plainly takes something
back, or asks a question whose halves may stand in either order, the words are counted instead of aligned. The words
after the last cue are the correction, and all of its content words must be written. If it is a complete sentence,
everything before it may go; if it replaces something, only that may go: the words directly before the cue, beside a
word that is repeated, or of the same kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from functools import cached_property

from desktop.polish.guard.corrections import (
    MAX_TAKEN_BACK,
    PRONOUN_KEYS,
    cue_offsets,
    denied_offsets,
    find_correction,
)
from desktop.polish.guard.lists import guard_tables
from desktop.polish.guard.omissions import MAX_RESTARTED
from desktop.polish.guard.phrases import PhraseFinder
from desktop.polish.guard.spelling import is_misspelling
from desktop.polish.guard.tokens import QUESTION_VERBS, QUESTION_WORDS, SENTENCE_STARTS, GuardToken, list_keys

MIN_WORDS_FOR_ADDITION = 5
"""Least number of spoken content words for which one more may be added to a sentence that is begun anew."""

LIGHT_KEYS = list_keys("light")
STRICT_KINDS = ("number", "name", "not", "firm")
_NEGATING_PREFIXES = ("un", "in", "im", "il", "ir", "dis", "non")


class RebuiltSentence:
    """Spoken tokens and an answer as bags of words, split at the last correction."""

    def __init__(self, spoken: list[GuardToken], answer: list[GuardToken], written: str) -> None:
        phrases = PhraseFinder(spoken, written)
        self._spoken = spoken
        self._answer = answer
        start, end = find_correction(spoken, phrases)
        self._cut = start
        self._cues = cue_offsets(spoken, phrases)
        denied = denied_offsets(spoken, answer)
        ignored = denied | self._cues
        self._before = [t for t in spoken[:start] if t.at not in ignored]
        self._after = [t for t in spoken[end:] if t.at not in ignored]
        self._cue = spoken[start:end]
        self._denied = {t.key for t in spoken if t.at in denied}

    def is_harmless(self, is_corrected: bool) -> bool:
        """Return whether nothing is changed, lost or added except what a correction or a swapped question explains;
        `is_corrected` as `is_corrected` returned it.
        """
        if _has_extra_words(self._answer, self._spoken):
            return False
        if self._cut == 0:
            return self._is_reordered_question()
        if not self._after or not self._before or len(self._before) > MAX_RESTARTED or not is_corrected:
            return False
        return (
            self._keeps_numbers_and_negations()
            and self._keeps_names()
            and self._keeps_words()
            and (self._is_complete or self._replaces_only_corrected())
        )

    def is_corrected(self, omitted: Collection[int]) -> bool:
        """Return whether something was taken back: words are missing, and the cue, or without one words before the
        correction, are among the omitted indices.
        """
        cue = range(self._cut, self._cut + len(self._cue)) or range(self._cut - 1, self._cut + 1)
        said = Counter(t.key for t in (*self._before, *self._after) if t.kind != "sound")
        takes_back = bool(self._denied) or not said <= Counter(t.key for t in self._answer)
        return self._cut > 0 and takes_back and any(at in omitted for at in cue)

    def ignores_correction(self) -> bool:
        """Return whether a sentence that was begun anew is written with the negations of the first attempt."""
        in_answer, in_correction, in_first_attempt = (
            _count_keys(part, "not") for part in (self._answer, self._after, self._before)
        )
        is_first_attempt = in_answer != in_correction and in_answer == in_first_attempt
        return is_first_attempt and any(t.at in self._cues for t in self._cue) and self._is_complete

    @cached_property
    def _omitted(self) -> list[GuardToken]:
        """The words before the correction that are not in the answer."""
        said = (t for t in self._spoken[: self._cut] if t.kind not in ("small", "sound", "not"))
        return [t for t in said if t.at not in self._cues and not _is_among(t, self._answer)]

    @cached_property
    def _is_complete(self) -> bool:
        """Whether the correction is a complete sentence, which takes at most a name for a pronoun from before it."""
        if not self._after or self._after[0].key not in SENTENCE_STARTS | QUESTION_WORDS | QUESTION_VERBS:
            return False
        known = [
            t for t in self._answer if (t.kind in STRICT_KINDS or _is_content_word(t)) and _is_among(t, self._spoken)
        ]
        only_from_correction = all(_is_among(t, self._after) for t in known)
        return only_from_correction or any(t.key in PRONOUN_KEYS for t in self._after)

    def _is_reordered_question(self) -> bool:
        """Return whether a question has all its words, in another order."""
        if not all((QUESTION_WORDS | {"which"}) & {t.key for t in part} for part in (self._spoken, self._answer)):
            return False
        spoken_counts, answer_counts = (
            Counter(t.key for t in _content_tokens(part)) for part in (self._spoken, self._answer)
        )
        strict_keys = [{t.key for t in part if t.kind in STRICT_KINDS} for part in (self._spoken, self._answer)]
        order = [
            [t.key for t in part if t.key in strict_keys[0] & strict_keys[1]] for part in (self._spoken, self._answer)
        ]
        changed = (spoken_counts - answer_counts) + (answer_counts - spoken_counts)
        return spoken_counts.total() > 1 and order[0] == order[1] and set(changed) <= LIGHT_KEYS

    def _keeps_numbers_and_negations(self) -> bool:
        """Return whether every number and negation is accounted for."""
        for kind in ("number", "not", "firm"):
            in_answer, in_correction, in_first_attempt = (
                _count_keys(part, kind) for part in (self._answer, self._after, self._before)
            )
            if in_answer - (in_correction + in_first_attempt + _count_keys(self._cue, kind)) or (
                kind != "firm" and in_correction - in_answer
            ):
                return False
            if kind == "not" and in_answer != (
                in_correction if self._is_complete else in_correction + in_first_attempt
            ):
                return False
            if kind == "number" and in_first_attempt - in_answer and not (self._is_complete or in_correction):
                return False
        return True

    def _keeps_names(self) -> bool:
        """Return whether the names are those that were said, in their order except where one replaces another."""
        # in either text, since a recognizer may write no capitals
        name_keys = {t.key for t in (*self._answer, *self._spoken) if t.kind == "name"}
        named_in_answer, correction_names, earlier_names = (
            [t for t in part if t.key in name_keys] for part in (self._answer, self._after, self._before)
        )
        if not all(_is_among(t, self._spoken) for t in named_in_answer) or not all(
            _is_among(t, self._answer) for t in correction_names
        ):
            return False
        if not all(_keeps_order(part, named_in_answer) for part in (earlier_names, correction_names)):
            return False
        if not self._is_complete and self._overtakes(
            earlier_names, [t for t in correction_names if not _is_among(t, earlier_names)], named_in_answer
        ):
            return False
        return all(self._has_known_neighbour(at) for at, t in enumerate(self._answer) if t.key in name_keys)

    def _overtakes(
        self, earlier_names: list[GuardToken], correction_names: list[GuardToken], answer_names: list[GuardToken]
    ) -> bool:
        """Return whether a name of the correction stands before one that was said earlier without replacing a name
        there.
        """
        first_omitted_at = next(
            (t.at for t in self._before if t.kind in ("name", "number") and t in self._omitted), None
        )
        places = [
            _find_place(t, answer_names)
            for t in earlier_names
            if t not in self._omitted and (first_omitted_at is None or t.at < first_omitted_at)
        ]
        return any(_find_place(t, answer_names) < place for t in correction_names for place in places)

    def _has_known_neighbour(self, at: int) -> bool:
        """Return whether a name in the answer stands beside a word that it, or the name it replaces, stood beside."""
        name = self._answer[at]
        spoken_indices = [i for i, t in enumerate(self._spoken) if _is_same_word(t, name)]
        if _is_among(name, self._after):
            spoken_indices += [i for i, t in enumerate(self._spoken) if t in self._omitted]
        neighbours = _neighbours(self._answer, at)
        return any(
            one == other
            for i in spoken_indices
            for one, other in zip(neighbours, _neighbours(self._spoken, i), strict=True)
        )

    def _keeps_words(self) -> bool:
        """Return whether the other words were said and the whole correction is written."""
        new_at = [at for at, t in enumerate(self._answer) if _is_content_word(t) and not _is_among(t, self._spoken)]
        if len(new_at) > self._is_complete or any(
            _is_content_word(t) and not _is_among(t, self._answer) for t in self._after
        ):
            return False
        is_inside = all(0 < at < len(self._answer) - 1 for at in new_at)
        return not new_at or (
            is_inside
            and len(_content_tokens(self._spoken)) >= MIN_WORDS_FOR_ADDITION
            and not _is_opposite(self._answer[new_at[0]], self._spoken)
        )

    def _replaces_only_corrected(self) -> bool:
        """Return whether what is gone before the cue is what the correction replaces."""
        omitted = [t for t in self._omitted if t.key not in self._denied and t.key not in LIGHT_KEYS]
        if not omitted:
            return True
        if len(omitted) > MAX_TAKEN_BACK:
            return False
        content = [t for t in self._before if t.kind not in ("small", "sound") and t.key not in LIGHT_KEYS]
        first, last = content.index(omitted[0]), content.index(omitted[-1])
        if any(t not in omitted and not _is_among(t, self._after) for t in content[first : last + 1]):
            return False
        kinds = {"name" if len(t.word) == 1 else t.kind for t in omitted}
        if kinds <= {"name", "number"} and kinds & {t.kind for t in self._after}:
            return True
        beside = content[max(0, first - 1) : first] + content[last + 1 : last + 2]
        is_near_pronoun = len(content) - last < 4 and any(t.key in PRONOUN_KEYS for t in self._after)
        return last == len(content) - 1 or is_near_pronoun or any(_is_among(t, self._after) for t in beside)


def _is_content_word(token: GuardToken) -> bool:
    return token.kind == "word" and token.key not in LIGHT_KEYS | PRONOUN_KEYS


def _content_tokens(part: list[GuardToken]) -> list[GuardToken]:
    return [t for t in part if t.kind not in ("small", "sound")]


def _count_keys(part: list[GuardToken], kind: str) -> Counter[str]:
    return Counter(t.key for t in part if t.kind == kind)


def _has_extra_words(answer: list[GuardToken], spoken: list[GuardToken]) -> bool:
    """Return whether a word is written more often than it was said."""
    answer_counts, spoken_counts = (
        Counter(t.key for t in part if t.kind in STRICT_KINDS or _is_content_word(t)) for part in (answer, spoken)
    )
    return any(count > spoken_counts[key] > 0 for key, count in answer_counts.items())


def _is_among(one: GuardToken, others: list[GuardToken]) -> bool:
    return any(_is_same_word(one, other) for other in others)


def _is_same_word(one: GuardToken, other: GuardToken) -> bool:
    """Return whether two words are the same: equal, one letter corrected, or of one root."""
    if one.key == other.key or is_misspelling(one.word, other.word):
        return True
    return one.kind == other.kind == "word" and _shares_root(one.word, other.word)


def _shares_root(one: str, other: str) -> bool:
    equal_count = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    return equal_count >= 5 and max(len(one), len(other)) - equal_count <= 4


def _is_opposite(word: GuardToken, spoken: list[GuardToken]) -> bool:
    """Return whether a word is the opposite of one that was said."""
    for other in spoken:
        if frozenset((word.key, other.key)) in guard_tables()["opposites"]:
            return True
        short, long = sorted((word.word, other.word), key=len)
        if any(long == undoing + short for undoing in _NEGATING_PREFIXES):
            return True
    return False


def _neighbours(part: list[GuardToken], at: int) -> tuple[str, str]:
    """Return the words before and after an index, ignoring sounds; empty at an edge."""
    before = next((t.key for t in reversed(part[:at]) if t.kind != "sound"), "")
    return before, next((t.key for t in part[at + 1 :] if t.kind != "sound"), "")


def _find_place(name: GuardToken, answer_names: list[GuardToken]) -> int:
    return next((at for at, t in enumerate(answer_names) if _is_same_word(t, name)), -1)


def _keeps_order(part: list[GuardToken], answer_names: list[GuardToken]) -> bool:
    """Return whether the words of `part` that are in `answer_names` keep their order there."""
    if Counter(t.key for t in part) == Counter(t.key for t in answer_names):
        return [t.key for t in part] == [t.key for t in answer_names]
    last = [one for at, one in enumerate(part) if one.key not in {t.key for t in part[at + 1 :]}]
    places = [place for place in (_find_place(one, answer_names) for one in last) if place >= 0]
    return places == sorted(places)
