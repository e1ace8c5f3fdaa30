"""What was spoken after each other is pasted and remembered in that order, whatever becomes of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import anyio
import numpy as np
import pytest
from anyio import to_thread

from desktop.app.status import StatusPublisher
from desktop.audio.spool_file import SpoolFile
from desktop.core.errors import HistoryError
from desktop.core.state import Done, Idle, Pasting, Transcribing
from desktop.core.types import FRAME_SAMPLES, Outcome, PasteResult, Target
from desktop.history.rows import HistoryEntry
from desktop.hotkeys.gesture import DictationIntent
from tests.support.stage import FakePaster, Stage, on

pytestmark = pytest.mark.anyio


async def say(stage: Stage, how: DictationIntent = DictationIntent.END) -> None:
    (await stage.press()).say(2)
    stage.mean(how)


async def settle() -> None:
    """Let everything run that can, in other threads too."""
    for _ in range(20):
        await to_thread.run_sync(lambda: None)


class SlowDisk:
    """Writes the row of the first text into `rows` once `gate` is open, or raises `problem`; all others at once."""

    def __init__(self, problem: Exception | None = None) -> None:
        self.gate = threading.Event()
        self.problem = problem
        self.rows: list[HistoryEntry] = []

    def remember(self, entry: HistoryEntry, take: SpoolFile) -> int:
        if entry.text == "First.":
            assert self.gate.wait(5)
            if self.problem is not None:
                raise self.problem
        self.rows.append(entry)
        take.discard()
        return len(self.rows)


@pytest.mark.parametrize("between", [None, DictationIntent.CANCEL, DictationIntent.DISCARD])
async def test_rows_slow_disk_keeps_speaking_order(tmp_path: Path, between: DictationIntent | None) -> None:
    texts = ("first", "second") if between is None else ("first", "never", "second")
    async with on(tmp_path, *texts) as stage:
        disk = SlowDisk()
        stage.dictation.dependencies = replace(stage.parts(), record_entry=disk.remember)
        await say(stage)
        if between is not None:
            await say(stage, between)
        await say(stage)
        await stage.until(lambda: len(stage.paster.pasted) == 2)
        await settle()
        assert disk.rows == [], "a paste waits for no disk, a row for the one before"
        disk.gate.set()
        await stage.dictation.wait_until_recorded()
        assert [row.text for row in disk.rows if row.text] == ["First.", "Second."]


@pytest.mark.parametrize(
    "problem", [HistoryError("reported-message", title="The disk is full.", advice=""), ValueError("oops")]
)
async def test_unsaved_dictation_does_not_block_the_next(tmp_path: Path, problem: Exception) -> None:
    async with on(tmp_path, "first", "second") as stage:
        disk = SlowDisk(problem)
        disk.gate.set()
        stage.dictation.dependencies = replace(stage.parts(), record_entry=disk.remember)
        await say(stage)
        await say(stage)
        await stage.until(lambda: len(disk.rows) == 1)
        assert disk.rows[0].text == "Second."


async def test_cancelled_dictation_keeps_earlier_one_first(tmp_path: Path) -> None:
    async with on(tmp_path, "first", "never", "third") as stage:
        slow = anyio.Event()
        stage.recognizer.gates = [slow]
        await say(stage)
        await say(stage, DictationIntent.CANCEL)
        await say(stage)
        await stage.until(lambda: len(stage.recognizer.heard) == 2)
        await settle()
        assert stage.paster.pasted == []
        with anyio.fail_after(1):
            await stage.dictation.wait_until_recorded()  # what has a text, which is nothing yet
        slow.set()
        await stage.until(lambda: len(stage.rows) == 3)
        assert [text for text, _ in stage.paster.pasted] == ["First.", "Third."]
        assert [row.delivery for row in stage.rows] == [Outcome.INSERTED, Outcome.CANCELLED, Outcome.INSERTED]


async def test_discarded_press_leaves_previous_cancellable(tmp_path: Path) -> None:
    async with on(tmp_path, "first") as stage:
        gate = anyio.Event()
        stage.recognizer.gates = [gate]
        (await stage.press()).say(2)
        stage.release()
        await stage.until_state(Transcribing)
        await stage.press()
        stage.mean(DictationIntent.DISCARD)
        await stage.until(lambda: len(stage.dictation._unfinished_sessions) == 1)
        assert isinstance(stage.states[-1], Transcribing), "what can be cancelled is seen"
        esc = list[bool]()
        showing = StatusPublisher(lambda shown: None, esc.append, lambda: False)
        for state in stage.states:
            showing.set_state(state)
        assert esc == [True, False, True]
        stage.escape()
        await stage.until(lambda: len(stage.rows) == 1)
        assert [row.delivery for row in stage.rows] == [Outcome.CANCELLED]
        assert stage.paster.pasted == []


async def test_discarded_press_after_cancel_hides_no_other(tmp_path: Path) -> None:
    async with on(tmp_path, "first", "never") as stage:
        gate = anyio.Event()
        stage.recognizer.gates = [gate]
        await say(stage)
        await say(stage, DictationIntent.CANCEL)
        await settle()
        assert len(stage.dictation._unfinished_sessions) == 2, "its row is written after that of the first"
        await stage.press()
        stage.mean(DictationIntent.DISCARD)
        await stage.until(lambda: len(stage.dictation._unfinished_sessions) == 2)
        assert isinstance(await stage.until_state(Transcribing), Transcribing)
        stage.escape()
        await stage.until(lambda: len(stage.rows) == 2)
        assert [row.delivery for row in stage.rows] == [Outcome.CANCELLED] * 2
        assert stage.paster.pasted == []


async def press_by_mistake(stage: Stage) -> None:
    await stage.press()
    stage.mean(DictationIntent.DISCARD)
    await stage.until_state(Idle)


async def test_retried_dictation_not_shown_again_when_saved(tmp_path: Path) -> None:
    async with on(tmp_path, "first", "second") as stage:
        disk = SlowDisk()
        stage.dictation.dependencies = replace(stage.parts(), record_entry=disk.remember)
        await say(stage)
        stage.dictation.resume(np.full(12 * FRAME_SAMPLES, 0.1, np.float32), disk.remember)
        await stage.until(lambda: Done(Outcome.INSERTED, "Second.") in stage.states)
        await settle()
        await press_by_mistake(stage)
        disk.gate.set()
        await stage.until(lambda: not stage.dictation._unfinished_sessions)
        assert len(disk.rows) == 2
        assert stage.states[-1] == Idle()


class SlowWindow(FakePaster):
    """One that is not sure to have the text, which is on its way there, before `gate` is open."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = anyio.Event()

    async def paste(self, text: str, target: Target, on_sent: Callable[[], None], enter: bool = False) -> PasteResult:
        result = await super().paste(text, target, on_sent, enter)
        await self.gate.wait()
        return result


