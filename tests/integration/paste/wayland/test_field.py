"""What stands around the cursor of real programs, and whose page it is, read over a real accessibility bus."""

from __future__ import annotations

import asyncio
import shlex
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from desktop.core.types import InputField, Outcome, PasteResult, Target
from desktop.paste.field import FocusedFieldReader
from desktop.paste.request import PasteOptions
from desktop.paste.wayland.paster import WaylandPaster
from desktop.paste.x11.paster import X11Paster
from tests.integration.paste.test_field import Desk, tap
from tests.support.accessible_session import start_accessibility
from tests.support.session_bus import ACCESSIBILITY, session_bus
from tests.support.wayland_desk import WaylandDesk
from tests.support.web_page import served
from tests.support.x_clients import PATIENCE_S, Hand, own_home, program, read_file

HOME, LEFT, RIGHT, END, RETURN = 110, 113, 114, 115, 36

THERE = "We went  and came back."
"""What the fields hold; the place between the two spaces is `GAP` characters from its beginning."""
GAP = 8

GTK_4 = """
import sys
import gi
gi.require_version("Gtk", "4.0")
from gi.repository import GLib, Gtk
view = Gtk.TextView()
view.get_buffer().set_text(sys.argv[1])
Gtk.Window(title="fields", child=view).present()
GLib.MainLoop().run()
"""

QT = """
import sys
from PySide6.QtWidgets import QApplication, QPlainTextEdit
app = QApplication([])
editor = QPlainTextEdit(sys.argv[1], readOnly=sys.argv[2:] == ["still"])
editor.setWindowTitle("fields")
editor.show()
app.exec()
"""

PAGE = """<!DOCTYPE html><meta charset="utf-8"><title>fields</title>
<iframe srcdoc="<textarea>elsewhere</textarea>"></iframe>
<style>p { white-space: pre-wrap }</style>
<div contenteditable="true"><p>Hello.</p><p>We <b>went</b>  and came back.</p><p>Bye.</p></div>
<script>
  addEventListener("DOMContentLoaded", () => {
    const editor = document.querySelector("div")
    editor.focus()
    getSelection().collapse(editor.children[1].lastChild, 1)
    editor.addEventListener("input", () => document.title = `fields ${editor.innerText}`)
  })
</script>
"""

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(session: Mapping[str, str]) -> AsyncIterator[Desk]:
    fields = FocusedFieldReader(session["DBUS_SESSION_BUS_ADDRESS"])
    paster = X11Paster(session["DISPLAY"], fields=fields)
    paster.options = PasteOptions(cursor=True, site=True)
    paster.start(asyncio.get_running_loop())
    yield Desk(paster)
    paster.close()


def go_to_gap(hand: Hand) -> None:
    for key in (HOME, *[RIGHT] * GAP):
        tap(hand, key)


def sides(field: InputField | None) -> tuple[str | None, str | None]:
    return (field.before, field.after) if field is not None else (None, None)


async def told(desk: Desk, before: str | None, after: str | None) -> Target:
    """The window that is meant, once its cursor is there."""
    return await desk.target(lambda field: sides(field) == (before, after))


@pytest.mark.parametrize(
    "command",
    [
        ("yad", "--entry", f"--entry-text={THERE}", "--title=fields"),
        ("/usr/bin/python3", "-c", GTK_4, THERE),
        (sys.executable, "-c", QT, THERE),
    ],
    ids=["gtk3", "gtk4", "qt"],
)
async def test_what_stands_on_either_side_is_read(
    display: str, session: Mapping[str, str], desk: Desk, hand: Hand, command: tuple[str, ...]
) -> None:
    with program(display, "fields", *command, env=session):
        await desk.target()
        go_to_gap(hand)
        target = await told(desk, THERE[:GAP], THERE[GAP:])
        assert THERE[:GAP] not in repr(target), "it is in no log either"
        tap(hand, END)
        await told(desk, THERE, "")
        desk.paster.options = PasteOptions()
        assert sides((await desk.target()).field) == (None, None), "nothing is read where it is not wanted"


async def test_what_is_selected_does_not_stand_there(
    display: str, session: Mapping[str, str], desk: Desk, hand: Hand
) -> None:
    with program(display, "fields", "yad", "--entry", f"--entry-text={THERE}", "--title=fields", env=session):
        await told(desk, "", "")
        tap(hand, HOME)
        await told(desk, "", THERE)


@pytest.mark.parametrize(
    "command",
    [
        ("yad", "--entry", "--hide-text", f"--entry-text={THERE}", "--title=fields"),
        (sys.executable, "-c", QT, THERE, "still"),
        ("sakura", "--title", "fields", "-x", "cat"),
    ],
    ids=["password", "read-only", "terminal"],
)
async def test_password_readonly_and_terminal_not_read(
    display: str, session: Mapping[str, str], desk: Desk, command: tuple[str, ...]
) -> None:
    with program(display, "fields", *command, env=session):
        assert sides((await desk.target()).field) == (None, None)


async def test_text_fitted_into_middle_of_sentence(
    display: str, session: Mapping[str, str], desk: Desk, hand: Hand, tmp_path: Path
) -> None:
    written = tmp_path / "written"
    command = f"""exec yad --entry --entry-text="{THERE}" --title=fields > "{written}" """
    with program(display, "fields", "sh", "-c", command, env=session):
        await desk.target()
        go_to_gap(hand)
        target = await told(desk, THERE[:GAP], THERE[GAP:])
        assert await desk.paster.paste("To the shop.", target, lambda: None) == PasteResult(Outcome.INSERTED)
        tap(hand, RETURN)
        assert read_file(written, bool) == "We went to the shop and came back.\n"


