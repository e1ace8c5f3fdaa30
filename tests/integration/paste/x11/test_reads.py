"""A program on a busy machine reads once more than it seems to: what was dictated is still there then."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence

import pytest

from desktop.core.chords import Chord, Paste
from desktop.core.types import Delivery, Outcome, Target
from desktop.paste.apps import Applications, Rule
from desktop.paste.joining import Insertion
from desktop.paste.outcome import QUIET_S, Lent
from desktop.paste.request import Manner
from desktop.paste.x11.paste_state import Loan
from tests.support.paste_desk import Desk, desk_on
from tests.support.x_clients import Owner, SlowReader, focused, xclip

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(display: str) -> AsyncIterator[Desk]:
    async with desk_on(display) as desk:
        yield desk


@pytest.mark.parametrize(("paste", "probed"), [(Paste.CTRL_V, True), (Paste.SHIFT_INSERT, False)])
def test_the_first_read_is_a_probe_at_control_v_alone(paste: Paste, probed: bool) -> None:
    target, rule = Target("app", "title", 1), Rule(reads="twice")
    loan = Loan(Chord(paste, ()), rule, target, Lent(1.0), {}, Insertion(1, "Said.", 1.0))
    assert loan.read(1.1).lent.probed == probed
    assert not loan.read(1.1).read(1.2).lent.probed


@pytest.mark.parametrize(
    ("pause_s", "targets", "rule"),
    [
        pytest.param(3 * QUIET_S, ["UTF8_STRING"] * 2, {"reads": "twice"}, id="as Chromium does"),
        pytest.param(0.5 * QUIET_S, ["UTF8_STRING", "TARGETS", "TARGETS", "UTF8_STRING"], {}, id="looking in between"),
    ],
)
async def test_it_reads_the_same_to_the_end(
    display: str, desk: Desk, pause_s: float, targets: Sequence[str], rule: Mapping[str, str]
) -> None:
    with Owner(display, {"UTF8_STRING": b"before"}), SlowReader(display, pause_s, targets) as window:
        focused(display, "slow-reader")
        desk.paster.manner = Manner(Applications({(await desk.target()).app: rule}))
        assert await desk.paste("Said.") == Delivery(Outcome.INSERTED)
        assert window.read == ["Said."] * 2
        assert xclip(display) == b"before"
