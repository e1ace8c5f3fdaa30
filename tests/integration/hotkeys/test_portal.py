"""The talk key that a desktop lends through its portal, against a portal on a bus of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import monotonic

import anyio
import pytest
from anyio import to_thread
from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from desktop.app.ipc import serve_commands
from desktop.app.status import StatusPublisher
from desktop.core.errors import HotkeyError
from desktop.core.ipc_client import Reply
from desktop.core.keys import Action, Bindings, build_bindings
from desktop.core.messages import Message as Text
from desktop.core.paths import find_paths
from desktop.doctor.desktop import check_portal_hotkeys
from desktop.hotkeys import portal as hotkey_portal
from desktop.hotkeys.gesture import GestureEvent
from desktop.hotkeys.listener import open_hotkeys
from desktop.hotkeys.portal import PortalHotkeyListener
from desktop.hotkeys.shortcut_binder import AgreedKeys, save_agreed
from desktop.hotkeys.wayland import setup_error
from desktop.platforms.linux.portal import CALL_TIMEOUT_S
from tests.support.portal import FakePortal, fake_portal

pytestmark = pytest.mark.anyio

VERSION = {"version": Variant("u", 2)}
CHOSEN = {"shortcuts": Variant("a(sa{sv})", [["talk", {"trigger_description": Variant("s", "Press F9")}]])}


@dataclass
class Heard:
    """What the keys said, on this loop."""

    loop: asyncio.AbstractEventLoop
    events: list[tuple[GestureEvent, Action]] = field(default_factory=list)
    problems: list[HotkeyError] = field(default_factory=list)
    well: int = 0
    names: list[str] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def post(self, event: GestureEvent, action: Action) -> None:
        self.loop.call_soon_threadsafe(self._note, self.events, (event, action))

    def on_problem(self, problem: HotkeyError | None) -> None:
        if problem is not None:
            self.loop.call_soon_threadsafe(self._note, self.problems, problem)
        else:
            self.loop.call_soon_threadsafe(self._is_well)

    def on_talk_key(self, name: str) -> None:
        self.loop.call_soon_threadsafe(self._note, self.names, name)

    def _is_well(self) -> None:
        self.well += 1
        self.changed.set()

    def _note[T](self, kept: list[T], new: T) -> None:
        kept.append(new)
        self.changed.set()

    async def until(self, met: Callable[[], bool]) -> None:
        with anyio.fail_after(10):
            while not met():
                self.changed.clear()
                await self.changed.wait()


def bound(talk: str = "ctrl_r", cancel: str = "esc", **others: str) -> Bindings:
    return build_bindings({name: (key,) for name, key in {"talk": talk, **others, "cancel": cancel}.items()})


@asynccontextmanager
async def keys_on(
    agreed: Path, bus: str, desktop: str = "GNOME", path: str = "/nowhere", **names: str
) -> AsyncIterator[tuple[PortalHotkeyListener, Heard]]:
    heard = Heard(asyncio.get_running_loop())
    environ = {"WAYLAND_DISPLAY": "wayland-0", "DBUS_SESSION_BUS_ADDRESS": bus, "XDG_CURRENT_DESKTOP": desktop}
    environ["PATH"] = path
    open_keys = partial(open_hotkeys, on_talk_key=heard.on_talk_key, agreed=agreed)
    keys = await to_thread.run_sync(open_keys, bound(**names), heard.post, heard.on_problem, environ, "linux")
    assert isinstance(keys, PortalHotkeyListener)
    try:
        yield keys, heard
    finally:
        await to_thread.run_sync(keys.close)


def described(trigger: str, name: str = "talk") -> tuple[str, dict[str, Variant]]:
    return name, {"trigger_description": Variant("s", trigger)}


async def end_when_asked(portal: FakePortal) -> None:
    await portal.until_asked("Get")
    portal.end()


DOWN, UP = (GestureEvent.DOWN, Action.TALK), (GestureEvent.UP, Action.TALK)


async def test_a_key_is_heard_as_it_goes_down_and_comes_up(bus: str, agreed: Path) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        async with keys_on(agreed, bus, talk="ctrl+alt+space") as (_, heard):
            session, asked, _, _ = await portal.until_asked("BindShortcuts")
            assert session == portal.session
            ((name, about),) = asked
            assert (name, about["preferred_trigger"].value) == ("talk", "CTRL+ALT+space")
            portal.shortcut("Activated", "somebody else's")
            portal.shortcut("Activated")
            portal.shortcut("Activated")
            portal.shortcut("Deactivated")
            portal.shortcut("Activated")
            await heard.until(lambda: len(heard.events) == 3)
            assert heard.events == [DOWN, UP, DOWN]
        assert portal.calls("Close")


async def test_all_keys_but_esc_bind_and_only_talk_releases(bus: str, agreed: Path) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        async with keys_on(agreed, bus, undo="ctrl+alt+u", send="button8") as (_, heard):
            _, asked, _, _ = await portal.until_asked("BindShortcuts")
            assert [name for name, _ in asked] == ["talk", "send", "undo"]
            assert "preferred_trigger" not in asked[1][1]
            for member in ("Activated", "Deactivated", "Activated"):
                portal.shortcut(member, "undo")
            portal.shortcut("Activated", "send")
            await heard.until(lambda: len(heard.events) == 3)
            undo = GestureEvent.DOWN, Action.UNDO
            assert heard.events == [undo, undo, (GestureEvent.DOWN, Action.SEND)]


async def test_nothing_is_heard_while_the_person_shows_a_key(bus: str, agreed: Path) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        async with keys_on(agreed, bus, undo="ctrl+alt+u") as (keys, heard):
            await portal.until_asked("BindShortcuts")
            keys.rebind({})
            portal.shortcut("Activated", "undo")
            portal.shortcut("Activated")
            portal.shortcut("Deactivated")
            await heard.until(lambda: heard.events == [UP])
            keys.rebind(bound(undo="ctrl+alt+u"))
            portal.shortcut("Activated")
            await heard.until(lambda: heard.events == [UP, DOWN])
            assert not portal.calls("ConfigureShortcuts")


async def test_remembered_key_is_not_requested_again(bus: str, agreed: Path) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["ListShortcuts"] = CHOSEN
        async with keys_on(agreed, bus) as (_, heard):
            await portal.until_asked("ListShortcuts")
            portal.shortcut("Activated")
            await heard.until(lambda: heard.events == [DOWN])
        assert not portal.calls("BindShortcuts")


@pytest.mark.parametrize("no", ["refused", "none chosen"])
async def test_declined_key_shows_the_alternatives(bus: str, agreed: Path, no: str) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = {"shortcuts": Variant("a(sa{sv})", [])}
        portal.refuses = {"BindShortcuts"} if no == "refused" else set()
        async with keys_on(agreed, bus) as (_, heard):
            await heard.until(lambda: bool(heard.problems))
            assert heard.problems[0].message.code == "portal-key-refused"
            assert "\nintone toggle\n" in heard.problems[0].remedy


async def test_nothing_is_asked_for_until_the_user_wants(bus: str, tmp_path: Path) -> None:
    file = tmp_path / "state" / "agreed.json"
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        async with keys_on(file, bus, undo="ctrl+alt+u") as (keys, heard):
            await heard.until(lambda: bool(heard.problems))
            assert heard.problems[0].message.code == "portal-key-unasked"
            assert not portal.calls("BindShortcuts")
            keys.request_keys()
            _, asked, _, _ = await portal.until_asked("BindShortcuts")
            assert [name for name, _ in asked] == ["talk", "undo"]
            await heard.until(lambda: heard.well == 1)
            portal.shortcut("Activated")
            await heard.until(lambda: heard.events == [DOWN])
        async with keys_on(file, bus, undo="ctrl+alt+u") as (_, again):
            _, asked, _, _ = await portal.until_asked("BindShortcuts", times=2)
            assert [name for name, _ in asked] == ["talk"]
            await again.until(lambda: again.well == 1)
            assert not again.problems


async def test_list_of_bound_keys_counts_not_the_status(bus: str, agreed: Path) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        portal.statuses["BindShortcuts"] = 2
        async with keys_on(agreed, bus) as (_, heard):
            await heard.until(lambda: heard.well == 1)
            portal.shortcut("Activated")
            await heard.until(lambda: heard.events == [DOWN])
            assert (heard.problems, heard.names) == ([], ["F9"])


async def test_answer_without_a_list_is_looked_up(bus: str, agreed: Path) -> None:
    async with fake_portal(bus, **VERSION) as portal:

        def bind_without_a_list() -> None:
            portal.results["ListShortcuts"] = CHOSEN

        portal.before_answer["BindShortcuts"] = bind_without_a_list
        async with keys_on(agreed, bus) as (_, heard):
            await heard.until(lambda: heard.well == 1)
            assert (heard.problems, len(portal.calls("ListShortcuts"))) == ([], 2)


async def test_shortcut_without_a_key_is_no_key(bus: str, agreed: Path) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["ListShortcuts"] = {"shortcuts": Variant("a(sa{sv})", [described("")])}
        async with keys_on(agreed, bus, "KDE") as (_, heard):
            await heard.until(lambda: bool(heard.problems))
            assert heard.problems[0].message.code == "portal-key-empty"
            assert "another program has F9" in heard.problems[0].remedy
            portal.change_shortcuts(described("Meta+F8"))
            await heard.until(lambda: heard.well == 1)
            assert heard.names == ["", "Meta+F8"]
            portal.change_shortcuts()
            await heard.until(lambda: len(heard.problems) == 2)


async def test_second_request_is_made_in_a_new_session(bus: str, agreed: Path) -> None:
    async with fake_portal(bus, version=Variant("u", 1)) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        portal.refuses = {"BindShortcuts"}
        async with keys_on(agreed, bus) as (keys, heard):
            await heard.until(lambda: len(heard.problems) == 1)
            portal.refuses = set()
            keys.request_keys()
            await heard.until(lambda: heard.well == 1)
            sessions = [session for session, *_ in portal.calls("BindShortcuts")]
            assert len(set(sessions)) == 2
            portal.shortcut("Activated")
            await heard.until(lambda: heard.events == [DOWN])


async def test_session_taken_away_is_opened_again_on_request(bus: str, agreed: Path) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        async with keys_on(agreed, bus) as (keys, heard):
            await heard.until(lambda: heard.well == 1)
            portal.close_session()
            await heard.until(lambda: len(heard.problems) == 1)
            keys.request_keys()
            await heard.until(lambda: heard.well == 2)
            assert [problem.message.code for problem in heard.problems] == ["portal-key-lost", "portal-key-asked"]


async def test_session_refused_on_request_is_opened_on_the_next(bus: str, agreed: Path) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        async with keys_on(agreed, bus) as (keys, heard):
            await heard.until(lambda: heard.well == 1)
            portal.refuses = {"CreateSession"}
            portal.close_session()
            await heard.until(lambda: len(heard.problems) == 1)
            keys.request_keys()
            await heard.until(lambda: len(heard.problems) == 2)
            keys.request_keys()
            await heard.until(lambda: len(heard.problems) == 3)
            assert len(portal.calls("CreateSession")) == 3
            assert {problem.message.code for problem in heard.problems} == {"portal-key-lost"}
            portal.refuses.clear()
            keys.request_keys()
            await heard.until(lambda: heard.well == 2)
            portal.shortcut("Activated")
            await heard.until(lambda: heard.events == [DOWN])


async def test_key_removed_while_held_is_released(bus: str, agreed: Path) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        async with keys_on(agreed, bus) as (_, heard):
            await portal.until_asked("BindShortcuts")
            portal.shortcut("Activated")
            portal.close_session()
            await heard.until(lambda: bool(heard.problems))
            assert heard.events == [DOWN, UP]


async def test_portal_restart_releases_and_restores_the_key(bus: str, agreed: Path) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        async with keys_on(agreed, bus) as (_, heard):
            await heard.until(lambda: heard.well == 1)
            portal.shortcut("Activated")
            await heard.until(lambda: heard.events == [DOWN])
            portal.end()
            await heard.until(lambda: bool(heard.problems))
            assert heard.events == [DOWN, UP]
            async with fake_portal(bus, **VERSION) as again:
                again.results["BindShortcuts"] = CHOSEN
                await again.until_asked("BindShortcuts")
                await heard.until(lambda: heard.well == 2)
                again.shortcut("Activated")
                again.shortcut("Deactivated")
                await heard.until(lambda: heard.events == [DOWN, UP, DOWN, UP])


class FakeBackend:
    """The desktop's part of the portal, which the portal itself has for its sessions: `closed` are those it closed.

    It answers nothing where `is_silent`; `asked` is set by each call.
    """

    def __init__(self, bus: MessageBus, *, is_silent: bool = False) -> None:
        self.closed: list[str] = []
        self.asked = asyncio.Event()
        self._is_silent = is_silent
        bus.add_message_handler(self._handle)

    def _handle(self, message: Message) -> Message | bool | None:
        if message.interface != "org.freedesktop.impl.portal.Session":
            return None
        self.asked.set()
        if self._is_silent:
            return True
        self.closed.append(message.path or "")
        return Message.new_method_return(message)


async def test_session_of_an_ended_portal_is_closed_at_the_backend(bus: str, agreed: Path) -> None:
    desktop = await MessageBus(bus).connect()
    backend = FakeBackend(desktop)
    await desktop.request_name("org.freedesktop.impl.portal.desktop.gnome")
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        async with keys_on(agreed, bus) as (_, heard):
            await heard.until(lambda: heard.well == 1)
            session = portal.session
            portal.end()
            async with fake_portal(bus, **VERSION) as again:
                again.results["BindShortcuts"] = CHOSEN
                await heard.until(lambda: heard.well == 2)
                assert backend.closed == [session]
    desktop.disconnect()


async def test_silent_backend_does_not_delay_the_end(bus: str, agreed: Path) -> None:
    desktop = await MessageBus(bus).connect()
    backend = FakeBackend(desktop, is_silent=True)
    await desktop.request_name("org.freedesktop.impl.portal.desktop.gnome")
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        async with keys_on(agreed, bus) as (_, heard):
            await heard.until(lambda: heard.well == 1)
            portal.end()
            await backend.asked.wait()
            ended_at = monotonic()
    assert monotonic() - ended_at < CALL_TIMEOUT_S / 2
    desktop.disconnect()


async def test_key_is_bound_again_after_its_backend_ended(
    bus: str, agreed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hotkey_portal, "FIRST_RETRY_S", 0.1)
    desktop = await MessageBus(bus).connect()
    await desktop.request_name("org.freedesktop.impl.portal.desktop.gnome")
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        async with keys_on(agreed, bus) as (_, heard):
            await heard.until(lambda: heard.well == 1)
            desktop.disconnect()
            await heard.until(lambda: heard.well == 2)
            assert len(heard.problems) == 1
            portal.shortcut("Activated")
            await heard.until(lambda: heard.events == [DOWN])


async def test_keys_can_be_closed_without_a_portal(bus: str, agreed: Path) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        async with keys_on(agreed, bus) as (_, heard):
            await portal.until_asked("BindShortcuts")
            portal.end()
            await heard.until(lambda: bool(heard.problems))
    assert len(heard.problems) == 1


async def test_another_key_is_the_desktops_to_choose(bus: str, agreed: Path) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["ListShortcuts"] = CHOSEN
        async with keys_on(agreed, bus) as (keys, heard):
            await heard.until(lambda: heard.well == 1)
            keys.rebind(bound(talk="f8"))
            assert (await portal.until_asked("ConfigureShortcuts"))[0] == portal.session


async def test_refused_request_keeps_the_key_that_works(bus: str, agreed: Path) -> None:
    async with fake_portal(bus, version=Variant("u", 1)) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        async with keys_on(agreed, bus) as (keys, heard):
            await heard.until(lambda: heard.well == 1)
            portal.before_answer["BindShortcuts"] = lambda: refuse_until_the_next(portal)
            keys.rebind(bound(undo="ctrl+alt+u"))
            await heard.until(lambda: heard.well == 2)
            asked = [[name for name, _ in about] for _, about, *_ in portal.calls("BindShortcuts")]
            assert asked == [["talk"], ["talk", "undo"], ["talk"]]
            assert [problem.message.code for problem in heard.problems] == ["portal-key-asked"], "during the dialog"
            assert heard.names == ["F9", "", "F9"]
            portal.shortcut("Activated")
            await heard.until(lambda: heard.events == [DOWN])


def refuse_until_the_next(portal: FakePortal) -> None:
    """Refuse this bind, and answer the next as before."""
    portal.refuses = set() if portal.refuses else {"BindShortcuts"}
    if not portal.refuses:
        portal.before_answer.clear()


async def test_key_removed_in_the_desktop_is_not_asked_for(bus: str, agreed: Path) -> None:
    async with fake_portal(bus, version=Variant("u", 1)) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        async with keys_on(agreed, bus) as (_, heard):
            await heard.until(lambda: heard.well == 1)
            portal.change_shortcuts()
            await heard.until(lambda: len(heard.problems) == 1)
        async with keys_on(agreed, bus) as (_, again):
            await again.until(lambda: len(again.problems) == 1)
            portal.change_shortcuts(described("Press F8"))
            await again.until(lambda: again.well == 1)
        assert [problem.message.code for problem in heard.problems + again.problems] == ["portal-key-refused"] * 2
        assert len(portal.calls("BindShortcuts")) == 1
        async with keys_on(agreed, bus) as (_, third):
            await third.until(lambda: third.well == 1)


async def test_kde_is_asked_for_nothing_at_a_start(bus: str, agreed: Path) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        async with keys_on(agreed, bus, "KDE") as (_, heard):
            await heard.until(lambda: len(heard.problems) == 1)
            assert heard.problems[0].message.code == "portal-key-refused"
        assert not portal.calls("BindShortcuts")


async def test_status_of_the_list_of_keys_counts_nothing(bus: str, agreed: Path) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["ListShortcuts"] = CHOSEN
        portal.statuses["ListShortcuts"] = 2
        async with keys_on(agreed, bus) as (_, heard):
            await heard.until(lambda: heard.well == 1)
            assert (heard.problems, heard.names) == ([], ["F9"])


async def test_desktop_without_portal_advises_own_binding(bus: str) -> None:
    heard = Heard(asyncio.get_running_loop())
    environ = {"WAYLAND_DISPLAY": "wayland-0", "DBUS_SESSION_BUS_ADDRESS": bus, "SWAYSOCK": "/run/sway"}
    keys = PortalHotkeyListener(bound(), heard.post, heard.on_problem, environ)
    with pytest.raises(HotkeyError) as refused:
        await to_thread.run_sync(keys.start)
    assert refused.value.remedy == setup_error(environ).remedy


async def test_the_doctor_finds_the_portal(bus: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTONE_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    paths = find_paths()
    environ = {"DBUS_SESSION_BUS_ADDRESS": bus, "XDG_CURRENT_DESKTOP": "GNOME"}
    check = partial(to_thread.run_sync, check_portal_hotkeys, environ)
    with pytest.raises(HotkeyError) as missing:
        await check()
    assert missing.value.remedy == setup_error(environ).remedy
    async with fake_portal(bus, **VERSION):
        with pytest.raises(HotkeyError) as unasked:
            await check()
        assert unasked.value.message.code == "portal-key-unasked"
        save_agreed(paths.portal_keys, AgreedKeys(was_asked=True))
        with pytest.raises(HotkeyError) as refused:
            await check()
        assert refused.value.message.code == "portal-key-refused"
        save_agreed(paths.portal_keys, AgreedKeys(frozenset({Action.TALK}), was_asked=True))
        assert (await check()).code == "portal-keys-offered"
        showing = StatusPublisher(lambda shown: None, lambda cancellable: None, lambda: False)
        showing.update_health(talk_key="Super+F9")

        async def status(command: str) -> Reply:
            return {"ok": True, **showing.status()}

        async with serve_commands(paths, status):
            assert await check() == Text("portal-key-given", key="Super+F9")
            showing.update_health(hotkey=HotkeyError("portal-key-empty", key="F9"))
            with pytest.raises(HotkeyError) as empty:
                await check()
            assert empty.value.message.code == "portal-key-empty"
    async with fake_portal(bus) as silent, anyio.create_task_group() as tasks:
        silent.ignores = {"Get"}
        tasks.start_soon(end_when_asked, silent)
        with pytest.raises(HotkeyError):
            await check()
    environ["XDG_CURRENT_DESKTOP"] = "Hyprland"
    async with fake_portal(bus, **VERSION):
        with pytest.raises(HotkeyError):
            await check()


class FakeKeyService:
    """KDE's service of global keys: `keys` is what it keeps, by component and action."""

    def __init__(self, bus: MessageBus, keys: dict[tuple[str, str], int]) -> None:
        self.keys = keys
        bus.add_message_handler(self._handle)

    def _handle(self, message: Message) -> Message | None:
        if message.path != "/kglobalaccel" or message.message_type is not MessageType.METHOD_CALL:
            return None
        if message.member == "shortcut":
            code = self.keys.get((message.body[0][0], message.body[0][1]))
            return Message.new_method_return(message, "ai", [[code] if code is not None else []])
        assert message.member == "unregister"
        return Message.new_method_return(message, "b", [self.keys.pop(tuple(message.body), None) is not None])
