"""Taking back and swapping what was inserted, in real programs on a real X server, with the keys really heard."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from Xlib import X
from Xlib.display import Display
from Xlib.ext import xtest

from desktop.hotkey.bindings import Action, bind
from desktop.hotkey.x11 import X11Keys
from desktop.paste.request import Hands
from desktop.paste.takeback import BLIND, CHANGED, ELSEWHERE, NOTHING
from desktop.paste.x11 import X11Paster
from desktop.ports import Delivery, Outcome
from tests import paste_desk
from tests.x_clients import (
    PATIENCE_S,
    Client,
    Hand,
    Owner,
    focused,
    keys_down,
    own_home,
    program,
    read_file,
    set_layout,
    targets,
    xclip,
)

CONTROL, LETTER_S, LETTER_X, LETTER_Y, LETTER_Z = 37, 39, 53, 29, 52

PLAIN = "Plain words."
MANY = "é ñ ß e\u0301 日本語 한국어 👍🏽 👨‍👩‍👧‍👦 🇩🇪🇫🇷 1️⃣ end."
LONG = " ".join(f"Word {number}, and many more." for number in range(40))
LINES = "\n".join(f"Line {number} of a text that is long, with\ta tab in it." for number in range(40))
BEFORE = {"UTF8_STRING": "was hier vorher stand: 日本語".encode(), "text/html": b"<b>before</b>"}
UNDONE, SWAPPED = Delivery(Outcome.CANCELLED), Delivery(Outcome.INSERTED)

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def nothing() -> None:
    pass


class Desk(paste_desk.Desk):
    """A paster that hears the keys as the app does."""

    async def insert(self, text: str) -> None:
        """Paste into the window that has the focus now, which must take it."""
        delivery = await self.paste(text)
        assert delivery.outcome is Outcome.INSERTED, delivery

    async def take_back(self, *texts: str) -> Delivery:
        return await self.paster.take_back(texts, nothing)


@pytest.fixture
async def desk(display: str) -> AsyncIterator[Desk]:
    keys = X11Keys(
        bind({Action.TALK: ["pause"], Action.CANCEL: ["esc"]}),
        lambda event, action: None,
        lambda problem: None,
        display,
    )
    keys.start()
    paster = X11Paster(display, Hands(keys.expect, touched=keys.touched))
    paster.start(asyncio.get_running_loop())
    try:
        yield Desk(display, paster)
    finally:
        paster.close()
        keys.close()
        assert keys_down(display) == []


@pytest.fixture
def hand(display: str) -> Iterator[Hand]:
    hand = Hand(display)
    yield hand
    hand.close()


def tap(hand: Hand, *keycodes: int) -> None:
    for keycode in keycodes:
        hand.press(keycode)
    for keycode in reversed(keycodes):
        hand.release(keycode)


@contextmanager
def gtk(display: str, folder: Path, hand: Hand) -> Iterator[Callable[[str], str]]:
    path = folder / "note.txt"
    path.write_text("")

    def read(wanted: str) -> str:
        tap(hand, CONTROL, LETTER_S)
        return read_file(path, lambda text: text == wanted)

    with program(display, "note.txt", "dbus-run-session", "mousepad", "--disable-server", path, env=own_home(folder)):
        yield read


@contextmanager
def qt(display: str, folder: Path, hand: Hand) -> Iterator[Callable[[str], str]]:
    path = folder / "qt.txt"
    script = Path(__file__).with_name("qt_editor.py")
    with program(display, "intone-editor", sys.executable, script, path, env={"QT_QPA_PLATFORM": "xcb"}):
        yield lambda wanted: read_file(path, lambda text: text == wanted)


TK = """
wm title . intone-tk
pack [text .t -width 60 -height 12]
focus .t
bind .t <<Modified>> {
    .t edit modified 0
    set file [open [lindex $argv 0] w]
    fconfigure $file -encoding utf-8
    puts -nonewline $file [.t get 1.0 {end - 1 char}]
    close $file
}
"""


@contextmanager
def tk(display: str, folder: Path, hand: Hand) -> Iterator[Callable[[str], str]]:
    path, script = folder / "tk.txt", folder / "editor.tcl"
    script.write_text(TK)
    with program(display, "intone-tk", "wish", script, path):
        yield lambda wanted: read_file(path, lambda text: text == wanted)


type Editor = Callable[[str, Path, Hand], Any]


@pytest.mark.parametrize("editor", [gtk, qt, tk])
@pytest.mark.parametrize("text", [PLAIN, MANY, LINES, LONG], ids=["plain", "many", "lines", "long"])
async def test_what_was_inserted_is_gone_and_nothing_else(
    display: str, desk: Desk, hand: Hand, tmp_path: Path, editor: Editor, text: str
) -> None:
    with editor(display, tmp_path, hand) as read, Owner(display, BEFORE):
        await desk.insert("Before.")
        await desk.insert(text)
        assert await desk.take_back() == UNDONE
        assert await desk.take_back() == Delivery(Outcome.REFUSED, f"{NOTHING} Nothing was undone.")
        await desk.insert("After.")
        assert read("Before. After.") == "Before. After."
        assert targets(display, list(BEFORE)) == BEFORE


@pytest.mark.parametrize("editor", [gtk, qt, tk])
async def test_raw_and_polished_are_swapped_in_place_and_back(
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
async def test_where_something_was_typed_since_nothing_is_done(
    display: str, desk: Desk, hand: Hand, tmp_path: Path, editor: Editor
) -> None:
    with editor(display, tmp_path, hand) as read, Owner(display, BEFORE):
        await desk.insert(PLAIN)
        tap(hand, LETTER_X)
        assert await desk.take_back() == Delivery(Outcome.REFUSED, f"{CHANGED} Nothing was undone.")
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
        assert (await desk.take_back()).note == f"{CHANGED} Nothing was undone."
        tap(hand, LETTER_Z)
        before, _, after = read_file(tmp_path / "qt.txt", lambda text: "z" in text).partition("z")
        assert before + after == LINES
        assert after, "the cursor is still at the word"


async def test_a_long_way_leaves_the_layout_and_the_cursor_where_they_were(
    display: str, desk: Desk, hand: Hand, tmp_path: Path
) -> None:
    set_layout(display, "us,de", "-option", "grp:ctrl_shift_toggle")
    try:
        with qt(display, tmp_path, hand) as read:
            await desk.insert(LONG)
            assert await desk.take_back() == UNDONE
            await desk.insert(LONG)
            tap(hand, LETTER_X)
            assert (await desk.take_back()).note == f"{CHANGED} Nothing was undone."
            tap(hand, LETTER_Y)
            assert read(f"{LONG}xy") == f"{LONG}xy", "a z in German"
    finally:
        set_layout(display, "us", "-option", "")


async def test_in_another_window_nothing_is_done(display: str, desk: Desk, hand: Hand, tmp_path: Path) -> None:
    with qt(display, tmp_path, hand) as read:
        await desk.insert(PLAIN)
        with Client(display, "other", show=True):
            focused(display, "other")
            assert (await desk.take_back()).note == f"{ELSEWHERE} Nothing was undone."
        focused(display, "intone-editor")
        assert await desk.take_back() == UNDONE
        assert read("") == ""


async def test_a_shell_line_is_left_alone(display: str, desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "xterm.txt"
    with program(display, "shell", "xterm", "-u8", "-T", "shell", "-e", f"stty -icanon -echo; cat > {path}"):
        await desk.insert(PLAIN)
        assert (await desk.take_back("raw", PLAIN)).note == f"{BLIND} Nothing was swapped."
        await desk.insert("More.")
        assert read_file(path, lambda text: text.endswith("More.")) == f"{PLAIN} More."


async def test_what_was_marked_elsewhere_is_marked_again(display: str, desk: Desk, hand: Hand, tmp_path: Path) -> None:
    marked = {"UTF8_STRING": b"marked"}
    with gtk(display, tmp_path, hand), Owner(display, marked, selection="PRIMARY"):
        await desk.insert(PLAIN)
        assert await desk.take_back() == UNDONE
        assert await anyio.to_thread.run_sync(xclip, display, "-selection", "primary") == b"marked"


def click_twice(display: str, window: int, x: int, y: int) -> None:
    """Click the left button twice at a place in a window: a word is selected."""
    connection = Display(display)
    root = connection.screen().root
    place = root.translate_coords(connection.create_resource_object("window", window), x, y)
    xtest.fake_input(connection, X.MotionNotify, x=place.x, y=place.y)
    for event in (X.ButtonPress, X.ButtonRelease) * 2:
        xtest.fake_input(connection, event, 1)
    connection.sync()
    connection.close()
