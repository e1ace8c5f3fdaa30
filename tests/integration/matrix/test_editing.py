"""What is selected in a program is read to the byte and replaced, once, with the clipboard as it was."""

from __future__ import annotations

import anyio
import pytest

from desktop.core.types import Outcome, PasteResult, Selection
from tests.integration.matrix.programs import CONTROL_L, LETTER_A, Program
from tests.support.paste_desk import Desk
from tests.support.x_clients import PATIENCE_S, Owner, xclip

pytestmark = pytest.mark.anyio

TEXT = "This is a rather long way to say it: é 日本語 👍🏽."
EDITED = "In short: é 日本語 👍🏽."


@pytest.mark.parametrize("program", ["mousepad", "qt", "textarea", "contenteditable"], indirect=True)
async def test_what_is_selected_is_replaced_once(display: str, desk: Desk, program: Program) -> None:
    with Owner(display, {"UTF8_STRING": b"before"}):
        assert await desk.paste(TEXT) == PasteResult(Outcome.INSERTED)
        assert program.added(TEXT) == TEXT
        whole, program.shown = program.shown, ""
        program.tap(CONTROL_L, LETTER_A)
        with anyio.fail_after(PATIENCE_S):
            while (marked := await desk.paster.read_selection()).text != whole:
                await anyio.lowlevel.checkpoint()
        target = await desk.target()
        selection = await desk.paster.copy_selection(marked, target)
        assert selection == Selection(target.handle, whole)
        assert await desk.paster.replace_selection(selection, EDITED, target, lambda: None) == PasteResult(
            Outcome.INSERTED
        )
        assert program.added(EDITED) == EDITED
        assert xclip(display) == b"before"
