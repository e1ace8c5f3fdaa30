"""Which window has the focus where no tool of the compositor tells: KWin's scripts, XWayland, accessibility."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from desktop.core.messages import Message, PartList
from desktop.core.types import Outcome, PasteResult, Target
from desktop.doctor.desktop import check_wayland_pasting
from desktop.paste.field import FocusedFieldReader
from desktop.paste.request import PASSWORD_FIELD_FOCUSED, WINDOW_UNKNOWN, refuse
from desktop.paste.wayland import toplevels
from desktop.paste.wayland.focus import UNKNOWN_WINDOW, FocusedWindow
from desktop.paste.wayland.focus_reader import FocusReader
from desktop.paste.wayland.paster import WaylandPaster
from tests.support.accessible_session import start_accessibility
from tests.support.desk import ROOT, read_until, until
from tests.support.kwin import fake_kwin
from tests.support.session_bus import ACCESSIBILITY, session_bus
from tests.support.wayland_desk import WaylandDesk
from tests.support.wayland_proxy import WrappedProxy, proxied

KATE = {"internalId": "{7f1c}", "resourceClass": "org.kde.kate", "caption": "note", "pid": 12}
PATIENCE_S = 10.0
X_PORT = 6000
"""The port of an X server's display 0."""

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def reader_in(environ: Mapping[str, str]) -> AsyncIterator[FocusReader]:
    fields = FocusedFieldReader(environ.get("DBUS_SESSION_BUS_ADDRESS"))
    reader = FocusReader(environ, fields)
    try:
        yield reader
    finally:
        reader.close()
        fields.close()


@asynccontextmanager
async def paster_in(environ: Mapping[str, str], folder: Path) -> AsyncIterator[WaylandPaster]:
    paster = WaylandPaster(environ, folder / "token")
    paster.start(asyncio.get_running_loop())
    try:
        yield paster
    finally:
        paster.close()


async def window_named(reader: FocusReader, app: str) -> FocusedWindow:
    """The window of this application, once it has the focus."""
    with anyio.fail_after(PATIENCE_S):
        while (window := await reader.find_focused_window()).target.app != app:
            await asyncio.to_thread(lambda: None)
    return window


async def test_kwin_tells_active_window_each_time(bus: str, tmp_path: Path) -> None:
    environ = {"XDG_CURRENT_DESKTOP": "KDE", "DBUS_SESSION_BUS_ADDRESS": bus, "XDG_RUNTIME_DIR": str(tmp_path)}
    async with fake_kwin(bus) as kwin, reader_in(environ) as reader:
        assert await reader.find_focused_window() == FocusedWindow(), "there is none"
        for title in ("note", "note *"):
            kwin.workspace = {"activeWindow": {**KATE, "caption": title}}
            window = await reader.find_focused_window()
            assert window == FocusedWindow(Target(window.target.handle, "org.kde.kate", title, 12))
        reader.close()
        assert [*tmp_path.iterdir()] == [], "the script is gone"
        with anyio.fail_after(PATIENCE_S):
            while kwin.loaded:
                await asyncio.to_thread(lambda: None)


async def test_kwin_that_is_not_there_is_unknown_window(bus: str, tmp_path: Path) -> None:
    environ = {"XDG_CURRENT_DESKTOP": "KDE", "DBUS_SESSION_BUS_ADDRESS": bus, "XDG_RUNTIME_DIR": str(tmp_path)}
    async with reader_in(environ) as reader:
        assert await reader.find_focused_window() == FocusedWindow(UNKNOWN_WINDOW)


@pytest.mark.parametrize("name", ["DISPLAY", "DBUS_SESSION_BUS_ADDRESS"])
async def test_silence_is_an_unknown_window_in_time(tmp_path: Path, name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        address = {
            "DISPLAY": f"127.0.0.1:{port - X_PORT}",
            "DBUS_SESSION_BUS_ADDRESS": f"tcp:host=127.0.0.1,port={port}",
        }
        async with reader_in({"XDG_RUNTIME_DIR": str(tmp_path), name: address[name]}) as reader:
            with anyio.fail_after(PATIENCE_S):
                for _ in range(2):
                    assert await reader.find_focused_window() == FocusedWindow(UNKNOWN_WINDOW)


@pytest.fixture
def bus() -> Iterator[str]:
    """The address of a session bus with accessibility."""
    with session_bus(services=[ACCESSIBILITY]) as address:
        yield address


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WaylandDesk]:
    with WaylandDesk(tmp_path_factory.mktemp("desk"), xwayland=True) as desk:
        yield desk


