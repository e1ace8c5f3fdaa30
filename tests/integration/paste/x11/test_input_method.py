"""The paster of X11 as the rung below an input method: the clipboard is left alone, and there when it is needed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio
import pytest

from desktop.core.interfaces import PasterCapability, UserActivity
from desktop.core.types import Outcome, PasteResult, Selection, Target
from desktop.paste.input_method.paster import InputMethodPaster
from desktop.paste.input_method.route import CommitRoute
from desktop.paste.session_paster import PasteFocus
from desktop.paste.x11.paster import X11Paster
from tests.support.desk import until
from tests.support.input_method import FakeField, FakeInputMethod
from tests.support.paste_desk import RETURN
from tests.support.x_clients import Owner, SlowReader, focused, targets

MINE = {"UTF8_STRING": b"a page of mine", "text/html": b"<b>mine</b>"}

pytestmark = pytest.mark.anyio


@dataclass
class Session:
    """A session of X with an input method, for which the test's window has the focus."""

    paster: InputMethodPaster
    below: X11Paster
    method: FakeInputMethod
    field: FakeField

    async def dictate(self, text: str) -> PasteResult:
        return await self.paster.paste(text, await self.paster.find_target(), lambda: None)


@asynccontextmanager
async def session_on(display: str, field: FakeField) -> AsyncIterator[Session]:
    method = FakeInputMethod(field)
    route = CommitRoute(method, lambda app: False)
    activity = UserActivity(is_speaking=lambda: True)
    below = X11Paster(display, activity, may_prefetch=route.may_prefetch)
    paster = InputMethodPaster(below, route, activity)
    paster.start(asyncio.get_running_loop())
    try:
        yield Session(paster, below, method, field)
    finally:
        paster.close()


async def test_clipboard_is_not_read_where_input_method_puts_text_in(display: str) -> None:
    field = FakeField.marked("|")
    with SlowReader(display, 0.0) as window, Owner(display, MINE) as owner:
        focused(display, "slow-reader")
        async with session_on(display, field) as session:
            for _ in range(5):
                assert await session.dictate("One.") == PasteResult(Outcome.INSERTED)
            assert (owner.asked, window.keys, window.read) == ([], [], [])
            session.method.is_available = False
            await session.paster.find_target()
            await anyio.to_thread.run_sync(lambda: until(lambda: len(owner.asked) == 1 + len(MINE), "it is copied"))
            assert await session.dictate("Two.") == PasteResult(Outcome.INSERTED)
            assert window.read == [" Two."]
            assert len(owner.asked) == 1 + len(MINE)
            assert await anyio.to_thread.run_sync(targets, display, list(MINE)) == MINE
    assert field.text == "One. One. One. One. One."


async def test_clipboard_that_was_not_copied_early_is_restored(display: str) -> None:
    with SlowReader(display, 0.0) as window, Owner(display, MINE) as owner:
        focused(display, "slow-reader")
        async with session_on(display, FakeField.marked("|")) as session:
            target = await session.paster.find_target()
            session.method.field = None
            result = await session.paster.paste("Two.", target, lambda: None)
            assert result == PasteResult(Outcome.INSERTED)
            assert (window.read, len(owner.asked)) == (["Two."], 1 + len(MINE))
            assert await anyio.to_thread.run_sync(targets, display, list(MINE)) == MINE


async def test_focus_and_last_insertion_are_those_of_the_paste_thread(display: str) -> None:
    with SlowReader(display, 0.0):
        target = focused(display, "slow-reader")
        async with session_on(display, FakeField.marked("|")) as session:
            assert (await session.below.find_focus()).target.handle == target
            await session.dictate("One.")
            last = (await session.below.find_focus()).last_insertion
            assert last is not None
            assert last.text == "One."
            found = await session.below.find_target()
            assert await session.below.find_obstacle(found) is None
    paster = X11Paster(display)
    assert await paster.find_focus() == PasteFocus(await paster.find_target())
    paster.note_insertion(None)


async def test_selection_that_is_not_reported_is_read_as_before(display: str) -> None:
    with SlowReader(display, 0.0):
        focused(display, "slow-reader")
        async with session_on(display, FakeField.marked("all| of it")) as session:
            assert PasterCapability.EDIT_SELECTION in session.paster.capabilities
            read = await session.paster.read_selection()
            assert type(read) is Selection


async def test_return_is_a_key_of_x_where_the_toolkit_takes_none(display: str) -> None:
    field = FakeField.marked("|")
    field.can_press = False
    with SlowReader(display, 0.0) as window:
        focused(display, "slow-reader")
        async with session_on(display, field) as session:
            target = await session.paster.find_target()
            assert await session.paster.paste("One.", target, lambda: None, enter=True) == PasteResult(Outcome.INSERTED)
            await anyio.to_thread.run_sync(lambda: until(lambda: window.keys == [RETURN], "Return is pressed"))
            assert not await session.below.press_return(Target(1), 0.0)
