"""Keys by the RemoteDesktop portal, against a portal on a bus of its own."""

from __future__ import annotations

import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from dbus_fast import Variant

from desktop.core.chords import PasteShortcut
from desktop.paste.wayland.chords import PASTE_CHORDS
from desktop.paste.wayland.remote_desktop import RemoteDesktopKeyboard
from tests.support.portal import FakePortal, fake_portal

pytestmark = pytest.mark.anyio

CTRL_V = PASTE_CHORDS[PasteShortcut.CTRL_V]
CONTROL_L, V = 0xFFE3, 0x76


@pytest.fixture
def token(tmp_path: Path) -> Path:
    return tmp_path / "state" / "token"


def agree(portal: FakePortal, token: str) -> None:
    portal.results["Start"] = {"devices": Variant("u", 1), "restore_token": Variant("s", token)}


@asynccontextmanager
async def keyboard(bus: str, token: Path) -> AsyncIterator[RemoteDesktopKeyboard]:
    keyboard = RemoteDesktopKeyboard(bus, token)
    keyboard.open()
    try:
        yield keyboard
    finally:
        keyboard.close()


async def test_chord_pressed_and_released_after_consent(bus: str, token: Path) -> None:
    async with fake_portal(bus) as portal, keyboard(bus, token) as keys:
        agree(portal, "first")
        assert await keys.press(CTRL_V)
        strokes = [arguments[2:] for arguments in portal.calls("NotifyKeyboardKeysym")]
        assert strokes == [[CONTROL_L, 1], [V, 1], [V, 0], [CONTROL_L, 0]]
        wanted = portal.calls("SelectDevices")[0][1]
        assert (wanted["types"].value, wanted["persist_mode"].value) == (1, 2)
        assert "restore_token" not in wanted


async def test_restore_token_sent_and_next_kept_private(bus: str, token: Path) -> None:
    async with fake_portal(bus) as portal:
        for number in ("first", "second"):
            agree(portal, number)
            async with keyboard(bus, token) as keys:
                assert await keys.press(CTRL_V)
        shown = [arguments[1].get("restore_token") for arguments in portal.calls("SelectDevices")]
        assert [one and one.value for one in shown] == [None, "first"]
        assert token.read_text() == "second"
        assert stat.S_IMODE(token.stat().st_mode) == 0o600


@pytest.mark.parametrize("refused", ["SelectDevices", "Start"])
async def test_a_no_is_not_asked_about_again(bus: str, token: Path, refused: str) -> None:
    async with fake_portal(bus) as portal, keyboard(bus, token) as keys:
        portal.refuses.add(refused)
        assert not await keys.press(CTRL_V)
        portal.refuses.clear()
        assert not await keys.press(CTRL_V)
        assert len(portal.calls("CreateSession")) == 1


async def test_new_portal_after_ended_one_asked_with_token(bus: str, token: Path) -> None:
    async with fake_portal(bus) as portal, keyboard(bus, token) as keys:
        agree(portal, "first")
        assert await keys.press(CTRL_V)
        portal.end()
        assert keys._portal is not None
        await keys._portal.wait_ended()
        async with fake_portal(bus) as again:
            agree(again, "second")
            assert await keys.press(CTRL_V)
            assert [arguments[1]["restore_token"].value for arguments in again.calls("SelectDevices")] == ["first"]


async def test_a_yes_without_a_keyboard_is_a_no(bus: str, token: Path) -> None:
    async with fake_portal(bus) as portal, keyboard(bus, token) as keys:
        portal.results["Start"] = {"devices": Variant("u", 2)}
        assert not await keys.press(CTRL_V)
        assert not portal.calls("NotifyKeyboardKeysym")


async def test_silent_portal_with_token_delays_one_paste(bus: str, token: Path) -> None:
    token.parent.mkdir()
    token.write_text("known")
    async with fake_portal(bus) as portal, keyboard(bus, token) as keys:
        portal.ignores.add("Start")
        await portal.until_asked("Start")
        assert not await keys.press(CTRL_V)
        agree(portal, "late")
        portal.ignores.clear()
        assert not await keys.press(CTRL_V)


async def test_unanswered_key_press_is_released(bus: str, token: Path) -> None:
    async with fake_portal(bus) as portal, keyboard(bus, token) as keys:
        agree(portal, "first")
        portal.fails_at = V
        assert await keys.press(CTRL_V)
        strokes = [arguments[2:] for arguments in portal.calls("NotifyKeyboardKeysym")]
        assert strokes == [[CONTROL_L, 1], [V, 1], [V, 0], [CONTROL_L, 0]]
        assert not await keys.press(CTRL_V)


async def test_without_a_bus_nothing_is_pressed(token: Path) -> None:
    async with keyboard("unix:path=/nowhere", token) as keys:
        assert not await keys.press(CTRL_V)
