"""Who read an offered text, and what is said when that cannot be known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.core.types import Outcome
from desktop.paste.delayed.pending_text import MAX_RENEWALS, DelayedText, ReaderKind
from desktop.paste.outcome import QUIET_S, READ_TIMEOUT_S, PasteProgress

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
            SENT.with_read(ReaderKind.OTHER, 101.0).with_renewal(),
            LATE,
            Outcome.COPIED,
            id="it would have been seen",
        ),
        pytest.param(
            SENT.with_read(ReaderKind.UNNAMED, 101.0).with_renewal(),
            LATE,
            Outcome.UNCONFIRMED,
            id="the unnamed may be the target",
        ),
        pytest.param(
            SENT.with_read(ReaderKind.UNNAMED_IN_FRONT, 101.0),
            101.0 + QUIET_S,
            Outcome.INSERTED,
            id="the unnamed is the target in front",
        ),
        pytest.param(
            SENT.with_read(ReaderKind.UNNAMED_IN_FRONT, 99.9).with_read(ReaderKind.UNNAMED_IN_FRONT, 101.0),
            LATE,
            Outcome.UNCONFIRMED,
            id="the unnamed reads without the chord too",
        ),
        pytest.param(
            SENT.with_read(ReaderKind.UNNAMED, 101.0).with_renewal().with_read(ReaderKind.UNNAMED_IN_FRONT, 102.0),
            LATE,
            Outcome.UNCONFIRMED,
            id="the unnamed has read with another in front",
        ),
        pytest.param(
            SENT.with_read(ReaderKind.OTHER, 101.0).with_renewal().with_read(ReaderKind.UNNAMED_IN_FRONT, 102.0),
            102.0 + QUIET_S,
            Outcome.INSERTED,
            id="a history with a name, and the unnamed target",
        ),
    ],
)
def test_only_target_read_is_proof_doubt_is_noted(offered: DelayedText, now: float, outcome: Outcome | None) -> None:
    assert offered.find_outcome(now) is outcome


def test_text_read_by_other_renewed_a_few_times() -> None:
    offered, renewals = SENT, 0
    while (offered := offered.with_read(ReaderKind.OTHER, 101.0)).needs_renewal:
        offered, renewals = offered.with_renewal(), renewals + 1
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
    assert not offered.needs_renewal
