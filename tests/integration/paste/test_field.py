"""Password fields of real programs, asked for over a real accessibility bus."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import anyio
import pytest
from dbus_fast import Message
from dbus_fast.aio import MessageBus

from desktop.core.messages import render
from desktop.core.types import InputField, Outcome, PasteResult, Target
from desktop.paste.field import PASSWORD_RETRY_S, FocusedFieldReader
from desktop.paste.request import FIELD_NOT_REPORTED, refuse
from desktop.paste.wayland.paster import WaylandPaster
from desktop.paste.x11.paster import X11Paster
from desktop.platforms.linux.atspi import MANAGES_DESCENDANTS, SHOWING, may_contain_focus
from tests.support.accessible_session import session_on
from tests.support.x_clients import PATIENCE_S, Hand, program, read_file, xclip

TAB, RETURN = 23, 36

FORM = ("yad", "--form", "--title=fields", "--field=Name", "--field=Secret:H")
"""A GTK 3 form of a line and a password; Return writes both to standard output."""

GTK_4 = """
import sys
import gi
gi.require_version("Gtk", "4.0")
from gi.repository import GLib, Gtk
window = Gtk.Window(title="fields", child=getattr(Gtk, sys.argv[1])())
window.present()
GLib.MainLoop().run()
"""
"""For Debian's own Python: a window with one widget, which GTK gives the focus."""

QT = """
from PySide6.QtWidgets import QApplication, QLineEdit
app = QApplication([])
line = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
line.setWindowTitle("fields")
line.show()
app.exec()
"""

pytestmark = pytest.mark.anyio


@dataclass
class Desk:
    """A paster that knows the focused field."""

    paster: X11Paster | WaylandPaster

    async def target(self, wanted: Callable[[InputField], object] = lambda field: True) -> Target:
        """The window that is meant now, once its field is known and `wanted`: programs come to the bus late."""
        with anyio.fail_after(PATIENCE_S):
            while True:
                target = await self.paster.find_target()
                if target.field is not None and wanted(target.field):
                    return target

    async def window(self) -> Target:
        """The window that is meant now, whatever is known of its field."""
        with anyio.fail_after(PATIENCE_S):
            while True:
                if (target := await self.paster.find_target()).handle:
                    return target


@asynccontextmanager
async def desk_in(session: Mapping[str, str]) -> AsyncIterator[Desk]:
    fields = FocusedFieldReader(session["DBUS_SESSION_BUS_ADDRESS"])
    paster = X11Paster(session["DISPLAY"], fields=fields)
    paster.start(asyncio.get_running_loop())
    try:
        yield Desk(paster)
    finally:
        paster.close()


@pytest.fixture
async def desk(session: Mapping[str, str]) -> AsyncIterator[Desk]:
    async with desk_in(session) as desk:
        yield desk


def tap(hand: Hand, keycode: int) -> None:
    hand.press(keycode)
    hand.release(keycode)


async def ask_session(session: Mapping[str, str], *question: str) -> object:
    """What the session's bus says, asked without starting anybody."""
    bus = await MessageBus(session["DBUS_SESSION_BUS_ADDRESS"]).connect()
    try:
        reply = await bus.call(Message(*question[:4], signature="s" * len(question[4:]), body=list(question[4:])))
        assert reply is not None
        return reply.body[0]
    finally:
        bus.disconnect()


@pytest.mark.parametrize(
    ("command", "secret"),
    [
        (FORM, False),
        (("yad", "--entry", "--hide-text", "--title=fields"), True),
        (("/usr/bin/python3", "-c", GTK_4, "Entry"), False),
        (("/usr/bin/python3", "-c", GTK_4, "PasswordEntry"), True),
    ],
)
async def test_gtk_says_whether_the_field_is_a_password(
    display: str, session: Mapping[str, str], desk: Desk, command: tuple[str, ...], secret: bool
) -> None:
    with program(display, "fields", *command, env=session):
        assert (await desk.target()).is_password is secret
    status = "org.a11y.Bus", "/org/a11y/bus", "org.freedesktop.DBus.Properties", "Get"
    enabled = await ask_session(session, *status, "org.a11y.Status", "IsEnabled")
    assert getattr(enabled, "value", None) is False, "asking has not switched accessibility on"


async def test_plain_field_beside_a_password_gets_text(
    display: str, session: Mapping[str, str], desk: Desk, hand: Hand, tmp_path: Path
) -> None:
    written = tmp_path / "written"
    with program(display, "fields", "sh", "-c", f'exec {" ".join(FORM)} > "{written}"', env=session):
        target = await desk.target()
        assert await desk.paster.paste("é 日本", target, lambda: None) == PasteResult(Outcome.INSERTED)
        tap(hand, RETURN)
        assert read_file(written, bool) == "é 日本||\n"


