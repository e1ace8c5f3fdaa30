"""Editors on a test's display, each with a way to read what is in it; a paster that hears the keys as the app does."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

import anyio
from Xlib import X
from Xlib.display import Display
from Xlib.ext import xtest

from desktop.core.interfaces import UserActivity
from desktop.core.keys import Action, build_bindings
from desktop.core.types import Outcome, PasteResult
from desktop.hotkeys.x11 import X11HotkeyListener
from desktop.paste.x11.paster import X11Paster
from tests.support import paste_desk
from tests.support.desk import until
from tests.support.session_bus import NO_SERVICES
from tests.support.x_clients import PATIENCE_S, Hand, keys_down, own_home, program, read_file

CONTROL, LETTER_S = 37, 39


def nothing() -> None:
    pass


@dataclass
class Desk(paste_desk.Desk):
    """A paster that hears the keys as the app does; `heard` is when it last did."""

    heard: Callable[[], float] = lambda: 0.0

    async def tap(self, hand: Hand, *keycodes: int) -> None:
        """Strike a chord that is heard when this returns."""
        before = self.heard()
        tap(hand, *keycodes)
        with anyio.fail_after(PATIENCE_S):
            while self.heard() == before:
                await anyio.lowlevel.checkpoint()

    async def insert(self, text: str) -> None:
        """Paste into the window that has the focus now, which must take it."""
        result = await self.paste(text)
        assert result.outcome is Outcome.INSERTED, result

    async def take_back(self, *texts: str) -> PasteResult:
        return await self.paster.undo_paste(texts, nothing)


@asynccontextmanager
async def hearing_desk(display: str) -> AsyncIterator[Desk]:
    keys = X11HotkeyListener(
        build_bindings({Action.TALK: ["pause"], Action.CANCEL: ["esc"]}),
        lambda event, action: None,
        lambda problem: None,
        display,
    )
    keys.start()
    paster = X11Paster(display, UserActivity(keys.expect_own_keys, last_input_at=keys.last_input_at))
    paster.start(asyncio.get_running_loop())
    try:
        yield Desk(display, paster, heard=lambda: keys.last_input_at(inf))
    finally:
        paster.close()
        keys.close()
        assert keys_down(display) == []


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

    on_a_bus = ("dbus-run-session", f"--config-file={NO_SERVICES}", "--")
    with program(display, "note.txt", *on_a_bus, "mousepad", "--disable-server", path, env=own_home(folder)):
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
proc save {} {
    global argv
    set file [open [lindex $argv 0] w]
    fconfigure $file -encoding utf-8
    puts -nonewline $file [.t get 1.0 {end - 1 char}]
    close $file
}
bind .t <FocusIn> save
bind .t <<Modified>> {
    .t edit modified 0
    save
}
"""


@contextmanager
def tk(display: str, folder: Path, hand: Hand) -> Iterator[Callable[[str], str]]:
    path, script = folder / "tk.txt", folder / "editor.tcl"
    script.write_text(TK)
    with program(display, "intone-tk", "wish", script, path):
        until(path.exists, f"{path} is there")  # the window has the focus before the field in it
        yield lambda wanted: read_file(path, lambda text: text == wanted)


def click_twice(display: str, window: int, x: int, y: int, times: int = 2) -> None:
    """Click the left button twice at a place in a window: a word is selected. Three `times` select a line."""
    connection = Display(display)
    root = connection.screen().root
    place = root.translate_coords(connection.create_resource_object("window", window), x, y)
    xtest.fake_input(connection, X.MotionNotify, x=place.x, y=place.y)
    for event in (X.ButtonPress, X.ButtonRelease) * times:
        xtest.fake_input(connection, event, 1)
    connection.sync()
    connection.close()


type Editor = Callable[[str, Path, Hand], Any]
"""One of `gtk`, `qt` and `tk`: entered, it gives what reads its text, once that is as wanted."""
