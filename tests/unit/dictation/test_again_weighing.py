"""Which span a correction means by its sound and two recordings: a table."""

from __future__ import annotations

import math

import pytest

from desktop.core.types import Replacement
from desktop.dictation.again_match import Candidate
from desktop.dictation.again_weighing import Decision, Measured, decide, leave_out_unlikely, weigh_evidence

TEXT = "i met coo chair a in paris, and coo chair a later"
EXACT, WIDE, NARROW = Candidate(6, 17, 0.8, 0.45), Candidate(2, 17, 0.75, 0.55), Candidate(6, 15, 0.78, 0.5)
ALIKE, PARIS = Candidate(32, 43, 0.8, 0.46), Candidate(21, 26, 0.4, 0.6)
WIDE_TOO = Candidate(28, 43, 0.75, 0.5)
NARROW_TOO = NARROW._replace(start=32, end=41)
FAR, LATER = ALIKE._replace(distance=1.0), Candidate(36, 49, 0.3, 0.5)


@pytest.mark.parametrize(
    ("places", "wanted"),
    [
        ([], None),
        ([[]], None),
        ([[Measured(EXACT, 2.0, -6.0)]], Decision(EXACT)),
        ([[Measured(EXACT, 2.0, -6.0), Measured(WIDE, -9.0, -18.0)]], Decision(EXACT)),
        ([[Measured(WIDE, -9.0, -18.0), Measured(NARROW, -18.0, -9.0), Measured(EXACT, 2.0, -6.0)]], Decision(EXACT)),
        # The other borders are nearly as likely.
        ([[Measured(EXACT, 2.0, -6.0), Measured(NARROW, 1.0, -7.0)]], Decision(EXACT, (EXACT, NARROW))),
        ([[Measured(EXACT, 2.0, -2.0), Measured(WIDE, 9.0, -12.0)]], Decision(EXACT, (EXACT, WIDE))),
        # Another place: less likely, and less likely with the same words, whose other borders may be meant too.
        ([[Measured(EXACT, 2.0, -6.0)], [Measured(PARIS, -8.0, -6.0)]], Decision(EXACT)),
        ([[Measured(EXACT, 2.0, -6.0)], [Measured(PARIS, 20.0, 0.0)]], Decision(EXACT, (EXACT, PARIS))),
        ([[Measured(EXACT, 2.0, -6.0)], [Measured(ALIKE, -8.0, -6.0)]], Decision(EXACT, (EXACT, ALIKE))),
        (
            [[Measured(EXACT, 2.0, -6.0)], [Measured(ALIKE, -8.0, -6.0), Measured(WIDE_TOO, -9.0, -7.0)]],
            Decision(EXACT, (EXACT, ALIKE, WIDE_TOO)),
        ),
        ([[Measured(EXACT, 2.0, -6.0)], [Measured(ALIKE, -30.0, -40.0)]], Decision(EXACT)),
        (
            [[Measured(EXACT, 2.0, -6.0)], [Measured(WIDE_TOO, -7.0, -6.0), Measured(ALIKE, -13.0, -6.0)]],
            Decision(EXACT, (EXACT, ALIKE, WIDE_TOO)),
        ),
        # Other borders are offered at both of two places, before what is less likely elsewhere.
        (
            [
                [Measured(EXACT, 2.0, -6.0), Measured(NARROW, 1.5, -6.0)],
                [Measured(ALIKE, -8.0, -6.0), Measured(NARROW_TOO, -19.0, -6.0)],
                [Measured(PARIS, 15.0, 0.0)],
            ],
            Decision(EXACT, (EXACT, ALIKE, NARROW, NARROW_TOO)),
        ),
        # The same words, whose sound is far, where that of another run is not: they may be timed wrongly.
        (
            [[Measured(EXACT, 2.0, -6.0)], [Measured(LATER, -9.0, -20.0), Measured(FAR, 0.0, -6.0)]],
            Decision(EXACT, (EXACT, FAR, LATER)),
        ),
        # Hardly said there, and nothing like it.
        ([[Measured(EXACT, -25.0, -12.0)]], Decision(EXACT, (EXACT,), is_sure=False)),
        ([[Measured(EXACT._replace(likeness=0.4, distance=0.65), -30.0, -25.0)]], None),
    ],
)
def test_one_clear_span_is_replaced_and_others_are_a_question(
    places: list[list[Measured]], wanted: Decision | None
) -> None:
    assert decide(TEXT, places, is_there=False) == wanted


def test_where_the_word_stands_already_another_place_must_be_likelier_with_it() -> None:
    assert decide(TEXT, [[Measured(EXACT, -3.0, -3.0)]], is_there=True) == Decision(EXACT, (EXACT,), is_sure=False)
    assert decide(TEXT, [[Measured(EXACT, 3.0, -3.0)]], is_there=True) == Decision(EXACT)


def test_very_unlikely_texts_count_alike() -> None:
    assert weigh_evidence(Measured(EXACT, -80.0, -90.0)) == weigh_evidence(Measured(EXACT, -30.0, -40.0))


@pytest.mark.parametrize(
    ("gains", "left"),
    [
        ((12.0, 4.0, -9.0), [0, 2]),
        ((4.0, 12.0, -9.0), [1]),
        ((12.0, 6.0, -20.0), [0, 1, 2]),  # the same words stand at the last
        ((6.0, 12.0, -20.0), [0, 1, 2]),
        ((-3.0, -40.0, -20.0), [0, 1, 2]),  # what stands there is likelier than all
        ((math.inf, 3.0, 2.0), [0, 1, 2]),
        ((math.nan, 3.0, 2.0), [0, 1, 2]),
    ],
)
def test_choices_that_the_recording_does_not_have_are_left_out(gains: tuple[float, ...], left: list[int]) -> None:
    choices = [Replacement(each.start, each.end, "Kucera") for each in (EXACT, NARROW, ALIKE)]
    assert leave_out_unlikely(TEXT, choices, gains) == tuple(choices[at] for at in left)
