"""The talk key that a desktop lends through its portal, against a portal on a bus of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio
import pytest
from anyio import to_thread
from dbus_fast import Variant

from desktop.core.errors import HotkeyError
from desktop.core.keys import Action, Bindings, build_bindings, parse_binding
from desktop.doctor.desktop import check_portal_hotkeys
from desktop.hotkeys.gesture import GestureEvent
from desktop.hotkeys.listener import open_hotkeys
from desktop.hotkeys.portal import PortalHotkeyListener, preferred_trigger
from desktop.hotkeys.wayland import setup_error
from tests.support.portal import FakePortal, fake_portal

pytestmark = pytest.mark.anyio

VERSION = {"version": Variant("u", 2)}
CHOSEN = {"shortcuts": Variant("a(sa{sv})", [["talk", {}]])}


@dataclass
class Heard:
    """What the keys said, on this loop."""

    loop: asyncio.AbstractEventLoop
    events: list[tuple[GestureEvent, Action]] = field(default_factory=list)
    problems: list[HotkeyError] = field(default_factory=list)
    well: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def post(self, event: GestureEvent, action: Action) -> None:
        self.loop.call_soon_threadsafe(self._note, self.events, (event, action))

    def on_problem(self, problem: HotkeyError | None) -> None:
        if problem is not None:
            self.loop.call_soon_threadsafe(self._note, self.problems, problem)
        else:
            self.loop.call_soon_threadsafe(self._is_well)

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
async def keys_on(portal: FakePortal, bus: str, **names: str) -> AsyncIterator[tuple[PortalHotkeyListener, Heard]]:
    heard = Heard(asyncio.get_running_loop())
    environ = {"WAYLAND_DISPLAY": "wayland-0", "DBUS_SESSION_BUS_ADDRESS": bus, "XDG_CURRENT_DESKTOP": "GNOME"}
    bindings = bound(**names)
    keys = await to_thread.run_sync(open_hotkeys, bindings, heard.post, heard.on_problem, environ, "linux")
    assert isinstance(keys, PortalHotkeyListener)
    try:
        yield keys, heard
    finally:
        await to_thread.run_sync(keys.close)


async def end_when_asked(portal: FakePortal) -> None:
    await portal.until_asked("Get")
    portal.end()


DOWN, UP = (GestureEvent.DOWN, Action.TALK), (GestureEvent.UP, Action.TALK)


async def test_a_key_is_heard_as_it_goes_down_and_comes_up(bus: str) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        async with keys_on(portal, bus, talk="ctrl+alt+space") as (_, heard):
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


async def test_all_keys_but_esc_bind_and_only_talk_releases(bus: str) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        async with keys_on(portal, bus, undo="ctrl+alt+u", send="button8") as (_, heard):
            _, asked, _, _ = await portal.until_asked("BindShortcuts")
            assert [name for name, _ in asked] == ["talk", "send", "undo"]
            assert "preferred_trigger" not in asked[1][1]
            for member in ("Activated", "Deactivated", "Activated"):
                portal.shortcut(member, "undo")
            portal.shortcut("Activated", "send")
            await heard.until(lambda: len(heard.events) == 3)
            undo = GestureEvent.DOWN, Action.UNDO
            assert heard.events == [undo, undo, (GestureEvent.DOWN, Action.SEND)]


async def test_nothing_is_heard_while_the_person_shows_a_key(bus: str) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        async with keys_on(portal, bus, undo="ctrl+alt+u") as (keys, heard):
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


async def test_remembered_key_is_not_requested_again(bus: str) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["ListShortcuts"] = CHOSEN
        async with keys_on(portal, bus) as (_, heard):
            await portal.until_asked("ListShortcuts")
            portal.shortcut("Activated")
            await heard.until(lambda: heard.events == [DOWN])
        assert not portal.calls("BindShortcuts")


@pytest.mark.parametrize("no", ["refused", "none chosen"])
async def test_declined_key_shows_the_alternatives(bus: str, no: str) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = {"shortcuts": Variant("a(sa{sv})", [])}
        portal.refuses = {"BindShortcuts"} if no == "refused" else set()
        async with keys_on(portal, bus) as (_, heard):
            await heard.until(lambda: bool(heard.problems))
            assert heard.problems[0].remedy == setup_error({"XDG_CURRENT_DESKTOP": "GNOME"}).remedy


async def test_key_removed_while_held_is_released(bus: str) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        async with keys_on(portal, bus) as (_, heard):
            await portal.until_asked("BindShortcuts")
            portal.shortcut("Activated")
            portal.close_session()
            await heard.until(lambda: bool(heard.problems))
            assert heard.events == [DOWN, UP]


async def test_portal_restart_releases_and_restores_the_key(bus: str) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        async with keys_on(portal, bus) as (_, heard):
            await portal.until_asked("BindShortcuts")
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


async def test_keys_can_be_closed_without_a_portal(bus: str) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        async with keys_on(portal, bus) as (_, heard):
            await portal.until_asked("BindShortcuts")
            portal.end()
            await heard.until(lambda: bool(heard.problems))
    assert len(heard.problems) == 1


async def test_another_key_is_the_desktops_to_choose(bus: str) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        async with keys_on(portal, bus) as (keys, _):
            keys.rebind(bound(talk="f8"))
            assert (await portal.until_asked("ConfigureShortcuts"))[0] == portal.session


async def test_desktop_without_portal_advises_own_binding(bus: str) -> None:
    heard = Heard(asyncio.get_running_loop())
    environ = {"WAYLAND_DISPLAY": "wayland-0", "DBUS_SESSION_BUS_ADDRESS": bus, "SWAYSOCK": "/run/sway"}
    keys = PortalHotkeyListener(bound(), heard.post, heard.on_problem, environ)
    with pytest.raises(HotkeyError) as refused:
        await to_thread.run_sync(keys.start)
    assert refused.value.remedy == setup_error(environ).remedy


async def test_the_doctor_finds_the_portal(bus: str) -> None:
    environ = {"DBUS_SESSION_BUS_ADDRESS": bus, "XDG_CURRENT_DESKTOP": "GNOME"}
    with pytest.raises(HotkeyError) as missing:
        await to_thread.run_sync(check_portal_hotkeys, environ)
    assert missing.value.remedy == setup_error(environ).remedy
    async with fake_portal(bus, **VERSION):
        assert (await to_thread.run_sync(check_portal_hotkeys, environ)).code == "portal-keys-offered"
    async with fake_portal(bus) as silent, anyio.create_task_group() as tasks:
        silent.ignores = {"Get"}
        tasks.start_soon(end_when_asked, silent)
        with pytest.raises(HotkeyError):
            await to_thread.run_sync(check_portal_hotkeys, environ)
    environ["XDG_CURRENT_DESKTOP"] = "Hyprland"
    async with fake_portal(bus, **VERSION):
        with pytest.raises(HotkeyError):
            await to_thread.run_sync(check_portal_hotkeys, environ)


async def test_the_key_is_proposed_as_the_portal_writes_it() -> None:
    names = ("ctrl_r", "button8", "f8", "super+shift+a")
    assert [preferred_trigger(parse_binding(name), Action.TALK) for name in names] == ["F9", "F9", "F8", "SHIFT+LOGO+a"]
