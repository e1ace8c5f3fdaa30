"""Pasting into programs that read the clipboard because it changed: what is claimed, and what is pressed, is true.

A sample of `make prove-receipts`.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from time import monotonic

import anyio
import pytest

from desktop.core.types import Outcome, PasteResult
from desktop.paste.request import RETURN_NOT_PRESSED, WINDOW_READS_CLIPBOARD
from desktop.paste.x11.clipboard import X11Clipboard, text_contents
from desktop.paste.x11.connection import X11Connection
from desktop.paste.x11.owned_selection import SelectionRead
from desktop.paste.x11.readers import ReadHabit
from tests.support.change_readers import TELLING, change_reader
from tests.support.desk import ROOT, until
from tests.support.paste_desk import Desk, desk_on
from tests.support.x_clients import Owner, SlowReader, focused, program, read_file, xclip

BEFORE = b"before"
RETURN = 36
UNKNOWN = PasteResult(Outcome.UNCONFIRMED, (WINDOW_READS_CLIPBOARD, RETURN_NOT_PRESSED))

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(display: str) -> AsyncIterator[Desk]:
    async with desk_on(display) as desk:
        yield desk


def find_habit(display: str, desk: Desk, window: int) -> ReadHabit:
    """What the paster knows of the program of `window`."""
    connection = X11Connection(display)
    program = connection.program_of(window)
    connection.close()
    return desk.paster._transaction._receipts._habits.find_habit(program, 0.0, 0.0)


@pytest.mark.parametrize("name", ["at-once", "after-20-ms", "anew", "apart", "polling"])
async def test_a_reader_without_a_field_gets_no_return(display: str, desk: Desk, tmp_path: Path, name: str) -> None:
    with Owner(display, {"UTF8_STRING": BEFORE}), change_reader(display, name, tmp_path / "field", field=False):
        for _ in range(2):
            assert await desk.paste("Hello.", enter=True) == UNKNOWN
            assert await anyio.to_thread.run_sync(xclip, display) == BEFORE
    assert RETURN not in desk.expected


@pytest.mark.parametrize("name", TELLING)
async def test_a_reader_with_a_field_is_pasted_into(display: str, desk: Desk, tmp_path: Path, name: str) -> None:
    path = tmp_path / "field"
    with Owner(display, {"UTF8_STRING": BEFORE}), change_reader(display, name, path, field=True):
        for text in ("One.", "Two."):
            assert await desk.paste(text, enter=True) == PasteResult(Outcome.INSERTED)
        assert read_file(path, lambda found: found.count("\n") == 2) == "One.\nTwo.\n"
        assert await anyio.to_thread.run_sync(xclip, display) == BEFORE


@pytest.mark.parametrize(("kind", "end"), [("field", PasteResult(Outcome.INSERTED)), ("label", UNKNOWN)])
async def test_a_qt_program_that_reads_changes(
    display: str, desk: Desk, tmp_path: Path, kind: str, end: PasteResult
) -> None:
    path = tmp_path / "qt.txt"
    command = (sys.executable, ROOT / "tests/support/qt_reader.py", path, "qt-reader", kind)
    with (
        Owner(display, {"UTF8_STRING": BEFORE}),
        program(display, "qt-reader", *command, env={"QT_QPA_PLATFORM": "xcb"}),
    ):
        assert [await desk.paste(text, enter=True) for text in ("One.", "Two.")] == [end] * 2
        if kind == "field":
            assert read_file(path, lambda found: found == "One.\nTwo.\n") == "One.\nTwo.\n"


async def test_reader_with_nothing_to_restore_is_known(display: str, desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "field"
    with change_reader(display, "after-5-ms", path, field=True):
        for text in ("One.", "Two."):
            assert (await desk.paste(text)).outcome is Outcome.INSERTED
        assert read_file(path, lambda found: "Two." in found) == "One. Two."


async def test_a_known_reader_has_read_before_the_chord(
    display: str, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.paste.x11.receipts.EARLY_READ_S", 2.0)  # beside other tests it is slow
    with (
        Owner(display, {"UTF8_STRING": BEFORE}),
        change_reader(display, "after-50-ms", tmp_path / "field", field=False) as reader,
    ):
        while not find_habit(display, desk, reader).at_change:
            await desk.paste("One.")
        assert (await desk.paste("Two.")).read_s is None, "it has read nothing after the chord"


async def test_reader_not_the_target_proves_nothing(display: str, desk: Desk, tmp_path: Path) -> None:
    with change_reader(display, "at-once", tmp_path / "field", field=False), SlowReader(display, 0.0) as window:
        focused(display, "slow-reader")
        assert await desk.paste("Hello.", enter=True) == PasteResult(Outcome.INSERTED)
        assert window.read == ["Hello."]
    assert desk.expected.count(RETURN) == 1


async def test_polling_program_proves_nothing(display: str, desk: Desk, tmp_path: Path) -> None:
    desk.touched_at = monotonic()
    with Owner(display, {"UTF8_STRING": BEFORE}), change_reader(display, "polling-slowly", tmp_path / "f", field=False):
        await desk.paste("One.")
        known = partial(find_habit, display, desk, (await desk.target()).handle)
        await anyio.to_thread.run_sync(until, lambda: known().is_unreliable, "it is known")
        assert (await desk.paste("Two.", enter=True)) == UNKNOWN
    assert RETURN not in desk.expected


async def test_reader_of_restored_clipboard_is_known(display: str, desk: Desk, tmp_path: Path) -> None:
    desk.touched_at = monotonic()
    with change_reader(display, "at-once", tmp_path / "field", field=False), SlowReader(display, 0.0):
        focused(display, "slow-reader")
        with Owner(display, {"UTF8_STRING": BEFORE}):
            assert await desk.paste("One.") == PasteResult(Outcome.INSERTED)
        reader = focused(display, "reads-at-once")
        known = partial(find_habit, display, desk, reader)
        await anyio.to_thread.run_sync(until, lambda: known().at_change, "it is known")


async def test_a_slow_field_of_a_reader_gets_the_text(display: str, desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "field"
    with Owner(display, {"UTF8_STRING": BEFORE}), change_reader(display, "slow-field", path, field=True):
        assert await desk.paste("Hello.") == PasteResult(Outcome.INSERTED)
        assert path.read_text() == "Hello."


async def test_next_paste_does_not_wait_for_doubt(display: str, desk: Desk, tmp_path: Path) -> None:
    with change_reader(display, "at-once", tmp_path / "field", field=False):
        target, order = await desk.target(), list[str]()

        async def paste(text: str) -> None:
            result = await desk.paster.paste(text, target, lambda: order.append(f"{text} sent"))
            order.append(f"{text} {result.outcome}")

        async with anyio.create_task_group() as both:
            both.start_soon(paste, "One.")
            both.start_soon(paste, "Two.")
    assert order == ["One. sent", "One. unconfirmed", "Two. sent", "Two. unconfirmed"]


async def test_paste_in_doubt_at_app_end_is_unconfirmed(display: str, tmp_path: Path) -> None:
    results = list[PasteResult]()
    with change_reader(display, "at-once", tmp_path / "field", field=False):
        async with desk_on(display) as desk:
            sent = anyio.Event()

            async def paste() -> None:
                results.append(await desk.paste("Hello.", sent.set, enter=True))

            async with anyio.create_task_group() as tasks:
                tasks.start_soon(paste)
                await sent.wait()
                desk.paster.close()
    assert [result.outcome for result in results] == [Outcome.UNCONFIRMED]


def test_a_renewal_takes_nothing_from_another(display: str) -> None:
    connection, reads, lost = (
        X11Connection(display, lambda event: clipboard.handle_event(event)),
        list[SelectionRead](),
        list[str](),
    )
    clipboard = X11Clipboard(connection, reads.append, lost.append)
    try:
        clipboard.take("CLIPBOARD", text_contents(connection, "Hello."), is_own_text=True)
        assert clipboard.renew("CLIPBOARD") is not None
        connection.server_time()
        assert clipboard.prefetch.last_taken_at == 0.0, "no other program has taken it"
        with Owner(display, {"UTF8_STRING": BEFORE}):
            assert clipboard.renew("CLIPBOARD") is None
            assert lost == ["CLIPBOARD"]
            assert clipboard.prefetch.last_taken_at > 0.0
            assert clipboard.read_text("CLIPBOARD") == BEFORE.decode()
    finally:
        connection.close()
