"""Sessions of the RemoteDesktop portal: how long one lasts, and what is pressed where it ends, fails or is late."""

from __future__ import annotations

import asyncio
from pathlib import Path

import anyio
import anyio.lowlevel
import pytest
from dbus_fast import Variant

from desktop.paste.wayland import remote_desktop
from tests.support.portal import fake_portal
from tests.support.portal_typing import CONTROL_L, CTRL_V, PRESSED, Heard, V, agree, keyboard, know, strokes

pytestmark = pytest.mark.anyio


async def test_session_lasts_for_one_paste(bus: str, token: Path) -> None:
    know(token, "first")
    async with fake_portal(bus) as portal, keyboard(bus, token) as keys:
        agree(portal, "first")
        for times in (1, 2):
            keys.open()
            assert await keys.press(CTRL_V)
            session = keys._session
            keys.release()
            assert session is not None
            await session.result().portal.wait_disconnected()
            assert len(portal.calls("Start")) == times
        assert strokes(portal) == [*PRESSED, *PRESSED]


async def test_kept_session_serves_all_pastes(bus: str, token: Path) -> None:
    know(token, "first")
    async with fake_portal(bus) as portal, keyboard(bus, token, is_kept=True) as keys:
        agree(portal, "first")
        for _ in range(2):
            keys.open()
            assert await keys.press(CTRL_V)
            keys.release()
        assert len(portal.calls("Start")) == 1
        assert strokes(portal) == [*PRESSED, *PRESSED]


async def test_session_closed_by_the_user_is_opened_anew(bus: str, token: Path) -> None:
    know(token, "first")
    async with fake_portal(bus) as portal, keyboard(bus, token) as keys:
        agree(portal, "first")
        keys.open()
        await portal.until_asked("Start")
        assert keys._session is not None
        session = await keys._session
        portal.close_session()
        await session.closed.wait()
        assert await keys.press(CTRL_V)
        assert (strokes(portal), len(portal.calls("Start"))) == (PRESSED, 2)


async def test_session_that_ended_unheard_is_opened_anew(bus: str, token: Path) -> None:
    know(token, "first")
    async with fake_portal(bus) as portal, keyboard(bus, token) as keys:
        agree(portal, "first")
        keys.open()
        assert keys._session is not None
        await keys._session
        portal.forget_sessions()
        assert await keys.press(CTRL_V)
        assert (strokes(portal)[1:], len(portal.calls("Start"))) == (PRESSED, 2)


async def test_refused_session_is_opened_again_once(bus: str, token: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_desktop, "RETRY_S", 0.01)
    know(token, "first")
    heard = Heard()
    async with fake_portal(bus) as portal, keyboard(bus, token, heard) as keys:
        agree(portal, "first")
        portal.refuses.add("CreateSession")
        portal.before_answer["CreateSession"] = lambda: portal.before_answer.update(CreateSession=portal.refuses.clear)
        assert await keys.press(CTRL_V)
        assert (strokes(portal), heard.problems) == (PRESSED, [""])
        portal.before_answer.clear()
        portal.refuses.add("CreateSession")
        keys.release()
        assert not await keys.press(CTRL_V)
        assert heard.problems == ["", "portal-typing-refused"]
        portal.refuses.clear()
        assert await keys.press(CTRL_V)
        assert heard.problems[-1] == ""


async def test_new_portal_after_ended_one_asked_with_token(bus: str, token: Path) -> None:
    know(token, "first")
    async with fake_portal(bus) as portal, keyboard(bus, token) as keys:
        agree(portal, "first")
        keys.open()
        assert keys._session is not None
        session = await keys._session
        portal.end()
        await session.portal.wait_ended()
        async with fake_portal(bus) as again:
            agree(again, "second")
            assert await keys.press(CTRL_V)
            assert [arguments[1]["restore_token"].value for arguments in again.calls("SelectDevices")] == ["first"]


async def test_request_waits_for_a_paste_and_ends_no_task(bus: str, token: Path) -> None:
    know(token, "first")
    answers: list[bool] = []
    async with fake_portal(bus) as portal, keyboard(bus, token) as keys:
        agree(portal, "first")
        portal.ignores.add("Start")

        async def request() -> None:
            await portal.until_asked("Start")
            asking = asyncio.create_task(keys.request())
            portal.answer_ignored({"devices": Variant("u", 1), "restore_token": Variant("s", "first")})
            portal.ignores.clear()
            answers.append(await asking)

        with anyio.fail_after(10):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(request)
                assert await keys.press(CTRL_V)
        assert (answers, strokes(portal), len(portal.calls("Start"))) == ([True], PRESSED, 2)


async def test_close_cancels_neither_request_nor_paste(bus: str, token: Path) -> None:
    heard = Heard()
    answers: list[bool] = []
    async with fake_portal(bus) as portal, keyboard(bus, token, heard) as keys:
        portal.ignores.add("Start")

        async def request() -> None:
            answers.append(await keys.request())

        async def press() -> None:
            answers.append(await keys.press(CTRL_V))

        with anyio.fail_after(10):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(request)
                await portal.until_asked("Start")
                tasks.start_soon(press)
                await anyio.lowlevel.checkpoint()
                keys.close()
        assert (answers, heard.problems) == ([False, False], [])


async def test_key_refused_twice_is_said(bus: str, token: Path) -> None:
    know(token, "first")
    heard = Heard()
    async with fake_portal(bus) as portal, keyboard(bus, token, heard) as keys:
        agree(portal, "first")
        portal.fails_at = CONTROL_L
        assert not await keys.press(CTRL_V)
        assert heard.problems == ["portal-typing-refused"]


async def test_session_without_a_token_stays_open(bus: str, token: Path) -> None:
    async with fake_portal(bus) as portal, keyboard(bus, token) as keys:
        portal.results["Start"] = {"devices": Variant("u", 1)}
        assert await keys.request()
        for _ in range(2):
            keys.open()
            assert await keys.press(CTRL_V)
            keys.release()
        assert len(portal.calls("Start")) == 1


async def test_silent_portal_delays_a_paste_and_is_awaited(
    bus: str, token: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote_desktop, "OPEN_TIMEOUT_S", 0.1)
    know(token, "known")
    heard = Heard()
    async with fake_portal(bus) as portal, keyboard(bus, token, heard) as keys:
        portal.ignores.add("Start")
        keys.open()
        await portal.until_asked("Start")
        assert not await keys.press(CTRL_V)
        keys.release()
        assert heard.problems == []
        session = keys._session
        assert session is not None
        portal.answer_ignored({"devices": Variant("u", 1), "restore_token": Variant("s", "late")})
        await (await session).portal.wait_disconnected()
        assert (token.read_text(), len(portal.calls("Start"))) == ("late", 1)


async def test_unanswered_key_press_is_released(bus: str, token: Path) -> None:
    know(token, "first")
    async with fake_portal(bus) as portal, keyboard(bus, token) as keys:
        agree(portal, "first")
        portal.fails_at = V
        assert await keys.press(CTRL_V)
        assert strokes(portal) == PRESSED
        portal.fails_at = 0
        assert await keys.press(CTRL_V)
        assert (strokes(portal), len(portal.calls("Start"))) == ([*PRESSED, *PRESSED], 2)


async def test_without_a_bus_nothing_is_pressed(token: Path) -> None:
    know(token, "known")
    async with keyboard("unix:path=/nowhere", token) as keys:
        assert not await keys.press(CTRL_V)
