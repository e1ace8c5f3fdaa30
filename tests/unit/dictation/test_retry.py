"""A dictation that is taken up again loses nothing of what its row had, and its row says where the text went."""

from __future__ import annotations

import gc
import sqlite3
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import anyio
import numpy as np
import pytest

from desktop.app.history_service import HistoryService
from desktop.core.errors import RecognizerError, UserError
from desktop.core.paths import Paths
from desktop.core.state import DictationState, Done, Failed, Listening, Transcribing
from desktop.core.types import FRAME_SAMPLES, InputField, Outcome, Target
from desktop.dictation.result import RESUMED_PASSWORD_FIELD_NOTE
from desktop.history.recorder import DictationRecorder
from desktop.history.rows import HistoryEntry, HistoryRow
from desktop.history.store import HistoryStore
from desktop.hotkeys.gesture import DictationIntent
from desktop.settings.schema import HistorySettings
from tests.support.settings import in_force
from tests.support.stage import FakeRecording, Stage

pytestmark = pytest.mark.anyio

HALF, WHOLE = "half a long sentence", "half a long sentence and its end"
BEGAN = datetime(2026, 3, 2, 12, tzinfo=UTC)
OFFLINE = RecognizerError("reported-message", title="The service is offline.", advice="Try again.")


class Scene:
    """The flow with a real memory, whose newest dictation was cancelled in the middle, in an editor."""

    def __init__(self, folder: Path, keeping: HistorySettings) -> None:
        paths = Paths(config=folder, data=folder, state=folder, runtime=folder)
        self.history = HistoryStore(paths.history)
        self.memory = DictationRecorder(paths, self.history)
        self.changes = 0
        self.remembering = HistoryService(self.memory, self.history, lambda: in_force(keeping), self._changed)
        self.stage = Stage(folder / "other")
        self.stage.recognizer.texts = [WHOLE]
        with self.memory.spool.create(BEGAN) as take:
            take.write(np.full(len(WHOLE) * FRAME_SAMPLES, 0.1, np.float32))
            entry = HistoryEntry(started_at=BEGAN, app="editor", window="A", raw_text=HALF, delivery=Outcome.CANCELLED)
            self.memory.record(entry, take, keeping)

    async def retry(self) -> None:
        """Take it up again, and wait for what comes of it."""
        last, audio = await self.remembering.load_unfinished()
        remember = partial(self.remembering.record_resumed, last)
        self.stage.dictation.resume(audio, remember, last.style, last.started_at)
        await self.stage.until(lambda: not self.stage.dictation._unfinished_sessions)

    def row(self) -> HistoryRow:
        row = self.history.last()
        assert row is not None
        return row

    def _changed(self) -> None:
        self.changes += 1


@asynccontextmanager
async def on(folder: Path, keeping: HistorySettings | None = None) -> AsyncIterator[Scene]:
    scene = Scene(folder, keeping or HistorySettings())
    async with anyio.create_task_group() as tasks:
        scene.stage.start(tasks)
        await anyio.lowlevel.checkpoint()
        yield scene
        tasks.cancel_scope.cancel()


async def test_what_fails_again_can_be_taken_up_once_more(tmp_path: Path) -> None:
    async with on(tmp_path) as scene:
        scene.stage.recognizer.problem = OFFLINE
        await scene.retry()
        row = scene.row()
        assert (row.delivery, row.raw_text) == (Outcome.FAILED, HALF)
        assert row.note == "The service is offline. Try again."
        assert scene.changes == 1
        scene.stage.recognizer.problem, scene.stage.recognizer.texts = None, [WHOLE]
        await scene.retry()
        assert scene.row().raw_text == WHOLE
        assert [text for text, _ in scene.stage.paster.pasted] == [scene.row().text]


