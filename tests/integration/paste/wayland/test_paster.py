"""Pasting into real programs under a real Wayland compositor, and what becomes of the clipboard."""

from __future__ import annotations

import asyncio
import random
import signal
import socket
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from math import inf
from pathlib import Path

import anyio
import pytest
from anyio import to_thread
from dbus_fast import Variant

from desktop.core.chords import PasteShortcut
from desktop.core.errors import PasteError
from desktop.core.interfaces import UserActivity
from desktop.core.messages import Message, render
from desktop.core.paths import Paths
from desktop.core.types import InputField, Outcome, PasteResult, Target
from desktop.paste.apps import PasteRules
from desktop.paste.factory import open_paster
from desktop.paste.field import FocusedFieldReader
from desktop.paste.request import (
    CONTENTS_LOST,
    RETURN_NOT_PRESSED,
    USER_AWAY,
    WINDOW_UNKNOWN,
    PasteOptions,
    add_notes,
    leave_on_clipboard,
)
from desktop.paste.wayland import toplevels
from desktop.paste.wayland.chords import ENTER_CHORD, PASTE_CHORDS
from desktop.paste.wayland.data_control import DataControlClipboard
from desktop.paste.wayland.focus import UNKNOWN_WINDOW, FocusedWindow
from desktop.paste.wayland.focus_reader import FocusReader
from desktop.paste.wayland.keyboard import WaylandKeyboard
from desktop.paste.wayland.paster import WaylandPaster
from desktop.paste.wayland.protocol import Compositor
from desktop.paste.x11.paster import X11Paster, insert_nowhere
from tests.support.desk import read_until, stop, until
from tests.support.portal import fake_portal
from tests.support.wayland_desk import WaylandDesk
from tests.support.wayland_proxy import proxied

WORDS = "Süße é ñ ß 日本語 العربية 👩‍👩‍👧 end."
INSERTED = PasteResult(Outcome.INSERTED)
DEAF = PasteOptions(PasteRules({"foot": {"chord": "ctrl+v", "lines": "keep"}}))
"""Ctrl+V pastes nothing in a terminal."""

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WaylandDesk]:
    with WaylandDesk(tmp_path_factory.mktemp("desk"), xwayland=True) as desk:
        yield desk


@pytest.fixture
def foot(desk: WaylandDesk, tmp_path: Path) -> Iterator[Path]:
    """A terminal with the focus; the file that holds what it was given."""
    path = tmp_path / "foot.txt"
    with closing(desk, desk.open_foot(path)):
        yield path


@pytest.fixture
def editor(desk: WaylandDesk, tmp_path: Path) -> Iterator[Path]:
    """A Qt editor with the focus; the file that holds its text."""
    path = tmp_path / "editor.txt"
    with closing(desk, desk.open_editor(path)):
        yield path


@contextmanager
def closing(desk: WaylandDesk, window: subprocess.Popen[bytes]) -> Iterator[None]:
    """The window is there, and then it is not."""
    try:
        yield
    finally:
        desk.close(window)


@contextmanager
def another_owner(desk: WaylandDesk, contents: Mapping[str, bytes]) -> Iterator[None]:
    """Another program has the clipboard, in several types, which wl-copy cannot."""
    compositor = Compositor(desk.environ)
    owner = DataControlClipboard(compositor, lambda pipe: None, lambda: None)
    compositor.listen(asyncio.get_running_loop())
    owner.take("CLIPBOARD", contents)
    try:
        yield
    finally:
        compositor.close()


def places(folder: Path) -> Paths:
    return Paths(config=folder, data=folder, state=folder, runtime=folder)


@asynccontextmanager
async def paster_on(
    environ: Mapping[str, str], folder: Path, manner: PasteOptions | None = None, hands: UserActivity | None = None
) -> AsyncIterator[WaylandPaster]:
    paster = open_paster(environ, hands or UserActivity(), insert_nowhere, places(folder))
    assert isinstance(paster, WaylandPaster)
    paster.options = manner or PasteOptions()
    paster.start(asyncio.get_running_loop())
    try:
        yield paster
    finally:
        paster.close()


@pytest.fixture
async def paster(desk: WaylandDesk, tmp_path: Path) -> AsyncIterator[WaylandPaster]:
    async with paster_on(desk.environ, tmp_path) as paster:
        yield paster


