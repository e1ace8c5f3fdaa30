"""What may go wrong beside a dictation, each with its named outcome, and where the words are then.

fault                           | what the person sees                    | where the words are
disk full, read-only home       | the text, then what cannot be written   | in the window; a row once it can be written
history held by another program | the text, then that it is held          | in the window; a row, next start
history locked by its keyring   | the text, then that it is locked        | in the window; a row once it is open
history damaged                 | the text, then that a new one was begun | in the window, a row (e2e)
 killed or full disk meanwhile  | the same at the next start              | (test_history_mending)
no room for the recording       | the text; the row's note says it        | in the window and the row
no room, and nothing was pasted | what cannot be kept                     | the spool; a row, next start
app killed                      | "Recovered" at the next start           | a row (test_recovering, e2e)
app ended with the session      | the same                                | the same (e2e)
screen locked, machine sleeps   | "Cancelled", can be undone              | its recording (test_away, e2e)
recognizer killed or hanging    | the text, some seconds late             | in the window (speech)
recognizer dies of a recording  | failed, with Retry                      | its recording (test_recovering)
model damaged                   | what to fetch again                     | its recording (speech)
CUDA lost                       | the text, by the CPU                    | in the window (speech)
microphone gone, server anew     | why nothing is heard                    | in the window (e2e)
clipboard's owner frozen or gone| the text                                | in the window (test_paste_x11)
clock set back or forward       | the rows in the order of speaking       | the row
settings edited while running   | the rest holds; what is wrong is named  | (test_settings)
two instances                   | the first one's history                 | (e2e)
keyring locked or missing       | which key cannot be read                | (test_credentials)
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import numpy as np
import pytest

from desktop.app.recovery import MAYBE_INSERTED_NOTE, recover_recordings
from desktop.audio.spool_file import SpoolFile
from desktop.core.errors import HistoryError
from desktop.core.messages import Message
from desktop.core.paths import Paths
from desktop.core.state import Done, Failed
from desktop.core.types import FRAME_SAMPLES, Outcome, PasteResult
from desktop.dictation.session import INTERNAL_ERROR
from desktop.history.recorder import DictationRecorder
from desktop.history.rows import HistoryEntry
from desktop.history.store import HistoryStore
from desktop.settings.schema import HistorySettings
from tests.support.stage import FakeRecognizer, Stage
from tests.unit.audio.test_spool import no_file_larger_than


class Home(Stage):
    """A stage whose dictations are kept as the app keeps them, in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.paths = Paths(config=folder, data=folder, state=folder, runtime=folder)
        self.history = HistoryStore(self.paths.history, timeout_s=0.1)
        self.memory = DictationRecorder(self.paths, self.history)
        super().__init__(self.paths.spool)
        self.spool = self.memory.spool
        self.dictation.dependencies = self.parts()

    def _remember(self, entry: HistoryEntry, take: SpoolFile) -> int:
        return self.memory.record(entry, take, HistorySettings())

    async def say(self, text: str, frames: int = 100) -> None:
        """A dictation, up to what is shown of it at last."""
        self.recognizer.texts.append(text)
        self.states.clear()
        (await self.press()).say(frames)
        self.release()

    async def next_start(self) -> list[HistoryEntry]:
        """What an app that is started now makes of what is left."""
        ear = FakeRecognizer()
        ear.texts.append("hello")

        async def quiet() -> None:
            """No dictation is under way."""

        return await recover_recordings(
            DictationRecorder(self.paths, HistoryStore(self.paths.history)), ear, HistorySettings(), quiet
        )


@asynccontextmanager
async def at(folder: Path) -> AsyncIterator[Home]:
    """A home with its flow running."""
    home = Home(folder)
    async with anyio.create_task_group() as tasks:
        home.start(tasks)
        yield home
        tasks.cancel_scope.cancel()


@pytest.mark.anyio
async def test_a_full_disk_costs_no_word(tmp_path: Path) -> None:
    async with at(tmp_path) as home:
        with no_file_larger_than(20_000):
            await home.say("hello")
            failed = await home.until_state(Failed)
        assert [text for text, _ in home.paster.pasted] == ["Hello."]
        assert isinstance(failed, Failed)
        assert isinstance(failed.problem, HistoryError)
        await home.until(lambda: len(home.memory.spool.find_leftovers()) == 1)
        (entry,) = await home.next_start()
        assert (entry.delivery, entry.notes) == (Outcome.RECOVERED, (MAYBE_INSERTED_NOTE,))
        assert 0 < home.history.rows()[0].duration_s < 100 * FRAME_SAMPLES / 16_000


