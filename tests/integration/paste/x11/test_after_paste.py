"""What is pressed once a text has arrived, while the person goes on: they talk again, hold a key, or click.

And what is answered while any key waits for the end of the next dictation.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import partial
from time import monotonic
from typing import Any

import anyio
import pytest
from Xlib import X

from desktop.core.messages import Message, Notes
from desktop.core.types import Outcome, PasteResult, Selection, Target
from desktop.paste.apps import PasteRules
from desktop.paste.request import RETURN_NOT_PRESSED, TAKEN_BEFORE_READ, PasteOptions
from desktop.paste.undo import INPUT_SINCE
from desktop.paste.x11.after_paste import CURSOR_NOT_MOVED
from tests.support.desk import until
from tests.support.editor_desk import nothing
from tests.support.paste_desk import Desk, desk_on
from tests.support.x_clients import Client, Hand, Owner, SlowReader, focused

CONTROL_R, RETURN, LEFT = 105, 36, 113

AGAIN_S = 1.0
"""The text has arrived by then, and what follows it would have been pressed."""

pytestmark = pytest.mark.anyio


class Window(SlowReader):
    """A window that reads at once, and what was pressed in it: the key and the modifiers that were down."""

    def __init__(self, display: str) -> None:
        super().__init__(display, 0.0)
        self.strokes: list[tuple[int, int]] = []

    def on_event(self, event: Any) -> None:
        if event.type == X.KeyPress and event.detail in (RETURN, LEFT):
            self.strokes.append((event.detail, event.state & (X.ControlMask | X.ShiftMask)))
        super().on_event(event)

    def pressed(self, count: int) -> list[tuple[int, int]]:
        """The strokes, once there are so many."""
        until(lambda: len(self.strokes) >= count, f"{count} strokes")
        return self.strokes


@pytest.fixture
async def desk(display: str) -> AsyncIterator[Desk]:
    async with desk_on(display) as desk:
        yield desk


@pytest.fixture
def window(display: str) -> Iterator[Window]:
    with Window(display) as window:
        focused(display, "slow-reader")
        yield window


class Pasting:
    """A paste under way with the talk key held again, and what came of it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.over = anyio.Event()
        self.came: PasteResult | None = None

    async def around(self, before: str, after: str, enter: bool = False) -> None:
        target = await self._desk.target()
        self.came = await self._desk.paster.paste_around(before, after, target, nothing, enter)
        self.over.set()


@pytest.mark.parametrize(
    ("after", "enter", "strokes"),
    [("", True, [(RETURN, 0)]), ("xyz", False, [(LEFT, 0)] * 3)],
    ids=["return", "arrows"],
)
async def test_key_waits_for_next_dictation_to_avoid_control(
    desk: Desk, hand: Hand, window: Window, after: str, enter: bool, strokes: list[tuple[int, int]]
) -> None:
    pasting = Pasting(desk)
    desk.talking.set()
    hand.press(CONTROL_R)
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(partial(pasting.around, "Dear ", after, enter))
            with anyio.move_on_after(AGAIN_S):
                await pasting.over.wait()
            assert window.strokes == []
            with anyio.fail_after(AGAIN_S):
                assert await desk.paster.read_clipboard() == "", "the next dictation asks what is there"
                assert (await desk.paster.read_selection()).text is None
            assert not pasting.over.is_set()
            hand.release(CONTROL_R)
            desk.talking.clear()
    finally:
        hand.release(CONTROL_R)
    assert window.read == [f"Dear {after}"]
    assert pasting.came == PasteResult(Outcome.INSERTED)
    assert await anyio.to_thread.run_sync(lambda: window.pressed(len(strokes))) == strokes


