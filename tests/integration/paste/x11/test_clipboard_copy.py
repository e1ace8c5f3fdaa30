"""What a copy of the clipboard is worth: one that is broken off spoils none after it, and what it lacks is known."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from Xlib import X

from desktop.paste.x11.clipboard import X11Clipboard
from desktop.paste.x11.clipboard_copy import TRANSFER_TIMEOUT_S, SelectionCopy, SelectionFetcher
from desktop.paste.x11.connection import X11Connection
from desktop.paste.x11.pending_answers import MAX_PENDING
from desktop.paste.x11.prefetch import ClipboardPrefetch
from tests.support.desk import ROOT, until
from tests.support.x_clients import PATIENCE_S, Owner, own_home

STEPS = 10
TEN = {f"image/x-{number}": b"%d" % number for number in range(10)}


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


class Busy(Owner):
    """It gives what it `gives`, and says nothing to any other question."""

    def __init__(self, display: str, *gives: str) -> None:
        super().__init__(display, {"UTF8_STRING": b"plain", "text/html": b"<b>page</b>"})
        self.gives = gives

    def on_event(self, event: Any) -> None:
        if event.type == X.SelectionRequest and (name := self.display.get_atom_name(event.target)) not in self.gives:
            self.asked.append(name)
        else:
            super().on_event(event)


class Empty(Owner):
    """It says that it has answered and gives nothing."""

    def _answer(self, event: Any) -> None:
        self.conclude(event, event.property)


class Endless(Owner):
    """Its picture has no end."""

    def __init__(self, display: str) -> None:
        super().__init__(display, {"image/png": bytes(2 * Owner.STEP)})

    def _send_on(self, window: Any, name: int) -> None:
        if (window.id, name) in self._flows:
            window.change_property(name, self.atom("image/png"), 8, b"step")
            self.display.sync()


@pytest.fixture
def clipboard(display: str) -> Iterator[X11Clipboard]:
    connection = X11Connection(display, lambda event: clipboard.handle_event(event))
    clipboard = X11Clipboard(connection, lambda window: None, lambda selection: None)
    yield clipboard
    connection.close()


@contextmanager
def gtk(display: str, folder: Path) -> Iterator[None]:
    script = ROOT / "tests/support/gtk_owner.py"
    environ = {**own_home(folder), "DISPLAY": display, "GDK_BACKEND": "x11"}
    command = [sys.executable, str(script), "1000", "700"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield
        finally:
            process.kill()


@contextmanager
def copied_with_xclip(display: str, folder: Path, size: int) -> Iterator[subprocess.Popen[bytes]]:
    """The program that has copied so many bytes: any error from the server ends it."""
    file, connection = folder / "copied", X11Connection(display)
    file.write_bytes(random.Random(1).randbytes(size))
    command = ["xclip", "-selection", "clipboard", "-quiet", "-target", "image/png", "-in", str(file)]
    with subprocess.Popen(command, env={**os.environ, "DISPLAY": display}, stderr=subprocess.DEVNULL) as process:
        try:
            until(lambda: connection.display.get_selection_owner(connection.atom("CLIPBOARD")), "it is copied")
            yield process
        finally:
            process.kill()
            connection.close()


def sizes(copy: SelectionCopy) -> list[int]:
    return [len(piece.data) for piece in copy.contents.values()]


def after(times: int) -> Callable[[], bool]:
    """Whether it was asked so often."""
    asked = count()
    return lambda: next(asked) >= times


def test_aborted_transfer_spoils_no_later_one(display: str, clipboard: X11Clipboard) -> None:
    size = STEPS * Owner.STEP
    with ByWindow(display, size) as owner:
        clipboard.prefetch.copy_early(lambda: owner.steps > 2)
        assert clipboard.prefetch.is_requested
        assert owner.steps < STEPS, "it was broken off"
        copy = clipboard.copy("CLIPBOARD")
        assert (sizes(copy), copy.is_whole) == ([size], True)
        clipboard.prefetch.copy_early(lambda: False)
        assert clipboard.prefetch.complete_copy() == copy


def test_aborted_gtk_picture_can_be_copied_again(display: str, clipboard: X11Clipboard, tmp_path: Path) -> None:
    with gtk(display, tmp_path):
        clipboard.prefetch.copy_early(lambda: False)
        whole = clipboard.prefetch.complete_copy()
        assert whole.is_whole
        assert min(sizes(whole)) > 100_000, "noise cannot be made small"
        clipboard.prefetch = ClipboardPrefetch(clipboard._x)
        clipboard.prefetch.copy_early(after(12))
        assert clipboard.prefetch.is_requested
        clipboard.prefetch.copy_early(lambda: False)
        assert sizes(clipboard.prefetch.complete_copy()) == sizes(whole)
        names = len(whole.contents)
        assert len({id(piece.data) for piece in whole.contents.values()}) < names, "one by several names"


@pytest.mark.parametrize("target", ["UTF8_STRING", "text/html"])
def test_early_copy_missing_parts_asked_at_paste(display: str, clipboard: X11Clipboard, target: str) -> None:
    with Forgetful(display, target):
        clipboard.prefetch = ClipboardPrefetch(clipboard._x, time_factor=1.0)
        clipboard.prefetch.copy_early(lambda: False)
        copy = clipboard.copy("CLIPBOARD")
        assert copy.is_whole
        assert sorted(sizes(copy)) == [5, 11]


@pytest.mark.parametrize(
    ("size", "events"), [(100, 0), (100, 1), (100, 3), *((5_000_000, events) for events in range(9))]
)
def test_a_program_outlives_a_copy_that_is_broken_off(
    display: str, clipboard: X11Clipboard, tmp_path: Path, size: int, events: int
) -> None:
    with copied_with_xclip(display, tmp_path, size) as program:
        clipboard.prefetch.copy_early(after(events))
        assert clipboard.prefetch.is_requested, "it was broken off"
        copy = clipboard.copy("CLIPBOARD")
        assert (sizes(copy), copy.is_whole) == ([size], True)
        assert clipboard._x.wait(lambda: not clipboard._x.pending_answers, monotonic() + PATIENCE_S), (
            "every window has gone"
        )
        assert program.poll() is None


@pytest.mark.parametrize("size", [100, 5_000_000])
def test_program_stopped_while_asked_survives(display: str, clipboard: X11Clipboard, tmp_path: Path, size: int) -> None:
    with copied_with_xclip(display, tmp_path, size) as program:
        program.send_signal(signal.SIGSTOP)
        assert clipboard.read_text("CLIPBOARD") is None
        assert clipboard.copy("CLIPBOARD") == SelectionCopy({}, is_whole=False)
        program.send_signal(signal.SIGCONT)
        assert clipboard._x.wait(lambda: clipboard._x.pending_answers.progress_count > 0, monotonic() + PATIENCE_S), (
            "it answers"
        )
        assert sizes(clipboard.copy("CLIPBOARD")) == [size]
        assert program.poll() is None


def test_unanswering_program_keeps_limited_windows(display: str, clipboard: X11Clipboard) -> None:
    x = clipboard._x
    with Owner(display, {}, answers=0):
        for _ in range(MAX_PENDING + 1):
            assert SelectionFetcher(x, x.atom("CLIPBOARD"), is_cancelled=lambda: True).read_text() is None
    assert len(x.pending_answers) == MAX_PENDING


def test_new_window_does_not_reuse_recent_number(clipboard: X11Clipboard) -> None:
    x = clipboard._x
    gone = [x.create_hidden_window(), x.create_hidden_window()]
    for window in reversed(gone):
        x.destroy_window(window)
    assert x.create_hidden_window().id not in [window.id for window in gone]


def test_aborted_copy_asks_for_nothing_more(display: str, clipboard: X11Clipboard) -> None:
    with Owner(display, TEN) as owner:
        clipboard.prefetch.copy_early(lambda: len(owner.asked) > 2)
        assert clipboard.prefetch.is_requested
        assert len(clipboard.copy("CLIPBOARD").contents) == len(TEN)
        assert len(owner.asked) == 3 + 1 + len(TEN)


@pytest.mark.parametrize("hurries", [False, True])
def test_early_copy_keeps_what_owner_gave_before(display: str, clipboard: X11Clipboard, hurries: bool) -> None:
    with Busy(display, "TARGETS", "UTF8_STRING") as owner:
        clipboard.prefetch = ClipboardPrefetch(clipboard._x, time_factor=1.0)
        clipboard.prefetch.copy_early(lambda: hurries and len(owner.asked) > 2)
        assert clipboard.prefetch.is_requested == hurries
        owner.gives = ()
        clipboard.prefetch.copy_early(lambda: False)
        copy = clipboard.copy("CLIPBOARD")
        assert (sizes(copy), copy.is_whole) == ([5], False)


def test_an_owner_that_has_answered_owes_nothing(display: str, clipboard: X11Clipboard) -> None:
    with Empty(display, {}):
        assert clipboard.copy("CLIPBOARD") == SelectionCopy({}, is_whole=False)
    assert len(clipboard._x.pending_answers) == 0


def test_selection_does_not_wait_for_other_owner(display: str, clipboard: X11Clipboard) -> None:
    x = clipboard._x
    asked = x.atom("CLIPBOARD")
    with Owner(display, {}, answers=0), Owner(display, {"UTF8_STRING": b"marked"}, selection="PRIMARY"):
        assert SelectionFetcher(x, asked, is_cancelled=lambda: True).read_text() is None
        assert SelectionFetcher(x, x.atom("PRIMARY")).read_text() == "marked"
        assert x.pending_answers.awaited_selections == {asked}
        assert SelectionFetcher(x, asked).read_text() is None
        assert not x.pending_answers.awaited_selections, "it was silent"


def test_aborted_transfer_makes_no_copy_longer(display: str, clipboard: X11Clipboard) -> None:
    with Endless(display):
        clipboard.prefetch.copy_early(after(12))
        assert clipboard._x.pending_answers.awaited_selections
        began = monotonic()
        assert not clipboard.copy("CLIPBOARD").is_whole
        assert monotonic() < began + 1.5 * TRANSFER_TIMEOUT_S
