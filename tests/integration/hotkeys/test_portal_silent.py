"""A portal that does not answer, as at the login of a slow machine, is not one that has no keys to lend."""

from __future__ import annotations

from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from desktop.hotkeys import portal as hotkey_portal
from desktop.hotkeys import shortcut_binder
from desktop.hotkeys.portal import PortalHotkeyListener
from desktop.platforms.linux.portal import Portal, PortalTimeoutError
from tests.support.portal import fake_portal
from tests.support.portal_keys import CHOSEN, DOWN, VERSION, end_when_asked, keys_on

pytestmark = pytest.mark.anyio


async def ended(keys: PortalHotkeyListener) -> None:
    """Wait until they have given up by themselves."""
    await to_thread.run_sync(keys._thread.join, 10.0)
    assert not keys._thread.is_alive()


async def test_silent_portal_is_asked_again(bus: str, agreed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hotkey_portal, "START_TIMEOUT_S", 0.1)
    monkeypatch.setattr(hotkey_portal, "RETRY_INTERVAL_S", 0.1)
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        portal.sleeps = True
        async with keys_on(agreed, bus) as (_, heard):
            await heard.until(lambda: len(heard.problems) == 1)
            assert (heard.well, heard.problems[0].message.code) == (0, "portal-key-lost")
            portal.sleeps = False
            await portal.until_asked("BindShortcuts")
            portal.shortcut("Activated")
            await heard.until(lambda: heard.events == [DOWN])
            await heard.until(lambda: heard.well == 1)
            assert len(heard.problems) == 1


@pytest.mark.parametrize(
    ("desktop", "codes"),
    [("GNOME", ["portal-key-lost", "wayland-keys-gnome"]), ("sway", ["wayland-keys-sway", "wayland-keys-sway"])],
)
async def test_portal_that_refuses_late_is_not_asked_again(
    bus: str, agreed: Path, monkeypatch: pytest.MonkeyPatch, desktop: str, codes: list[str]
) -> None:
    monkeypatch.setattr(hotkey_portal, "START_TIMEOUT_S", 0.1)
    monkeypatch.setattr(hotkey_portal, "RETRY_INTERVAL_S", 0.1)
    async with fake_portal(bus) as portal:
        portal.sleeps = True
        async with keys_on(agreed, bus, desktop) as (keys, heard):
            portal.sleeps = False
            await ended(keys)
    assert [problem.message.code for problem in heard.problems] == codes


async def test_portal_silent_when_binding_is_asked_again(
    bus: str, agreed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shortcut_binder, "CALL_TIMEOUT_S", 0.1)
    monkeypatch.setattr(hotkey_portal, "RETRY_INTERVAL_S", 0.1)
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        portal.ignores = {"ListShortcuts"}
        async with keys_on(agreed, bus) as (_, heard):
            await heard.until(lambda: len(heard.problems) == 1)
            portal.ignores = set()
            await portal.until_asked("BindShortcuts")
            await heard.until(lambda: (heard.well, len(heard.problems)) == (1, 1))


async def test_unanswered_dialog_is_not_shown_again(bus: str, agreed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shortcut_binder, "DIALOG_TIMEOUT_S", 0.1)
    async with fake_portal(bus, **VERSION) as portal:
        portal.ignores = {"BindShortcuts"}
        async with keys_on(agreed, bus) as (_, heard):
            await heard.until(lambda: len(heard.problems) == 1)
            portal.change_shortcuts()
            await heard.until(lambda: len(heard.problems) == 2)
        assert len(portal.calls("BindShortcuts")) == 1


async def test_portal_silence_is_not_a_missing_interface(bus: str) -> None:
    async with fake_portal(bus, **VERSION) as there:
        portal = await Portal.connect(bus)
        assert await portal.read_version("org.example") == 2
        there.properties = {}
        assert await portal.read_version("org.example") == 0
        there.ignores = {"Get"}
        with pytest.raises(PortalTimeoutError):
            await portal.call("org.freedesktop.DBus.Properties", "Get", "ss", ["org.example", "version"], 0.1)
        there.asked.clear()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(end_when_asked, there)
            with pytest.raises(PortalTimeoutError):
                await portal.read_version("org.example")
        assert await portal.read_number("org.example", "version") == 0
        portal.close()