@pytest.mark.parametrize(
    ("after", "enter", "notes"),
    [("", True, (Message("key-held-down"), RETURN_NOT_PRESSED)), ("xyz", False, (CURSOR_NOT_MOVED,))],
)
async def test_a_key_that_is_stuck_is_said_to_be_in_the_way(
    desk: Desk, hand: Hand, window: Window, after: str, enter: bool, notes: Notes
) -> None:
    pasting = Pasting(desk)
    desk.talking.set()
    hand.press(CONTROL_R)
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(partial(pasting.around, "Dear ", after, enter))
            with anyio.move_on_after(AGAIN_S):
                await pasting.over.wait()
            desk.talking.clear()
    finally:
        hand.release(CONTROL_R)
    assert pasting.came == PasteResult(Outcome.INSERTED, notes)
    assert window.strokes == []


async def test_return_is_not_pressed_after_user_input(desk: Desk, window: Window) -> None:
    def touch() -> None:
        desk.touched_at = monotonic()

    assert await desk.paste("Hello.", touch, enter=True) == PasteResult(
        Outcome.INSERTED, (INPUT_SINCE, RETURN_NOT_PRESSED)
    )
    assert window.strokes == []


async def test_return_after_unread_text_is_reported_missing(display: str, desk: Desk) -> None:
    sent, pasting = anyio.Event(), list[PasteResult]()

    async def paste() -> None:
        pasting.append(await desk.paste("Hello.", sent.set, enter=True))

    with Client(display, "deaf", show=True):
        focused(display, "deaf")
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(paste)
            await sent.wait()
            with Owner(display, {"UTF8_STRING": b"theirs"}):
                await anyio.to_thread.run_sync(lambda: until(lambda: pasting, "it is over"))
    assert pasting == [PasteResult(Outcome.UNCONFIRMED, (TAKEN_BEFORE_READ, RETURN_NOT_PRESSED))]


async def test_next_dictation_queries_work_while_key_waits(
    display: str, desk: Desk, hand: Hand, window: Window
) -> None:
    desk.paster.options = PasteOptions(PasteRules({(await desk.target()).app: {"chord": "shift+insert"}}))
    pasting = Pasting(desk)
    desk.talking.set()
    hand.press(CONTROL_R)
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(partial(pasting.around, "Hello.", ""))
            with anyio.move_on_after(AGAIN_S):
                await pasting.over.wait()
            with anyio.fail_after(AGAIN_S):
                assert await desk.paster.read_clipboard() == ""
            assert not pasting.over.is_set()
            with Client(display, "other", show=True):
                await anyio.to_thread.run_sync(focused, display, "other")
                hand.release(CONTROL_R)
                desk.talking.clear()
                await pasting.over.wait()
    finally:
        hand.release(CONTROL_R)
    assert pasting.came is not None
    assert pasting.came.notes[0] == Message("window-changed")


async def undone(desk: Desk, target: Target) -> Notes:
    return (await desk.paster.undo_paste((), nothing)).notes


async def looked_at(desk: Desk, target: Target) -> Notes:
    return (await desk.paster.copy_selection(Selection(), target)).refusal


@pytest.mark.parametrize("ask", [undone, looked_at])
async def test_queries_work_while_undo_or_edit_waits_for_key(
    display: str, desk: Desk, hand: Hand, window: Window, ask: Callable[[Desk, Target], Awaitable[Notes]]
) -> None:
    assert await desk.paste("Hello.") == PasteResult(Outcome.INSERTED)
    target, why, over = await desk.target(), list[Notes](), anyio.Event()

    async def wait() -> None:
        why.append(await ask(desk, target))
        over.set()

    desk.talking.set()
    hand.press(CONTROL_R)
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(wait)
            await anyio.wait_all_tasks_blocked()
            with anyio.fail_after(AGAIN_S):
                assert await desk.paster.read_clipboard() == ""
                assert (await desk.paster.read_selection()).text is None
            assert why == []
            with Client(display, "other", show=True):
                await anyio.to_thread.run_sync(focused, display, "other")
                hand.release(CONTROL_R)
                desk.talking.clear()
                await over.wait()
    finally:
        hand.release(CONTROL_R)
    assert why[0][0] == Message("window-changed")
