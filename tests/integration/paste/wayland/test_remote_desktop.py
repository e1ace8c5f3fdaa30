"""Keys by the RemoteDesktop portal, against a portal on a bus of its own."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import anyio
import anyio.lowlevel
import pytest
from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from desktop.core.chords import PasteShortcut
from desktop.core.errors import PasteError
from desktop.paste.wayland import remote_desktop
from desktop.paste.wayland.chords import PASTE_CHORDS
from desktop.paste.wayland.remote_desktop import PERMISSION_STORE, RemoteDesktopKeyboard
from tests.support.portal import FakePortal, fake_portal

pytestmark = pytest.mark.anyio

CTRL_V = PASTE_CHORDS[PasteShortcut.CTRL_V]
CONTROL_L, V = 0xFFE3, 0x76


@pytest.fixture
def token(tmp_path: Path) -> Path:
    return tmp_path / "state" / "token"


def agree(portal: FakePortal, token: str) -> None:
    portal.results["Start"] = {"devices": Variant("u", 1), "restore_token": Variant("s", token)}


class FakePermissionStore:
    """The desktop's store of permissions on the bus: which identities may use which token."""

    def __init__(self, bus: MessageBus, permissions: dict[str, dict[str, list[str]]]) -> None:
        self.permissions = permissions
        bus.add_message_handler(self._handle)

    def _handle(self, message: Message) -> Message | None:
        if message.path != PERMISSION_STORE[1] or message.message_type is not MessageType.METHOD_CALL:
            return None
        if message.member == "Lookup":
            table, token = message.body
            if table != "remote-desktop" or token not in self.permissions:
                return Message.new_error(message, "org.freedesktop.portal.Error.NotFound", "No entry")
            return Message.new_method_return(message, "a{sas}v", [self.permissions[token], Variant("s", "data")])
        assert message.member == "SetPermission"
        _, create, token, app_id, granted = message.body
        assert not create
        self.permissions[token][app_id] = granted
        return Message.new_method_return(message)


@asynccontextmanager
async def permission_store(bus: str, **permissions: dict[str, list[str]]) -> AsyncIterator[FakePermissionStore]:
    connection = await MessageBus(bus).connect()
    store = FakePermissionStore(connection, permissions)
    await connection.request_name(PERMISSION_STORE[0])
    try:
        yield store
    finally:
        connection.disconnect()


@dataclass
class Heard:
    """What the keyboard said of itself."""

    problems: list[str] = field(default_factory=list)

    def on_problem(self, problem: PasteError | None) -> None:
        self.problems.append(problem.message.code if problem is not None else "")


@asynccontextmanager
async def keyboard(
    bus: str, token: Path, heard: Heard | None = None, *, is_kept: bool = False
) -> AsyncIterator[RemoteDesktopKeyboard]:
    keyboard = RemoteDesktopKeyboard(bus, token, (heard or Heard()).on_problem, is_kept=is_kept)
    try:
        yield keyboard
    finally:
        keyboard.close()


def know(token: Path, name: str) -> None:
    token.parent.mkdir(exist_ok=True)
    token.write_text(name)


def strokes(portal: FakePortal) -> list[list[int]]:
    return [arguments[2:] for arguments in portal.calls("NotifyKeyboardKeysym")]


PRESSED = [[CONTROL_L, 1], [V, 1], [V, 0], [CONTROL_L, 0]]


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


async def test_a_yes_without_a_keyboard_is_a_no(bus: str, token: Path) -> None:
    async with fake_portal(bus) as portal, keyboard(bus, token) as keys:
        portal.results["Start"] = {"devices": Variant("u", 2)}
        assert not await keys.request()
        assert not await keys.press(CTRL_V)
        assert not portal.calls("NotifyKeyboardKeysym")


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


async def test_without_a_bus_nothing_is_pressed(token: Path) -> None:
    know(token, "known")
    async with keyboard("unix:path=/nowhere", token) as keys:
        assert not await keys.press(CTRL_V)
