"""Which reads answer a chord, and what is remembered of a program's reads: as values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from desktop.core.chords import PasteChord, PasteShortcut
from desktop.core.messages import Notes
from desktop.core.types import Outcome, Target
from desktop.paste.apps import PasteRule
from desktop.paste.outcome import QUIET_S, PasteProgress, evaluate_outcome
from desktop.paste.receipt import (
    MAX_SAME_READS,
    MAX_UNKNOWN_WATCH_S,
    MIN_UNKNOWN_WATCH_S,
    SUSPECT_WATCH_S,
    WATCH_S,
    ReadKind,
    Receipt,
    is_after,
)
from desktop.paste.request import RETURN_NOT_PRESSED, TAKEN_BEFORE_READ, WINDOW_READS_CLIPBOARD
from desktop.paste.text_fit import Insertion
from desktop.paste.x11.owned_selection import SelectionRead
from desktop.paste.x11.paste_state import PendingPaste
from desktop.paste.x11.readers import CHANGE_S, FORGET_S, MAX_PROGRAMS, MIN_UNPROMPTED_READS, UNPROMPTED_S, ReadHabits

TEXT, HTML = (1, 10), (1, 11)
CHORD, FIRST, SECOND = 100, 200, 300
"""Numbers of our requests: the chord's last key, and two renewals."""


def receipt(
    before: int = 0, after: int = 0, *renewals: int, habit: int = 0, trusted: bool = False, given_back: int = 0
) -> Receipt:
    """So many reads of the text before the chord, after it, and after each renewal."""
    made = Receipt({TEXT: habit} if habit else {}, trusted=trusted)
    for _ in range(before):
        made = made.with_read(TEXT, CHORD - 1)
    made = replace(made, chord_serial=CHORD)
    for _ in range(after):
        made = made.with_read(TEXT, CHORD)
    for mark, reads in zip((FIRST, SECOND), renewals, strict=False):
        made = made.with_renewal(mark)
        for _ in range(reads):
            made = made.with_read(TEXT, mark)
    return replace(made, restored_reads=(TEXT,) * given_back, is_closed=given_back > 0)


@pytest.mark.parametrize(
    ("serial", "mark", "after"),
    [(100, 100, True), (101, 100, True), (99, 100, False), (3, 65530, True), (65530, 3, False)],
)
def test_is_after_counts_past_the_largest_number(serial: int, mark: int, after: bool) -> None:
    assert is_after(serial, mark) is after


@pytest.mark.parametrize(
    ("made", "ambiguous", "wants_renewal", "verified"),
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
        pytest.param(receipt(0, MAX_SAME_READS), True, True, False, id="read again and again"),
        pytest.param(receipt(0, MAX_SAME_READS, 0), True, True, False, id="and not at a renewal"),
        pytest.param(receipt(0, MAX_SAME_READS - 1, 0), False, False, True, id="not quite so often"),
        pytest.param(receipt(0, 1, trusted=True), False, False, True, id="trusted: is not tried"),
        pytest.param(receipt(1, 0, trusted=True), True, False, True, id="trusted: has read too early"),
    ],
)
def test_receipt_tells_what_answers_the_chord(
    made: Receipt, ambiguous: bool, wants_renewal: bool, verified: bool
) -> None:
    assert (made.is_ambiguous, made.needs_renewal, made.is_verified) == (ambiguous, wants_renewal, verified)


def test_receipt_unreliable_program_proves_nothing() -> None:
    made = replace(receipt(0, 3, 0), unreliable=True)
    assert made.is_ambiguous
    assert not made.needs_renewal


def test_receipt_counts_kinds_apart() -> None:
    made = receipt(0, 1, 1)
    assert not replace(made, reads_after=(*made.reads_after, HTML)).is_ambiguous


def test_receipt_late_answer_counts_where_it_was_asked() -> None:
    made = receipt(0, 1, 0, 0).with_read(TEXT, FIRST).with_read(TEXT, CHORD).with_read(TEXT, CHORD - 1)
    assert (made.reads_before, made.reads_after, made.renewals) == ((TEXT,), (TEXT, TEXT), ((TEXT,), ()))


def test_receipt_closed_renewal_leaves_reads_to_chord() -> None:
    made = replace(receipt(0, 1, 1, 1), is_closed=True).with_read(TEXT, SECOND)
    assert made.reads_after == (TEXT, TEXT)
    assert not made.is_ambiguous


def loan(made: Receipt | None = None, *, enter: bool = False, clean: bool = False) -> PendingPaste:
    """A paste whose chord was sent at 10.0, into a clipboard lent at 9.99."""
    target, rule = Target(1, "app", "title"), PasteRule(enter=enter)
    chord, inserted = PasteChord(PasteShortcut.CTRL_V, ()), Insertion(1, "Said.", 10.0)
    lent = PasteProgress(10.0)
    return PendingPaste(
        chord, rule, target, lent, {}, inserted, receipt=made, clipboard_taken_at=9.99, ignores_changes=clean
    ).with_chord_pressed(CHORD)


