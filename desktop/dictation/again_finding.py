"""Find what one correction replaces, by what is written and by the recordings, and what it says there.

A word that was misheard is often misheard again when it is said alone. So the place is looked for by the sound itself
and by what was heard, and the words are heard once more within the sound of their sentence. Where what was heard
stands nowhere, what else it may have been is looked for, and where it stands already, the same sound may have been
misheard in the same way twice. What is found so, and words that differ from those heard alone, are asked about.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from desktop.core.tasks import gather
from desktop.core.types import Replacement
from desktop.dictation.again_evidence import RecordedEvidence
from desktop.dictation.again_match import (
    FINAL_MARKS,
    MAX_CHOICES,
    MAX_SAID_WORDS,
    MIN_HEARD_LIKENESS,
    UNKNOWN_DISTANCE,
    Candidate,
    Found,
    apply_replacements,
    find_correction,
    find_neighbours,
    find_places,
    find_standing,
    fit_written,
    list_words,
    split_words,
)
from desktop.dictation.again_weighing import Decision, Measured, decide, leave_out_unlikely, weigh_evidence
from desktop.history.rows import HistoryRow

MAX_STANDING = 2
"""Most places at which what was heard stands already that are looked at."""

LOOP_ROUNDS = 3
"""Least times the same words are heard in a row that were said once."""


class CorrectionFinder:
    """Finds what a correction in `language` replaces in `text`, which `row` has.

    `write` returns what was heard as it is written in a dictation.
    """

    def __init__(
        self,
        evidence: RecordedEvidence,
        text: str,
        row: HistoryRow,
        language: str,
        write: Callable[[str], Awaitable[str]],
    ) -> None:
        self._evidence = evidence
        self._text = text
        self._row = row
        self._language = language
        self._write = write
        self._compared: tuple[Callable[[int, int], float] | None] | None = None

    async def find_spelled(self, word: str) -> Found:
        """Return what a word whose letters were said replaces: it is written so, however it sounds."""
        return await self._find(word, word, is_spelled=True)

    async def find(self, heard: str, written: str) -> Found:
        """Return what `heard`, which is written `written`, replaces."""
        heard, written = end_loop(heard), end_loop(written)
        found = await self._find(heard, written)
        if found.replaced is not None and not self._differs_in_case(found.replaced):
            return found
        choices = self._list_choices([*await self._find_standing(written, found.offered), *found.offered])
        return Found(choices=choices or await self._find_alternative(written), is_there=found.is_there)

    async def _find(self, heard: str, written: str, *, is_spelled: bool = False) -> Found:
        written = written.strip(FINAL_MARKS)
        decided = await self._decide(heard, written, is_spelled=is_spelled)
        if isinstance(decided, Found):
            return replace(decided, choices=self._list_choices(decided.choices))
        spans = [(each.start, each.end) for each in decided.choices or (decided.best,)]
        if is_spelled:
            words = [written] * len(spans)
        else:
            words = await gather(*(partial(self._hear_in_place, span, written) for span in spans))
        fitting = [*map(self._fit, spans, words)]
        if decided.choices and words[0] != written:  # what was heard alone may be right, or some of it
            fitting.insert(1, self._fit(spans[0], written))
        choices = self._list_choices(fitting)
        if not choices:
            return Found(is_there=True)
        likely = await self._leave_out_unlikely(choices)
        is_one = len(likely) == 1 and decided.is_sure and _overlap([*spans[:1], (likely[0].start, likely[0].end)])
        if decided.choices and not is_one:
            return Found(choices=likely)
        if self._doubles_neighbour(likely[0]):
            return Found(choices=likely)
        if list_words(likely[0].written) == list_words(written):
            return Found(likely[0])
        return await self._ask_which_words(likely[0], written, is_place_sure=len(likely) < len(choices))

    async def _leave_out_unlikely(self, choices: tuple[Replacement, ...]) -> tuple[Replacement, ...]:
        """Return those of `choices` that may be meant by the words that were heard in the place of each."""
        if len(choices) == 1:
            return choices
        gains = await self._evidence.measure_choices(self._text, self._row, choices, self._language)
        return leave_out_unlikely(self._text, choices, gains) if gains else choices

    async def _ask_which_words(self, first: Replacement, heard_alone: str, *, is_place_sure: bool) -> Found:
        """Return the question whether the words of `first` were said, at its borders or those that are likely for them,
        or what was heard alone: of 146 phrases that were heard otherwise within their sentence 58 were right."""
        alone = self._fit((first.start, first.end), heard_alone)
        if is_place_sure:
            return Found(choices=self._list_choices([first, alone]))
        decided = await self._decide(first.written, first.written)
        if isinstance(decided, Found):
            others = decided.offered
        else:
            spans = ((each.start, each.end) for each in decided.choices or (decided.best,))
            others = tuple(self._fit(span, first.written) for span in spans)
        return Found(choices=self._list_choices([first, *others[: MAX_CHOICES - 2], alone]))

    async def _decide(self, heard: str, written: str, *, is_spelled: bool = False) -> Decision | Found:
        """Return what the recordings say, or what is written does where they say nothing or there is no place."""
        measure_distance = None if is_spelled else await self._compare_sounds()
        found = find_places(self._text, written, self._language, heard, MIN_HEARD_LIKENESS, measure_distance)
        measure = partial(self._measure, heard, written, is_comparable=not is_spelled)
        if not (measured := await measure(found.places)):
            return find_correction(self._text, written, self._language, heard)
        decision = decide(self._text, measured, is_there=found.is_there)
        if decision is None or not decision.is_sure:
            bests = [max(place, key=weigh_evidence).candidate for place in measured]
            beside = [find_neighbours(self._text, best, found.others) for best in bests]
            further = {each.candidate: each for place in await measure(beside) or () for each in place}
            measured = [
                [*place, *(further.pop(each) for each in some if each in further)]
                for place, some in zip(measured, beside, strict=True)
            ]
            decision = decide(self._text, measured, is_there=found.is_there)
        return decision or Found(is_there=found.is_there)

    async def _measure(
        self, heard: str, written: str, places: Sequence[Sequence[Candidate]], *, is_comparable: bool
    ) -> list[list[Measured]] | None:
        """Return what the recordings say of the runs at each of `places`; None if they say nothing."""
        variants = [[(each, self._fit((each.start, each.end), written)) for each in place] for place in places if place]
        return await self._evidence.measure(
            self._text, self._row, heard, variants, self._language, is_comparable=is_comparable
        )

    async def _find_alternative(self, written: str) -> tuple[Replacement, ...]:
        """Return what another text of the same sound may replace. More than a correction may have is none by another
        text of it either."""
        if len(split_words(written)) > MAX_SAID_WORDS:
            return ()
        for other in await self._evidence.list_alternatives(self._language):
            if list_words(other) == list_words(written):
                continue
            found = await self._find(other, await self._write(other))
            if offered := tuple(each for each in found.offered if not self._differs_in_case(each)):
                return offered
        return ()

    async def _find_standing(self, written: str, offered: Sequence[Replacement]) -> list[Replacement]:
        """Return what else was said where `written` stands: what is likelier there, or, where the sound is nearer than
        at what is `offered`, what is likeliest else."""
        spans = find_standing(self._text, written)[:MAX_STANDING]
        nearest = await self._find_distance([(each.start, each.end) for each in offered]) if spans else 0.0
        found = []
        for span in spans:
            stood = self._text[span[0] : span[1]]
            is_nearer = await self._find_distance([span]) < nearest
            said = await self._hear_in_place(span, "" if is_nearer else stood)
            if said and list_words(said) != list_words(stood):
                found.append(self._fit(span, said))
        return found

    async def _find_distance(self, spans: Sequence[tuple[int, int]]) -> float:
        """Return the distance of the nearest of `spans`, `UNKNOWN_DISTANCE` without any or where it is not known."""
        measure_distance = await self._compare_sounds()
        if measure_distance is None:
            return UNKNOWN_DISTANCE
        return min((measure_distance(*span) for span in spans), default=UNKNOWN_DISTANCE)

    async def _compare_sounds(self) -> Callable[[int, int], float] | None:
        if self._compared is None:
            self._compared = (await self._evidence.compare_sounds(self._text, self._row),)
        return self._compared[0]

    async def _hear_in_place(self, span: tuple[int, int], written: str) -> str:
        """Return the words that are heard at `span`, as they are written: `written` if they are those."""
        words = await self._evidence.hear_in_place(self._text, self._row, span, written, self._language)
        if list_words(words) == list_words(written):
            return written
        other = (await self._write(words)).strip(FINAL_MARKS)
        return other if list_words(other) else written  # "colon" is written as a mark

    def _list_choices(self, replacements: Iterable[Replacement]) -> tuple[Replacement, ...]:
        """Return the first of `replacements` that make different texts, in the order of their places."""
        by_text: dict[str, Replacement] = {}
        for each in replacements:
            by_text.setdefault(apply_replacements(self._text, [each]), each)
        by_text.pop(self._text, None)
        return tuple(sorted([*by_text.values()][:MAX_CHOICES], key=lambda each: (each.start, each.end)))

    def _fit(self, span: tuple[int, int], written: str) -> Replacement:
        return fit_written(self._text, *span, written, self._language)

    def _doubles_neighbour(self, replacement: Replacement) -> bool:
        """Return whether words beside the place would stand there twice: they were said again, or are no part of it."""
        before, after = list_words(self._text[: replacement.start]), list_words(self._text[replacement.end :])
        words = list_words(replacement.written)
        counts = range(1, len(words) + 1)
        return any(before[-count:] == words[:count] or after[:count] == words[-count:] for count in counts)

    def _differs_in_case(self, replacement: Replacement) -> bool:
        stood = self._text[replacement.start : replacement.end]
        return list_words(stood) == list_words(replacement.written)


def _overlap(spans: Sequence[tuple[int, int]]) -> bool:
    """Return whether all of `spans` are borders of one place."""
    return max(start for start, _ in spans) < min(end for _, end in spans)


def end_loop(heard: str) -> str:
    """Return what was heard, once where it is the same words three times or more and nothing else: a recognizer in a
    loop, as it gets into by a word or two in noise."""
    words = split_words(heard)
    letters = [word.text.casefold() for word in words]
    for count in range(1, len(words) // LOOP_ROUNDS + 1):
        if letters == letters[:count] * (len(words) // count):
            return heard[words[0].start : words[count - 1].end]
    return heard