@pytest.mark.anyio
async def test_bug_in_remember_fails_only_this_dictation(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with at(tmp_path) as home:

        def remember(entry: HistoryEntry, take: SpoolFile) -> int:
            raise ZeroDivisionError

        home.dictation.dependencies = replace(home.parts(), record_entry=remember)
        await home.say("hello")
        assert await home.until_state(Failed) == Failed(INTERNAL_ERROR)
        home.dictation.dependencies = home.parts()
        await home.say("again")
        await home.until(lambda: len(home.history.rows()) == 1)
        assert [text for text, _ in home.paster.pasted] == ["Hello.", "Again."]
        assert len(home.memory.spool.find_leftovers()) == 1
    assert "a dictation could not be remembered" in caplog.text


@pytest.mark.anyio
async def test_no_room_for_recording_still_keeps_the_row(tmp_path: Path) -> None:
    async with at(tmp_path) as home:
        home.paths.audio.touch()
        await home.say("hello")
        await home.until(lambda: bool(home.history.rows()))
        (row,) = home.history.rows()
        assert (row.text, row.delivery, row.audio_path) == ("Hello.", Outcome.INSERTED, None)
        assert row.note == "The recording could not be kept."
        assert isinstance(home.states[-1], Done)


@pytest.mark.anyio
async def test_no_room_for_only_copy_leaves_it_in_the_spool(tmp_path: Path) -> None:
    async with at(tmp_path) as home:
        home.paths.audio.touch()
        home.paster.outcome = PasteResult(Outcome.FAILED, (Message("paste-screen-lost"),))
        await home.say("hello")
        await home.until_state(Failed)
        assert home.history.rows() == []
        home.paths.audio.unlink()
        await home.until(lambda: len(home.memory.spool.find_leftovers()) == 1)
        (entry,) = await home.next_start()
        assert entry.delivery is Outcome.RECOVERED
        assert home.history.rows()[0].audio_path is not None


@pytest.mark.anyio
async def test_unwritable_home_still_pastes_the_text(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    async with at(tmp_path / "file") as home:
        await home.say("hello")
        failed = await home.until_state(Failed)
        assert [text for text, _ in home.paster.pasted] == ["Hello."]
        assert isinstance(failed, Failed)
        assert "cannot be used" in failed.problem.title


@pytest.mark.anyio
async def test_history_locked_by_other_program_loses_no_word(tmp_path: Path) -> None:
    async with at(tmp_path) as home:
        home.history.add(HistoryEntry(started_at=datetime.now(UTC), text="Before.", delivery=Outcome.INSERTED))
        with closing(sqlite3.connect(home.paths.history, autocommit=True)) as other:
            other.execute("BEGIN IMMEDIATE")
            await home.say("hello")
            failed = await home.until_state(Failed)
        assert [text for text, _ in home.paster.pasted] == ["Hello."]
        assert isinstance(failed, Failed)
        assert failed.problem.title == "Another program holds the history."
        await home.until(lambda: len(home.memory.spool.find_leftovers()) == 1)
        (entry,) = await home.next_start()
        assert (entry.delivery, entry.notes) == (Outcome.RECOVERED, (MAYBE_INSERTED_NOTE,))
        assert [row.text for row in home.history.rows()] == ["hello", "Before."]


@pytest.mark.anyio
@pytest.mark.parametrize("hours", [-5, 5])
async def test_changed_clock_keeps_order_and_lengths(tmp_path: Path, hours: int) -> None:
    async with at(tmp_path) as home:
        before = datetime.now(UTC) - timedelta(hours=hours)
        home.history.add(HistoryEntry(started_at=before, text="Before.", delivery=Outcome.INSERTED))
        await home.say("hello")
        await home.until(lambda: len(home.history.rows()) == 2)
        newest, _ = home.history.rows()
        assert newest.text == "Hello."
        assert newest.duration_s == 100 * FRAME_SAMPLES / 16_000
        assert newest.release_to_text_ms is not None
        assert 0 <= newest.release_to_text_ms < 5_000


@pytest.mark.anyio
async def test_recording_before_clock_set_back_is_recovered(tmp_path: Path) -> None:
    async with at(tmp_path) as home:
        with home.memory.spool.create(datetime.now(UTC) + timedelta(days=400)) as take:
            take.write(np.full(FRAME_SAMPLES, 0.1, np.float32))
        (entry,) = await home.next_start()
        assert entry.delivery is Outcome.RECOVERED
        assert home.memory.spool.find_leftovers() == []
