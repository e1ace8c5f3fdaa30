"""What was on the clipboard outlives an app that is killed while it has lent it, or gives it back ever since."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from desktop.core.interfaces import UserActivity
from desktop.core.paths import Paths
from desktop.paste.factory import open_paster
from desktop.paste.input_method.paster import InputMethodPaster
from desktop.paste.outcome import READ_TIMEOUT_S
from desktop.paste.x11.clipboard_copy import SelectionContents, TargetData
from desktop.paste.x11.clipboard_restorer import MAX_KEPT_BYTES, ClipboardRestorer, read_kept_contents
from desktop.paste.x11.paster import X11Paster, insert_nowhere
from tests.conftest import start_display
from tests.support.clipboard_contents import BEFORE
from tests.support.desk import until
from tests.support.x_clients import Client, Owner, SlowReader, focused, targets, xclip

APP = """
import asyncio, sys
from desktop.paste.x11.paster import X11Paster
from desktop.core.types import Target

async def main():
    paster = X11Paster(restores_after_crash=True)
    paster.start(asyncio.get_running_loop())
    print(paster._restorer.pid, flush=True)
    target = Target()
    if sys.stdin.readline() == "paste\\n":
        while not target.handle:
            await asyncio.sleep(0.02)
            target = await paster.find_target()
    pasting = asyncio.create_task(paster.paste("Dictated.", target, lambda: print("sent", flush=True)))
    pasting.add_done_callback(lambda done: done.cancelled() or print(done.result().outcome, flush=True))
    await asyncio.to_thread(sys.stdin.readline)
    paster.close()

asyncio.run(main())
"""


def state(pid: int) -> str:
    """How the process is, by its letter in /proc; Z where it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return "Z"


