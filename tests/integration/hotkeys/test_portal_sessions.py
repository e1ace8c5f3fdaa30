"""What becomes of the talk key when the portal, its session or the desktop behind it ends."""

from __future__ import annotations

import asyncio
from pathlib import Path
from time import monotonic

import pytest
from dbus_fast import Message, Variant
from dbus_fast.aio import MessageBus

from desktop.hotkeys import portal as hotkey_portal
from desktop.platforms.linux.portal import CALL_TIMEOUT_S
from tests.support.portal import fake_portal
from tests.support.portal_keys import CHOSEN, DOWN, UP, VERSION, keys_on

pytestmark = pytest.mark.anyio


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
