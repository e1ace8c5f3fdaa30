"""A program on a busy machine reads once more than it seems to: what was dictated is still there then."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence

import pytest

from desktop.core.chords import PasteChord, PasteShortcut
from desktop.core.types import Outcome, PasteResult, Target
from desktop.paste.apps import PasteRule, PasteRules
from desktop.paste.outcome import QUIET_S, PasteProgress
from desktop.paste.request import PasteOptions
from desktop.paste.text_fit import Insertion
from desktop.paste.x11.paste_state import PendingPaste
from tests.support.paste_desk import Desk, desk_on
from tests.support.x_clients import Owner, SlowReader, focused, xclip

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(display: str) -> AsyncIterator[Desk]:
    async with desk_on(display) as desk:
        yield desk


@pytest.mark.parametrize(("paste", "probed"), [(PasteShortcut.CTRL_V, True), (PasteShortcut.SHIFT_INSERT, False)])
def test_the_first_read_is_a_probe_at_control_v_alone(paste: PasteShortcut, probed: bool) -> None:
    target, rule = Target("app", "title", 1), PasteRule(reads="twice")
    loan = PendingPaste(PasteChord(paste, ()), rule, target, PasteProgress(1.0), {}, Insertion(1, "Said.", 1.0))
    assert loan.with_read(1.1).progress.expects_second_read == probed
    assert not loan.with_read(1.1).with_read(1.2).progress.expects_second_read


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
        desk.paster.options = PasteOptions(PasteRules({(await desk.target()).app: rule}))
        assert await desk.paste("Said.") == PasteResult(Outcome.INSERTED)
        assert window.read == ["Said."] * 2
        assert xclip(display) == b"before"