@pytest.mark.parametrize(
    ("more", "hides", "code", "source"),
    [
        ({"XDG_CURRENT_DESKTOP": "KDE"}, "", "wayland-pasting-partly", PartList(("XWayland",))),
        ({"SWAYSOCK": "/gone"}, "", "wayland-pasting-partly", PartList(("XWayland",))),
        ({}, "", "wayland-pasting-found", "foreign-toplevel"),
        ({}, toplevels.MANAGER, "wayland-pasting-partly", PartList(("XWayland",))),
        ({"DISPLAY": ""}, toplevels.MANAGER, "wayland-pasting-blind", None),
        ({"DISPLAY": "", "DBUS_SESSION_BUS_ADDRESS": ""}, toplevels.MANAGER, "wayland-pasting-blind", None),
    ],
)
def test_doctor_says_what_names_the_window(
    desk: WaylandDesk,
    bus: str,
    tmp_path: Path,
    more: Mapping[str, str],
    hides: str,
    code: str,
    source: str | PartList | None,
) -> None:
    told = {key: value for key, value in desk.environ.items() if key != "SWAYSOCK"}
    with proxied(tmp_path / "wayland", told, hides=hides) as (_, environ):
        found = check_wayland_pasting({**environ, "DBUS_SESSION_BUS_ADDRESS": bus, **more})
    assert (found.code, found.params.get("source")) == (code, source)


def test_doctor_names_sway_whose_tool_answers(desk: WaylandDesk) -> None:
    assert check_wayland_pasting(desk.environ).params["source"] == "sway"


async def test_doctor_names_kwin_that_answers(desk: WaylandDesk, bus: str) -> None:
    environ = {key: value for key, value in desk.environ.items() if key != "SWAYSOCK"}
    environ |= {"XDG_CURRENT_DESKTOP": "KDE", "DBUS_SESSION_BUS_ADDRESS": bus}
    async with fake_kwin(bus):
        found = await to_thread.run_sync(check_wayland_pasting, environ)
    assert (found.code, found.params["source"]) == ("wayland-pasting-found", "KWin")


def test_doctor_names_accessibility_that_answers(bus: str, tmp_path: Path) -> None:
    accessible = {"DBUS_SESSION_BUS_ADDRESS": bus, "NO_AT_BRIDGE": "0"}
    with WaylandDesk(tmp_path / "desk", environ=accessible) as desk:
        start_accessibility(desk.environ)
        told = {key: value for key, value in desk.environ.items() if key not in ("SWAYSOCK", "DISPLAY")}
        with proxied(tmp_path / "wayland", told, hides=toplevels.MANAGER) as (_, environ):
            found = check_wayland_pasting(environ)
    assert (found.code, found.params["source"]) == ("wayland-pasting-partly", PartList(("AT-SPI",)))


async def test_listed_window_is_known_by_application_and_title(desk: WaylandDesk, tmp_path: Path) -> None:
    environ = {key: value for key, value in desk.environ.items() if key not in ("SWAYSOCK", "DISPLAY")}
    async with paster_in(environ, tmp_path) as paster:
        assert await paster.find_target() == UNKNOWN_WINDOW, "there is none"
        foot, note = tmp_path / "foot.txt", tmp_path / "note.txt"
        terminal = desk.open_foot(foot)
        target = await paster.find_target()
        assert (target.app, target.title, target.pid) == ("foot", "shell", 0)
        editor = desk.open_editor(note)
        assert (await paster.find_target()).handle not in (0, target.handle)
        assert (await paster.paste("Two.", target, lambda: None)).notes[0] == Message("window-changed")
        desk.close(editor)
        assert await paster.find_target() == target
        assert await paster.paste("One.", target, lambda: None) == PasteResult(Outcome.UNCONFIRMED, (WINDOW_UNKNOWN,))
        assert await asyncio.to_thread(read_until, foot, bool) == "One."
        assert not note.exists()
        desk.close(terminal)
        assert await paster.find_target() == UNKNOWN_WINDOW


async def test_window_has_another_number_on_a_new_connection(desk: WaylandDesk, tmp_path: Path) -> None:
    told = {key: value for key, value in desk.environ.items() if key not in ("SWAYSOCK", "DISPLAY")}
    foot = desk.open_foot(tmp_path / "foot.txt")
    with proxied(tmp_path / "wayland", told) as (proxy, environ):
        async with paster_in(environ, tmp_path) as paster:
            target = await paster.find_target()
            assert target.app == "foot"
            proxy.cut()
            await asyncio.to_thread(until, lambda: proxy.connections == 2, "it is opened again")
            result = await paster.paste("One.", target, lambda: None)
            assert (result.outcome, result.notes[0]) == (Outcome.COPIED, Message("window-changed"))
            assert (await paster.find_target()).app == "foot"
    desk.close(foot)


