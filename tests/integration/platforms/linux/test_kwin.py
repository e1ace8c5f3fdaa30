"""What KWin is asked, and whose answers count."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import anyio.lowlevel
import pytest
from dbus_fast.aio import MessageBus

from desktop.platforms.linux.kwin import ANSWER_TIMEOUT_S, PAUSE_S, KWin
from tests.support.kwin import FakeKWin, fake_kwin, send_call

KATE = {"internalId": "{7f1c}", "resourceClass": "org.kde.kate", "caption": "note", "pid": 12}
ANSWER = {"id": "{7f1c}", "app": "org.kde.kate", "title": "note", "pid": 12}
PATIENCE_S = 10.0

pytestmark = pytest.mark.anyio


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def asking(bus: str, folder: Path, clock: Clock | None = None) -> AsyncIterator[KWin]:
    kwin = KWin(bus, folder, clock or Clock())
    try:
        yield kwin
    finally:
        kwin.close()


async def forgets(kwin: FakeKWin) -> None:
    """Wait until no script is loaded."""
    with anyio.fail_after(PATIENCE_S):
        while kwin.loaded:
            await anyio.lowlevel.checkpoint()


@pytest.mark.parametrize(("major", "active"), [(6, "activeWindow"), (5, "activeClient")])
async def test_window_is_told_by_both_versions(bus: str, tmp_path: Path, major: int, active: str) -> None:
    async with fake_kwin(bus, major) as kwin, asking(bus, tmp_path) as asked:
        for title in ("note", "note *"):
            kwin.workspace = {active: {**KATE, "caption": title}}
            assert json.loads(await asked.read_active_window()) == {**ANSWER, "title": title}
        kwin.workspace = {active: {**KATE, "desktopWindow": True}}
        assert json.loads(await asked.read_active_window()) == {}
        kwin.workspace = {active: None}
        assert json.loads(await asked.read_active_window()) == {}
        await forgets(kwin)
    assert [*tmp_path.iterdir()] == [], "the script is gone"


async def test_script_at_unknown_path_fails_at_once(bus: str, tmp_path: Path) -> None:
    async with fake_kwin(bus) as kwin, asking(bus, tmp_path) as asked:
        kwin.workspace, kwin.path = {"activeWindow": KATE}, "/elsewhere/{}"
        with anyio.fail_after(ANSWER_TIMEOUT_S / 2):
            assert await asked.read_active_window() == ""
        await forgets(kwin)


async def test_kwin_that_fails_twice_is_left_alone_for_a_while(bus: str, tmp_path: Path) -> None:
    clock = Clock()
    async with fake_kwin(bus) as kwin, asking(bus, tmp_path, clock) as asked:
        kwin.workspace, kwin.refuses = {"activeWindow": KATE}, True
        assert [await asked.read_active_window() for _ in range(4)] == [""] * 4
        assert kwin.asked == 2
        kwin.refuses = False
        clock.now = PAUSE_S - 1
        assert await asked.read_active_window() == ""
        clock.now = PAUSE_S + 1
        assert json.loads(await asked.read_active_window()) == ANSWER
        kwin.refuses = True
        assert await asked.read_active_window() == ""
        kwin.refuses = False
        assert json.loads(await asked.read_active_window()) == ANSWER


async def test_late_answer_is_not_taken_for_the_next_question(bus: str, tmp_path: Path) -> None:
    async with fake_kwin(bus) as kwin, asking(bus, tmp_path) as asked:
        kwin.workspace, kwin.sleeps = {"activeWindow": {**KATE, "caption": "earlier"}}, True
        assert await asked.read_active_window() == ""
        await forgets(kwin)
        kwin.sleeps, kwin.workspace = False, {"activeWindow": KATE}
        kwin.before_run = lambda: kwin.answer(kwin.asleep[0])
        assert json.loads(await asked.read_active_window()) == ANSWER


async def test_answer_of_another_program_does_not_count(bus: str, tmp_path: Path) -> None:
    other = await MessageBus(bus).connect()
    async with fake_kwin(bus) as kwin, asking(bus, tmp_path) as asked:
        kwin.workspace, kwin.sleeps = {"activeWindow": KATE}, True
        kwin.on_asleep = lambda call: send_call(other, call)
        assert await asked.read_active_window() == ""
    other.disconnect()
