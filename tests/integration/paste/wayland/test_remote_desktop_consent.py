"""Keys by the RemoteDesktop portal only as the user agreed: what is asked, refused, remembered and forgotten."""

from __future__ import annotations

import stat
from pathlib import Path

import anyio
import anyio.lowlevel
import pytest
from dbus_fast import Variant

from tests.support.portal import fake_portal
from tests.support.portal_typing import CTRL_V, PRESSED, Heard, agree, keyboard, know, permission_store, strokes

pytestmark = pytest.mark.anyio


async def test_chord_pressed_and_released_after_consent(bus: str, token: Path) -> None:
    heard = Heard()
    async with fake_portal(bus) as portal, keyboard(bus, token, heard) as keys:
        agree(portal, "first")
        assert await keys.request()
        assert await keys.press(CTRL_V)
        assert strokes(portal) == PRESSED
        wanted = portal.calls("SelectDevices")[0][1]
        assert (wanted["types"].value, wanted["persist_mode"].value) == (1, 2)
        assert "restore_token" not in wanted
        assert heard.problems == [""]


async def test_nothing_is_asked_until_the_user_wants(bus: str, token: Path) -> None:
    heard = Heard()
    async with fake_portal(bus) as portal, keyboard(bus, token, heard) as keys:
        agree(portal, "first")
        assert not await keys.check()
        keys.open()
        assert not await keys.press(CTRL_V)
        assert not portal.calls("CreateSession")
        assert set(heard.problems) == {"portal-typing-unasked"}


async def test_restore_token_sent_and_next_kept_private(bus: str, token: Path) -> None:
    know(token, "first")
    async with fake_portal(bus) as portal:
        agree(portal, "second")
        async with keyboard(bus, token) as keys:
            assert await keys.check()
        assert portal.calls("SelectDevices")[0][1]["restore_token"].value == "first"
        assert token.read_text() == "second"
    async with fake_portal(bus) as portal, keyboard(bus, token.with_name("new")) as keys:
        agree(portal, "third")
        assert await keys.request()
        assert stat.S_IMODE(token.with_name("new").stat().st_mode) == 0o600


async def test_token_is_replaced_whole_and_only_by_another(bus: str, token: Path) -> None:
    know(token, "first")
    async with fake_portal(bus) as portal, keyboard(bus, token) as keys:
        agree(portal, "first")
        before = token.stat()
        assert await keys.check()
        assert (token.stat().st_ino, token.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
        agree(portal, "second")
        with token.open() as still_first:
            assert await keys.check()
            assert (still_first.read(), token.read_text()) == ("first", "second")


@pytest.mark.parametrize("refused", ["SelectDevices", "Start"])
async def test_refusal_is_said_and_can_be_asked_again(bus: str, token: Path, refused: str) -> None:
    heard = Heard()
    async with fake_portal(bus) as portal, keyboard(bus, token, heard) as keys:
        agree(portal, "first")
        portal.refuses.add(refused)
        assert not await keys.request()
        assert heard.problems == ["portal-typing-refused"]
        assert not await keys.press(CTRL_V)
        portal.refuses.clear()
        assert await keys.request()
        assert await keys.press(CTRL_V)
        assert heard.problems[-1] == ""


async def test_second_request_leaves_the_open_dialog_alone(bus: str, token: Path) -> None:
    heard = Heard()
    answers: list[bool] = []
    async with fake_portal(bus) as portal, keyboard(bus, token, heard) as keys:
        portal.ignores.add("Start")

        async def request() -> None:
            answers.append(await keys.request())

        with anyio.fail_after(10):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(request)
                await portal.until_asked("Start")
                await request()
                assert (answers, heard.problems) == ([False], [])
                portal.answer_ignored({"devices": Variant("u", 1), "restore_token": Variant("s", "first")})
        assert (answers, heard.problems, len(portal.calls("Start"))) == ([False, True], [""], 1)


async def test_a_yes_without_a_keyboard_is_a_no(bus: str, token: Path) -> None:
    async with fake_portal(bus) as portal, keyboard(bus, token) as keys:
        portal.results["Start"] = {"devices": Variant("u", 2)}
        assert not await keys.request()
        assert not await keys.press(CTRL_V)
        assert not portal.calls("NotifyKeyboardKeysym")


async def test_token_that_the_desktop_forgot_opens_no_dialog(bus: str, token: Path) -> None:
    know(token, "old")
    heard = Heard()
    async with permission_store(bus), fake_portal(bus) as portal, keyboard(bus, token, heard) as keys:
        agree(portal, "new")
        assert not await keys.check()
        assert not portal.calls("CreateSession")
        assert heard.problems == ["portal-typing-unasked"]
        assert await keys.request()
        assert "restore_token" not in portal.calls("SelectDevices")[0][1]


@pytest.mark.parametrize("earlier", ["", "intone"])
async def test_token_of_an_earlier_identity_is_carried_over(bus: str, token: Path, earlier: str) -> None:
    know(token, "known")
    async with (
        permission_store(bus, known={earlier: ["yes"]}) as store,
        fake_portal(bus) as portal,
        keyboard(bus, token) as keys,
    ):
        agree(portal, "known")
        assert await keys.check()
        assert store.permissions["known"] == {earlier: ["yes"], "app.intone.Intone": ["yes"]}
        assert portal.calls("SelectDevices")[0][1]["restore_token"].value == "known"


async def test_permission_of_another_program_is_none(bus: str, token: Path) -> None:
    know(token, "theirs")
    async with (
        permission_store(bus, theirs={"org.example.Other": ["yes"]}) as store,
        fake_portal(bus) as portal,
        keyboard(bus, token) as keys,
    ):
        agree(portal, "theirs")
        assert not await keys.check()
        assert store.permissions == {"theirs": {"org.example.Other": ["yes"]}}
