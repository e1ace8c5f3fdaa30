"""Which reads answer a chord, and what is remembered of a program's reads: as values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from desktop.core.chords import Chord, Paste
from desktop.core.types import Outcome, Target
from desktop.paste.apps import Rule
from desktop.paste.joining import Insertion
from desktop.paste.outcome import QUIET_S, Lent, evaluate
from desktop.paste.receipt import MANY, SUSPECT_S, UNKNOWN_MOST_S, UNKNOWN_S, WATCH_S, Kind, Receipt, is_after
from desktop.paste.request import UNREAD, UNSENT, UNSURE
from desktop.paste.x11.owned import Read
from desktop.paste.x11.paste_state import Loan
from desktop.paste.x11.readers import ALONE_S, CHANGE_S, FORGET_S, MOST, OFTEN, Readers

TEXT, HTML = (1, 10), (1, 11)
CHORD, FIRST, SECOND = 100, 200, 300
"""Numbers of our requests: the chord's last key, and two renewals."""


def receipt(
    before: int = 0, after: int = 0, *renewals: int, habit: int = 0, trusted: bool = False, given_back: int = 0
) -> Receipt:
    """So many reads of the text before the chord, after it, and after each renewal."""
    made = Receipt({TEXT: habit} if habit else {}, trusted=trusted)
    for _ in range(before):
        made = made.read(TEXT, CHORD - 1)
    made = replace(made, chord=CHORD)
    for _ in range(after):
        made = made.read(TEXT, CHORD)
    for mark, reads in zip((FIRST, SECOND), renewals, strict=False):
        made = made.renewed(mark)
        for _ in range(reads):
            made = made.read(TEXT, mark)
    return replace(made, given_back=(TEXT,) * given_back, closed=given_back > 0)


@pytest.mark.parametrize(
    ("serial", "mark", "after"),
    [(100, 100, True), (101, 100, True), (99, 100, False), (3, 65530, True), (65530, 3, False)],
)
def test_is_after_counts_past_the_largest_number(serial: int, mark: int, after: bool) -> None:
    assert is_after(serial, mark) is after


@pytest.mark.parametrize(
    ("made", "doubtful", "wants_renewal", "verified"),
    [
        pytest.param(receipt(), False, False, False, id="nothing was read"),
        pytest.param(receipt(1), True, False, False, id="read before the chord"),
        pytest.param(receipt(0, 1), False, True, False, id="read after it: as good as proven"),
        pytest.param(receipt(0, 1, 0), False, False, True, id="reads nothing at a change"),
        pytest.param(receipt(0, 1, 1), True, True, False, id="or was that late for the chord"),
        pytest.param(receipt(0, 1, 1, 0), False, False, True, id="it was"),
        pytest.param(receipt(0, 1, 1, 1), True, False, True, id="no, it reads changes"),
        pytest.param(receipt(0, 2, 1), False, False, True, id="reads changes, and has read for the chord"),
        pytest.param(receipt(0, 2, 1, given_back=2), True, False, True, id="reads twice what is new to it"),
        pytest.param(receipt(0, 3, 1, given_back=2), False, False, True, id="and once for the chord"),
        pytest.param(receipt(1, 1), True, True, False, id="seen early: one read after the chord is not enough"),
        pytest.param(receipt(1, 1, 1), False, False, True, id="seen early, and has read for the chord"),
        pytest.param(receipt(1, 1, 2), True, False, True, id="seen early, reads each change twice"),
        pytest.param(receipt(0, 1, habit=1), True, True, False, id="known: its read is late"),
        pytest.param(receipt(0, 1, 0, habit=1), True, False, True, id="known: late for the renewal as well"),
        pytest.param(receipt(1, 1, 0, habit=1), False, False, True, id="known: it went by before the chord"),
        pytest.param(receipt(1, 0, habit=1), True, False, False, id="known: nothing for the chord"),
        pytest.param(receipt(0, MANY), True, True, False, id="read again and again"),
        pytest.param(receipt(0, MANY, 0), True, True, False, id="and not at a renewal"),
        pytest.param(receipt(0, MANY - 1, 0), False, False, True, id="not quite so often"),
        pytest.param(receipt(0, 1, trusted=True), False, False, True, id="trusted: is not tried"),
        pytest.param(receipt(1, 0, trusted=True), True, False, True, id="trusted: has read too early"),
    ],
)
def test_receipt_tells_what_answers_the_chord(
    made: Receipt, doubtful: bool, wants_renewal: bool, verified: bool
) -> None:
    assert (made.doubtful, made.wants_renewal, made.verified) == (doubtful, wants_renewal, verified)


def test_receipt_unreliable_program_proves_nothing() -> None:
    made = replace(receipt(0, 3, 0), unreliable=True)
    assert made.doubtful
    assert not made.wants_renewal


def test_receipt_counts_kinds_apart() -> None:
    made = receipt(0, 1, 1)
    assert not replace(made, after=(*made.after, HTML)).doubtful


