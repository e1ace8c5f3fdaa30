"""The engine's keys on a real display: what talks goes to the gesture, the rest does its command, and they can rest."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from desktop.core.errors import UnavailableKeysError, UserError
from desktop.hotkeys.gesture import DictationIntent
from desktop.hotkeys.gesture_runner import GestureRunner
from desktop.hotkeys.manager import HotkeyManager
from desktop.settings.schema import HotkeySettings
from tests.conftest import bare_display
from tests.support.hotkey_desk import ALT_L, CTRL_L, F9, F10, PATIENCE_S, Desk, V

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def own_display() -> Iterator[str]:
    with bare_display() as name:
        yield name


@pytest.fixture
def desk(own_display: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("DISPLAY", own_display)
    for name in ("WAYLAND_DISPLAY", "XDG_SESSION_TYPE"):
        monkeypatch.delenv(name, raising=False)
    desk = Desk(own_display)
    yield desk
    assert desk.held() == []
    desk.close()


class Heard:
    """What the keys made happen."""

    def __init__(self) -> None:
        self.news: asyncio.Queue[object] = asyncio.Queue()

    async def next(self) -> object:
        async with asyncio.timeout(PATIENCE_S):
            return await self.news.get()

    async def intents(self, count: int) -> list[object]:
        return [await self.next() for _ in range(count)]


@asynccontextmanager
async def keys(chosen: HotkeySettings) -> AsyncIterator[tuple[HotkeyManager, Heard]]:
    heard, loop = Heard(), asyncio.get_running_loop()

    def on_problem(problem: UserError | None) -> None:
        heard.news.put_nowait(type(problem))

    intents = GestureRunner(lambda intent, at: heard.news.put_nowait(intent))
    talk = HotkeyManager(chosen, intents, loop.call_soon_threadsafe, on_problem, heard.news.put_nowait)
    await talk.open()
    assert await heard.next() is type(None)
    try:
        yield talk, heard
    finally:
        talk.close()


async def test_talk_keys_give_intents_and_others_commands(desk: Desk) -> None:
    others = {"languages": ("ctrl+f9",), "paste_last": ("ctrl+alt+v",), "emotion": ("ctrl+f10",), "find": ("alt+f10",)}
    async with keys(HotkeySettings(talk=("f9",), send=("f10",), tap="off", **others)) as (_, heard):
        desk.tap(F9)
        assert await heard.intents(2) == [DictationIntent.BEGIN, DictationIntent.END]
        desk.tap(F10)
        assert await heard.intents(2) == [DictationIntent.BEGIN, DictationIntent.SEND]
        desk.tap(CTRL_L, ALT_L, V)
        desk.tap(CTRL_L, F9)
        desk.tap(CTRL_L, F10)
        desk.tap(ALT_L, F10)
        assert await heard.intents(4) == ["paste-last", "language", "mood", "find"]


async def test_the_key_that_edits_begins_an_edit(desk: Desk) -> None:
    async with keys(HotkeySettings(talk=("f9",), edit=("f10",), tap="off")) as (_, heard):
        desk.tap(F10)
        assert await heard.intents(2) == [DictationIntent.EDIT, DictationIntent.END]


async def test_the_key_that_says_again_begins_a_correction(desk: Desk) -> None:
    async with keys(HotkeySettings(talk=("f9",), again=("f10",), tap="off")) as (_, heard):
        desk.tap(F10)
        assert await heard.intents(2) == [DictationIntent.AGAIN, DictationIntent.END]


async def test_while_a_key_is_shown_to_us_ours_are_anybodys(desk: Desk) -> None:
    async with keys(HotkeySettings(talk=("f9",), tap="off")) as (talk, heard):
        await talk.suspend(True)
        desk.tap(F9)
        assert desk.reached_the_window() == [F9]
        await talk.suspend(False)
        desk.tap(F9)
        assert await heard.intents(2) == [DictationIntent.BEGIN, DictationIntent.END]


async def test_paused_keys_reach_apps_despite_rebinding(desk: Desk) -> None:
    async with keys(HotkeySettings(talk=("f9",), tap="off")) as (talk, heard):
        await talk.pause(True)
        talk.apply_settings(HotkeySettings(talk=("f10",), tap="off"))
        await talk.rebind()
        await talk.suspend(True)
        await talk.suspend(False)
        desk.tap(F9)
        desk.tap(F10)
        assert desk.reached_the_window() == [F9, F10]
        await talk.pause(False)
        desk.tap(F10)
        assert await heard.intents(2) == [DictationIntent.BEGIN, DictationIntent.END]


async def test_keys_chosen_while_resting_work_afterwards(desk: Desk) -> None:
    async with keys(HotkeySettings(talk=("f9",), tap="off")) as (talk, heard):
        await talk.suspend(True)
        talk.apply_settings(HotkeySettings(talk=("f10",), tap="off"))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(talk.suspend(False))
            tasks.create_task(talk.rebind())
        desk.tap(F9)
        assert desk.reached_the_window() == [F9]
        desk.tap(F10)
        assert await heard.intents(2) == [DictationIntent.BEGIN, DictationIntent.END]


async def test_unavailable_key_is_reported_until_replaced(desk: Desk) -> None:
    async with keys(HotkeySettings(talk=("f9",))), keys(HotkeySettings(talk=("f9",))) as (second, heard):
        assert await heard.next() is UnavailableKeysError
        second.apply_settings(HotkeySettings(talk=("f10",)))
        await second.rebind()
        assert await heard.next() is type(None)
