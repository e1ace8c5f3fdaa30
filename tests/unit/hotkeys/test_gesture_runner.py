"""Keys and commands change one gesture."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from desktop.hotkeys.gesture import GRACE_S, Event, Intent
from desktop.hotkeys.gesture_runner import Intents

pytestmark = pytest.mark.anyio


class Meant:
    """What was sent, in order; `next` waits for it."""

    def __init__(self, tap_s: float) -> None:
        self._sent: asyncio.Queue[tuple[Intent, float]] = asyncio.Queue()
        self.intents = Intents(lambda intent, at: self._sent.put_nowait((intent, at)), tap_s)

    async def next(self) -> tuple[Intent, float]:
        async with asyncio.timeout(5):
            return await self._sent.get()

    async def kinds(self, count: int) -> list[Intent]:
        return [(await self.next())[0] for _ in range(count)]

    @property
    def nothing_more(self) -> bool:
        return self._sent.empty()


async def test_hold_begins_and_release_ends_at_key_up_time() -> None:
    meant = Meant(tap_s=0)
    meant.intents.key(Event.DOWN)
    assert meant.intents.held
    meant.intents.key(Event.UP)
    came_up = time.monotonic()
    assert await meant.kinds(1) == [Intent.BEGIN]
    intent, at = await meant.next()
    assert intent is Intent.END
    assert abs(at - came_up) < GRACE_S
    assert not meant.intents.held


async def test_leave_cancels_only_the_current_dictation() -> None:
    meant = Meant(tap_s=0)
    meant.intents.leave()
    assert meant.nothing_more
    before = meant.intents.left_at
    meant.intents.key(Event.DOWN)
    meant.intents.leave()
    assert await meant.kinds(2) == [Intent.BEGIN, Intent.CANCEL]
    assert not meant.intents.talking
    assert 0 < before <= meant.intents.left_at


async def test_key_down_before_sleep_is_up_after_wake() -> None:
    meant = Meant(tap_s=0)
    meant.intents.key(Event.DOWN)
    meant.intents.leave()
    meant.intents.forget()
    assert not meant.intents.held
    meant.intents.key(Event.DOWN)
    assert await meant.kinds(3) == [Intent.BEGIN, Intent.CANCEL, Intent.BEGIN]


async def test_dictation_begun_before_wake_ends_with_its_key() -> None:
    held, locked = Meant(tap_s=0), Meant(tap_s=60)
    held.intents.key(Event.DOWN)
    held.intents.forget()
    held.intents.key(Event.UP)
    assert await held.kinds(2) == [Intent.BEGIN, Intent.END]
    locked.intents.start()
    locked.intents.forget()
    locked.intents.key(Event.DOWN)
    assert await locked.kinds(3) == [Intent.BEGIN, Intent.LOCK, Intent.END]


async def test_a_tap_locks_and_the_next_press_ends() -> None:
    meant = Meant(tap_s=60)
    meant.intents.key(Event.DOWN)
    meant.intents.key(Event.UP)
    assert await meant.kinds(2) == [Intent.BEGIN, Intent.LOCK]
    meant.intents.key(Event.DOWN)
    assert await meant.kinds(1) == [Intent.END]


async def test_a_held_key_that_sends_ends_in_sending() -> None:
    meant = Meant(tap_s=0)
    for sends in (True, False):
        meant.intents.key(Event.DOWN, sends=sends)
        meant.intents.key(Event.UP, sends=sends)
        assert await meant.kinds(2) == [Intent.BEGIN, Intent.SEND if sends else Intent.END]


@pytest.mark.parametrize(("first", "last", "ends"), [(False, True, Intent.SEND), (True, False, Intent.END)])
async def test_key_ending_locked_dictation_decides_sending(first: bool, last: bool, ends: Intent) -> None:
    meant = Meant(tap_s=60)
    meant.intents.key(Event.DOWN, sends=first)
    meant.intents.key(Event.UP, sends=first)
    assert await meant.kinds(2) == [Intent.BEGIN, Intent.LOCK]
    meant.intents.key(Event.DOWN, sends=last)
    assert await meant.kinds(1) == [ends]


@pytest.mark.parametrize("first", [True, False])
async def test_key_beginning_dictation_decides_editing(first: bool) -> None:
    begins = Intent.EDIT if first else Intent.BEGIN
    held = Meant(tap_s=0)
    held.intents.key(Event.DOWN, edits=first)
    held.intents.key(Event.UP, edits=first)
    assert await held.kinds(2) == [begins, Intent.END]
    locked = Meant(tap_s=60)
    locked.intents.key(Event.DOWN, edits=first)
    locked.intents.key(Event.UP, edits=first)
    assert await locked.kinds(2) == [begins, Intent.LOCK]
    locked.intents.key(Event.DOWN, edits=not first)
    assert await locked.kinds(1) == [Intent.END]


async def test_press_after_release_leaves_the_end_unchanged() -> None:
    meant = Meant(tap_s=0)
    meant.intents.key(Event.DOWN)
    meant.intents.key(Event.UP)
    threading.Event().wait(GRACE_S)  # the loop was busy: no tick came in between
    meant.intents.key(Event.DOWN, sends=True)
    assert await meant.kinds(3) == [Intent.BEGIN, Intent.END, Intent.BEGIN]


async def test_key_ends_command_dictation_and_vice_versa() -> None:
    meant = Meant(tap_s=0)
    meant.intents.start()
    meant.intents.key(Event.DOWN)
    assert await meant.kinds(3) == [Intent.BEGIN, Intent.LOCK, Intent.END]
    meant.intents.key(Event.UP)
    meant.intents.toggle()
    meant.intents.toggle()
    meant.intents.start()
    meant.intents.stop()
    assert await meant.kinds(6) == [Intent.BEGIN, Intent.LOCK, Intent.END] * 2


async def test_a_command_that_changes_nothing_says_nothing() -> None:
    meant = Meant(tap_s=0)
    meant.intents.stop()
    meant.intents.start()
    meant.intents.start()
    assert await meant.kinds(2) == [Intent.BEGIN, Intent.LOCK]
    assert meant.nothing_more


async def test_escape_is_heard_after_the_release() -> None:
    meant = Meant(tap_s=0)
    meant.intents.start()
    meant.intents.stop()
    meant.intents.key(Event.ESC)
    assert await meant.kinds(4) == [Intent.BEGIN, Intent.LOCK, Intent.END, Intent.CANCEL]


async def test_press_after_automatic_end_begins_a_new_one() -> None:
    meant = Meant(tap_s=0)
    meant.intents.start()
    _, began_at = await meant.next()
    meant.intents.over(began_at)
    meant.intents.key(Event.DOWN)
    assert await meant.kinds(2) == [Intent.LOCK, Intent.BEGIN]


async def test_automatic_end_does_not_end_a_later_press() -> None:
    meant = Meant(tap_s=0)
    meant.intents.key(Event.DOWN)
    _, first_at = await meant.next()
    meant.intents.key(Event.UP)
    assert await meant.kinds(1) == [Intent.END]
    meant.intents.key(Event.DOWN)
    meant.intents.over(first_at)
    assert meant.intents.talking
    meant.intents.key(Event.UP)
    assert await meant.kinds(2) == [Intent.BEGIN, Intent.END]


async def test_key_stays_held_after_its_dictation_ends() -> None:
    meant = Meant(tap_s=0)
    meant.intents.key(Event.DOWN)
    assert (meant.intents.held, meant.intents.talking) == (True, True)
    _, began_at = await meant.next()
    meant.intents.over(began_at)
    assert (meant.intents.held, meant.intents.talking) == (True, False)
    meant.intents.key(Event.UP)
    assert (meant.intents.held, meant.intents.talking) == (False, False)


async def test_dictation_without_held_key_counts_as_speaking() -> None:
    meant = Meant(tap_s=0)
    meant.intents.start()
    assert (meant.intents.held, meant.intents.talking, meant.intents.speaking) == (False, False, True)
    meant.intents.stop()
    assert not meant.intents.speaking
