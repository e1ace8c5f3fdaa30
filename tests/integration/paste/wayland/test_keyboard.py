"""The ways of pressing keys under Wayland: the next is tried where one fails, and it is said where there is none."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from dbus_fast import Variant

from desktop.core.chords import PasteShortcut
from desktop.core.errors import PasteError
from desktop.core.types import Target
from desktop.paste.field import FocusedFieldReader
from desktop.paste.wayland.chords import ENTER_CHORD, PASTE_CHORDS
from desktop.paste.wayland.focus import UNKNOWN_WINDOW, FocusedWindow
from desktop.paste.wayland.focus_reader import FocusReader
from desktop.paste.wayland.keyboard import WaylandKeyboard
from desktop.paste.wayland.protocol import Compositor
from tests.support.portal import fake_portal
from tests.support.wayland_desk import WaylandDesk

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def bare_keyboard(
    desk: WaylandDesk,
    folder: Path,
    bus: str = "",
    on_problem: Callable[[PasteError | None], None] = lambda problem: None,
    **more: str,
) -> AsyncIterator[WaylandKeyboard]:
    """A keyboard in a session whose compositor takes no keys from programs, and whose tools are in `folder`."""
    compositor = Compositor(desk.environ)
    compositor.globals.clear()
    environ = {**desk.environ, "PATH": f"{folder}:/bin", "DBUS_SESSION_BUS_ADDRESS": bus, **more}
    keyboard = WaylandKeyboard(environ, compositor, folder / "token", on_problem)
    keyboard.open()
    try:
        yield keyboard
    finally:
        keyboard.close()
        compositor.close()


def tool(folder: Path, name: str, answer: str) -> Path:
    """A program that notes what it is asked, a line each, in the file that is returned, and runs `answer`."""
    log = folder / f"{name}.log"
    program = folder / name
    program.write_text(f'#!/bin/sh\necho "$*" >> {log}\n{answer}\n')
    program.chmod(0o755)
    return log


async def test_hyprland_is_asked_in_old_then_new_syntax(desk: WaylandDesk, tmp_path: Path) -> None:
    log = tool(tmp_path, "hyprctl", 'case "$2" in hl.*) echo ok;; *) echo Invalid dispatcher;; esac')
    async with bare_keyboard(desk, tmp_path, HYPRLAND_INSTANCE_SIGNATURE="a") as keyboard:
        assert await keyboard.press(ENTER_CHORD, UNKNOWN_WINDOW)
    old, new = log.read_text().splitlines()
    assert old.startswith("dispatch sendshortcut ")
    assert new.startswith("dispatch hl.dsp.send_shortcut(")


@pytest.mark.parametrize("answer", ["echo Invalid dispatcher", "echo gone >&2; exit 1"])
async def test_keyboard_method_that_fails_tries_the_next(desk: WaylandDesk, tmp_path: Path, answer: str) -> None:
    tool(tmp_path, "hyprctl", answer)
    log = tool(tmp_path, "ydotool", "")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as daemon:
        daemon.bind(str(tmp_path / "ydotool.socket"))
        where = {"YDOTOOL_SOCKET": str(tmp_path / "ydotool.socket"), "HYPRLAND_INSTANCE_SIGNATURE": "a"}
        async with bare_keyboard(desk, tmp_path, **where) as keyboard:
            assert await keyboard.press(PASTE_CHORDS[PasteShortcut.SHIFT_INSERT], UNKNOWN_WINDOW)
            assert not await keyboard.press(PASTE_CHORDS[PasteShortcut.CTRL_V], UNKNOWN_WINDOW)
    assert log.read_text().splitlines() == ["key 42:1 110:1 110:0 42:0"]


async def test_hyprlands_window_is_asked_for(tmp_path: Path) -> None:
    environ = {"PATH": f"{tmp_path}:/bin", "HYPRLAND_INSTANCE_SIGNATURE": "a"}
    said = '{"address": "0x5f", "class": "kitty", "title": "zsh", "pid": 12, "xwayland": true}'
    tool(tmp_path, "hyprctl", f"echo '{said}'")
    reader = FocusReader(environ, FocusedFieldReader(""))
    assert await reader.find_focused_window() == FocusedWindow(Target(0x5F, "kitty", "zsh", 12), x11=True)
    tool(tmp_path, "hyprctl", "exit 1")
    assert await reader.find_focused_window() == FocusedWindow(UNKNOWN_WINDOW)


async def test_where_nothing_presses_keys_that_is_said(desk: WaylandDesk, tmp_path: Path) -> None:
    async with bare_keyboard(desk, tmp_path) as keyboard:
        assert not await keyboard.press(ENTER_CHORD, UNKNOWN_WINDOW)


async def test_portal_presses_keys_once_the_user_allows(desk: WaylandDesk, tmp_path: Path, bus: str) -> None:
    problems: list[PasteError | None] = []
    async with fake_portal(bus, AvailableDeviceTypes=Variant("u", 1)) as portal:
        portal.results["Start"] = {"devices": Variant("u", 1), "restore_token": Variant("s", "given")}
        async with bare_keyboard(desk, tmp_path, bus, problems.append) as keyboard:
            assert not await keyboard.press(ENTER_CHORD, UNKNOWN_WINDOW)
            assert not portal.calls("CreateSession")
            assert {problem and problem.message.code for problem in problems} == {"portal-typing-unasked"}
            await keyboard.request_permission()
            assert problems[-1] is None
            keyboard.prepare()
            assert await keyboard.press(ENTER_CHORD, UNKNOWN_WINDOW)
            assert [keys[2:] for keys in portal.calls("NotifyKeyboardKeysym")] == [[0xFF0D, 1], [0xFF0D, 0]]
