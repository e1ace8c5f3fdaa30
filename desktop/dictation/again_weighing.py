"""Decide which span a correction means, by the sound of its words, the recording of the text, and that of the
correction. Pure.

How alike words are does not tell where a misheard stretch begins and ends: "met coo chair a" is nearly as much like
Kucera as "coo chair a". Two recordings tell. The stretch sounds as the correction does; in the recording of the text,
the corrected text is likeliest where no word of it is double or missing; and in that of the correction, the misheard
stretch is likelier than one with another word.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from desktop.core.types import Replacement
from desktop.dictation.again_match import MAX_CHOICES, UNKNOWN_DISTANCE, Candidate, list_words

MIN_GAIN, MIN_AS_SAID = -30.0, -40.0
"""Least log probabilities that count: lower ones say no more."""

LIKENESS_WEIGHT, DISTANCE_WEIGHT, GAIN_WEIGHT, AS_SAID_WEIGHT = 4.5, 46.0, 0.35, 0.17
"""What counts, for a likeness or distance of one, and for one of log probability, so that evidence is a logarithm of
odds: by conditional logistic regression on the candidates of 138 takes of `tests.prove.again_takes`. Of them 131 had
the most evidence at the right span, and 126 by the best weights without distances."""

SURE_EVIDENCE, MIN_EVIDENCE = 4.0, -8.0
"""Least evidence of a span that is replaced without a question, and of one that is asked about: of the corrections of
other texts none had the first, and a third the second, for a correction is of some word of the text."""

BORDER_MARGIN, PLACE_MARGIN, ALIKE_PLACE_MARGIN = 5.0, 6.0, 15.0
"""Least distance in evidence from that of other borders, of another place, and of one with the same words, where a span
is replaced without a question: the words around two places with the same words differ in what they make likely. Of 145
takes 51 were replaced so, none of them wrongly; with a margin of 4 for borders 74, and one with a word too few."""

CHOICE_GAIN, CHOICE_MARGIN = 4.0, 7.0
"""Least gain of a choice by the words that are heard in its place, and how far others stay behind where they are left
out, unless the same words stand where one is likely: of 61 questions 14 had one choice then, and all the right one."""


class Measured(NamedTuple):
    """A candidate and what the recordings say of it, in log probability.

    - `gain`: by how much the corrected text is likelier than what stands there, in the recording of the text.
    - `as_said`: by how much what stands there is likelier than what was heard, in the recording of the correction.
    """

    candidate: Candidate
    gain: float
    as_said: float


class Decision(NamedTuple):
    """The likeliest span, which is replaced unless there are `choices` for the user, the likeliest first. `is_sure`: it
    is one of them."""

    best: Candidate
    choices: tuple[Candidate, ...] = ()
    is_sure: bool = True


def weigh_evidence(measured: Measured) -> float:
    """Return how much speaks for a candidate."""
    return (
        LIKENESS_WEIGHT * measured.candidate.likeness
        + DISTANCE_WEIGHT * (UNKNOWN_DISTANCE - measured.candidate.distance)
        + GAIN_WEIGHT * max(MIN_GAIN, measured.gain)
        + AS_SAID_WEIGHT * max(MIN_AS_SAID, measured.as_said)
    )


def decide(text: str, places: Sequence[Sequence[Measured]], *, is_there: bool) -> Decision | None:
    """Return what is meant of `text`, given the variants of each place, which overlap; None if none of them is.

    `is_there`: what was said stands elsewhere, so that a place where it was hardly said is not replaced unasked.
    """
    weighed = [sorted(((weigh_evidence(each), each) for each in place), reverse=True) for place in places]
    first, *others = sorted((place for place in weighed if place), reverse=True) or [[]]
    if not first or first[0][0] < MIN_EVIDENCE:
        return None
    evidence, best = first[0]
    twins = [twin for place in others for twin in _find_twin(text, place, evidence, best)]
    rivals = [place[0] for place in others if place[0][0] > evidence - PLACE_MARGIN]
    is_sure = evidence >= SURE_EVIDENCE and not (is_there and best.gain < 0)
    borders = _list_borders(text, [first, *(place for place in others if any(twin in place for twin in twins))])
    if is_sure and not twins and not rivals and not borders:
        return Decision(best.candidate)
    further = sorted([*([each] for each in rivals), *borders], reverse=True)
    ranked = dict.fromkeys([first[0], *twins, *chain.from_iterable(further)])
    return Decision(best.candidate, tuple(each.candidate for _, each in [*ranked][:MAX_CHOICES]), is_sure)


def leave_out_unlikely(text: str, choices: Sequence[Replacement], gains: Sequence[float]) -> tuple[Replacement, ...]:
    """Return the choices that are likely by how much likelier `text` is with each, in its recording."""
    best = max(range(len(choices)), key=gains.__getitem__)
    if not CHOICE_GAIN <= gains[best] < math.inf:
        return tuple(choices)
    words = [list_words(text[each.start : each.end]) for each in choices]
    likely = {there for there, gain in zip(words, gains, strict=True) if gain > gains[best] - CHOICE_MARGIN}
    return tuple(each for each, there in zip(choices, words, strict=True) if there in likely)


def _list_borders(text: str, places: Sequence[Sequence[tuple[float, Measured]]]) -> list[list[tuple[float, Measured]]]:
    """Return the variants with other borders that may be meant at places with the same words: of each all places, the
    likeliest first."""
    best = _find_words(text, places[0][0][1])
    near = {
        words
        for place in places
        for evidence, each in place
        if evidence > place[0][0] - BORDER_MARGIN and (words := _find_words(text, each)) != best
    }
    variants = sorted(chain.from_iterable(places), reverse=True)
    return [[variant for variant in variants if _find_words(text, variant[1]) == words] for words in near]


def _find_twin(
    text: str, place: Sequence[tuple[float, Measured]], evidence: float, best: Measured
) -> list[tuple[float, Measured]]:
    """Return the variant of `place` with the same words as the best, where it may be meant: as far as its place is,
    whose words may be timed wrongly."""
    words, nearest = _find_words(text, best), min(each.candidate.distance for _, each in place)
    return [
        (other, each)
        for other, each in place
        if _find_words(text, each) == words
        and other + DISTANCE_WEIGHT * (each.candidate.distance - nearest) > evidence - ALIKE_PLACE_MARGIN
    ]


def _find_words(text: str, measured: Measured) -> tuple[str, ...]:
    return list_words(text[measured.candidate.start : measured.candidate.end])
