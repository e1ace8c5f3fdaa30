"""Who read an offered text, and what is said when that cannot be known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.core.types import Outcome
from desktop.paste.delayed.pending_text import MAX_RENEWALS, UNNAMED_RENEWAL_S, DelayedText, ReaderKind
from desktop.paste.outcome import QUIET_S, READ_TIMEOUT_S, SECOND_READ_S, PasteProgress

SENT = DelayedText(PasteProgress(100.0))
LATE = 100.0 + READ_TIMEOUT_S


@pytest.mark.parametrize(
    ("offered", "now", "outcome"),
    [
        pytest.param(SENT, 100.1, None, id="just sent"),
        pytest.param(SENT.with_read(ReaderKind.TARGET, 101.0), 101.0 + QUIET_S, Outcome.INSERTED, id="the target read"),
        pytest.param(SENT, LATE, Outcome.COPIED, id="nobody read"),
        pytest.param(SENT.with_read(ReaderKind.TARGET, 99.9), 100.5, None, id="a read before the chord is no receipt"),
        pytest.param(SENT.with_read(ReaderKind.OTHER, 101.0), 101.0 + QUIET_S, None, id="another's read is no receipt"),
        pytest.param(
            SENT.with_read(ReaderKind.OTHER, 101.0), LATE, Outcome.UNCONFIRMED, id="the target could read unseen"
        ),
        pytest.param(
            SENT.with_read(ReaderKind.OTHER, 101.0).with_renewal(101.01),
            LATE,
            Outcome.UNCONFIRMED,
            id="the target could read unseen before the renewal",
        ),
        pytest.param(
            SENT.with_read(ReaderKind.UNNAMED, 101.0).with_renewal(101.01),
            LATE,
            Outcome.UNCONFIRMED,
            id="the unnamed may be the target",
        ),
        pytest.param(
            SENT.with_read(ReaderKind.UNNAMED_IN_FRONT, 100.04).with_renewal(100.09),
            100.04 + QUIET_S,
            Outcome.INSERTED,
            id="the unnamed is the target in front, and reads no more",
        ),
        pytest.param(
            SENT.with_read(ReaderKind.UNNAMED_IN_FRONT, 100.04),
            100.04 + QUIET_S,
            Outcome.UNCONFIRMED,
            id="it was not tried whether the unnamed reads again",
        ),
        pytest.param(
            SENT.with_read(ReaderKind.UNNAMED_IN_FRONT, 100.15).with_renewal(100.2),
            100.15 + QUIET_S,
            None,
            id="a history may take as long for the second time",
        ),
        pytest.param(
            SENT.with_read(ReaderKind.UNNAMED_IN_FRONT, 100.15)
            .with_renewal(100.2)
            .with_read(ReaderKind.UNNAMED_IN_FRONT, 100.36),
            LATE,
            Outcome.UNCONFIRMED,
            id="the unnamed reads what is offered again, so it is a history",
        ),
        pytest.param(
            SENT.with_read(ReaderKind.UNNAMED_IN_FRONT, 100.1).with_renewal(100.15).with_read(ReaderKind.TARGET, 101.0),
            101.0 + QUIET_S,
            Outcome.INSERTED,
            id="the target has a name, and read after an unnamed history",
        ),
        pytest.param(
            SENT.with_read(ReaderKind.UNNAMED_IN_FRONT, 99.9).with_read(ReaderKind.UNNAMED_IN_FRONT, 101.0),
            LATE,
            Outcome.UNCONFIRMED,
            id="the unnamed reads without the chord too",
        ),
        pytest.param(
            SENT.with_read(ReaderKind.UNNAMED, 101.0)
            .with_renewal(101.01)
            .with_read(ReaderKind.UNNAMED_IN_FRONT, 102.0),
            LATE,
            Outcome.UNCONFIRMED,
            id="the unnamed has read with another in front",
        ),
        pytest.param(
            SENT.with_read(ReaderKind.OTHER, 100.1)
            .with_renewal(100.11)
            .with_read(ReaderKind.UNNAMED_IN_FRONT, 100.2)
            .with_renewal(100.25),
            100.2 + 2 * QUIET_S,
            Outcome.INSERTED,
            id="a history with a name, and the unnamed target",
        ),
    ],
)
def test_only_target_read_is_proof_doubt_is_noted(offered: DelayedText, now: float, outcome: Outcome | None) -> None:
    assert offered.find_outcome(now) is outcome


def test_text_read_by_other_renewed_a_few_times() -> None:
    offered, renewals = SENT, 0
    while (offered := offered.with_read(ReaderKind.OTHER, 101.0)).renewal_at is not None:
        offered, renewals = offered.with_renewal(101.01), renewals + 1
    assert renewals == MAX_RENEWALS


@pytest.mark.parametrize(
    "offered",
    [
        pytest.param(SENT, id="nobody took it"),
        pytest.param(SENT.with_read(ReaderKind.TARGET, 101.0), id="the target has it"),
        pytest.param(
            replace(SENT.with_read(ReaderKind.OTHER, 101.0), progress=replace(SENT.progress, is_clipboard_lost=True)),
            id="it is not ours any more",
        ),
    ],
)
def test_offer_not_renewed_where_useless(offered: DelayedText) -> None:
    assert offered.renewal_at is None


def test_offer_is_renewed_for_an_unnamed_reader_when_its_paste_is_over() -> None:
    offered = SENT.with_read(ReaderKind.UNNAMED_IN_FRONT, 100.04)
    assert offered.renewal_at == offered.next_check_at == 100.04 + UNNAMED_RENEWAL_S


def test_target_that_reads_twice_keeps_the_offer_for_its_second_read() -> None:
    once = SENT.with_read(ReaderKind.TARGET, 100.04, reads_twice=True)
    assert once.find_outcome(100.04 + QUIET_S) is None
    assert once.find_outcome(100.04 + SECOND_READ_S) is Outcome.INSERTED
    assert once.with_read(ReaderKind.TARGET, 100.5).find_outcome(100.5 + QUIET_S) is Outcome.INSERTED