async def test_where_the_cursor_is_by_now_is_what_counts(
    display: str, session: Mapping[str, str], desk: Desk, hand: Hand, tmp_path: Path
) -> None:
    written = tmp_path / "written"
    command = f"""exec yad --entry --entry-text="{THERE}" --title=fields > "{written}" """
    with program(display, "fields", "sh", "-c", command, env=session):
        await desk.target()
        go_to_gap(hand)
        target = await told(desk, THERE[:GAP], THERE[GAP:])
        tap(hand, END)
        await told(desk, THERE, "")
        assert await desk.paster.paste("To the shop.", target, lambda: None) == PasteResult(Outcome.INSERTED)
        assert await desk.paster.paste("And back.", await desk.target(), lambda: None) == PasteResult(Outcome.INSERTED)
        tap(hand, RETURN)
        assert read_file(written, bool) == f"{THERE} To the shop. And back.\n"


async def test_fitted_text_undone_exactly(
    display: str, session: Mapping[str, str], desk: Desk, hand: Hand, tmp_path: Path
) -> None:
    written = tmp_path / "written"
    command = f"""exec yad --entry --entry-text="{THERE}" --title=fields > "{written}" """
    with program(display, "fields", "sh", "-c", command, env=session):
        await desk.target()
        for key in (HOME, *[RIGHT] * (GAP + 1)):
            tap(hand, key)
        target = await told(desk, THERE[: GAP + 1], THERE[GAP + 1 :])
        assert await desk.paster.paste("To the shop.", target, lambda: None) == PasteResult(Outcome.INSERTED)
        fitted = f"{THERE[: GAP + 1]}to the shop "
        await told(desk, fitted, THERE[GAP + 1 :])
        assert (await desk.paster.undo_paste((), lambda: None)).outcome is Outcome.CANCELLED
        tap(hand, RETURN)
        assert read_file(written, bool) == f"{THERE}\n"


async def test_in_a_wayland_session_a_text_fits_in_too(tmp_path: Path) -> None:
    file, accessible = tmp_path / "editor.txt", {"QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
    with (
        session_bus(services=[ACCESSIBILITY]) as bus,
        WaylandDesk(tmp_path / "desk", environ={"DBUS_SESSION_BUS_ADDRESS": bus, **accessible}) as desk,
    ):
        start_accessibility(desk.environ)
        desk.open_editor(file)
        paster = WaylandPaster(desk.environ, tmp_path / "token")
        paster.options = PasteOptions(cursor=True)
        paster.start(asyncio.get_running_loop())
        try:
            await Desk(paster).target(lambda field: sides(field) == ("", ""))
            for text in ("It rains", "And it snows."):
                assert await paster.paste(text, await paster.find_target(), lambda: None) == PasteResult(
                    Outcome.INSERTED
                )
            desk.keys("-k", "Home")
            target = await Desk(paster).target(lambda field: sides(field) == ("", "It rains and it snows."))
            assert await paster.paste("Look.", target, lambda: None) == PasteResult(Outcome.INSERTED)
            assert await to_thread.run_sync(read_file, file, lambda text: text.startswith("Look")) == (
                "Look. It rains and it snows."
            )
        finally:
            paster.close()


@contextmanager
def chromium(display: str, session: Mapping[str, str], folder: Path, *, accessible: bool) -> Iterator[None]:
    """A browser on the page, with its accessibility switched on as a person would."""
    home = own_home(folder)
    del home["NO_AT_BRIDGE"]
    flags = "--no-sandbox --no-first-run --disable-gpu --password-store=basic"
    if accessible:
        flags += " --force-renderer-accessibility"
        home["GNOME_ACCESSIBILITY"] = "1"
    with served(PAGE, folder / "posted") as address:
        command = f"chromium {flags} --user-data-dir={folder}/chromium --app={address}"
        with program(display, "fields", *shlex.split(command), env={**home, **session}):
            yield


async def test_page_known_by_host_and_cursor_by_paragraph(
    display: str, session: Mapping[str, str], desk: Desk, tmp_path: Path
) -> None:
    with chromium(display, session, tmp_path, accessible=True):
        target = await told(desk, "We went ", " and came back.")
        with anyio.fail_after(PATIENCE_S):
            while target.site != "127.0.0.1":
                target = await desk.target()
        assert await desk.paster.paste("To the shop.", target, lambda: None) == PasteResult(Outcome.INSERTED)
        with anyio.fail_after(PATIENCE_S):
            while "We went to the shop and came back." not in target.title:
                target = await desk.target()
        desk.paster.options = PasteOptions(cursor=True)
        assert (await desk.target()).site == "", "nobody is asked where it is not wanted"


async def test_browser_without_accessibility_has_no_site(
    display: str, session: Mapping[str, str], desk: Desk, tmp_path: Path
) -> None:
    with chromium(display, session, tmp_path, accessible=False):
        target = await desk.window()
        assert (target.site, target.field) == ("", None)
        assert await desk.paster.paste("To the shop.", target, lambda: None) == PasteResult(Outcome.INSERTED)
        with anyio.fail_after(PATIENCE_S):
            while "To the shop." not in target.title:
                target = await desk.window()
