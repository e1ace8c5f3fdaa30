"""Keys and commands change one gesture."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from desktop.hotkeys.gesture import RELEASE_GRACE_S, DictationIntent, GestureEvent
from desktop.hotkeys.gesture_runner import GestureRunner

pytestmark = pytest.mark.anyio


class Meant:
    """What was sent, in order; `next` waits for it."""

    def __init__(self, tap_s: float) -> None:
        self._sent: asyncio.Queue[tuple[DictationIntent, float]] = asyncio.Queue()
        self.intents = GestureRunner(lambda intent, at: self._sent.put_nowait((intent, at)), tap_s)

    async def next(self) -> tuple[DictationIntent, float]:
        async with asyncio.timeout(5):
            return await self._sent.get()

    async def kinds(self, count: int) -> list[DictationIntent]:
        return [(await self.next())[0] for _ in range(count)]

    @property
    def nothing_more(self) -> bool:
        return self._sent.empty()


async def test_hold_begins_and_release_ends_at_key_up_time() -> None:
    meant = Meant(tap_s=0)
    meant.intents.handle_key(GestureEvent.DOWN)
    assert meant.intents.is_held
    meant.intents.handle_key(GestureEvent.UP)
    came_up = time.monotonic()
    assert await meant.kinds(1) == [DictationIntent.BEGIN]
    intent, at = await meant.next()
    assert intent is DictationIntent.END
    assert abs(at - came_up) < RELEASE_GRACE_S
    assert not meant.intents.is_held


async def test_leave_cancels_only_the_current_dictation() -> None:
    meant = Meant(tap_s=0)
    meant.intents.on_user_left()
    assert meant.nothing_more
    before = meant.intents.user_left_at
    meant.intents.handle_key(GestureEvent.DOWN)
    meant.intents.on_user_left()
    assert await meant.kinds(2) == [DictationIntent.BEGIN, DictationIntent.CANCEL]
    assert not meant.intents.is_held_recording
    assert 0 < before <= meant.intents.user_left_at


async def test_key_down_before_sleep_is_up_after_wake() -> None:
    meant = Meant(tap_s=0)
    meant.intents.handle_key(GestureEvent.DOWN)
    meant.intents.on_user_left()
    meant.intents.reset_after_sleep()
    assert not meant.intents.is_held
    meant.intents.handle_key(GestureEvent.DOWN)
    assert await meant.kinds(3) == [DictationIntent.BEGIN, DictationIntent.CANCEL, DictationIntent.BEGIN]


async def test_dictation_begun_before_wake_ends_with_its_key() -> None:
    held, locked = Meant(tap_s=0), Meant(tap_s=60)
    held.intents.handle_key(GestureEvent.DOWN)
    held.intents.reset_after_sleep()
    held.intents.handle_key(GestureEvent.UP)
    assert await held.kinds(2) == [DictationIntent.BEGIN, DictationIntent.END]
    locked.intents.start()
    locked.intents.reset_after_sleep()
    locked.intents.handle_key(GestureEvent.DOWN)
    assert await locked.kinds(3) == [DictationIntent.BEGIN, DictationIntent.LOCK, DictationIntent.END]


async def test_a_tap_locks_and_the_next_press_ends() -> None:
    meant = Meant(tap_s=60)
    meant.intents.handle_key(GestureEvent.DOWN)
    meant.intents.handle_key(GestureEvent.UP)
    assert await meant.kinds(2) == [DictationIntent.BEGIN, DictationIntent.LOCK]
    meant.intents.handle_key(GestureEvent.DOWN)
    assert await meant.kinds(1) == [DictationIntent.END]


async def test_a_held_key_that_sends_ends_in_sending() -> None:
    meant = Meant(tap_s=0)
    for sends in (True, False):
        meant.intents.handle_key(GestureEvent.DOWN, sends_return=sends)
        meant.intents.handle_key(GestureEvent.UP, sends_return=sends)
        assert await meant.kinds(2) == [DictationIntent.BEGIN, DictationIntent.SEND if sends else DictationIntent.END]


@pytest.mark.parametrize(
    ("first", "last", "ends"), [(False, True, DictationIntent.SEND), (True, False, DictationIntent.END)]
)
async def test_key_ending_locked_dictation_decides_sending(first: bool, last: bool, ends: DictationIntent) -> None:
    meant = Meant(tap_s=60)
    meant.intents.handle_key(GestureEvent.DOWN, sends_return=first)
    meant.intents.handle_key(GestureEvent.UP, sends_return=first)
    assert await meant.kinds(2) == [DictationIntent.BEGIN, DictationIntent.LOCK]
    meant.intents.handle_key(GestureEvent.DOWN, sends_return=last)
    assert await meant.kinds(1) == [ends]


@pytest.mark.parametrize(
    ("begins", "other"),
    [
        (DictationIntent.EDIT, DictationIntent.BEGIN),
        (DictationIntent.BEGIN, DictationIntent.EDIT),
        (DictationIntent.AGAIN, DictationIntent.BEGIN),
    ],
)
async def test_key_beginning_decides_what_begins(begins: DictationIntent, other: DictationIntent) -> None:
    held = Meant(tap_s=0)
    held.intents.handle_key(GestureEvent.DOWN, begins=begins)
    held.intents.handle_key(GestureEvent.UP, begins=begins)
    assert await held.kinds(2) == [begins, DictationIntent.END]
    locked = Meant(tap_s=60)
    locked.intents.handle_key(GestureEvent.DOWN, begins=begins)
    locked.intents.handle_key(GestureEvent.UP, begins=begins)
    assert await locked.kinds(2) == [begins, DictationIntent.LOCK]
    locked.intents.handle_key(GestureEvent.DOWN, begins=other)
    assert await locked.kinds(1) == [DictationIntent.END]


async def test_press_after_release_leaves_the_end_unchanged() -> None:
    meant = Meant(tap_s=0)
    meant.intents.handle_key(GestureEvent.DOWN)
    meant.intents.handle_key(GestureEvent.UP)
    threading.Event().wait(RELEASE_GRACE_S)  # the loop was busy: no tick came in between
    meant.intents.handle_key(GestureEvent.DOWN, sends_return=True)
    assert await meant.kinds(3) == [DictationIntent.BEGIN, DictationIntent.END, DictationIntent.BEGIN]


async def test_key_ends_command_dictation_and_vice_versa() -> None:
    meant = Meant(tap_s=0)
    meant.intents.start()
    meant.intents.handle_key(GestureEvent.DOWN)
    assert await meant.kinds(3) == [DictationIntent.BEGIN, DictationIntent.LOCK, DictationIntent.END]
    meant.intents.handle_key(GestureEvent.UP)
    meant.intents.toggle()
    meant.intents.toggle()
    meant.intents.start()
    meant.intents.stop()
    assert await meant.kinds(6) == [DictationIntent.BEGIN, DictationIntent.LOCK, DictationIntent.END] * 2


async def test_a_command_that_changes_nothing_says_nothing() -> None:
    meant = Meant(tap_s=0)
    meant.intents.stop()
    meant.intents.start()
    meant.intents.start()
    assert await meant.kinds(2) == [DictationIntent.BEGIN, DictationIntent.LOCK]
    assert meant.nothing_more


async def test_escape_is_heard_after_the_release() -> None:
    meant = Meant(tap_s=0)
    meant.intents.start()
    meant.intents.stop()
    meant.intents.handle_key(GestureEvent.ESC)
    assert await meant.kinds(4) == [
        DictationIntent.BEGIN,
        DictationIntent.LOCK,
        DictationIntent.END,
        DictationIntent.CANCEL,
    ]


async def test_press_after_automatic_end_begins_a_new_one() -> None:
    meant = Meant(tap_s=0)
    meant.intents.start()
    _, began_at = await meant.next()
    meant.intents.on_auto_stop(began_at)
    meant.intents.handle_key(GestureEvent.DOWN)
    assert await meant.kinds(2) == [DictationIntent.LOCK, DictationIntent.BEGIN]


async def test_automatic_end_does_not_end_a_later_press() -> None:
    meant = Meant(tap_s=0)
    meant.intents.handle_key(GestureEvent.DOWN)
    _, first_at = await meant.next()
    meant.intents.handle_key(GestureEvent.UP)
    assert await meant.kinds(1) == [DictationIntent.END]
    meant.intents.handle_key(GestureEvent.DOWN)
    meant.intents.on_auto_stop(first_at)
    assert meant.intents.is_held_recording
    meant.intents.handle_key(GestureEvent.UP)
    assert await meant.kinds(2) == [DictationIntent.BEGIN, DictationIntent.END]


async def test_key_stays_held_after_its_dictation_ends() -> None:
    meant = Meant(tap_s=0)
    meant.intents.handle_key(GestureEvent.DOWN)
    assert (meant.intents.is_held, meant.intents.is_held_recording) == (True, True)
    _, began_at = await meant.next()
    for _ in range(2):  # said again when its microphone has closed
        meant.intents.on_auto_stop(began_at)
        assert (meant.intents.is_held, meant.intents.is_held_recording) == (True, False)
    meant.intents.handle_key(GestureEvent.UP)
    assert (meant.intents.is_held, meant.intents.is_held_recording) == (False, False)


async def test_dictation_without_held_key_counts_as_speaking() -> None:
    meant = Meant(tap_s=0)
    meant.intents.start()
    assert (meant.intents.is_held, meant.intents.is_held_recording, meant.intents.is_recording) == (False, False, True)
    meant.intents.stop()
    assert not meant.intents.is_recording
