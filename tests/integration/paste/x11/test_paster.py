"""Pasting into real programs on a real X server, and what becomes of the clipboard."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterable, Iterator
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from threading import Event
from time import monotonic

import anyio
import pytest
from Xlib import X

from desktop.core.chords import PasteShortcut
from desktop.core.errors import PasteError
from desktop.core.interfaces import UserActivity
from desktop.core.messages import Message, render
from desktop.core.types import Outcome, PasteResult, Target
from desktop.paste.apps import PasteRules
from desktop.paste.focus import MIN_FOCUS_S
from desktop.paste.request import CONTENTS_LOST, INTERNAL_ERROR, USER_AWAY, PasteOptions, leave_on_clipboard
from desktop.paste.x11.connection import X11Connection
from desktop.paste.x11.paster import X11Paster
from tests.conftest import start_display
from tests.support.desk import ROOT
from tests.support.hands import LETTERS, misplaced
from tests.support.paste_desk import Desk, desk_on
from tests.support.x_clients import (
    PATIENCE_S,
    Client,
    EarlyReader,
    Hand,
    Owner,
    SlowReader,
    activate,
    focused,
    greedy_reader,
    keys_down,
    program,
    read_file,
    targets,
    xclip,
)

WORDS = "Süße é ñ ß 日本語 😀 end."
CONTROL_R, SHIFT_L, V_US, MENU, RETURN = 105, 50, 55, 135, 36
pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(display: str) -> AsyncIterator[Desk]:
    async with desk_on(display) as desk:
        yield desk


@pytest.fixture
def qt(display: str, tmp_path: Path) -> Iterator[Path]:
    """A Qt editor with the focus; the file that holds its text."""
    path = tmp_path / "qt.txt"
    script = ROOT / "tests/support/qt_editor.py"
    with program(display, "intone-editor", sys.executable, script, path, env={"QT_QPA_PLATFORM": "xcb"}):
        yield path


@pytest.fixture
def slow(display: str, request: pytest.FixtureRequest) -> Iterator[SlowReader]:
    """A window that reads the clipboard half a second after the chord, or as many as the test says."""
    with SlowReader(display, getattr(request, "param", 0.5)) as reader:
        focused(display, "slow-reader")
        yield reader


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


PICTURE = bytes(islice(cycle(range(251)), 300_000))
BEFORE = {
    "UTF8_STRING": "was hier vorher stand: 日本語".encode(),
    "text/html": b"<b>before</b>",
    "image/png": PICTURE,
    "x-special/gnome-copied-files": b"copy\nfile:///etc/hostname",
}


async def test_the_clipboard_is_what_it_was(display: str, desk: Desk, qt: Path) -> None:
    with Owner(display, BEFORE):
        assert await desk.paste("Hello.") == PasteResult(Outcome.INSERTED)
        assert targets(display, list(BEFORE)) == BEFORE
        assert await desk.paste("Again.") == PasteResult(Outcome.INSERTED)
    assert targets(display, list(BEFORE)) == BEFORE


async def test_an_empty_clipboard_is_empty_again(display: str) -> None:
    server, name = start_display()
    reader = SlowReader(name, 0.0)
    reader.window.set_input_focus(X.RevertToParent, X.CurrentTime)
    with reader:
        async with desk_on(name) as desk:
            assert await desk.paste("Hello.") == PasteResult(Outcome.INSERTED)
            assert not targets(name, ["TARGETS"])["TARGETS"]
    server.terminate()
    server.wait(timeout=PATIENCE_S)


async def test_clipboard_programs_are_asked_not_to_record(display: str, desk: Desk, slow: SlowReader) -> None:
    sent = anyio.Event()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(desk.paste, "Hello.", sent.set)
        await sent.wait()
        assert await anyio.to_thread.run_sync(xclip, display, "-t", "x-kde-passwordManagerHint") == b"secret"


@pytest.mark.parametrize("slow", [0.05, 0.5, 3.0], indirect=True)
async def test_slow_reader_gets_text_despite_a_greedy_one(
    display: str, desk: Desk, slow: SlowReader, tmp_path: Path
) -> None:
    log = tmp_path / "reads"
    with Owner(display, BEFORE), greedy_reader(display, log):
        result = await desk.paste("Hello.")
        assert result == PasteResult(Outcome.INSERTED)
        assert result.read_s is not None
        assert result.read_s >= slow.delay_s
        assert slow.read == ["Hello."]
        assert "Hello." in read_file(log, lambda text: "Hello." in text), "the greedy one has read it too"
        assert xclip(display) == BEFORE["UTF8_STRING"]


async def test_the_next_dictation_waits_for_a_slow_reader(desk: Desk, slow: SlowReader) -> None:
    target = await desk.target()
    async with anyio.create_task_group() as both:
        both.start_soon(desk.paster.paste, "One.", target, lambda: None)
        both.start_soon(desk.paster.paste, "Two.", target, lambda: None)
    assert slow.read == ["One.", " Two."]


@pytest.mark.parametrize(
    ("answers", "questions"),
    [
        pytest.param(0, 1, id="frozen: it is asked once, for 0.2 s"),
        pytest.param(1, 4, id="frozen after its list: 0.2, 0.2 and 0.1 s more, for twenty targets"),
    ],
)
async def test_a_frozen_owner_is_not_waited_for(
    display: str, desk: Desk, slow: SlowReader, answers: int, questions: int
) -> None:
    with Owner(display, {f"text/{number}": b"" for number in range(20)}, answers=answers) as owner:
        assert await desk.paste("Hello.") == PasteResult(Outcome.INSERTED, (CONTENTS_LOST,))
        assert slow.read == ["Hello."]
        assert len(owner.asked) <= questions


async def test_vanished_clipboard_owner_is_not_waited_for(display: str, desk: Desk, slow: SlowReader) -> None:
    results: list[PasteResult] = []

    async def paste() -> None:
        results.append(await desk.paste("Hello."))

    async with anyio.create_task_group() as tasks:
        with Owner(display, BEFORE, answers=0) as owner:
            tasks.start_soon(paste)
            with anyio.fail_after(10):
                while not owner.asked:
                    await anyio.lowlevel.checkpoint()
    assert results == [PasteResult(Outcome.INSERTED, (CONTENTS_LOST,))]
    assert slow.read == ["Hello."]


async def test_whoever_copies_meanwhile_keeps_the_clipboard(display: str, desk: Desk, slow: SlowReader) -> None:
    sent, answered = anyio.Event(), anyio.Event()
    results: list[PasteResult] = []

    async def paste() -> None:
        results.append(await desk.paste("Hello.", sent.set))
        answered.set()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(paste)
        await sent.wait()
        with Owner(display, BEFORE):
            await answered.wait()
            assert results[0].outcome is Outcome.UNCONFIRMED
            assert xclip(display) == BEFORE["UTF8_STRING"]


async def test_window_that_does_not_read_leaves_text_copied(display: str, desk: Desk) -> None:
    with Client(display, "deaf", show=True):
        focused(display, "deaf")
        result = await desk.paste("Hello.")
        assert result.outcome is Outcome.COPIED
        assert render(result.notes) == "Deaf did not take the text. It is on the clipboard: press Ctrl+V."
        assert await anyio.to_thread.run_sync(xclip, display) == b"Hello."


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


async def test_missing_display_raises_and_calls_still_answer() -> None:
    paster = X11Paster("nowhere")
    with pytest.raises(PasteError) as caught:
        paster.start(asyncio.get_running_loop())
    assert caught.value.remedy
    assert await paster.find_target() == Target()
    assert (await paster.paste("Hello.", Target(), lambda: None)).outcome is Outcome.FAILED
    paster.close()


async def test_a_server_that_goes_is_survived() -> None:
    server, name = start_display()
    paster = X11Paster(name)
    paster.start(asyncio.get_running_loop())
    try:
        server.terminate()
        server.wait(timeout=PATIENCE_S)
        assert (await paster.paste("Hello.", Target(1), lambda: None)).outcome is Outcome.FAILED
        assert await paster.find_target() == Target()
    finally:
        paster.close()


@pytest.mark.parametrize("sent", [False, True])
async def test_failing_paste_answers_and_restores_clipboard(display: str, slow: SlowReader, sent: bool) -> None:
    leaving = iter((0.0, 0.0 if sent else None))

    def left() -> float:
        """Asked before the text is lent, and after."""
        at = next(leaving)
        assert at is not None, "a bug"
        return at

    def expect(keycodes: Iterable[int]) -> None:
        raise LookupError("a bug")

    paster = X11Paster(display, UserActivity(expect, last_left_at=left))
    paster.start(asyncio.get_running_loop())
    try:
        with Owner(display, BEFORE):
            with anyio.fail_after(PATIENCE_S):
                assert await paster.paste("Hello.", await paster.find_target(), lambda: None) == INTERNAL_ERROR
            assert targets(display, list(BEFORE)) == BEFORE
    finally:
        paster.close()


async def test_failing_target_lookup_is_still_answered(display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    paster = X11Paster(display)
    paster.start(asyncio.get_running_loop())
    try:
        monkeypatch.setattr(paster, "_transaction", None)
        with anyio.fail_after(PATIENCE_S):
            assert await paster.find_target() == Target()
    finally:
        monkeypatch.undo()
        paster.close()


def test_a_job_that_fails_holds_up_no_other(display: str) -> None:
    connection, done = X11Connection(display), Event()
    connection.post(partial(next, iter(())))
    connection.post(done.set)
    with pytest.raises(StopIteration):
        connection.run_posted(0.0)
    connection.run_posted(0.0)
    assert done.is_set()
    connection.close()


async def test_what_is_awaited_at_the_end_is_answered(display: str, slow: SlowReader) -> None:
    paster = X11Paster(display)
    paster.start(asyncio.get_running_loop())
    sent = anyio.Event()
    answers: list[PasteResult] = []

    async def paste() -> None:
        answers.append(await paster.paste("Hello.", await paster.find_target(), sent.set))

    with Owner(display, BEFORE):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(paste)
            await sent.wait()
            paster.close()
        assert answers[0].outcome is Outcome.UNCONFIRMED
