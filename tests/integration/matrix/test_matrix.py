"""It lands: each text in each program exactly once, and the next dictation after one space.

The clipboard holds something else before and has it again afterwards. There is no cell that cannot pass.
"""

from __future__ import annotations

import pytest

from desktop.core.types import DictationContext, Outcome, PasteResult, Style
from desktop.paste.apps import PasteRules
from desktop.paste.request import PasteOptions
from desktop.polish.rules.pipeline import PolishRules
from tests.integration.matrix.programs import (
    BRACKETED_SHELLS,
    CONTROL_L,
    LETTER_C,
    LETTER_G,
    PROGRAMS,
    RETURN,
    SHELLS,
    Program,
)
from tests.integration.matrix.texts import NEXT, TEXTS
from tests.support.paste_desk import Desk
from tests.support.x_clients import Owner, xclip

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("program", PROGRAMS, indirect=True)
async def test_it_lands_once_and_the_next_after_a_space(display: str, desk: Desk, program: Program, text: str) -> None:
    with Owner(display, {"UTF8_STRING": b"before"}):
        assert await desk.paste(TEXTS[text]) == PasteResult(Outcome.INSERTED)
        assert program.added(program.fitted(TEXTS[text])) == program.fitted(TEXTS[text])
        assert await desk.paste(NEXT) == PasteResult(Outcome.INSERTED)
        assert program.added(f" {NEXT}") == f" {NEXT}"
        assert xclip(display) == b"before"


@pytest.mark.parametrize("program", ["vim-insert", "vim-normal"], indirect=True)
async def test_vim_takes_for_text_what_could_be_commands(desk: Desk, program: Program) -> None:
    text = "ggdG :q! ZZ dd u @q <Esc>:%d"
    assert await desk.paste(f"{text}\n:q!\n") == PasteResult(Outcome.INSERTED)
    assert program.added(f"{text} :q!") == f"{text} :q!"


@pytest.mark.parametrize("program", ["vim-insert", "vim-normal"], indirect=True)
async def test_bracketed_paste_terminal_keeps_lines(desk: Desk, program: Program) -> None:
    desk.paster.options = PasteOptions(PasteRules({"xterm": {"lines": "bracketed"}}))
    assert await desk.paste("One.\n\nTwo.\n") == PasteResult(Outcome.INSERTED)
    assert program.added("One.\n\nTwo.") == "One.\n\nTwo."


@pytest.mark.parametrize("program", SHELLS, indirect=True)
async def test_shell_runs_nothing_before_the_user_confirms(desk: Desk, program: Program) -> None:
    assert await desk.paste("echo one\necho two\n") == PasteResult(Outcome.INSERTED)
    program.tap(RETURN)
    assert program.added("one echo two\n") == "one echo two\n"


@pytest.mark.parametrize("program", BRACKETED_SHELLS, indirect=True)
async def test_prompt_of_three_lines_is_three_lines_and_none_runs(desk: Desk, program: Program) -> None:
    rule = {"lines": "bracketed"}
    desk.paster.options = PasteOptions(PasteRules({"xterm": rule, "sakura": rule}))
    said = "echo one to f new line echo two to f new line echo three to f"
    style = Style("prompt", capital=False, closing=False, code="names")
    lines = PolishRules()(said, DictationContext(style=style, language="en")).text.replace(" to f", ' >> "$F"')
    assert lines.count("\n") == 2
    assert await desk.paste(lines) == PasteResult(Outcome.INSERTED)
    program.tap(CONTROL_L, LETTER_G)
    assert program.added("read\n") == "read\n", "none of it has run"
    program.tap(CONTROL_L, LETTER_C)
    assert await desk.paste('echo end >> "$F"') == PasteResult(Outcome.INSERTED)
    program.tap(RETURN)
    assert program.added("end\n") == "end\n"
    assert await desk.paste(lines) == PasteResult(Outcome.INSERTED)
    program.tap(RETURN)
    assert program.added("one\ntwo\nthree\n") == "one\ntwo\nthree\n"
