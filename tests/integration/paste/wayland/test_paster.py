"""Pasting into real programs under a real Wayland compositor, and what becomes of the clipboard."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from math import inf
from pathlib import Path

import pytest

from desktop.core.errors import PasteError
from desktop.core.interfaces import UserActivity
from desktop.core.messages import Message
from desktop.core.types import InputField, Outcome, PasteResult
from desktop.paste.apps import PasteRules
from desktop.paste.factory import open_paster
from desktop.paste.input_method.paster import InputMethodPaster
from desktop.paste.request import (
    RETURN_NOT_PRESSED,
    USER_AWAY,
    WINDOW_UNKNOWN,
    PasteOptions,
    leave_on_clipboard,
)
from desktop.paste.wayland import toplevels
from desktop.paste.wayland.focus import UNKNOWN_WINDOW
from desktop.paste.wayland.paster import WaylandPaster
from desktop.paste.x11.paster import X11Paster, insert_nowhere
from tests.support.desk import read_until, stop, until
from tests.support.wayland_desk import WaylandDesk
from tests.support.wayland_paster import INSERTED, WORDS, another_owner, closing, look, paste, paster_on, places
from tests.support.wayland_proxy import proxied

pytestmark = pytest.mark.anyio


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


async def test_what_an_input_method_needs_of_the_paster_below(paster: WaylandPaster, foot: Path) -> None:
    target = await paster.find_target()
    focus = await paster.find_focus()
    assert (focus.target.handle, focus.last_insertion, paster.is_xwayland(target)) == (target.handle, None, False)
    assert await paste(paster, "One.") == INSERTED
    assert (last := (await paster.find_focus()).last_insertion) is not None
    assert last.last_character == "."
    assert await paster.press_return(target, 0.0)
    assert await look(lambda: read_until(foot, lambda text: len(text) > 4)) == "One.\n"
    assert await paster.find_obstacle(target) is None
    other = replace(target, handle=target.handle + 1)
    assert await paster.find_obstacle(other) == Message("window-changed")
    assert not await paster.press_return(other, 0.0)
    paster.note_insertion(None)
    assert (await paster.find_focus()).last_insertion is None


async def test_a_password_field_is_refused(desk: WaylandDesk, paster: WaylandPaster, foot: Path) -> None:
    desk.copy(b"mine")
    secret = replace(await paster.find_target(), field=InputField(is_password=True, address=("", "")))
    assert (await paster.paste("One.", secret, lambda: None)).outcome is Outcome.REFUSED
    assert await look(desk.clipboard) == b"mine"
    assert foot.read_text() == ""


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


def test_it_is_the_session_that_chooses_the_paster(tmp_path: Path) -> None:
    both = {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-1"}
    for environ, expected in (({"DISPLAY": ":0"}, X11Paster), (both, WaylandPaster)):
        paster = open_paster(environ, UserActivity(), insert_nowhere, places(tmp_path))
        assert isinstance(paster, InputMethodPaster)
        assert isinstance(paster.below, expected)


async def test_a_compositor_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    environ = {"WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": str(tmp_path)}
    paster = WaylandPaster(environ, tmp_path / "token")
    with pytest.raises(PasteError):
        paster.start(asyncio.get_running_loop())
    paster.close()
    assert (await paster.paste("One.", await paster.find_target(), lambda: None)).outcome is Outcome.FAILED
