"""Which span a correction means by likeness and two recordings: a table."""

from __future__ import annotations

import pytest

from desktop.dictation.again_match import Candidate
from desktop.dictation.again_weighing import Decision, Measured, decide, weigh_evidence

EXACT, WIDE, NARROW = Candidate(6, 17, 0.8), Candidate(2, 17, 0.75), Candidate(6, 15, 0.78)
OTHER = Candidate(30, 41, 0.8)


@pytest.mark.parametrize(
    ("places", "wanted"),
    [
        ([], None),
        ([[Measured(EXACT, 2.0, -6.0)]], Decision(EXACT)),
        ([[Measured(EXACT, 2.0, -6.0), Measured(WIDE, -9.0, -18.0)]], Decision(EXACT)),
        ([[Measured(WIDE, -9.0, -18.0), Measured(NARROW, -8.0, -9.0), Measured(EXACT, 2.0, -6.0)]], Decision(EXACT)),
        # The other borders are nearly as likely, or the text's recording finds them much likelier.
        ([[Measured(EXACT, 2.0, -6.0), Measured(NARROW, 1.0, -7.0)]], Decision(EXACT, (NARROW, EXACT))),
        ([[Measured(EXACT, 2.0, -2.0), Measured(WIDE, 9.0, -22.0)]], Decision(EXACT, (WIDE, EXACT))),
        # Two places: as alike, clearly less likely, and with another recording's words.
        (
            [[Measured(EXACT, 2.0, -6.0)], [Measured(OTHER, -8.0, -6.0)]],
            Decision(EXACT, (EXACT, OTHER)),
        ),
        ([[Measured(EXACT, 2.0, -6.0)], [Measured(OTHER, -30.0, -25.0)]], Decision(EXACT)),
        ([[Measured(EXACT, 2.0, -6.0)], [Measured(OTHER._replace(likeness=0.5), -8.0, -6.0)]], Decision(EXACT)),
        # Hardly said there, and nothing like it.
        ([[Measured(EXACT, -15.0, -12.0)]], Decision(EXACT, (EXACT,))),
        ([[Measured(EXACT._replace(likeness=0.4), -30.0, -25.0)]], None),
    ],
)
def test_one_clear_span_is_replaced_and_others_are_a_question(
    places: list[list[Measured]], wanted: Decision | None
) -> None:
    assert decide(places, is_there=False) == wanted


def test_where_the_word_stands_already_another_place_must_be_likelier_with_it() -> None:
    assert decide([[Measured(EXACT, -3.0, -3.0)]], is_there=True) == Decision(EXACT, (EXACT,))
    assert decide([[Measured(EXACT, 3.0, -3.0)]], is_there=True) == Decision(EXACT)


def test_very_unlikely_texts_count_alike() -> None:
    assert weigh_evidence(Measured(EXACT, -80.0, -90.0)) == weigh_evidence(Measured(EXACT, -30.0, -40.0))