async def test_retry_into_password_field_keeps_recording(tmp_path: Path) -> None:
    async with on(tmp_path, HistorySettings(keep_audio_days=0)) as scene:
        scene.stage.paster.focus = Target(2, "browser", "Login", field=InputField(is_password=True))
        await scene.retry()
        assert scene.stage.states[-1] == Done(Outcome.REFUSED, notes=(RESUMED_PASSWORD_FIELD_NOTE,))
        row = scene.row()
        assert (row.delivery, row.raw_text, row.notes) == (Outcome.CANCELLED, HALF, (RESUMED_PASSWORD_FIELD_NOTE,))
        assert (row.app, row.window) == ("editor", "A")
        await scene.memory.expire(in_force(HistorySettings(keep_audio_days=0)), BEGAN + timedelta(minutes=2))
        scene.stage.paster.focus, scene.stage.recognizer.texts = Target(1, "editor", "A"), [WHOLE]
        await scene.retry()
        assert (scene.row().delivery, scene.row().raw_text) == (Outcome.INSERTED, WHOLE)


@pytest.mark.parametrize(("exclude", "place"), [((), ("browser", "A page")), (("browser",), ("", ""))])
async def test_retry_row_names_target_unless_excluded(
    tmp_path: Path, exclude: tuple[str, ...], place: tuple[str, str]
) -> None:
    async with on(tmp_path, HistorySettings(exclude=exclude)) as scene:
        scene.stage.paster.focus = Target(2, "browser", "A page")
        await scene.retry()
        row = scene.row()
        assert (row.delivery, row.raw_text, row.started_at) == (Outcome.INSERTED, WHOLE, BEGAN)
        assert (row.app, row.window) == place
        assert scene.changes == 1


@asynccontextmanager
async def spoken_meanwhile(folder: Path) -> AsyncIterator[tuple[Stage, FakeRecording, anyio.Event, anyio.Event]]:
    """A dictation that is being spoken when an earlier one is taken up again, and the events that their words wait
    for."""
    stage, spoken, retried = Stage(folder), anyio.Event(), anyio.Event()
    stage.recognizer.texts, stage.recognizer.gates = ["live words", "said before"], [spoken, retried]
    async with anyio.create_task_group() as tasks:
        stage.start(tasks)
        recording = await stage.press()
        recording.say(3)
        await stage.until_state(Listening)
        stage.dictation.resume(np.full(12 * FRAME_SAMPLES, 0.1, np.float32), stage.parts().record_entry)
        await stage.until(lambda: stage.recognizer.heard == [12 * FRAME_SAMPLES])
        yield stage, recording, spoken, retried
        tasks.cancel_scope.cancel()


async def test_key_ends_its_own_dictation_despite_retry(tmp_path: Path) -> None:
    async with spoken_meanwhile(tmp_path) as (stage, recording, spoken, retried):
        spoken.set()
        recording.say(7)
        stage.mean(DictationIntent.SEND)
        await stage.until(lambda: len(stage.rows) == 1)
        assert recording.closed
        assert stage.states[-1] == Done(Outcome.INSERTED, "Live words.")
        shown = [state.transcript.text for state in stage.states if isinstance(state, Listening | Transcribing)]
        assert all("live words".startswith(text) for text in shown)
        retried.set()
        await stage.until(lambda: len(stage.rows) == 2)
        assert [text for text, _ in stage.paster.pasted] == ["Live words.", "Said before."]
        assert stage.paster.entered == ["Live words."]
        assert stage.states[-1] == Done(Outcome.INSERTED, "Said before.")


@pytest.mark.parametrize("intent", [DictationIntent.CANCEL, DictationIntent.DISCARD])
async def test_stop_ends_spoken_dictation_then_retry(tmp_path: Path, intent: DictationIntent) -> None:
    async with spoken_meanwhile(tmp_path) as (stage, recording, _, _):
        stage.mean(intent)
        await stage.until(lambda: recording.closed and len(stage.dictation._unfinished_sessions) == 1)
        assert [row.delivery for row in stage.rows] == [Outcome.CANCELLED], "words were shown, so they are kept"
        stage.escape()
        await stage.until(lambda: not stage.dictation._unfinished_sessions)
        assert stage.paster.pasted == []
        assert [row.delivery for row in stage.rows] == [Outcome.CANCELLED] * 2