def own_kb(pid: int) -> int:
    """The memory that is the process's share."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


class App:
    """A program that has a paster, does one paste at the first line (into no window where that is "copy"), and ends
    at the next."""

    def __init__(self, display: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", APP],
            env={**os.environ, "DISPLAY": display},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.keeper = int(self.told())

    def told(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def do(self, what: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{what}\n")
        self.process.stdin.flush()

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=10)


@contextmanager
def app(display: str) -> Iterator[App]:
    made = App(display)
    try:
        yield made
    finally:
        made.process.kill()
        made.process.communicate(timeout=10)
        with Owner(display, BEFORE):  # the next program that copies ends it
            until(lambda: state(made.keeper) == "Z", "the keeper ends")


def test_kill_during_paste_restores_whole_clipboard(display: str) -> None:
    with Client(display, "deaf", show=True), app(display) as dictating:
        focused(display, "deaf")
        with Owner(display, BEFORE):
            dictating.do("paste")
            assert dictating.told() == "sent"
        assert own_kb(dictating.keeper) < 10_000
        dictating.kill()
        assert xclip(display) == b"", "a window that reads only now pastes nothing"
        until(lambda: targets(display, list(BEFORE)) == BEFORE, "the clipboard is what it was")


def test_copied_text_outlives_killed_app(display: str) -> None:
    with app(display) as dictating:
        dictating.do("copy")
        assert dictating.told() == "copied"
        dictating.kill()
        until(lambda: xclip(display) == b"Dictated.", "the text is on the clipboard")


def test_what_the_person_has_copied_since_is_theirs(display: str) -> None:
    with app(display) as dictating:
        dictating.do("copy")
        assert dictating.told() == "copied"
        with Owner(display, BEFORE):
            dictating.kill()
            until(lambda: state(dictating.keeper) == "Z", "the keeper ends")
            assert xclip(display) == BEFORE["UTF8_STRING"]


def test_ended_app_keeps_clipboard_until_next_copy(display: str) -> None:
    with SlowReader(display, 0.0), app(display) as dictating:
        focused(display, "slow-reader")
        with Owner(display, BEFORE):
            dictating.do("paste")
            assert dictating.told() == "sent"
            assert dictating.told() == "inserted"
        dictating.do("end")
        assert dictating.process.wait(timeout=10) == 0
        until(
            lambda: targets(display, list(BEFORE)) == BEFORE,
            "the clipboard is what it was",
            timeout_s=READ_TIMEOUT_S / 2,
        )
        assert state(dictating.keeper) != "Z"
        with Owner(display, {"UTF8_STRING": b"theirs"}):
            until(lambda: state(dictating.keeper) == "Z", "the keeper ends")
            assert xclip(display) == b"theirs"


def test_ended_app_before_read_delays_restore(display: str) -> None:
    with Client(display, "deaf", show=True), app(display) as dictating:
        focused(display, "deaf")
        with Owner(display, BEFORE):
            dictating.do("paste")
            assert dictating.told() == "sent"
        ended = monotonic()
        dictating.do("end")
        until(lambda: targets(display, list(BEFORE)) == BEFORE, "the clipboard is what it was")
        assert monotonic() - ended >= READ_TIMEOUT_S


def test_ended_app_owning_nothing_needs_no_restorer(display: str) -> None:
    with app(display) as dictating:
        dictating.do("copy")
        assert dictating.told() == "copied"
        with Owner(display, BEFORE):
            until(lambda: xclip(display) == BEFORE["UTF8_STRING"], "another program has copied")
            dictating.do("end")
            assert dictating.process.wait(timeout=10) == 0
            assert state(dictating.keeper) == "Z"


class Manager(Owner):
    """A clipboard manager, which has `saved` what it was told to."""

    def __init__(self, display: str) -> None:
        super().__init__(display, {}, selection="CLIPBOARD_MANAGER")
        self.saved = b""

    def _answer(self, event: Any) -> None:
        if event.target == self.atom("SAVE_TARGETS"):
            self.saved = self.convert("UTF8_STRING")
            self._contents = {event.target: b""}
        super()._answer(event)


def test_clipboard_manager_not_given_unread_text(display: str) -> None:
    with Client(display, "deaf", show=True), app(display) as dictating:
        focused(display, "deaf")
        with Manager(display) as manager, Owner(display, BEFORE):
            dictating.do("paste")
            assert dictating.told() == "sent"
            dictating.do("end")
            assert dictating.process.wait(timeout=10) == 0
            assert not manager.asked
            assert xclip(display) == b""
            assert state(dictating.keeper) != "Z"


def test_text_saved_by_clipboard_manager_left_to_it(display: str) -> None:
    with Manager(display) as manager, app(display) as dictating:
        dictating.do("copy")
        assert dictating.told() == "copied"
        dictating.do("end")
        assert dictating.process.wait(timeout=10) == 0
        assert manager.saved == b"Dictated."
        assert state(dictating.keeper) == "Z"


@pytest.mark.anyio
async def test_bundle_has_a_clipboard_restorer(display: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    paths = Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path)
    paster = open_paster({"DISPLAY": display}, UserActivity(), insert_nowhere, paths)
    assert isinstance(paster, InputMethodPaster)
    paster.start(asyncio.get_running_loop())
    try:
        assert isinstance(paster.below, X11Paster)
        assert paster.below._restorer is not None
    finally:
        paster.close()


def test_a_keeper_does_not_outlive_the_screen() -> None:
    server, name = start_display()
    dictating = App(name)
    dictating.do("copy")
    assert dictating.told() == "copied"
    dictating.do("end")
    assert dictating.process.wait(timeout=10) == 0
    until(lambda: xclip(name) == b"Dictated.", "the text is on the clipboard")
    server.terminate()
    server.wait(timeout=10)
    until(lambda: state(dictating.keeper) == "Z", "the keeper ends")
    dictating.process.communicate(timeout=10)


@pytest.mark.parametrize(
    ("contents", "kept"),
    [
        ({1: TargetData(2, 8, b"text"), 3: TargetData(4, 32, b"\0" * 64)}, True),
        ({1: TargetData(2, 8, b"")}, True),
        ({target: TargetData(2, 8, b"x" * (MAX_KEPT_BYTES // 2)) for target in range(3)}, True),
        ({}, False),
        ({1: TargetData(2, 8, b"x" * (MAX_KEPT_BYTES + 1))}, False),
    ],
)
def test_restorer_holds_only_latest_contents(display: str, contents: SelectionContents, kept: bool) -> None:
    keeper = ClipboardRestorer(display, 1)
    try:
        keeper.keep_contents({7: TargetData(8, 8, b"before")})
        keeper.keep_contents(contents)
        assert read_kept_contents(keeper._file) == (contents if kept else {})
        assert b"before" not in os.pread(keeper._file, MAX_KEPT_BYTES, 0)
    finally:
        keeper.keep_contents({})
        keeper.close()
    assert state(keeper.pid) == "Z"
