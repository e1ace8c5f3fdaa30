"""What the doctor says of the talk key that a desktop lends through its portal."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from desktop.app.ipc import serve_commands
from desktop.app.status import StatusPublisher
from desktop.core.errors import HotkeyError
from desktop.core.ipc_client import Reply
from desktop.core.keys import Action
from desktop.core.messages import Message as Text
from desktop.core.paths import find_paths
from desktop.doctor.desktop import check_portal_hotkeys
from desktop.hotkeys.portal import PortalHotkeyListener
from desktop.hotkeys.shortcut_binder import AgreedKeys, save_agreed
from desktop.hotkeys.wayland import setup_error
from tests.support.portal import fake_portal
from tests.support.portal_keys import VERSION, Heard, bound, end_when_asked

pytestmark = pytest.mark.anyio


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