async def paste(paster: WaylandPaster, text: str, sent: Callable[[], None] = lambda: None) -> PasteResult:
    """Paste into the window that has the focus now."""
    return await paster.paste(text, await paster.find_target(), sent)


async def look[T](work: Callable[[], T]) -> T:
    """What a person sees, while the clipboard is served."""
    return await to_thread.run_sync(work)


async def test_a_terminal_gets_the_text_once_and_in_one_line(
    desk: WaylandDesk, paster: WaylandPaster, foot: Path
) -> None:
    desk.copy(b"mine")
    desk.copy(b"chosen", primary=True)
    target = await paster.find_target()
    assert (target.app, target.title) == ("foot", "shell")
    sent: list[bool] = []
    assert await paste(paster, f"{WORDS}\n\tTwo.\n", lambda: sent.append(True)) == INSERTED
    assert sent == [True]
    assert await look(lambda: read_until(foot, lambda text: text.endswith("Two."))) == f"{WORDS} Two."
    assert await look(desk.clipboard) == b"mine"
    assert await look(lambda: desk.clipboard(primary=True)) == b"chosen"


@pytest.mark.parametrize("text", [f"{WORDS}\n\n\tTwo.", "0123456789" * 10_000], ids=["lines", "100 kB"])
async def test_an_editor_gets_the_text_as_it_is(paster: WaylandPaster, editor: Path, text: str) -> None:
    assert await paste(paster, text) == INSERTED
    assert await look(lambda: read_until(editor, lambda found: found == text))


