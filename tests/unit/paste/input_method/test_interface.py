"""Nothing but the field itself gives the text around its cursor away."""

from __future__ import annotations

import asyncio
import logging

import pytest

from desktop.core.types import Outcome
from desktop.paste.input_method.interface import SurroundingText
from tests.support.input_method import FakeField
from tests.support.input_method_desk import Desk


@pytest.mark.parametrize(
    ("cursor", "anchor", "parts"),
    [(4, 4, ("Dear", "", " Bob")), (4, 8, ("Dear", " Bob", "")), (8, 4, ("Dear", " Bob", ""))],
)
def test_a_report_has_three_parts(cursor: int, anchor: int, parts: tuple[str, str, str]) -> None:
    report = SurroundingText("Dear Bob", cursor, anchor)
    assert (report.before, report.selected, report.after) == parts


def test_no_text_is_in_a_repr() -> None:
    assert "Bob" not in repr(SurroundingText("Dear Bob", 0, 4))


def test_no_text_is_logged_or_kept(caplog: pytest.LogCaptureFixture) -> None:
    async def dictate() -> Desk:
        desk = Desk(FakeField.marked("Dear Bob, |hidden| words"))
        assert (await desk.paste("Thank you.")).outcome is Outcome.INSERTED
        assert (await desk.paster.undo_paste((), desk.on_sent)).outcome is Outcome.CANCELLED
        desk.field.breaks = "part"
        await desk.paste("Thank you.")
        return desk

    with caplog.at_level(logging.DEBUG):
        desk = asyncio.run(dictate())
    assert not any(word in caplog.text for word in ("Bob", "hidden", "words", "Thank"))
    state = [vars(part) for part in (desk.paster, desk.paster._editor, desk.paster._route, desk.paster._joiner)]
    assert not any(word in repr(state) for word in ("Bob", "hidden", "words"))