async def test_inserted_shown_on_arrival_not_on_sending(tmp_path: Path) -> None:
    async with on(tmp_path, "first") as stage:
        window = SlowWindow()
        stage.dictation.dependencies = replace(stage.parts(), paster=window)
        await say(stage)
        await stage.until(lambda: len(window.pasted) == 1)
        await settle()
        assert isinstance(stage.states[-1], Pasting)
        window.gate.set()
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.states[-1] == Done(Outcome.INSERTED, "First.")


async def test_discarded_press_does_not_hide_retry(tmp_path: Path) -> None:
    async with on(tmp_path, "", "first") as stage:
        gate = anyio.Event()
        stage.recognizer.gates = [anyio.Event(), gate]
        await stage.press()
        stage.dictation.resume(np.full(2 * FRAME_SAMPLES, 0.1, np.float32), stage._remember)
        await settle()
        stage.mean(DictationIntent.DISCARD)
        assert isinstance(await stage.until_state(Transcribing), Transcribing)
        gate.set()
        await stage.until(lambda: len(stage.rows) == 1)
        assert [text for text, _ in stage.paster.pasted] == ["First."]


async def test_discarded_press_shows_idle_where_all_arrived(tmp_path: Path) -> None:
    async with on(tmp_path, "first") as stage:
        disk = SlowDisk()
        stage.dictation.dependencies = replace(stage.parts(), record_entry=disk.remember)
        await say(stage)
        await stage.until(lambda: len(stage.paster.pasted) == 1)
        await stage.press()
        stage.mean(DictationIntent.DISCARD)
        await stage.until(lambda: len(stage.dictation._unfinished_sessions) == 1)
        assert stage.states[-1] == Idle()
        disk.gate.set()