def read(serial: int = CHORD) -> SelectionRead:
    return SelectionRead(7, *TEXT, serial)


def test_loan_plain_program_ends_when_it_did_before() -> None:
    plain = loan(Receipt(), clean=True).with_read(10.01, read())
    assert plain.renewal_due_at == pytest.approx(10.01 + QUIET_S - WATCH_S)
    renewed = plain.with_renewal(FIRST, 10.01 + QUIET_S - WATCH_S)
    assert renewed.progress.quiet_at == pytest.approx(10.01 + QUIET_S)
    assert evaluate_outcome(renewed.progress, 10.01 + QUIET_S + 0.001) is Outcome.INSERTED
    assert renewed.is_proven


def test_paste_slow_program_watched_as_long_at_first() -> None:
    assert loan(Receipt()).with_read(10.09, read()).watch_s == pytest.approx(2 * 0.1)
    assert loan(Receipt()).with_read(10.01, read()).watch_s == MIN_UNKNOWN_WATCH_S
    assert loan(Receipt()).with_read(15.0, read()).watch_s == MAX_UNKNOWN_WATCH_S
    assert loan(Receipt(), clean=True).with_read(15.0, read()).watch_s == WATCH_S
    assert loan(Receipt({TEXT: 1})).with_read(10.01, read()).watch_s == SUSPECT_WATCH_S


def test_loan_reads_before_the_chord_are_no_answer() -> None:
    early = loan(Receipt()).with_read(10.01, read(CHORD - 1))
    assert early.read_s is None
    assert early.renewal_due_at is None
    assert evaluate_outcome(early.progress, 13.9) is None
    assert evaluate_outcome(early.progress, 14.0) is Outcome.UNCONFIRMED
    assert evaluate_outcome(early.with_next_waiting().progress, 10.3) is Outcome.UNCONFIRMED


def test_paste_known_reader_with_renewal_ends_in_time() -> None:
    known = (
        loan(Receipt({TEXT: 1}, reads_before=(TEXT,)))
        .with_read(10.01, read())
        .with_renewal(FIRST, 10.15)
        .with_read(10.16, read(FIRST))
    )
    assert known.progress.quiet_at == pytest.approx(10.01 + QUIET_S)
    assert evaluate_outcome(known.progress, 10.22) is Outcome.INSERTED


def test_paste_second_renewal_watched_until_answered() -> None:
    made = (
        loan(Receipt())
        .with_read(10.01, read())
        .with_renewal(FIRST, 10.15)
        .with_read(10.16, read(FIRST))
        .with_renewal(SECOND, 10.3)
    )
    assert made.progress.watch_until == pytest.approx(10.3 + SUSPECT_WATCH_S)
    answered = made.with_read(10.34, read(SECOND))
    assert answered.progress.watch_until == pytest.approx(10.34 + WATCH_S)
    assert answered.progress.is_ambiguous


def test_paste_look_after_renewal_awaited_shortly() -> None:
    looked = loan(Receipt(), clean=True).with_read(10.01, read()).with_renewal(FIRST, 10.15).with_inspection(10.16)
    assert looked.progress.quiet_at == pytest.approx(10.16 + WATCH_S)
    assert loan(Receipt()).with_read(10.01, read()).with_inspection(10.16).progress.quiet_at == pytest.approx(
        10.16 + QUIET_S
    )
    assert loan(Receipt()).with_inspection(10.16).progress.read_at is None


def test_paste_doubt_after_renewals_waits_slow_field() -> None:
    made = loan(Receipt()).with_read(10.01, read())
    made = made.with_renewal(FIRST, 10.15).with_read(10.16, read(FIRST))
    assert made.renewal_due_at == pytest.approx(10.16 + QUIET_S - WATCH_S)
    made = made.with_renewal(SECOND, 10.3).with_read(10.31, read(SECOND))
    assert made.renewal_due_at == made.progress.quiet_at
    made = made.with_renewals_closed()
    assert (made.renewal_due_at, made.progress.is_ambiguous) == (None, True)
    answered = made.with_read(11.0, read(SECOND))
    assert not answered.progress.is_ambiguous
    assert evaluate_outcome(answered.progress, 11.9) is None, "it may read by the clock"
    assert evaluate_outcome(answered.progress, 12.1) is Outcome.INSERTED


