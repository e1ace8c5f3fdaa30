"""A paste whose field is checked while the user goes on: Intone is closed, or a key is held for the next dictation."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from threading import Event
from time import monotonic

import anyio
import pytest
from anyio import to_thread

from desktop.core.interfaces import UserActivity
from desktop.core.types import InputField, PasteResult, Target
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
    """Fields whose program never answers."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = anyio.Event()

    async def is_password_focused(self, target: Target) -> bool | None:
        self.asked.set()
        await anyio.sleep_forever()
        return None


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