ASK = """
import asyncio, os
from desktop.paste.field import FocusedFieldReader
from desktop.paste.wayland.focus_reader import FocusReader
window = asyncio.run(FocusReader(os.environ, FocusedFieldReader()).find_focused_window())
print(window.x11, window.xid == window.target.handle, window.target.app, window.target.pid)
"""
"""Ran by itself: python-xlib takes the events of one X server for those of another in the same process."""


def test_x_window_is_known_by_xwayland_and_no_other(desk: WaylandDesk, tmp_path: Path) -> None:
    environ = {key: value for key, value in desk.environ.items() if key != "SWAYSOCK"}

    def asked() -> list[str]:
        words = [sys.executable, "-c", ASK]
        return subprocess.run(words, env=environ, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()

    editor = desk.open_editor(tmp_path / "x11.txt", "xcb")
    known = ["True", "True", "qt_editor.py", str(editor.pid)]
    until(lambda: asked() == known, lambda: f"it is {asked()}")
    foot = desk.open_foot(tmp_path / "foot.txt")
    assert asked() == ["False", "False", "0"], "it is not known which"
    desk.close(foot)
    until(lambda: asked() == known, lambda: f"it is {asked()}")
    desk.close(editor)


async def test_gtk_window_is_known_by_accessibility(bus: str, tmp_path: Path) -> None:
    accessible = {"DBUS_SESSION_BUS_ADDRESS": bus, "NO_AT_BRIDGE": "0"}
    with WaylandDesk(tmp_path / "desk", environ=accessible) as desk:
        start_accessibility(desk.environ)
        environ = {key: value for key, value in desk.environ.items() if key != "SWAYSOCK"}
        mousepad = desk.open_mousepad(tmp_path / "note.txt")
        async with reader_in(environ) as reader:
            window = await window_named(reader, "mousepad")
            assert window.target.pid == mousepad.pid
            assert "note.txt" in window.target.title
            foot = desk.open_foot(tmp_path / "foot.txt")
            assert await reader.find_focused_window() == FocusedWindow(UNKNOWN_WINDOW)
            desk.close(foot)
            assert (await window_named(reader, "mousepad")).target.handle == window.target.handle
        async with paster_in(environ, tmp_path) as paster:
            target = await paster.find_target()
            assert target.pid == mousepad.pid, "the list of windows has no processes"
            assert await paster.paste("One.", target, lambda: None) == PasteResult(Outcome.INSERTED)


PASTE = """
import asyncio, os, sys
from pathlib import Path
from desktop.paste.wayland.paster import WaylandPaster
async def paste():
    paster = WaylandPaster(os.environ, Path(sys.argv[1]))
    paster.start(asyncio.get_running_loop())
    target = await paster.find_target()
    result = await paster.paste("One.", target, lambda: None)
    paster.close()
    print(target.app, result.outcome.value, *(note.code for note in result.notes))
asyncio.run(paste())
"""


def test_x_window_gets_text_where_compositor_has_a_wrapper(desk: WaylandDesk, bus: str, tmp_path: Path) -> None:
    told = {key: value for key, value in desk.environ.items() if key != "SWAYSOCK"}
    file = tmp_path / "x11.txt"
    editor = desk.open_editor(file, "xcb")
    with proxied(tmp_path / "wayland", {**told, "XDG_CURRENT_DESKTOP": "KDE"}, kind=WrappedProxy) as (_, environ):
        words = [sys.executable, "-c", PASTE, str(tmp_path / "token")]
        done = subprocess.run(words, env=environ, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
    assert done == ["qt_editor.py", Outcome.UNCONFIRMED.value, WINDOW_UNKNOWN.code]
    assert read_until(file, bool) == "One."
    desk.close(editor)


@pytest.mark.parametrize("hides", ["", toplevels.MANAGER], ids=["listed", "accessible"])
async def test_program_known_by_its_proxy_gets_text(bus: str, tmp_path: Path, hides: str) -> None:
    accessible = {"DBUS_SESSION_BUS_ADDRESS": bus, "NO_AT_BRIDGE": "0"}
    with WaylandDesk(tmp_path / "desk", environ=accessible) as desk:
        address, path = start_accessibility(desk.environ), tmp_path / "bus"
        proxy = desk.spawn(sys.executable, str(ROOT / "tests/support/bus_proxy.py"), address, str(path))
        await asyncio.to_thread(until, path.exists, "the bus has a proxy")
        desk.environ["AT_SPI_BUS_ADDRESS"] = f"unix:path={path}"
        desk.open_mousepad(tmp_path / "note.txt")
        told = {key: value for key, value in desk.environ.items() if key != "SWAYSOCK"}
        with proxied(tmp_path / "wayland", told, hides=hides) as (_, environ):
            async with paster_in(environ, tmp_path) as paster:
                with anyio.fail_after(PATIENCE_S):
                    while (target := await paster.find_target()).pid != proxy.pid:
                        await asyncio.to_thread(lambda: None)
                result = await paster.paste("One.", target, lambda: None)
                assert result == PasteResult(Outcome.UNCONFIRMED, (WINDOW_UNKNOWN,))
        desk.save()
        assert read_until(tmp_path / "note.txt", bool).rstrip() == "One."


async def test_silent_program_does_not_hide_focused_window(bus: str, tmp_path: Path) -> None:
    accessible = {"DBUS_SESSION_BUS_ADDRESS": bus, "NO_AT_BRIDGE": "0"}
    with WaylandDesk(tmp_path / "desk", environ=accessible) as desk:
        start_accessibility(desk.environ)
        environ = {key: value for key, value in desk.environ.items() if key != "SWAYSOCK"}
        mousepad = desk.open_mousepad(tmp_path / "note.txt")
        async with reader_in(environ) as reader:
            await window_named(reader, "mousepad")
            mousepad.send_signal(signal.SIGSTOP)
            assert await reader.find_focused_window() == FocusedWindow(UNKNOWN_WINDOW)
            form = desk.spawn("yad", "--form", "--title=fields", "--field=Name")
            assert (await window_named(reader, "yad")).target.pid == form.pid
            mousepad.send_signal(signal.SIGCONT)


async def test_password_field_is_refused_where_window_is_known_by_accessibility(bus: str, tmp_path: Path) -> None:
    accessible = {"DBUS_SESSION_BUS_ADDRESS": bus, "NO_AT_BRIDGE": "0"}
    with WaylandDesk(tmp_path / "desk", environ=accessible) as desk:
        start_accessibility(desk.environ)
        environ = {key: value for key, value in desk.environ.items() if key != "SWAYSOCK"}
        desk.spawn("yad", "--form", "--title=fields", "--field=Secret:H")
        async with paster_in(environ, tmp_path) as paster:
            with anyio.fail_after(PATIENCE_S):
                while not (target := await paster.find_target()).is_password:
                    await asyncio.to_thread(lambda: None)
            assert target.app == "yad"
            assert await paster.paste("One.", target, lambda: None) == refuse(PASSWORD_FIELD_FOCUSED)
            assert await paster.paste("One.", UNKNOWN_WINDOW, lambda: None) == refuse(PASSWORD_FIELD_FOCUSED)


async def test_program_and_password_field_are_known_where_kwin_is_silent(bus: str, tmp_path: Path) -> None:
    accessible = {"DBUS_SESSION_BUS_ADDRESS": bus, "NO_AT_BRIDGE": "0"}
    with WaylandDesk(tmp_path / "desk", environ=accessible) as desk:
        start_accessibility(desk.environ)
        told = {key: value for key, value in desk.environ.items() if key not in ("SWAYSOCK", "DISPLAY")}
        form = desk.spawn("yad", "--form", "--title=fields", "--field=Secret:H")
        hidden = "zwp_input_method_manager_v2"
        with proxied(tmp_path / "wayland", {**told, "XDG_CURRENT_DESKTOP": "KDE"}, hides=hidden) as (_, environ):
            async with paster_in(environ, tmp_path) as paster:
                with anyio.fail_after(PATIENCE_S):
                    while not (target := await paster.find_target()).is_password:
                        await asyncio.to_thread(lambda: None)
                known = replace(UNKNOWN_WINDOW, app="yad", title="fields", pid=form.pid, field=target.field)
                assert target == known, "the window may be known later by another number"
                for one in (target, UNKNOWN_WINDOW):
                    assert await paster.paste("One.", one, lambda: None) == refuse(PASSWORD_FIELD_FOCUSED)
                desk.close(form)
                note = desk.open_mousepad(tmp_path / "note.txt")
                with anyio.fail_after(PATIENCE_S):
                    while (target := await paster.find_target()).pid != note.pid:
                        await asyncio.to_thread(lambda: None)
                assert (await paster.paste("One.", target, lambda: None)).outcome is Outcome.UNCONFIRMED
        desk.save()
        assert read_until(tmp_path / "note.txt", bool).rstrip() == "One."
