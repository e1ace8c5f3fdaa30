"""Decide which span a correction means, by the sound of its words, the recording of the text, and that of the
correction. Pure.

How alike words are does not tell where a misheard stretch begins and ends: "met coo chair a" is nearly as much like
Kucera as "coo chair a". Two recordings tell. In that of the text, the corrected text is likeliest where no word of it
is double or missing; and in that of the correction, the misheard stretch is likelier than one with another word.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from desktop.dictation.again_match import MARGIN, MAX_CHOICES, Candidate

MIN_GAIN, MIN_AS_SAID = -30.0, -40.0
"""Least log probabilities that count: lower ones say no more."""

LIKENESS_WEIGHT, GAIN_WEIGHT, AS_SAID_WEIGHT = 16.0, 0.4, 0.5
"""What counts, for a likeness of one, and for one of log probability, so that evidence is about a logarithm of odds: by
logistic regression on the borders of 31 takes of `tests.prove.again_takes`. On 82 the two of the recordings were the
same, and likeness said nothing more of borders; it tells places apart."""

SURE_EVIDENCE, MIN_EVIDENCE = 5.0, -4.0
"""Least evidence of a span that is replaced without a question, and of one that is asked about."""

BORDER_MARGIN, GAIN_MARGIN = 3.0, 6.0
"""Least distance in evidence of other borders from those that are replaced without a question, and how much better the
recording of the text may find others."""

PLACE_MARGIN, ALIKE_PLACE_MARGIN = 4.0, 15.0
"""The same of another place, and of one that is as much like what was said (`desktop.dictation.again_match.MARGIN`):
the words around two places with the same words differ in what they make likely."""


class Measured(NamedTuple):
    """A candidate and what the recordings say of it, in log probability.

    - `gain`: by how much the corrected text is likelier than what stands there, in the recording of the text.
    - `as_said`: by how much what stands there is likelier than what was heard, in the recording of the correction.
    """

    candidate: Candidate
    gain: float
    as_said: float


class Decision(NamedTuple):
    """The likeliest span, which is replaced unless there are `choices` for the user."""

    best: Candidate
    choices: tuple[Candidate, ...] = ()


def weigh_evidence(measured: Measured) -> float:
    """Return how much speaks for a candidate."""
    return (
        LIKENESS_WEIGHT * measured.candidate.likeness
        + GAIN_WEIGHT * max(MIN_GAIN, measured.gain)
        + AS_SAID_WEIGHT * max(MIN_AS_SAID, measured.as_said)
    )


def decide(places: Sequence[Sequence[Measured]], *, is_there: bool) -> Decision | None:
    """Return what is meant, given the variants of each place, which overlap; None if none of them is.

    `is_there`: what was said stands elsewhere, so that a place where it was hardly said is not replaced unasked.
    """
    weighed = [sorted(((weigh_evidence(each), each) for each in place), reverse=True) for place in places]
    ranked = sorted((place for place in weighed if place), reverse=True)
    if not ranked or ranked[0][0][0] < MIN_EVIDENCE:
        return None
    evidence, best = ranked[0][0]
    borders = [
        each.candidate
        for other, each in ranked[0][1:]
        if other > evidence - BORDER_MARGIN or each.gain > best.gain + GAIN_MARGIN
    ]
    rivals = [place[0][1].candidate for place in ranked[1:] if _is_rival(place[0], ranked[0][0])]
    is_doubtful = is_there and best.gain < 0
    if evidence >= SURE_EVIDENCE and not borders and not rivals and not is_doubtful:
        return Decision(best.candidate)
    return Decision(best.candidate, tuple(sorted([best.candidate, *rivals, *borders][:MAX_CHOICES])))


def _is_rival(other: tuple[float, Measured], best: tuple[float, Measured]) -> bool:
    is_alike = other[1].candidate.likeness > best[1].candidate.likeness - MARGIN
    return other[0] > best[0] - (ALIKE_PLACE_MARGIN if is_alike else PLACE_MARGIN)
