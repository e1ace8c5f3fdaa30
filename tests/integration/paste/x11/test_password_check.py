"""A paste whose field is checked while the user goes on: Intone is closed, or a key is held for the next dictation."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Event
from time import monotonic

import anyio
import pytest
from anyio import to_thread

from desktop.core.interfaces import UserActivity
from desktop.core.messages import Message
from desktop.core.types import InputField, Outcome, PasteResult, Target
from desktop.paste.field import PASSWORD_TIMEOUT_S, FocusedFieldReader
from desktop.paste.request import APP_CLOSED, PASSWORD_FIELD_FOCUSED, refuse
from desktop.paste.x11.paster import X11Paster
from tests.support.x_clients import PATIENCE_S, Hand, Owner, SlowReader, focused, targets

CONTROL_R = 105

BEFORE = {"UTF8_STRING": b"before"}

pytestmark = pytest.mark.anyio


@pytest.fixture
def window(display: str) -> Iterator[SlowReader]:
    with SlowReader(display, 0.0) as window:
        focused(display, "slow-reader")
        yield window


async def known_target(paster: X11Paster) -> Target:
    """The window that is meant, whose program named its field at the release."""
    return replace(await paster.find_target(), field=InputField(address=("a", "/b")))


class SilentFields(FocusedFieldReader):
    """Fields whose program does not answer before `answers`."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.answers = anyio.Event(), anyio.Event()

    async def is_password_focused(self, target: Target) -> bool | None:
        self.asked.set()
        await self.answers.wait()
        return False


class MovedFields(FocusedFieldReader):
    """A field beside a password field, which gets the focus while the user holds a key from the first check on."""

    def __init__(self, hand: Hand) -> None:
        super().__init__()
        self._hand = hand
        self.held = Event()

    async def is_password_focused(self, target: Target) -> bool | None:
        if self.held.is_set():
            return True
        self._hand.press(CONTROL_R)
        self.held.set()
        return False


async def test_quit_during_the_check_ends_it(display: str, window: SlowReader) -> None:
    fields = SilentFields()
    paster = X11Paster(display, fields=fields)
    paster.start(asyncio.get_running_loop())
    results: list[PasteResult] = []

    async def paste() -> None:
        results.append(await paster.paste("Hello.", await known_target(paster), lambda: None))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(paste)
        with anyio.fail_after(PATIENCE_S):
            await fields.asked.wait()
        began_at = monotonic()
        paster.close()
        assert monotonic() - began_at < PASSWORD_TIMEOUT_S - 1
    assert results == [APP_CLOSED]
    assert window.keys == []


@contextmanager
def pasting(display: str, fields: FocusedFieldReader, activity: UserActivity | None = None) -> Iterator[X11Paster]:
    paster = X11Paster(display, activity, fields=fields)
    paster.start(asyncio.get_running_loop())
    try:
        yield paster
    finally:
        paster.close()


async def paste_shielded(paster: X11Paster, results: list[PasteResult]) -> None:
    """Paste as a session does: an app that quits cancels it and waits for it."""
    with anyio.CancelScope(shield=True):
        results.append(await paster.paste("Hello.", await known_target(paster), lambda: None))


async def test_quit_waits_for_the_answer_no_longer_than_its_grace(display: str, window: SlowReader) -> None:
    fields, results = SilentFields(), list[PasteResult]()
    with pasting(display, fields) as paster:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(paste_shielded, paster, results)
            tasks.start_soon(paste_shielded, paster, results)
            with anyio.fail_after(PATIENCE_S):
                await fields.asked.wait()
            began_at = monotonic()
            paster.end_checks()
            tasks.cancel_scope.cancel()
        assert monotonic() - began_at < PASSWORD_TIMEOUT_S - 1
    assert results == [APP_CLOSED, APP_CLOSED]
    assert window.keys == []


async def test_quit_does_not_wait_for_a_held_key(display: str, hand: Hand, window: SlowReader) -> None:
    """The user holds the key of the next dictation, which is waited for as long as that lasts otherwise."""
    loop, waits, results = asyncio.get_running_loop(), anyio.Event(), list[PasteResult]()
    talks_until = monotonic() + PASSWORD_TIMEOUT_S

    def is_talking() -> bool:
        loop.call_soon_threadsafe(waits.set)
        return monotonic() < talks_until

    hand.press(CONTROL_R)
    try:
        with pasting(display, SilentFields(), UserActivity(is_talking=is_talking)) as paster:
            with anyio.fail_after(PATIENCE_S):
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(paste_shielded, paster, results)
                    await waits.wait()
                    paster.end_checks()
                    tasks.cancel_scope.cancel()
    finally:
        hand.release(CONTROL_R)
    assert [result.notes[0] for result in results] == [Message("paste-closed-before-keys")]
    assert window.read == []


async def test_answer_during_the_grace_lets_the_text_in(
    display: str, window: SlowReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.paste.x11.paster.QUIT_GRACE_S", PATIENCE_S)
    fields, results = SilentFields(), list[PasteResult]()
    with pasting(display, fields) as paster:
        with anyio.fail_after(PATIENCE_S):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(paste_shielded, paster, results)
                await fields.asked.wait()
                paster.end_checks()
                for _ in range(2):  # what the paste thread was to do at once is done
                    await paster.find_target()
                fields.answers.set()
    assert [result.outcome for result in results] == [Outcome.INSERTED]


async def test_password_focused_during_wait_for_key_gets_no_text(display: str, hand: Hand, window: SlowReader) -> None:
    fields = MovedFields(hand)
    pressed_at: list[float] = []

    def is_talking() -> bool:
        """Asked at each look at the held key, which the user releases after a while."""
        pressed_at.append(monotonic())
        if monotonic() - pressed_at[0] > 0.3:
            hand.release(CONTROL_R)
        return True

    paster = X11Paster(display, UserActivity(is_talking=is_talking), fields=fields)
    paster.start(asyncio.get_running_loop())
    try:
        with Owner(display, BEFORE):
            with anyio.fail_after(PATIENCE_S):
                result = await paster.paste("Hello.", await known_target(paster), lambda: None)
            assert await to_thread.run_sync(targets, display, list(BEFORE)) == BEFORE
    finally:
        paster.close()
        hand.release(CONTROL_R)
    assert result == refuse(PASSWORD_FIELD_FOCUSED)
    assert window.read == []
