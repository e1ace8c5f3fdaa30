"""A window that copies what it was asked for when nobody waits for it any more, over what the person had copied."""

from __future__ import annotations

import os
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from math import inf
from threading import Event
from time import monotonic
from typing import Any

import anyio
import pytest
from Xlib import XK, X
from Xlib.display import Display

from desktop.core.interfaces import UserActivity
from desktop.core.types import Outcome, Selection, Target
from desktop.paste.request import USER_AWAY
from desktop.paste.selection import NOTHING_SELECTED, SELECTION_CHANGED
from desktop.paste.x11.clipboard import X11Clipboard
from desktop.paste.x11.connection import X11Connection
from desktop.paste.x11.keyboard import XTestKeyboard
from desktop.paste.x11.selection import IDLE_S, SelectionCopier
from tests.support.desk import until
from tests.support.paste_desk import Desk, desk_on
from tests.support.x_clients import PATIENCE_S, Client, Hand, Owner, SlowReader, focused, targets

BEFORE = {"UTF8_STRING": "was hier vorher stand: 日本語".encode(), "text/html": b"<b>before</b>"}

SHIFT = 50

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


class Marked(LateCopier):
    """One that has the text `marked` in PRIMARY, and copies the text `copies`."""

    def __init__(self, display: str, marked: bytes, copies: bytes) -> None:
        super().__init__(display)
        self.texts = {self.atom("PRIMARY"): marked, self.atom("CLIPBOARD"): copies}
        self.window.set_selection_owner(self.atom("PRIMARY"), X.CurrentTime)
        self.display.sync()

    def on_event(self, event: Any) -> None:
        if event.type != X.SelectionRequest:
            super().on_event(event)
            return
        event.requestor.change_property(event.property, event.target, 8, self.texts[event.selection])
        self.conclude(event, event.property)


@pytest.fixture
async def desk(display: str) -> AsyncIterator[Desk]:
    async with desk_on(display) as desk:
        desk.touched_at = monotonic() - 2 * IDLE_S  # something was selected
        yield desk


async def ask(desk: Desk) -> None:
    """Ask what is selected, which the window does not tell in time."""
    target = await desk.target()
    assert await desk.paster.copy_selection(await desk.paster.read_selection(), target) == Selection(
        target.handle, refusal=(NOTHING_SELECTED,)
    )


async def wake(desk: Desk, window: LateCopier) -> None:
    """Have it copy, and the paster do what it does then."""
    window.woken.set()
    assert window.has.wait(PATIENCE_S)
    for _ in range(2):  # what it does after the first of two requests is done before the second is answered
        await desk.paster.read_selection()


async def test_clipboard_is_restored_again_after_late_copy(display: str, desk: Desk) -> None:
    with LateCopier(display) as window, Owner(display, BEFORE):
        focused(display, "late-copier")
        await ask(desk)
        assert targets(display, list(BEFORE)) == BEFORE
        await wake(desk, window)
        assert targets(display, list(BEFORE)) == BEFORE


@pytest.mark.parametrize(("copies", "back"), [(b"marked", True), (b"a whole line", False)])
async def test_late_copy_of_the_marked_text_is_undone(display: str, desk: Desk, copies: bytes, back: bool) -> None:
    with Marked(display, b"marked", copies) as window, Owner(display, BEFORE):
        focused(display, "late-copier")
        target = await desk.target()
        desk.touched_at = monotonic()  # the end of what is selected was clicked on
        marked = await desk.paster.read_selection()
        assert marked.text == "marked"
        assert (await desk.paster.copy_selection(marked, target)).refusal == (SELECTION_CHANGED,)
        await wake(desk, window)
        assert (targets(display, list(BEFORE)) == BEFORE) is back


async def test_cancelled_paste_still_restores_late_copy(display: str, desk: Desk) -> None:
    with LateCopier(display) as window, Owner(display, BEFORE):
        focused(display, "late-copier")
        await ask(desk)
        desk.left_at = inf
        assert await desk.paste("Never.") == USER_AWAY
        await wake(desk, window)
        assert targets(display, list(BEFORE)) == BEFORE


async def test_clipboard_is_restored_before_the_next_paste(display: str, desk: Desk) -> None:
    with LateCopier(display) as window, Owner(display, BEFORE), SlowReader(display, 0) as reader:
        focused(display, "late-copier")
        await ask(desk)
        focused(display, "slow-reader")
        target, hand = await desk.target(), Hand(display)
        hand.press(SHIFT)
        desk.talking.set()  # that long the first paste waits
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(desk.paster.paste, "Never.", target, lambda: None)
            await anyio.wait_all_tasks_blocked()
            desk.left_at = monotonic()
            window.woken.set()
            assert window.has.wait(PATIENCE_S)
            tasks.start_soon(desk.paster.paste, "Text.", target, lambda: None)
            await anyio.wait_all_tasks_blocked()
            await desk.paster.read_clipboard()
            hand.release(SHIFT)
            desk.talking.clear()
        hand.close()
        assert reader.read == ["Text."]
        assert targets(display, list(BEFORE)) == BEFORE


async def test_key_heard_after_its_copy_still_counts(display: str) -> None:
    connection, touched = (
        X11Connection(display, lambda event: clipboard.handle_event(event)),
        [monotonic() - 2 * IDLE_S],
    )
    clipboard = X11Clipboard(connection, lambda window: None, lambda selection: None)
    selecting = SelectionCopier(
        connection, clipboard, XTestKeyboard(connection), UserActivity(last_input_at=lambda until: touched[-1])
    )
    with closing(connection), LateCopier(display) as window, Owner(display, BEFORE):
        focused(display, "late-copier")
        assert selecting.copy_selection(window.window.id) == ""
        window.woken.set()
        assert window.has.wait(PATIENCE_S)
        connection.post(lambda: touched.append(monotonic()))
        selecting.restore_after_late_copy()
        assert not clipboard.is_owned("CLIPBOARD")


async def touch(desk: Desk) -> None:
    desk.touched_at = monotonic()


async def touch_shortly_before(desk: Desk) -> None:
    desk.touched_at = monotonic() - 2.0


async def hear_no_keys(desk: Desk) -> None:
    desk.touched_at = 0.0


async def leave_a_text(desk: Desk) -> None:
    result = await desk.paster.paste("For the user to paste.", Target(), lambda: None)
    assert result.outcome is Outcome.COPIED


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
            await desk.paster.read_selection()
        assert targets(desk.display, ["UTF8_STRING"]) == {"UTF8_STRING": b"other"}


@pytest.mark.parametrize("meanwhile", [touch, touch_shortly_before, hear_no_keys, leave_a_text, copy_elsewhere])
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
