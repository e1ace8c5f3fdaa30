"""What is on the clipboard after a paste on a real X server, whatever its owner and the readers do."""

from __future__ import annotations

from pathlib import Path

import anyio
import pytest
from Xlib import X

from desktop.core.messages import render
from desktop.core.types import Outcome, PasteResult
from desktop.paste.request import CONTENTS_LOST
from tests.conftest import start_display
from tests.support.clipboard_contents import BEFORE
from tests.support.paste_desk import Desk, desk_on
from tests.support.x_clients import (
    PATIENCE_S,
    Client,
    Owner,
    SlowReader,
    focused,
    greedy_reader,
    read_file,
    targets,
    xclip,
)

pytestmark = pytest.mark.anyio


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
