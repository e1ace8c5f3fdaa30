"""Keys that the user holds or types during a paste on a real X server."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path
from threading import Event
from time import monotonic

import anyio
import pytest

from desktop.core.messages import Message
from desktop.core.types import Outcome, PasteResult
from desktop.paste.request import USER_AWAY, leave_on_clipboard
from tests.support.clipboard_contents import BEFORE
from tests.support.hands import LETTERS, misplaced
from tests.support.paste_desk import CONTROL_R, SHIFT_L, V_US, Desk
from tests.support.x_clients import Hand, Owner, SlowReader, keys_down, program, read_file, xclip

pytestmark = pytest.mark.anyio


async def test_no_letter_that_is_typed_falls_into_the_chord(desk: Desk, hand: Hand, qt: Path) -> None:
    letters, over, typed = cycle(LETTERS), Event(), ""

    def type_on() -> str:
        typed = ""
        while not over.is_set():
            code = next(letters)
            hand.press(code)
            hand.release(code)
            typed += LETTERS[code]
            over.wait(0.003)
        return typed

    async with anyio.create_task_group() as tasks:

        async def type_away() -> None:
            nonlocal typed
            typed = await anyio.to_thread.run_sync(type_on)

        tasks.start_soon(type_away)
        inserted = ["One two.", "Three."]
        for text in inserted:
            assert await desk.paste(text) == PasteResult(Outcome.INSERTED)
        over.set()
    text = read_file(qt, lambda text: not misplaced(text, inserted, typed))
    assert misplaced(text, inserted, typed) == ""


async def test_a_held_key_is_waited_for(display: str, desk: Desk, hand: Hand, slow: SlowReader) -> None:
    hand.press(SHIFT_L)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(desk.paste, "Hello.")
        await anyio.sleep(0.1)
        assert slow.keys == [SHIFT_L]
        hand.release(SHIFT_L)
    assert slow.read == ["Hello."]


async def test_screen_locked_during_key_wait_gets_nothing(
    display: str, desk: Desk, hand: Hand, slow: SlowReader
) -> None:
    with Owner(display, BEFORE):
        hand.press(SHIFT_L)
        results: list[PasteResult] = []

        async def paste() -> None:
            results.append(await desk.paste("Hello.", lambda: pytest.fail("nothing may be sent")))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(paste)
            await anyio.sleep(0.1)
            desk.left_at = monotonic()
            hand.release(SHIFT_L)
        assert results == [USER_AWAY]
        assert slow.read == []
        assert await anyio.to_thread.run_sync(xclip, display) == BEFORE["UTF8_STRING"]


async def test_key_held_too_long_leaves_text_copied(display: str, desk: Desk, hand: Hand, qt: Path) -> None:
    hand.press(SHIFT_L)
    try:
        result = await desk.paste("Hello.", lambda: pytest.fail("nothing may be sent"))
        assert result == leave_on_clipboard("Ctrl+V", Message("key-held-down"))
        assert SHIFT_L in keys_down(display)
    finally:
        hand.release(SHIFT_L)


async def test_paste_keeps_talk_control_down_while_speaking(
    display: str, desk: Desk, hand: Hand, slow: SlowReader
) -> None:
    desk.talking.set()
    hand.press(CONTROL_R)
    try:
        assert await desk.paste("Hello.") == PasteResult(Outcome.INSERTED)
        assert slow.read == ["Hello."]
        assert keys_down(display) == [CONTROL_R]
        assert V_US in desk.expected
        assert CONTROL_R not in desk.expected
    finally:
        hand.release(CONTROL_R)


async def test_control_held_for_other_use_blocks_paste(display: str, desk: Desk, hand: Hand, slow: SlowReader) -> None:
    hand.press(CONTROL_R)
    try:
        assert (await desk.paste("Hello.")).outcome is Outcome.COPIED
        assert slow.read == []
    finally:
        hand.release(CONTROL_R)


async def test_terminal_paste_waits_for_next_dictation_end(
    display: str, desk: Desk, hand: Hand, tmp_path: Path
) -> None:
    path = tmp_path / "xterm.txt"
    with program(display, "shell", "xterm", "-u8", "-T", "shell", "-e", f"stty -icanon -echo; cat > {path}"):
        desk.talking.set()
        hand.press(CONTROL_R)
        sent = anyio.Event()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(desk.paste, "Hello.", sent.set)
            with anyio.move_on_after(2.5):
                await sent.wait()
            assert not sent.is_set()
            hand.release(CONTROL_R)
            desk.talking.clear()
        assert read_file(path, bool) == "Hello."