def test_receipt_late_answer_counts_where_it_was_asked() -> None:
    made = receipt(0, 1, 0, 0).read(TEXT, FIRST).read(TEXT, CHORD).read(TEXT, CHORD - 1)
    assert (made.before, made.after, made.renewals) == ((TEXT,), (TEXT, TEXT), ((TEXT,), ()))


def test_receipt_closed_renewal_leaves_reads_to_chord() -> None:
    made = replace(receipt(0, 1, 1, 1), closed=True).read(TEXT, SECOND)
    assert made.after == (TEXT, TEXT)
    assert not made.doubtful


def loan(made: Receipt | None = None, *, enter: bool = False, clean: bool = False) -> Loan:
    """A paste whose chord was sent at 10.0, into a clipboard lent at 9.99."""
    target, rule = Target(1, "app", "title"), Rule(enter=enter)
    chord, inserted = Chord(Paste.CTRL_V, ()), Insertion(1, "Said.", 10.0)
    lent = Lent(10.0)
    return Loan(chord, rule, target, lent, {}, inserted, receipt=made, lent_at=9.99, clean=clean).pressed(CHORD)


def read(serial: int = CHORD) -> Read:
    return Read(7, *TEXT, serial)


def test_loan_plain_program_ends_when_it_did_before() -> None:
    plain = loan(Receipt(), clean=True).read(10.01, read())
    assert plain.due_at == pytest.approx(10.01 + QUIET_S - WATCH_S)
    renewed = plain.renewed(FIRST, 10.01 + QUIET_S - WATCH_S)
    assert renewed.lent.quiet_at == pytest.approx(10.01 + QUIET_S)
    assert evaluate(renewed.lent, 10.01 + QUIET_S + 0.001) is Outcome.INSERTED
    assert renewed.sure


def test_paste_slow_program_watched_as_long_at_first() -> None:
    assert loan(Receipt()).read(10.09, read()).watch_s == pytest.approx(2 * 0.1)
    assert loan(Receipt()).read(10.01, read()).watch_s == UNKNOWN_S
    assert loan(Receipt()).read(15.0, read()).watch_s == UNKNOWN_MOST_S
    assert loan(Receipt(), clean=True).read(15.0, read()).watch_s == WATCH_S
    assert loan(Receipt({TEXT: 1})).read(10.01, read()).watch_s == SUSPECT_S


def test_loan_reads_before_the_chord_are_no_answer() -> None:
    early = loan(Receipt()).read(10.01, read(CHORD - 1))
    assert early.read_s is None
    assert early.due_at is None
    assert evaluate(early.lent, 13.9) is None
    assert evaluate(early.lent, 14.0) is Outcome.UNCONFIRMED
    assert evaluate(early.hurried().lent, 10.3) is Outcome.UNCONFIRMED


def test_paste_known_reader_with_renewal_ends_in_time() -> None:
    known = loan(Receipt({TEXT: 1}, before=(TEXT,))).read(10.01, read()).renewed(FIRST, 10.15).read(10.16, read(FIRST))
    assert known.lent.quiet_at == pytest.approx(10.01 + QUIET_S)
    assert evaluate(known.lent, 10.22) is Outcome.INSERTED


def test_paste_second_renewal_watched_until_answered() -> None:
    made = loan(Receipt()).read(10.01, read()).renewed(FIRST, 10.15).read(10.16, read(FIRST)).renewed(SECOND, 10.3)
    assert made.lent.watched == pytest.approx(10.3 + SUSPECT_S)
    answered = made.read(10.34, read(SECOND))
    assert answered.lent.watched == pytest.approx(10.34 + WATCH_S)
    assert answered.lent.doubtful


def test_paste_look_after_renewal_awaited_shortly() -> None:
    looked = loan(Receipt(), clean=True).read(10.01, read()).renewed(FIRST, 10.15).asked(10.16)
    assert looked.lent.quiet_at == pytest.approx(10.16 + WATCH_S)
    assert loan(Receipt()).read(10.01, read()).asked(10.16).lent.quiet_at == pytest.approx(10.16 + QUIET_S)
    assert loan(Receipt()).asked(10.16).lent.read_at is None


def test_paste_doubt_after_renewals_waits_slow_field() -> None:
    made = loan(Receipt()).read(10.01, read())
    made = made.renewed(FIRST, 10.15).read(10.16, read(FIRST))
    assert made.due_at == pytest.approx(10.16 + QUIET_S - WATCH_S)
    made = made.renewed(SECOND, 10.3).read(10.31, read(SECOND))
    assert made.due_at == made.lent.quiet_at
    made = made.closed()
    assert (made.due_at, made.lent.doubtful) == (None, True)
    answered = made.read(11.0, read(SECOND))
    assert not answered.lent.doubtful
    assert evaluate(answered.lent, 11.9) is None, "it may read by the clock"
    assert evaluate(answered.lent, 12.1) is Outcome.INSERTED


