"""Which way there is to press the chord in a Wayland session, and how each tool is asked: all pure."""

from __future__ import annotations

import json
import socket
import struct
from dataclasses import replace
from pathlib import Path

import pytest
from dbus_fast import Variant

from desktop.core.chords import PasteShortcut
from desktop.core.types import Target
from desktop.paste.wayland.chords import (
    ENTER_CHORD,
    PASTE_CHORDS,
    build_hyprctl_commands,
    build_ydotool_command,
    choose_shortcut,
)
from desktop.paste.wayland.focus import (
    UNKNOWN_WINDOW,
    FocusedWindow,
    find_compositor,
    parse_answer,
    parse_hyprland,
    parse_kwin,
    parse_sway,
)
from desktop.paste.wayland.key_backends import KeyBackend, KeyBackendFacts, find_facts, find_remedy, list_backends
from desktop.paste.wayland.protocol import encode_request, take_events
from desktop.paste.wayland.virtual_keyboard import VIRTUAL_KEYBOARD_MANAGER
from tests.support.portal import fake_portal

TOOLS = frozenset(("hyprctl", "ydotool"))
FOOT = Target(7, "foot", "shell", 99)
UNKNOWN_OF_FOOT = replace(FOOT, handle=-1)


@pytest.mark.parametrize(
    ("facts", "rungs"),
    [
        (KeyBackendFacts(hyprland=True, virtual_keyboard=True, tools=TOOLS), (KeyBackend.HYPRLAND, KeyBackend.VIRTUAL)),
        (KeyBackendFacts(hyprland=True, virtual_keyboard=True, tools=frozenset()), (KeyBackend.VIRTUAL,)),
        (KeyBackendFacts(virtual_keyboard=True, tools=TOOLS, ydotool=True), (KeyBackend.VIRTUAL, KeyBackend.YDOTOOL)),
        (KeyBackendFacts(portal=True, tools=TOOLS), (KeyBackend.PORTAL,)),
        (KeyBackendFacts(portal=True, tools=TOOLS, ydotool=True), (KeyBackend.PORTAL, KeyBackend.YDOTOOL)),
        (KeyBackendFacts(ydotool=True), ()),
        (KeyBackendFacts(tools=TOOLS), ()),
    ],
)
def test_the_rungs_there_are_come_best_first(facts: KeyBackendFacts, rungs: tuple[KeyBackend, ...]) -> None:
    assert list_backends(facts) == rungs


@pytest.mark.parametrize(
    ("facts", "package"),
    [
        (KeyBackendFacts(desktops=frozenset(("ubuntu", "gnome"))), "install -y xdg-desktop-portal-gnome"),
        (KeyBackendFacts(desktops=frozenset(("kde",))), "install -y xdg-desktop-portal-kde"),
        (KeyBackendFacts(), "Ctrl+V"),
    ],
)
def test_remedy_names_package_this_compositor_can_use(facts: KeyBackendFacts, package: str) -> None:
    assert package in str(find_remedy(facts))


def folder_with(folder: Path, *tools: str) -> str:
    """A folder for PATH with programs of these names."""
    folder.mkdir()
    for name in tools:
        (folder / name).touch(mode=0o755)
    return str(folder)


@pytest.mark.anyio
async def test_the_facts_are_looked_up_in_the_session(tmp_path: Path, bus: str) -> None:
    path = folder_with(tmp_path / "bin", "ydotool")
    environ = {"PATH": path, "XDG_RUNTIME_DIR": str(tmp_path), "DBUS_SESSION_BUS_ADDRESS": bus}
    found = await find_facts(environ, {})
    assert found == KeyBackendFacts(tools=frozenset(("ydotool",)))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as daemon:
        daemon.bind(str(tmp_path / ".ydotool_socket"))
        async with fake_portal(bus, AvailableDeviceTypes=Variant("u", 3)):
            found = await find_facts(environ, {})
    assert list_backends(found) == (KeyBackend.PORTAL, KeyBackend.YDOTOOL)


@pytest.mark.anyio
async def test_virtual_keyboard_does_not_wake_the_portal(tmp_path: Path, bus: str) -> None:
    async with fake_portal(bus, AvailableDeviceTypes=Variant("u", 3)) as portal:
        environ = {"PATH": str(tmp_path), "DBUS_SESSION_BUS_ADDRESS": bus}
        assert list_backends(await find_facts(environ, {VIRTUAL_KEYBOARD_MANAGER: (1, 1)})) == (KeyBackend.VIRTUAL,)
        assert not portal.asked


@pytest.mark.parametrize(
    ("wanted", "target", "text", "expected"),
    [
        (None, FOOT, "One line.", PasteShortcut.CTRL_V),
        (PasteShortcut.SHIFT_INSERT, FOOT, "One line.", PasteShortcut.SHIFT_INSERT),
        (None, UNKNOWN_WINDOW, "One line.", PasteShortcut.SHIFT_INSERT),
        (None, UNKNOWN_WINDOW, "Two\nlines.", PasteShortcut.CTRL_V),
        (None, UNKNOWN_WINDOW, "A\ttab.", PasteShortcut.CTRL_V),
        (None, UNKNOWN_OF_FOOT, "One line.", PasteShortcut.SHIFT_INSERT),
        (None, UNKNOWN_OF_FOOT, "Two\nlines.", PasteShortcut.CTRL_V),
    ],
)
def test_a_window_that_may_be_a_shell_gets_no_newline(
    wanted: PasteShortcut | None, target: Target, text: str, expected: PasteShortcut
) -> None:
    assert choose_shortcut(wanted, target, text) is expected