async def test_a_gtk_editor_gets_the_text(desk: WaylandDesk, paster: WaylandPaster, tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    with closing(desk, desk.open_mousepad(path)):
        assert await paste(paster, f"{WORDS}\nTwo.") == INSERTED
        await look(desk.save)
        assert await look(lambda: read_until(path, bool)) in (f"{WORDS}\nTwo.", f"{WORDS}\nTwo.\n")


async def test_a_program_behind_xwayland_gets_the_text(
    desk: WaylandDesk, paster: WaylandPaster, tmp_path: Path
) -> None:
    path = tmp_path / "x11.txt"
    with closing(desk, desk.open_editor(path, "xcb")):
        assert await paste(paster, f"{WORDS}\nTwo.") == INSERTED
        assert await look(lambda: read_until(path, lambda found: found == f"{WORDS}\nTwo."))


async def test_image_html_and_file_come_back_byte_by_byte(
    desk: WaylandDesk, paster: WaylandPaster, editor: Path
) -> None:
    mine = {
        "image/png": random.Random(1).randbytes(3_000_000),
        "text/html": b"<b>mine</b>",
        "text/uri-list": b"file:///tmp/a%20b\r\n",
    }
    with another_owner(desk, mine):
        assert await paste(paster, "One.") == INSERTED
        assert {kind: await look(lambda kind=kind: desk.clipboard(kind)) for kind in mine} == mine
        assert await look(desk.types) == set(mine)


async def test_clipboard_text_is_the_one_before_the_paste(
    desk: WaylandDesk, paster: WaylandPaster, editor: Path
) -> None:
    desk.copy("kopiert 日本".encode())
    assert await paster.read_clipboard() == "kopiert 日本"
    told: list[str | None] = []
    async with anyio.create_task_group() as tasks:

        async def tell() -> None:
            told.append(await paster.read_clipboard())

        assert await paste(paster, WORDS, lambda: tasks.start_soon(tell)) == INSERTED
    assert told == ["kopiert 日本"]
    assert await paster.read_clipboard() == "kopiert 日本"


async def test_password_manager_clipboard_is_not_returned(desk: WaylandDesk, paster: WaylandPaster) -> None:
    with another_owner(desk, {"text/plain": b"hunter2", "x-kde-passwordManagerHint": b"secret"}):
        assert await paster.read_clipboard() is None


@pytest.mark.parametrize(("left", "ending"), [((0.0, 0.0), INSERTED), ((0.0, inf), USER_AWAY)])
async def test_unreadable_clipboard_is_reported_as_lost(
    desk: WaylandDesk, editor: Path, tmp_path: Path, left: tuple[float, ...], ending: PasteResult
) -> None:
    frozen = desk.spawn("wl-copy", "--foreground", "--type", "image/png", "mine")
    await look(lambda: until(lambda: desk.types() == {"image/png"}, "it is copied"))
    frozen.send_signal(signal.SIGSTOP)
    try:
        async with paster_on(desk.environ, tmp_path, hands=UserActivity(last_left_at=iter(left).__next__)) as paster:
            assert await paste(paster, "One.") == add_notes(ending, (CONTENTS_LOST,))
    finally:
        frozen.kill()
        frozen.wait()


async def test_an_empty_clipboard_is_empty_again(desk: WaylandDesk, paster: WaylandPaster, editor: Path) -> None:
    desk.clear()
    assert await paste(paster, "One.") == INSERTED
    assert await look(desk.types) == set()


async def test_text_read_only_by_manager_stays_on_clipboard(desk: WaylandDesk, tmp_path: Path, foot: Path) -> None:
    log = tmp_path / "manager.txt"
    manager = desk.spawn("wl-paste", "--watch", "sh", "-c", 'cat >> "$0"', str(log))
    async with paster_on(desk.environ, tmp_path, DEAF) as paster:
        result = await paste(paster, "Unread.")
        assert result.outcome is Outcome.COPIED
        assert render(result.notes) == "foot did not take the text. The text is on the clipboard: press Ctrl+V."
        assert "Unread." in log.read_text()
        assert await look(desk.clipboard) == b"Unread."
        assert await look(lambda: desk.clipboard("x-kde-passwordManagerHint")) == b"secret"
    manager.terminate()


async def test_clipboard_claimed_by_another_program_is_left(desk: WaylandDesk, tmp_path: Path, foot: Path) -> None:
    async with paster_on(desk.environ, tmp_path, DEAF) as paster:
        chord = asyncio.Event()
        pasting = asyncio.create_task(paste(paster, "Unread.", chord.set))
        await chord.wait()
        await look(lambda: desk.copy(b"theirs"))
        assert (await pasting).outcome is Outcome.UNCONFIRMED
        assert await look(desk.clipboard) == b"theirs"


async def test_window_opened_before_the_paste_gets_nothing(
    desk: WaylandDesk, paster: WaylandPaster, editor: Path, tmp_path: Path
) -> None:
    meant = await paster.find_target()
    other = tmp_path / "other.txt"
    with closing(desk, desk.open_foot(other)):
        result = await paster.paste("One.", meant, lambda: None)
        assert result == leave_on_clipboard("Ctrl+V", Message("window-changed"))
        assert await look(desk.clipboard) == b"One."
        await look(lambda: desk.keys("-k", "z"))
        assert await look(lambda: read_until(other, bool)) == "z"
    assert not editor.exists()


async def test_screen_locked_during_paste_gets_nothing(desk: WaylandDesk, tmp_path: Path, editor: Path) -> None:
    left = iter((0.0, inf))
    async with paster_on(desk.environ, tmp_path, hands=UserActivity(last_left_at=lambda: next(left))) as paster:
        with another_owner(desk, {"text/plain": b"Before."}):
            assert await paste(paster, "One.", lambda: pytest.fail("nothing may be sent")) == USER_AWAY
            assert await look(desk.clipboard) == b"Before."
    assert not editor.exists()


async def test_without_a_window_the_text_is_on_the_clipboard(desk: WaylandDesk, paster: WaylandPaster) -> None:
    for target in (await paster.find_target(), UNKNOWN_WINDOW):
        assert (await paster.paste("One.", target, lambda: None)).notes[0] == Message("window-missing")
    assert await look(desk.clipboard) == b"One."


async def test_two_at_once_come_in_order(paster: WaylandPaster, foot: Path) -> None:
    target = await paster.find_target()
    pastes = [paster.paste(text, target, lambda: None) for text in ("One.", "Two.")]
    assert await asyncio.gather(*pastes) == [INSERTED, INSERTED]
    assert await look(lambda: read_until(foot, lambda text: len(text) >= 8)) == "One.Two."


async def test_two_are_joined_where_the_person_says_so(desk: WaylandDesk, tmp_path: Path, foot: Path) -> None:
    async with paster_on(desk.environ, tmp_path, PasteOptions(join="space")) as paster:
        for text in ("one", "The two"):
            assert await paste(paster, text) == INSERTED
        assert await look(lambda: read_until(foot, lambda text: text.endswith("two"))) == "one the two"


async def test_return_is_pressed_after_what_was_inserted(desk: WaylandDesk, tmp_path: Path, foot: Path) -> None:
    manner = PasteOptions(PasteRules({"foot": {"enter": True}}))
    async with paster_on(desk.environ, tmp_path, manner) as paster:
        assert await paste(paster, "One.") == INSERTED
        assert await look(lambda: read_until(foot, lambda text: len(text) > 4)) == "One.\n"


async def test_held_user_keys_do_not_mix_with_the_chord(desk: WaylandDesk, paster: WaylandPaster, editor: Path) -> None:
    held = desk.spawn("wtype", "-M", "alt", "-M", "shift", "-s", "100000000")
    await look(lambda: until(lambda: desk.keyboards() == 2, "another keyboard is there"))
    assert await paste(paster, "One.") == INSERTED
    assert await look(lambda: read_until(editor, bool)) == "One."
    stop(held)


async def test_return_is_pressed_where_the_person_sends(paster: WaylandPaster, foot: Path) -> None:
    assert await paster.paste("One.", await paster.find_target(), lambda: None, enter=True) == INSERTED
    assert await look(lambda: read_until(foot, lambda text: len(text) > 4)) == "One.\n"


async def test_a_password_field_is_refused(desk: WaylandDesk, paster: WaylandPaster, foot: Path) -> None:
    desk.copy(b"mine")
    secret = replace(await paster.find_target(), field=InputField(is_password=True, address=("", "")))
    assert (await paster.paste("One.", secret, lambda: None)).outcome is Outcome.REFUSED
    assert await look(desk.clipboard) == b"mine"
    assert foot.read_text() == ""


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


async def test_when_the_session_ends_that_is_said(tmp_path: Path) -> None:
    with WaylandDesk(tmp_path / "desk") as desk:
        async with paster_on(desk.environ, tmp_path) as paster:
            target = await paster.find_target()
            await look(desk.end)
            assert (await paster.paste("One.", target, lambda: None)).outcome is Outcome.FAILED


async def test_unknown_window_gets_text_as_unconfirmed(desk: WaylandDesk, tmp_path: Path, foot: Path) -> None:
    told = {key: value for key, value in desk.environ.items() if key not in ("SWAYSOCK", "DISPLAY")}
    with proxied(tmp_path / "wayland", told, hides=toplevels.MANAGER) as (_, environ):
        async with paster_on(environ, tmp_path) as paster:
            assert await paster.find_target() == UNKNOWN_WINDOW
            assert await paste(paster, "One.") == PasteResult(Outcome.UNCONFIRMED, (WINDOW_UNKNOWN,))
            assert await look(lambda: read_until(foot, bool)) == "One."
            result = await paster.paste("Two.", await paster.find_target(), lambda: None, enter=True)
            assert result == PasteResult(Outcome.UNCONFIRMED, (WINDOW_UNKNOWN, RETURN_NOT_PRESSED))


async def test_window_known_only_at_paste_is_not_confirmed(desk: WaylandDesk, tmp_path: Path, foot: Path) -> None:
    manner = PasteOptions(PasteRules({"foot": {"enter": True}}))
    async with paster_on(desk.environ, tmp_path, manner) as paster:
        for enter in (True, False):
            result = await paster.paste("One.", UNKNOWN_WINDOW, lambda: None, enter=enter)
            assert result == PasteResult(Outcome.UNCONFIRMED, (WINDOW_UNKNOWN, RETURN_NOT_PRESSED))
        assert await paste(paster, "End.") == INSERTED
        assert await look(lambda: read_until(foot, lambda text: text.endswith("\n"))) == "One.One.End.\n"


async def test_the_clipboard_outlives_the_app(desk: WaylandDesk, tmp_path: Path, editor: Path) -> None:
    with another_owner(desk, {"text/plain": b"mine"}):
        async with paster_on(desk.environ, tmp_path) as paster:
            assert await paste(paster, "One.") == INSERTED
    assert await look(desk.clipboard) == b"mine"


def test_it_is_the_session_that_chooses_the_paster(tmp_path: Path) -> None:
    assert isinstance(open_paster({"DISPLAY": ":0"}, UserActivity(), insert_nowhere, places(tmp_path)), X11Paster)
    both = {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-1"}
    assert isinstance(open_paster(both, UserActivity(), insert_nowhere, places(tmp_path)), WaylandPaster)


async def test_a_compositor_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    environ = {"WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": str(tmp_path)}
    paster = WaylandPaster(environ, tmp_path / "token")
    with pytest.raises(PasteError):
        paster.start(asyncio.get_running_loop())
    paster.close()
    assert (await paster.paste("One.", await paster.find_target(), lambda: None)).outcome is Outcome.FAILED