@pytest.mark.parametrize(
    ("problem", "shown"),
    [(OFFLINE, Failed(OFFLINE)), (None, Done(Outcome.SILENT))],
    ids=["failed", "silent"],
)
async def test_retry_without_result_shown_after_dictation(
    tmp_path: Path, problem: UserError | None, shown: DictationState
) -> None:
    stage = Stage(tmp_path)
    stage.recognizer.texts = ["live words", ""]
    async with anyio.create_task_group() as tasks:
        stage.start(tasks)
        (await stage.press()).say(3)
        await stage.until_state(Listening)
        await anyio.wait_all_tasks_blocked()
        stage.recognizer.problem = problem
        stage.dictation.resume(np.full(12 * FRAME_SAMPLES, 0.1, np.float32), stage.parts().record_entry)
        retried = stage.dictation._unfinished_sessions[-1]
        await stage.until(retried.turn_ended.is_set)
        await anyio.wait_all_tasks_blocked()
        assert isinstance(stage.states[-1], Listening)
        stage.recognizer.problem = None
        stage.release()
        await stage.until(lambda: not stage.dictation._unfinished_sessions)
        assert [text for text, _ in stage.paster.pasted] == ["Live words."]
        assert stage.states[-1] == shown
        tasks.cancel_scope.cancel()


async def test_retry_unwritable_is_not_called_lost(tmp_path: Path) -> None:
    async with on(tmp_path) as scene:
        with closing(sqlite3.connect(tmp_path / "history.db")) as other:
            other.execute("CREATE TRIGGER full BEFORE UPDATE ON dictation BEGIN SELECT RAISE(ABORT, 'full'); END")
            await scene.retry()
        assert isinstance(scene.stage.states[-1], Failed)
        with pytest.raises(UserError, match="The text is there, but could not be written into its row"):
            await scene.remembering.load_unfinished()


async def test_escape_stops_what_is_shown_until_turn_is_over(tmp_path: Path) -> None:
    async with spoken_meanwhile(tmp_path) as (stage, _, _, retried):
        stage.release()
        await stage.until_state(Transcribing)
        retried.set()
        stage.escape()
        await stage.until(lambda: not stage.dictation._unfinished_sessions)
        assert [row.delivery for row in stage.rows] == [Outcome.CANCELLED, Outcome.INSERTED]
        assert [text for text, _ in stage.paster.pasted] == ["Said before."]


async def test_the_sound_of_what_was_taken_up_is_let_go(tmp_path: Path) -> None:
    async with on(tmp_path) as scene:
        sound = np.full(len(WHOLE) * FRAME_SAMPLES, 0.1, np.float32)
        kept, dictation = weakref.ref(sound), scene.stage.dictation
        dictation.resume(sound, scene.stage.parts().record_entry, started_at=BEGAN)
        del sound
        await scene.stage.until(lambda: not dictation._unfinished_sessions)
        gc.collect()
        assert kept() is None


async def test_only_more_words_take_the_place_of_words(tmp_path: Path) -> None:
    async with on(tmp_path) as scene:
        again = HistoryEntry(started_at=BEGAN, delivery=Outcome.FAILED)
        for words, kept in (("h", HALF), (WHOLE, WHOLE), ("", WHOLE)):
            with scene.memory.spool.create(BEGAN) as take:
                scene.remembering.record_resumed(scene.row(), replace(again, raw_text=words), take)
            assert scene.row().raw_text == kept


async def test_what_the_history_made_of_it_meanwhile_stays(tmp_path: Path) -> None:
    async with on(tmp_path) as scene:
        before = scene.row()
        scene.history.update(before.id, raw_text=HALF, text=HALF, delivery=Outcome.RECOVERED)
        with scene.memory.spool.create(BEGAN) as take:
            entry = HistoryEntry(started_at=BEGAN, raw_text=WHOLE, delivery=Outcome.FAILED)
            scene.remembering.record_resumed(before, entry, take)
        row = scene.row()
        assert (row.delivery, row.text, row.raw_text) == (Outcome.RECOVERED, HALF, HALF)
