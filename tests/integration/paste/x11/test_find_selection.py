"""The dictation behind what is selected, in real programs on a real X server; clipboard and selection stay."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest

from desktop.app.quotations import QuotationService
from desktop.core.errors import UserError
from desktop.history.store import HistoryStore
from tests.integration.matrix.programs import opened
from tests.support.editor_desk import CONTROL, Desk, Editor, click_twice, gtk, hearing_desk, qt, tap
from tests.support.history_rows import said
from tests.support.x_clients import PATIENCE_S, Hand, Owner, own_home, program, targets

LETTER_A, END = 38, 115

TEXT = "The herons came back to the pond this morning."
EDITED = "Dear all, the herons were back at the pond this morning."
BEFORE = {"UTF8_STRING": "was hier vorher stand: 日本語".encode(), "text/html": b"<b>before</b>"}

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(display: str) -> AsyncIterator[Desk]:
    async with hearing_desk(display) as desk:
        yield desk


@pytest.fixture
def history(tmp_path: Path) -> HistoryStore:
    store = HistoryStore(tmp_path / "history.db")
    for text in ("About coffee.", TEXT, "The meeting is at ten."):
        store.add(said(text))
    return store


async def wait_for_selection(desk: Desk, text: str) -> None:
    """The window may still be busy with the keys."""
    with anyio.fail_after(PATIENCE_S):
        while (await desk.paster.read_selection()).text != text:
            await anyio.lowlevel.checkpoint()


@contextmanager
def chromium(display: str, folder: Path, hand: Hand) -> Iterator[Callable[[str], str]]:
    home = folder / "home"
    home.mkdir()
    with opened("textarea", display, home) as page:
        yield lambda wanted: page.look(lambda text: text == wanted)


@pytest.mark.parametrize("editor", [gtk, qt, chromium])
async def test_selection_in_a_window_opens_its_row(
    display: str, desk: Desk, hand: Hand, tmp_path: Path, history: HistoryStore, editor: Editor
) -> None:
    opened: list[tuple[Any, ...]] = []
    quotations = QuotationService(desk.paster, history, NotImplemented, lambda *given: opened.append(given))
    with editor(display, tmp_path, hand) as read, Owner(display, BEFORE):
        await desk.insert(EDITED)
        tap(hand, CONTROL, LETTER_A)
        await wait_for_selection(desk, EDITED)
        await quotations.find()
        assert opened == [(2, EDITED, False)]
        assert targets(display, list(BEFORE)) == BEFORE
        assert (await desk.paster.read_selection()).text == EDITED
        tap(hand, END)
        with pytest.raises(UserError) as problem:
            await quotations.find()
        assert (problem.value.message.code, len(opened)) == ("quotation-unselected", 1)
        assert targets(display, list(BEFORE)) == BEFORE
        assert read(EDITED) == EDITED


TERMINALS = {
    "xterm": ("xterm", "-u8", "-geometry", "80x10", "-T", "shown", "-e", "cat shown.txt -"),
    "vte": ("sakura", "--title", "shown", "-x", "cat shown.txt -"),
}


@pytest.mark.parametrize("terminal", TERMINALS)
async def test_selection_in_a_terminal_opens_its_row(
    display: str, desk: Desk, tmp_path: Path, history: HistoryStore, terminal: str
) -> None:
    opened: list[tuple[Any, ...]] = []
    quotations = QuotationService(desk.paster, history, NotImplemented, lambda *given: opened.append(given))
    (tmp_path / "shown.txt").write_text(f"{EDITED}\n")
    command = ("env", "-C", str(tmp_path), *TERMINALS[terminal])
    with program(display, "shown", *command, env=own_home(tmp_path)) as window, Owner(display, BEFORE):
        with anyio.fail_after(PATIENCE_S):
            while EDITED not in ((await desk.paster.read_selection()).text or ""):
                click_twice(display, window, 60, 10, times=3)
                await anyio.lowlevel.checkpoint()
        await quotations.find()
        ((id, text, is_exact),) = opened
        assert (id, text.strip(), is_exact) == (2, EDITED, False)
        assert targets(display, list(BEFORE)) == BEFORE
