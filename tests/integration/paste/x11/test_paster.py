"""Pasting into real programs on a real X server, and what becomes of the clipboard."""

from __future__ import annotations

import os
from itertools import cycle, islice
from pathlib import Path
from time import monotonic

import anyio
import pytest

from desktop.core.chords import PasteShortcut
from desktop.core.messages import Message
from desktop.core.types import Outcome, PasteResult, Target
from desktop.paste.apps import PasteRules
from desktop.paste.focus import MIN_FOCUS_S
from desktop.paste.request import PasteOptions, leave_on_clipboard
from tests.support.paste_desk import RETURN, SHIFT_L, V_US, Desk
from tests.support.x_clients import PATIENCE_S, Client, EarlyReader, SlowReader, activate, focused, read_file, xclip

WORDS = "Süße é ñ ß 日本語 😀 end."
pytestmark = pytest.mark.anyio


async def test_a_long_text_goes_in_steps(desk: Desk, qt: Path) -> None:
    text = "".join(islice(cycle(f"{WORDS} "), 100_000))
    assert await desk.paste(text) == PasteResult(Outcome.INSERTED)
    assert read_file(qt, lambda found: len(found) >= len(text)) == text


async def test_two_dictations_are_joined_by_one_space(desk: Desk, qt: Path) -> None:
    target = await desk.target()
    order: list[int] = []
    async with anyio.create_task_group() as both:
        both.start_soon(desk.paster.paste, "One.", target, lambda: order.append(1))
        both.start_soon(desk.paster.paste, "Two.", target, lambda: order.append(2))
    assert order == [1, 2]
    assert await desk.paste(", three") == PasteResult(Outcome.INSERTED)
    assert read_file(qt, lambda text: text.endswith("three")) == "One. Two., three"


async def test_dictation_after_key_or_click_starts_fresh(desk: Desk, qt: Path) -> None:
    await desk.paste("One.")
    await desk.paste("Two.")
    desk.touched_at = monotonic()
    await desk.paste("Three.")
    desk.paster.options = PasteOptions(join="space")
    await desk.paste("Four.")
    desk.paster.options = PasteOptions(join="none")
    await desk.paste("Five.")
    assert read_file(qt, lambda text: text.endswith("Five.")) == "One. Two.Three. Four.Five."


async def test_return_is_pressed_where_the_app_rule_says(desk: Desk, qt: Path) -> None:
    desk.paster.options = PasteOptions(PasteRules({(await desk.target()).app: {"enter": True}}))
    assert await desk.paste("Hello.") == PasteResult(Outcome.INSERTED)
    assert await desk.paste("Again.") == PasteResult(Outcome.INSERTED)
    assert read_file(qt, lambda text: text.endswith("Again.\n")) == "Hello.\nAgain.\n"
    assert desk.expected.count(RETURN) == 2


async def test_return_is_pressed_after_text_to_be_sent(desk: Desk, qt: Path) -> None:
    assert await desk.paste("Hello.", enter=True) == PasteResult(Outcome.INSERTED)
    assert await desk.paste("Again.") == PasteResult(Outcome.INSERTED)
    assert read_file(qt, lambda text: text.endswith("Again.")) == "Hello.\nAgain."
    assert desk.expected.count(RETURN) == 1


async def test_early_read_by_remote_desktop_is_the_receipt(display: str, desk: Desk) -> None:
    with EarlyReader(display) as remote:
        focused(display, "early-reader")
        desk.paster.options = PasteOptions(PasteRules({(await desk.target()).app: {"delay_ms": 300, "reads": "early"}}))
        assert await desk.paste("Hello.") == PasteResult(Outcome.INSERTED)
    assert remote.read == ["Hello."]


async def test_app_can_have_own_chord_and_delay(desk: Desk, slow: SlowReader) -> None:
    rule = {"chord": PasteShortcut.SHIFT_INSERT, "delay_ms": 50}
    desk.paster.options = PasteOptions(PasteRules({(await desk.target()).app: rule}))
    await desk.paste("Hello.")
    assert SHIFT_L in desk.expected
    assert V_US not in desk.expected


async def test_window_opened_at_release_is_not_the_target(display: str, desk: Desk, qt: Path) -> None:
    target = await desk.target()
    with Client(display, "other", show=True):
        other = focused(display, "other")
        assert (await desk.target()).handle == other
        with anyio.fail_after(PATIENCE_S):
            while True:
                activate(display, target.handle)
                meant = await desk.paster.find_target()
                if meant.handle == other:
                    break
                activate(display, other)
                await anyio.sleep(MIN_FOCUS_S)  # what is looked at is that it has had the focus for so long


async def test_a_dictation_into_another_window_begins_anew(
    display: str, desk: Desk, qt: Path, slow: SlowReader
) -> None:
    await desk.paste("Elsewhere.")
    focused(display, "intone-editor")
    await desk.paste("Here.")
    assert read_file(qt, bool) == "Here."


async def test_the_next_dictation_waits_for_a_slow_reader(desk: Desk, slow: SlowReader) -> None:
    target = await desk.target()
    async with anyio.create_task_group() as both:
        both.start_soon(desk.paster.paste, "One.", target, lambda: None)
        both.start_soon(desk.paster.paste, "Two.", target, lambda: None)
    assert slow.read == ["One.", " Two."]


async def test_the_text_does_not_follow_the_focus(display: str, desk: Desk, qt: Path) -> None:
    target = await desk.target()
    with Client(display, "other", show=True):
        focused(display, "other")
        result = await desk.paster.paste("Hello.", target, lambda: pytest.fail("nothing may be sent"))
        assert result == leave_on_clipboard("Ctrl+V", Message("window-changed"))
        assert await anyio.to_thread.run_sync(xclip, display) == b"Hello."
    assert read_file(qt, lambda text: True) == ""


async def test_without_a_window_the_text_is_on_the_clipboard(display: str, desk: Desk) -> None:
    result = await desk.paster.paste("Hello.", Target(), lambda: pytest.fail("nothing may be sent"))
    assert result == leave_on_clipboard("Ctrl+V", Message("window-missing"))
    assert await anyio.to_thread.run_sync(xclip, display) == b"Hello."


async def test_own_window_without_field_leaves_text_copied(display: str, desk: Desk) -> None:
    with Client(display, "ours", show=True, pid=os.getpid()):
        focused(display, "ours")
        result = await desk.paste("Hello.", lambda: pytest.fail("nothing may be sent"))
        assert result == leave_on_clipboard("Ctrl+V", Message("own-window-without-field"))
