"""Taking back and swapping what was inserted, in real programs on a real X server, with the keys really heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from time import monotonic

import anyio
import pytest

from desktop.core.interfaces import UserActivity
from desktop.core.messages import Message
from desktop.core.types import Outcome, PasteResult
from desktop.paste.request import USER_AWAY
from desktop.paste.undo import NOTHING_TO_UNDO, OTHER_WINDOW, REMOVED_NOT_REPLACED, TEXT_CHANGED, WINDOW_NOT_UNDOABLE
from desktop.paste.x11.paster import X11Paster
from tests.support.editor_desk import Desk, Editor, click_twice, gtk, hearing_desk, qt, tap, tk
from tests.support.x_clients import (
    PATIENCE_S,
    Client,
    Hand,
    Owner,
    focused,
    program,
    read_file,
    set_layout,
    targets,
    xclip,
)

BACKSPACE, LETTER_X, LETTER_Y, LETTER_Z = 22, 53, 29, 52

PLAIN = "Plain words."
MANY = "é ñ ß e\u0301 日本語 한국어 👍🏽 👨‍👩‍👧‍👦 🇩🇪🇫🇷 1️⃣ end."
LONG = " ".join(f"Word {number}, and many more." for number in range(40))
LINES = "\n".join(f"Line {number} of a text that is long, with\ta tab in it." for number in range(40))
BEFORE = {"UTF8_STRING": "was hier vorher stand: 日本語".encode(), "text/html": b"<b>before</b>"}
NOTHING_UNDONE = Message("nothing-undone")
UNDONE, SWAPPED = PasteResult(Outcome.CANCELLED), PasteResult(Outcome.INSERTED)

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(display: str) -> AsyncIterator[Desk]:
    async with hearing_desk(display) as desk:
        yield desk


@pytest.mark.parametrize("editor", [gtk, qt, tk])
@pytest.mark.parametrize("text", [PLAIN, MANY, LINES, LONG], ids=["plain", "many", "lines", "long"])
async def test_what_was_inserted_is_gone_and_nothing_else(
    display: str, desk: Desk, hand: Hand, tmp_path: Path, editor: Editor, text: str
) -> None:
    with editor(display, tmp_path, hand) as read, Owner(display, BEFORE):
        await desk.insert("Before.")
        await desk.insert(text)
        assert await desk.take_back() == UNDONE
        assert await desk.take_back() == PasteResult(Outcome.REFUSED, (NOTHING_TO_UNDO, NOTHING_UNDONE))
        await desk.insert("After.")
        assert read("Before. After.") == "Before. After."
        assert targets(display, list(BEFORE)) == BEFORE


@pytest.mark.parametrize("editor", [gtk, qt, tk])
async def test_swap_toggles_raw_and_polished_in_place(
    display: str, desk: Desk, hand: Hand, tmp_path: Path, editor: Editor
) -> None:
    raw, polished = "um and so we went home", "And so we went home."
    with editor(display, tmp_path, hand) as read, Owner(display, BEFORE):
        await desk.insert("Then it rained")
        await desk.insert(polished)
        assert await desk.take_back(raw, polished) == SWAPPED, "raw"
        assert await desk.take_back(raw, polished) == SWAPPED, "polished"
        assert await desk.take_back(raw, polished) == SWAPPED, "raw"
        assert read(f"Then it rained {raw}") == f"Then it rained {raw}"
        assert targets(display, list(BEFORE)) == BEFORE


@pytest.mark.parametrize("editor", [gtk, qt, tk])
async def test_undo_after_typing_changes_nothing(
    display: str, desk: Desk, hand: Hand, tmp_path: Path, editor: Editor
) -> None:
    with editor(display, tmp_path, hand) as read, Owner(display, BEFORE):
        await desk.insert(PLAIN)
        await desk.tap(hand, LETTER_X)
        assert await desk.take_back() == PasteResult(Outcome.REFUSED, (TEXT_CHANGED, NOTHING_UNDONE))
        tap(hand, LETTER_Y)
        assert read(f"{PLAIN}xy") == f"{PLAIN}xy", "the cursor is where it was"
        assert targets(display, list(BEFORE)) == BEFORE


async def test_after_a_word_was_selected_nothing_is_done(display: str, desk: Desk, hand: Hand, tmp_path: Path) -> None:
    with qt(display, tmp_path, hand):
        await desk.insert(LINES)
        window, word = (await desk.target()).handle, b""
        with anyio.fail_after(PATIENCE_S):
            while not word:
                click_twice(display, window, 100, 60)
                word = await anyio.to_thread.run_sync(xclip, display, "-selection", "primary")
        assert word.decode() in LINES
        assert (await desk.take_back()).notes == (TEXT_CHANGED, NOTHING_UNDONE)
        tap(hand, LETTER_Z)
        before, _, after = read_file(tmp_path / "qt.txt", lambda text: "z" in text).partition("z")
        assert before + after == LINES
        assert after, "the cursor is still at the word"


async def test_long_undo_keeps_layout_and_cursor(display: str, desk: Desk, hand: Hand, tmp_path: Path) -> None:
    set_layout(display, "us,de", "-option", "grp:ctrl_shift_toggle")
    try:
        with qt(display, tmp_path, hand) as read:
            await desk.insert(LONG)
            assert await desk.take_back() == UNDONE
            await desk.insert(LONG)
            tap(hand, LETTER_X)
            assert (await desk.take_back()).notes == (TEXT_CHANGED, NOTHING_UNDONE)
            tap(hand, LETTER_Y)
            assert read(f"{LONG}xy") == f"{LONG}xy", "a z in German"
    finally:
        set_layout(display, "us", "-option", "")


async def test_in_another_window_nothing_is_done(display: str, desk: Desk, hand: Hand, tmp_path: Path) -> None:
    with qt(display, tmp_path, hand) as read:
        await desk.insert(PLAIN)
        with Client(display, "other", show=True):
            focused(display, "other")
            assert (await desk.take_back()).notes == (OTHER_WINDOW, NOTHING_UNDONE)
        focused(display, "intone-editor")
        assert await desk.take_back() == UNDONE
        assert read("") == ""


async def test_a_swap_that_finds_the_user_gone_leaves_the_text_removed(
    display: str, hand: Hand, tmp_path: Path
) -> None:
    left_at = 0.0

    def expect(keycodes: Iterable[int]) -> None:
        nonlocal left_at
        if BACKSPACE in keycodes:  # the screen is locked just after the text was deleted
            left_at = monotonic() + 60.0

    paster = X11Paster(display, UserActivity(expect, last_left_at=lambda: left_at))
    paster.start(asyncio.get_running_loop())
    desk = Desk(display, paster)
    try:
        with qt(display, tmp_path, hand) as read, Owner(display, BEFORE):
            await desk.insert(PLAIN)
            result = await desk.take_back("um plain words", PLAIN)
            assert result == PasteResult(Outcome.REMOVED, (REMOVED_NOT_REPLACED, *USER_AWAY.notes))
            assert read("") == ""
            assert targets(display, list(BEFORE)) == BEFORE
    finally:
        paster.close()


async def test_a_shell_line_is_left_alone(display: str, desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "xterm.txt"
    with program(display, "shell", "xterm", "-u8", "-T", "shell", "-e", f"stty -icanon -echo; cat > {path}"):
        await desk.insert(PLAIN)
        assert (await desk.take_back("raw", PLAIN)).notes == (WINDOW_NOT_UNDOABLE, Message("nothing-swapped"))
        await desk.insert("More.")
        assert read_file(path, lambda text: text.endswith("More.")) == f"{PLAIN} More."


async def test_what_was_marked_elsewhere_is_marked_again(display: str, desk: Desk, hand: Hand, tmp_path: Path) -> None:
    marked = {"UTF8_STRING": b"marked"}
    with gtk(display, tmp_path, hand), Owner(display, marked, selection="PRIMARY"):
        await desk.insert(PLAIN)
        assert await desk.take_back() == UNDONE
        assert await anyio.to_thread.run_sync(xclip, display, "-selection", "primary") == b"marked"
