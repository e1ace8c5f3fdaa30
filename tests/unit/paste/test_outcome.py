from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.types import Outcome
from desktop.paste.outcome import (
    NEXT_WAITING_TIMEOUT_S,
    QUIET_S,
    READ_TIMEOUT_S,
    SECOND_READ_S,
    PasteProgress,
    evaluate_outcome,
    next_check_at,
)

SENT = PasteProgress(100.0)
READ = PasteProgress(100.0, read_at=101.0)
PROBED = replace(READ, expects_second_read=True)
DOUBTED = replace(READ, is_ambiguous=True)


@pytest.mark.parametrize(
    ("lent", "now", "outcome"),
    [
        pytest.param(SENT, 100.0, None, id="just sent"),
        pytest.param(SENT, 107.9, None, id="a slow reader still has time"),
        pytest.param(SENT, 108.0, Outcome.COPIED, id="nobody read"),
        pytest.param(READ, 101.1, None, id="it may read again"),
        pytest.param(READ, 101.2, Outcome.INSERTED, id="read and quiet"),
        pytest.param(replace(READ, read_at=107.95), 107.99, None, id="read at the last moment"),
        pytest.param(replace(READ, read_at=107.95), 108.0, Outcome.INSERTED, id="never quiet, but read"),
        pytest.param(replace(SENT, is_clipboard_lost=True), 100.1, Outcome.UNCONFIRMED, id="taken before the read"),
        pytest.param(replace(READ, is_clipboard_lost=True), 101.0, Outcome.INSERTED, id="taken after the read"),
        pytest.param(replace(SENT, is_next_waiting=True), 103.9, None, id="the next waits for a slow reader"),
        pytest.param(replace(SENT, is_next_waiting=True), 104.0, Outcome.UNCONFIRMED, id="the next waits no longer"),
        pytest.param(PROBED, 102.9, None, id="it is known to read again"),
        pytest.param(PROBED, 103.0, Outcome.INSERTED, id="it has not read again, and is quiet"),
        pytest.param(replace(PROBED, is_clipboard_lost=True), 101.1, Outcome.UNCONFIRMED, id="taken before it reread"),
        pytest.param(replace(READ, is_next_waiting=True), 101.1, None, id="the next waits for quiet"),
        pytest.param(replace(READ, watch_until=101.5), 101.4, None, id="quiet, and still watched"),
        pytest.param(replace(READ, watch_until=101.5), 101.5, Outcome.INSERTED, id="watched long enough"),
        pytest.param(replace(SENT, is_ambiguous=True), 108.0, Outcome.COPIED, id="nothing ambiguous was read"),
        pytest.param(DOUBTED, 103.9, None, id="a slow reader may still answer the chord"),
        pytest.param(DOUBTED, 104.0, Outcome.UNCONFIRMED, id="the doubt stays"),
        pytest.param(replace(DOUBTED, is_clipboard_lost=True), 101.0, Outcome.UNCONFIRMED, id="taken in doubt"),
        pytest.param(replace(DOUBTED, is_next_waiting=True), 101.1, None, id="the next waits in doubt for quiet"),
        pytest.param(replace(DOUBTED, is_next_waiting=True), 101.2, Outcome.UNCONFIRMED, id="but not longer"),
        pytest.param(
            replace(DOUBTED, is_ambiguity_final=True), 101.2, Outcome.UNCONFIRMED, id="no doubt that could be removed"
        ),
        pytest.param(
            replace(DOUBTED, is_ambiguity_final=True, read_at=103.9), 104.0, Outcome.UNCONFIRMED, id="never quiet"
        ),
    ],
)
def test_a_paste_ends(lent: PasteProgress, now: float, outcome: Outcome | None) -> None:
    assert evaluate_outcome(lent, now) is outcome


SECONDS = st.floats(0, 10)
LENT = st.builds(
    lambda sent, read, lost, waiting, probed, watched, ambiguous, final: PasteProgress(
        sent,
        None if read is None else sent + read,
        lost,
        waiting,
        probed and read is not None,
        sent + watched,
        ambiguous,
        final,
    ),
    SECONDS,
    st.none() | SECONDS,
    st.booleans(),
    st.booleans(),
    st.booleans(),
    SECONDS,
    st.booleans(),
    st.booleans(),
)


@given(LENT, SECONDS, SECONDS)
def test_what_has_ended_stays_ended_in_the_same_way(lent: PasteProgress, first: float, later: float) -> None:
    now = lent.sent_at + first
    outcome = evaluate_outcome(lent, now)
    if outcome is not None and not (outcome is Outcome.UNCONFIRMED and lent.is_next_waiting):
        assert evaluate_outcome(lent, now + later) is outcome


@given(LENT)
def test_asking_again_at_the_time_told_gives_an_answer(lent: PasteProgress) -> None:
    assert evaluate_outcome(lent, next_check_at(lent)) is not None


@given(LENT, SECONDS)
def test_only_a_read_makes_it_inserted(lent: PasteProgress, after: float) -> None:
    if evaluate_outcome(lent, lent.sent_at + after) is Outcome.INSERTED:
        assert lent.read_at is not None
        assert not lent.is_ambiguous


def test_the_limits_leave_room_for_each_other() -> None:
    assert QUIET_S < SECOND_READ_S < NEXT_WAITING_TIMEOUT_S < READ_TIMEOUT_S
