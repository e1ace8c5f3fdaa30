"""What a copy of the clipboard is worth: one that is broken off spoils none after it, and what it lacks is known."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from Xlib import X

from desktop.paste.ahead import Ahead
from desktop.paste.clipboard import Clipboard
from desktop.paste.connection import Connection
from desktop.paste.reading import Copy
from tests.x_clients import Owner, own_home

STEPS = 10


class ByWindow(Owner):
    """It knows a transfer by the window that asked alone, as GTK does: the oldest goes on before another begins."""

    def __init__(self, display: str, size: int) -> None:
        super().__init__(display, {"image/png": random.Random(1).randbytes(size)})
        self._transfers: list[tuple[int, int, bytes]] = []
        self.steps = 0

    def _answer(self, event: Any) -> None:
        super()._answer(event)
        if (key := (event.requestor.id, event.property)) in self._flows:
            self._transfers.append((*key, self._flows.pop(key)))

    def _send_on(self, window: Any, name: int) -> None:
        oldest = next((one for one in self._transfers if one[0] == window.id), None)
        if oldest is None or oldest[1] != name:
            return
        self.steps += 1
        self._flows[window.id, name] = oldest[2]
        super()._send_on(window, name)
        left = self._flows.pop((window.id, name), None)
        place = self._transfers.index(oldest)
        self._transfers[place : place + 1] = [] if left is None else [(window.id, name, left)]


class Forgetful(Owner):
    """It does not answer the first question for `target`, as one that is busy for long just then."""

    def __init__(self, display: str, target: str) -> None:
        super().__init__(display, {"UTF8_STRING": b"plain", "text/html": b"<b>page</b>"})
        self._forgets = {self.atom(target)}

    def on_event(self, event: Any) -> None:
        if event.type == X.SelectionRequest and event.target in self._forgets:
            self._forgets.clear()
        else:
            super().on_event(event)


@pytest.fixture
def clipboard(display: str) -> Iterator[Clipboard]:
    connection = Connection(display)
    clipboard = Clipboard(connection, lambda window: None, lambda selection: None)
    connection.handle = clipboard.handle
    yield clipboard
    connection.close()


@contextmanager
def gtk(display: str, folder: Path) -> Iterator[None]:
    script = Path(__file__).with_name("gtk_owner.py")
    environ = {**own_home(folder), "DISPLAY": display, "GDK_BACKEND": "x11"}
    command = [sys.executable, str(script), "1000", "700"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield
        finally:
            process.kill()


def sizes(copy: Copy) -> list[int]:
    return [len(piece.data) for piece in copy.contents.values()]


def after(times: int) -> Callable[[], bool]:
    """Whether it was asked so often."""
    asked = count()
    return lambda: next(asked) >= times


def test_a_transfer_that_is_broken_off_spoils_none_after_it(display: str, clipboard: Clipboard) -> None:
    size = STEPS * Owner.STEP
    with ByWindow(display, size) as owner:
        clipboard.ahead.make(lambda: owner.steps > 2)
        assert clipboard.ahead.wanted
        assert owner.steps < STEPS, "it was broken off"
        copy = clipboard.copy("CLIPBOARD")
        assert (sizes(copy), copy.whole) == ([size], True)
        clipboard.ahead.make(lambda: False)
        assert clipboard.ahead.completed() == copy


def test_a_picture_of_gtk_that_is_broken_off_can_be_copied_again(
    display: str, clipboard: Clipboard, tmp_path: Path
) -> None:
    with gtk(display, tmp_path):
        clipboard.ahead.make(lambda: False)
        whole = clipboard.ahead.completed()
        assert whole.whole
        assert min(sizes(whole)) > 100_000, "noise cannot be made small"
        clipboard.ahead = Ahead(clipboard._x)
        clipboard.ahead.make(after(12))
        assert clipboard.ahead.wanted
        clipboard.ahead.make(lambda: False)
        assert sizes(clipboard.ahead.completed()) == sizes(whole)
        names = len(whole.contents)
        assert len({id(piece.data) for piece in whole.contents.values()}) < names, "one by several names"


@pytest.mark.parametrize("target", ["UTF8_STRING", "text/html"])
def test_what_is_missing_from_a_copy_made_ahead_is_asked_for_at_the_paste(
    display: str, clipboard: Clipboard, target: str
) -> None:
    with Forgetful(display, target):
        clipboard.ahead = Ahead(clipboard._x, patience=1.0)
        clipboard.ahead.make(lambda: False)
        copy = clipboard.copy("CLIPBOARD")
        assert copy.whole
        assert sorted(sizes(copy)) == [5, 11]
