"""Who read a promised text, and what is said when that cannot be known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.core.types import Outcome
from desktop.paste.delayed.promise import RENEWALS, Promise, Reader
from desktop.paste.outcome import QUIET_S, UNREAD_S, Lent

SENT = Promise(Lent(100.0))
LATE = 100.0 + UNREAD_S


@pytest.mark.parametrize(
    ("promise", "now", "outcome"),
    [
        pytest.param(SENT, 100.1, None, id="just sent"),
        pytest.param(SENT.read(Reader.TARGET, 101.0), 101.0 + QUIET_S, Outcome.INSERTED, id="the target read"),
        pytest.param(SENT, LATE, Outcome.COPIED, id="nobody read"),
        pytest.param(SENT.read(Reader.TARGET, 99.9), 100.5, None, id="a read before the chord is no receipt"),
        pytest.param(SENT.read(Reader.OTHER, 101.0), 101.0 + QUIET_S, None, id="another's read is no receipt"),
        pytest.param(SENT.read(Reader.OTHER, 101.0), LATE, Outcome.UNCONFIRMED, id="the target could read unseen"),
        pytest.param(SENT.read(Reader.OTHER, 101.0).renewed(), LATE, Outcome.COPIED, id="it would have been seen"),
        pytest.param(
            SENT.read(Reader.UNNAMED, 101.0).renewed(), LATE, Outcome.UNCONFIRMED, id="the unnamed may be the target"
        ),
    ],
)
def test_only_target_read_is_proof_doubt_is_noted(promise: Promise, now: float, outcome: Outcome | None) -> None:
    assert promise.ending(now) is outcome


def test_text_read_by_other_renewed_a_few_times() -> None:
    promise, renewals = SENT, 0
    while (promise := promise.read(Reader.OTHER, 101.0)).stale:
        promise, renewals = promise.renewed(), renewals + 1
    assert renewals == RENEWALS


@pytest.mark.parametrize(
    "promise",
    [
        pytest.param(SENT, id="nobody took it"),
        pytest.param(SENT.read(Reader.TARGET, 101.0), id="the target has it"),
        pytest.param(
            replace(SENT.read(Reader.OTHER, 101.0), lent=replace(SENT.lent, lost=True)), id="it is not ours any more"
        ),
    ],
)
def test_promise_not_renewed_where_useless(promise: Promise) -> None:
    assert not promise.stale
