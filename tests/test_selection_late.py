"""A window that copies what it was asked for when nobody waits for it any more, over what the person had copied."""

from __future__ import annotations

import os
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from threading import Event
from time import monotonic
from typing import Any

import pytest
from Xlib import XK, X
from Xlib.display import Display

from desktop.paste.selection import NOTHING
from desktop.ports import Outcome, Selection, Target
from tests.desk import until
from tests.paste_desk import Desk, desk_on
from tests.x_clients import PATIENCE_S, Client, Owner, focused, targets

BEFORE = {"UTF8_STRING": "was hier vorher stand: 日本語".encode(), "text/html": b"<b>before</b>"}

pytestmark = pytest.mark.anyio


class LateCopier(Client):
    """A window that hangs once it is asked to copy, until it is `woken`; then it `has` the clipboard."""

    def __init__(self, display: str) -> None:
        super().__init__(display, "late-copier", show=True)
        self.woken, self.has = Event(), Event()

    def on_event(self, event: Any) -> None:
        if event.type == X.KeyPress and event.detail == self.display.keysym_to_keycode(XK.XK_Insert):
            self.woken.wait(PATIENCE_S)
            self.window.set_selection_owner(self.atom("CLIPBOARD"), X.CurrentTime)
            self.display.sync()
            self.has.set()


@pytest.fixture
async def desk(display: str) -> AsyncIterator[Desk]:
    async with desk_on(display) as desk:
        desk.touched_at = monotonic()  # something was selected
        yield desk


async def ask(desk: Desk) -> None:
    """Ask what is selected, which the window does not tell in time."""
    target = await desk.target()
    assert await desk.paster.selected(await desk.paster.marked(), target) == Selection(target.handle, why=NOTHING)


async def wake(desk: Desk, window: LateCopier) -> None:
    """Have it copy, and the paster do what it does then."""
    window.woken.set()
    assert window.has.wait(PATIENCE_S)
    for _ in range(2):  # what it does after the first of two requests is done before the second is answered
        await desk.paster.marked()


async def test_what_was_copied_before_is_given_back_once_more(display: str, desk: Desk) -> None:
    with LateCopier(display) as window, Owner(display, BEFORE):
        focused(display, "late-copier")
        await ask(desk)
        assert targets(display, list(BEFORE)) == BEFORE
        await wake(desk, window)
        assert targets(display, list(BEFORE)) == BEFORE


async def touch(desk: Desk) -> None:
    desk.touched_at = monotonic()


async def hear_no_keys(desk: Desk) -> None:
    desk.touched_at = 0.0


async def leave_a_text(desk: Desk) -> None:
    delivery = await desk.paster.paste("For the person to paste.", Target(), lambda: None)
    assert delivery.outcome is Outcome.COPIED


@contextmanager
def another_program(display: str, text: bytes) -> Iterator[None]:
    """One that has copied `text`, and goes."""
    command, environ = ["xclip", "-quiet", "-selection", "clipboard"], {**os.environ, "DISPLAY": display}
    with subprocess.Popen(command, env=environ, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as program:
        assert program.stdin is not None
        program.stdin.write(text)
        program.stdin.close()
        try:
            until(lambda: targets(display, ["UTF8_STRING"]) == {"UTF8_STRING": text}, "another program has copied")
            yield
        finally:
            program.terminate()


async def copy_elsewhere(desk: Desk) -> None:
    with another_program(desk.display, b"other"):
        for _ in range(2):
            await desk.paster.marked()
        assert targets(desk.display, ["UTF8_STRING"]) == {"UTF8_STRING": b"other"}


@pytest.mark.parametrize("meanwhile", [touch, hear_no_keys, leave_a_text, copy_elsewhere])
async def test_what_may_be_the_persons_own_copy_stays(
    display: str, desk: Desk, meanwhile: Callable[[Desk], Awaitable[None]]
) -> None:
    with LateCopier(display) as window, Owner(display, BEFORE):
        focused(display, "late-copier")
        await ask(desk)
        await meanwhile(desk)
        await wake(desk, window)
        with closing(Display(display)) as connection:
            owner = connection.get_selection_owner(connection.get_atom("CLIPBOARD"))
        assert owner.id == window.window.id