@pytest.mark.parametrize("is_known", [True, False])
async def test_late_password_focus_gets_no_text_or_clipboard(
    display: str,
    session: Mapping[str, str],
    desk: Desk,
    hand: Hand,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_known: bool,
) -> None:
    for timeout in ("FIRST_PASSWORD_TIMEOUT_S", "PASSWORD_TIMEOUT_S"):
        monkeypatch.setattr(f"desktop.paste.field.{timeout}", PATIENCE_S)  # beside other tests it is slow
    written = tmp_path / "written"
    with program(display, "fields", "sh", "-c", f'exec {" ".join(FORM)} > "{written}"', env=session):
        target = await desk.target()
        target = target if is_known else replace(target, field=None)
        tap(hand, TAB)
        await desk.target(lambda field: field.is_password)
        result = await desk.paster.paste("some words", target, lambda: None)
        assert result.outcome is Outcome.REFUSED
        assert render(result.notes) == "A password field has the focus. The text is in the history."
        assert xclip(display) == b""
        tap(hand, RETURN)
        assert read_file(written, bool) == "||\n"


async def test_hung_program_is_pasted_into_as_unknown(
    display: str, session: Mapping[str, str], desk: Desk, hand: Hand, tmp_path: Path
) -> None:
    written = tmp_path / "written"
    with program(display, "fields", "sh", "-c", f'exec {" ".join(FORM)} > "{written}"', env=session):
        pid = (await desk.target()).pid
        os.kill(pid, signal.SIGSTOP)
        try:
            with anyio.fail_after(PATIENCE_S):
                target = await desk.window()
                assert (target.pid, target.field) == (pid, None)
                result = await desk.paster.paste("patient", target, lambda: os.kill(pid, signal.SIGCONT))
        finally:
            os.kill(pid, signal.SIGCONT)
        assert result == PasteResult(Outcome.INSERTED)
        tap(hand, RETURN)
        assert read_file(written, bool) == "patient||\n"


async def test_field_hung_since_the_release_gets_no_text(
    display: str, session: Mapping[str, str], desk: Desk, hand: Hand, tmp_path: Path
) -> None:
    written = tmp_path / "written"
    with program(display, "fields", "sh", "-c", f'exec {" ".join(FORM)} > "{written}"', env=session):
        target = await desk.target()
        os.kill(target.pid, signal.SIGSTOP)
        try:
            tap(hand, TAB)
            delivery = await desk.paster.paste("some words", target, lambda: None)
        finally:
            os.kill(target.pid, signal.SIGCONT)
        assert delivery == refuse(FIELD_NOT_REPORTED)
        assert xclip(display) == b""
        await desk.target(lambda field: field.is_password)
        tap(hand, RETURN)
        assert read_file(written, bool) == "||\n"


async def test_qt_reports_password_field_on_existing_bus(display: str, session: Mapping[str, str], desk: Desk) -> None:
    with program(display, "fields", sys.executable, "-c", QT, env=session):
        assert (await desk.target()).is_password


async def test_qt_without_accessibility_is_still_pasted_into(display: str, tmp_path: Path) -> None:
    with session_on(display, tmp_path) as session:
        async with desk_in(session) as desk:
            with program(display, "fields", sys.executable, "-c", QT, env=session):
                target = await desk.window()
                assert await desk.paster.paste("some words", target, lambda: None) == PasteResult(Outcome.INSERTED)
                assert (await desk.window()).field is None


async def test_missing_accessibility_bus_is_not_started(display: str, tmp_path: Path) -> None:
    daemon = "org.freedesktop.DBus"
    question = daemon, "/org/freedesktop/DBus", daemon, "NameHasOwner", "org.a11y.Bus"
    with session_on(display, tmp_path) as session:
        assert await FocusedFieldReader(session["DBUS_SESSION_BUS_ADDRESS"]).find_focused_field(os.getpid()) is None
        assert await ask_session(session, *question) is False


async def test_missing_session_bus_leaves_field_unknown(tmp_path: Path) -> None:
    fields = FocusedFieldReader(f"unix:path={tmp_path / 'none'}")
    assert await fields.find_focused_field(os.getpid()) is None
    assert await fields.is_password_focused(Target(1, pid=os.getpid())) is None
    known = Target(1, pid=os.getpid(), field=InputField(address=(":1.1", "/gone")))
    with anyio.move_on_after(3 * PASSWORD_RETRY_S) as asking:
        await fields.is_password_focused(known)
    assert asking.cancelled_caught, "a field that was known is asked about until it answers"


@pytest.mark.parametrize(
    ("states", "leads"), [(SHOWING, True), (0, False), (SHOWING | MANAGES_DESCENDANTS, False), (~SHOWING, False)]
)
def test_search_skips_hidden_and_generated_parts(states: int, leads: bool) -> None:
    assert may_contain_focus(states) is leads