@pytest.mark.parametrize(("enter", "end"), [(False, ""), (True, f" {UNSENT}")])
def test_loan_unread_says_why(enter: bool, end: str) -> None:
    assert loan(Receipt(), enter=enter).unread == UNREAD + end
    assert loan(Receipt(), enter=enter).read(10.01, read()).unread == UNREAD + end
    assert loan(Receipt(), enter=enter).read(10.01, read(CHORD - 1)).unread == UNSURE + end


@pytest.mark.parametrize(
    ("made", "sure"),
    [
        (loan(Receipt()).read(10.01, read()).lost(), False),
        (loan(Receipt(), clean=True).read(10.01, read()).lost(), True),
        (loan().read(10.01).lost(), True),
    ],
    ids=["it was not tried", "it was tried at an earlier paste", "a remote desktop"],
)
def test_loan_return_needs_a_program_that_was_tried(made: Loan, sure: bool) -> None:
    assert made.sure is sure


def learned(made: Receipt, *before: Receipt, watched: bool = True) -> tuple[dict[Kind, int], bool]:
    readers = Readers()
    for one in (*before, made):
        readers.learn(1, one, watched=watched)
    habit = readers.habit(1, 0.0, 0.0)
    return dict(habit.at_change), habit.clean


@pytest.mark.parametrize(
    ("pastes", "at_change", "clean"),
    [
        ([receipt(0, 1, 0)], {}, True),
        ([receipt(0, 1, 1, 1)], {TEXT: 1}, False),
        ([receipt(0, 2, 1, given_back=2)], {TEXT: 2}, False),
        ([receipt(2)], {TEXT: 2}, False),
        ([receipt(2), receipt(1)], {TEXT: 2}, False),
        ([receipt(1), receipt()], {}, False),
        ([receipt(1), receipt(0, 1)], {TEXT: 1}, False),
        ([receipt(1), receipt(0, 1, 0)], {}, True),
        ([receipt(0, 1, trusted=True)], {}, False),
        ([receipt(1, 1, trusted=True), receipt(0, 2, trusted=True)], {}, False),
    ],
)
def test_readers_learn_from_each_paste(pastes: Sequence[Receipt], at_change: dict[Kind, int], clean: bool) -> None:
    assert learned(pastes[-1], *pastes[:-1]) == (at_change, clean)


def test_readers_slow_program_is_tried_again() -> None:
    assert learned(receipt(0, 1, 0), watched=False) == ({}, False)


def test_readers_keyless_read_at_change_is_habit() -> None:
    readers = Readers()
    readers.learn(1, receipt(0, 1, 0), watched=True)
    for now in (10.1, 10.2):
        readers.saw(1, TEXT, now, changed_at=10.0, touched_at=9.0)
    assert readers.habit(1, 11.0, 10.0).at_change == {TEXT: 2}
    assert not readers.habit(1, 11.0, 10.0).clean
    readers.saw(1, TEXT, 20.1, changed_at=20.0, touched_at=9.0)
    assert readers.habit(1, 21.0, 10.0).at_change == {TEXT: 1}


@pytest.mark.parametrize(
    ("now", "touched_at"),
    [(10.1, 10.05), (10.1, 0.0), (10.0 + CHANGE_S + 0.1, 9.0)],
    ids=["a key was pressed since", "keys are not known", "much later"],
)
def test_readers_other_reads_are_no_habit(now: float, touched_at: float) -> None:
    readers = Readers()
    readers.saw(1, TEXT, now, 10.0, touched_at)
    assert not readers.habit(1, 11.0, 10.0).at_change


def test_readers_causeless_unreliable_until_they_stop() -> None:
    readers, began = Readers(), 10.0 + ALONE_S
    for time in range(1, OFTEN + 1):
        assert not readers.habit(1, began, 10.0).unreliable
        readers.saw(1, TEXT, began + time, 10.0, 9.0)
    last = began + OFTEN
    assert readers.habit(1, last + 1, 10.0).unreliable
    assert readers.habit(1, last + FORGET_S + 1, last + 5).unreliable, "it could not be seen all the time"
    assert not readers.habit(1, last + FORGET_S + 1, 10.0).unreliable
    assert not readers.habit(1, last + FORGET_S + 1, last + 5).unreliable


def test_readers_pastes_by_hand_are_no_habit() -> None:
    readers = Readers()
    for time in range(2 * OFTEN):
        readers.saw(1, TEXT, 20.0 + time, 10.0, 19.9 + time)
        readers.saw(1, TEXT, 20.0 + time, 10.0, 0.0)
    assert not readers.habit(1, 30.0, 10.0).unreliable


def test_readers_remember_the_latest_programs() -> None:
    readers = Readers()
    for program in range(MOST + 10):
        readers.learn(program, receipt(1), watched=True)
    assert len(readers) == MOST
    assert not readers.habit(0, 0.0, 0.0).at_change
    assert readers.habit(MOST, 0.0, 0.0).at_change == {TEXT: 1}