@pytest.mark.parametrize(("enter", "end"), [(False, ()), (True, (RETURN_NOT_PRESSED,))])
def test_loan_unread_says_why(enter: bool, end: Notes) -> None:
    assert loan(Receipt(), enter=enter).unconfirmed_notes == (TAKEN_BEFORE_READ, *end)
    assert loan(Receipt(), enter=enter).with_read(10.01, read()).unconfirmed_notes == (TAKEN_BEFORE_READ, *end)
    assert loan(Receipt(), enter=enter).with_read(10.01, read(CHORD - 1)).unconfirmed_notes == (
        WINDOW_READS_CLIPBOARD,
        *end,
    )


@pytest.mark.parametrize(
    ("made", "sure"),
    [
        (loan(Receipt()).with_read(10.01, read()).with_loss(), False),
        (loan(Receipt(), clean=True).with_read(10.01, read()).with_loss(), True),
        (loan().with_read(10.01).with_loss(), True),
    ],
    ids=["it was not tried", "it was tried at an earlier paste", "a remote desktop"],
)
def test_loan_return_needs_a_program_that_was_tried(made: PendingPaste, sure: bool) -> None:
    assert made.is_proven is sure


def learned(made: Receipt, *before: Receipt, watched: bool = True) -> tuple[dict[ReadKind, int], bool]:
    readers = ReadHabits()
    for one in (*before, made):
        readers.learn_from_paste(1, one, is_watched=watched)
    habit = readers.find_habit(1, 0.0, 0.0)
    return dict(habit.at_change), habit.ignores_changes


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
def test_readers_learn_from_each_paste(pastes: Sequence[Receipt], at_change: dict[ReadKind, int], clean: bool) -> None:
    assert learned(pastes[-1], *pastes[:-1]) == (at_change, clean)


def test_readers_slow_program_is_tried_again() -> None:
    assert learned(receipt(0, 1, 0), watched=False) == ({}, False)


def test_readers_keyless_read_at_change_is_habit() -> None:
    readers = ReadHabits()
    readers.learn_from_paste(1, receipt(0, 1, 0), is_watched=True)
    for now in (10.1, 10.2):
        readers.learn_from_read(1, TEXT, now, changed_at=10.0, last_input_at=9.0)
    assert readers.find_habit(1, 11.0, 10.0).at_change == {TEXT: 2}
    assert not readers.find_habit(1, 11.0, 10.0).ignores_changes
    readers.learn_from_read(1, TEXT, 20.1, changed_at=20.0, last_input_at=9.0)
    assert readers.find_habit(1, 21.0, 10.0).at_change == {TEXT: 1}


@pytest.mark.parametrize(
    ("now", "touched_at"),
    [(10.1, 10.05), (10.1, 0.0), (10.0 + CHANGE_S + 0.1, 9.0)],
    ids=["a key was pressed since", "keys are not known", "much later"],
)
def test_readers_other_reads_are_no_habit(now: float, touched_at: float) -> None:
    readers = ReadHabits()
    readers.learn_from_read(1, TEXT, now, 10.0, touched_at)
    assert not readers.find_habit(1, 11.0, 10.0).at_change


def test_readers_causeless_unreliable_until_they_stop() -> None:
    readers, began = ReadHabits(), 10.0 + UNPROMPTED_S
    for time in range(1, MIN_UNPROMPTED_READS + 1):
        assert not readers.find_habit(1, began, 10.0).is_unreliable
        readers.learn_from_read(1, TEXT, began + time, 10.0, 9.0)
    last = began + MIN_UNPROMPTED_READS
    assert readers.find_habit(1, last + 1, 10.0).is_unreliable
    assert readers.find_habit(1, last + FORGET_S + 1, last + 5).is_unreliable, "it could not be seen all the time"
    assert not readers.find_habit(1, last + FORGET_S + 1, 10.0).is_unreliable
    assert not readers.find_habit(1, last + FORGET_S + 1, last + 5).is_unreliable


def test_readers_pastes_by_hand_are_no_habit() -> None:
    readers = ReadHabits()
    for time in range(2 * MIN_UNPROMPTED_READS):
        readers.learn_from_read(1, TEXT, 20.0 + time, 10.0, 19.9 + time)
        readers.learn_from_read(1, TEXT, 20.0 + time, 10.0, 0.0)
    assert not readers.find_habit(1, 30.0, 10.0).is_unreliable


def test_readers_remember_the_latest_programs() -> None:
    readers = ReadHabits()
    for program in range(MAX_PROGRAMS + 10):
        readers.learn_from_paste(program, receipt(1), is_watched=True)
    assert len(readers) == MAX_PROGRAMS
    assert not readers.find_habit(0, 0.0, 0.0).at_change
    assert readers.find_habit(MAX_PROGRAMS, 0.0, 0.0).at_change == {TEXT: 1}