def test_tools_press_and_release_the_intended_keys() -> None:
    shift_insert = PASTE_CHORDS[PasteShortcut.SHIFT_INSERT]
    legacy, lua = build_hyprctl_commands(shift_insert, FOOT)
    assert legacy == ["hyprctl", "dispatch", "sendshortcut", "SHIFT, Insert, address:0x7"]
    assert lua[2] == 'hl.dsp.send_shortcut({ mods = "SHIFT", key = "Insert", window = "address:0x7" })'
    for target in (UNKNOWN_WINDOW, UNKNOWN_OF_FOOT):
        assert build_hyprctl_commands(ENTER_CHORD, target)[0][-1] == ", Return, activewindow"
        assert build_ydotool_command(shift_insert, target) == ["ydotool", "key", "42:1", "110:1", "110:0", "42:0"]


def test_ydotool_presses_no_letters() -> None:
    ctrl_v = PASTE_CHORDS[PasteShortcut.CTRL_V]
    assert build_ydotool_command(ctrl_v, FOOT) == build_ydotool_command(PASTE_CHORDS[PasteShortcut.SHIFT_INSERT], FOOT)
    assert build_ydotool_command(ctrl_v, UNKNOWN_WINDOW) == build_ydotool_command(ctrl_v, UNKNOWN_OF_FOOT) == []


TREE = """{"type": "root", "id": 1, "nodes": [{"type": "output", "id": 2, "nodes": [
  {"type": "workspace", "id": 3, "focused": FIRST, "nodes": [
    {"type": "con", "id": 7, "pid": 99, "focused": SECOND, "app_id": "foot", "name": "shell", "shell": "xdg_shell"}],
   "floating_nodes": [{"type": "floating_con", "id": 8, "pid": 98, "focused": THIRD, "app_id": null, "name": null,
    "window": 77, "shell": "xwayland", "window_properties": {"class": "XTerm", "instance": "xterm"}}]}]}]}"""


@pytest.mark.parametrize(
    ("focused", "window"),
    [
        ("FIRST", FocusedWindow()),
        ("SECOND", FocusedWindow(FOOT)),
        ("THIRD", FocusedWindow(Target(8, "XTerm", "", 98), x11=True, xid=77)),
    ],
)
def test_sway_tells_the_window_by_its_tree(focused: str, window: FocusedWindow) -> None:
    tree = TREE.replace(focused, "true")
    for other in ("FIRST", "SECOND", "THIRD"):
        tree = tree.replace(other, "false")
    assert parse_sway(json.loads(tree)) == window


def test_hyprland_tells_the_window() -> None:
    said = {"address": "0x5f", "class": "kitty", "title": "zsh", "pid": 12, "xwayland": False}
    assert parse_hyprland(said) == FocusedWindow(Target(0x5F, "kitty", "zsh", 12))
    assert parse_hyprland({}) == FocusedWindow()


def test_kwin_names_windows_by_letters() -> None:
    told = {"id": "{7f1c}", "app": "org.kde.kate", "title": "note", "pid": 12}
    window = parse_kwin(told)
    assert window == FocusedWindow(Target(window.target.handle, "org.kde.kate", "note", 12))
    assert window.target.handle > 0xFFFF_FFFF, "no X window has this number"
    assert parse_kwin({**told, "title": "note *"}).target.handle == window.target.handle
    assert parse_kwin({**told, "id": "{7f1d}"}).target.handle != window.target.handle
    assert parse_kwin({}) == FocusedWindow()


@pytest.mark.parametrize("answer", ["", "null", "[1]", '{"id": "a"}', '{"id": 7, "app": "", "title": "", "pid": 1}'])
def test_answer_that_makes_no_sense_is_unknown_window(answer: str) -> None:
    assert parse_answer("KWin", answer) == FocusedWindow(UNKNOWN_WINDOW)


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({"HYPRLAND_INSTANCE_SIGNATURE": "a"}, "Hyprland"),
        ({"SWAYSOCK": "/run/sway"}, "sway"),
        ({"XDG_CURRENT_DESKTOP": "KDE"}, "KWin"),
        ({"XDG_CURRENT_DESKTOP": "ubuntu:GNOME"}, ""),
        ({}, ""),
    ],
)
def test_only_some_compositors_tell_the_window(environ: dict[str, str], name: str) -> None:
    assert find_compositor(environ) == name


def test_message_round_trips_and_waits_until_complete() -> None:
    sent = encode_request(3, 1, 7, "text/plain") + encode_request(4, 0)
    assert struct.unpack_from("=II", sent) == (3, (8 + 4 + 4 + 12) << 16 | 1)
    received = bytearray(sent[:20])
    assert list(take_events(received)) == []
    received += sent[20:]
    first, second = take_events(received)
    assert (first.object, first.opcode, first.read_number(), first.read_string(4)) == (3, 1, 7, "text/plain")
    assert first.offset_after_string(4) == len(first.body)
    assert (second.object, second.body, received) == (4, b"", bytearray())
