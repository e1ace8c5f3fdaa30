"""A dictation that is taken up again loses nothing of what its row had, and its row says where the text went."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import anyio
import numpy as np
import pytest

from desktop.ending import SECRET_AGAIN
from desktop.history import Entry, History, Row
from desktop.keeping.memory import Memory
from desktop.keeping.remembering import Remembering
from desktop.paths import Paths
from desktop.ports import FRAME, Field, Outcome, Target
from desktop.problems import RecognizerProblem
from desktop.settings.tree import Keeping, Settings
from desktop.state import Done
from tests.stage import Stage

pytestmark = pytest.mark.anyio

HALF, WHOLE = "half a long sentence", "half a long sentence and its end"
BEGAN = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Scene:
    """The flow with a real memory, whose newest dictation was cancelled in the middle, in an editor."""

    def __init__(self, folder: Path, keeping: Keeping) -> None:
        paths = Paths(config=folder, data=folder, state=folder, runtime=folder)
        self.history = History(paths.history)
        self.memory = Memory(paths, self.history)
        self.changes = 0
        settings = Settings(history=keeping)
        self.remembering = Remembering(self.memory, self.history, lambda: settings, self._changed)
        self.stage = Stage(folder / "other")
        self.stage.recognizer.texts = [WHOLE]
        with self.memory.spool.take(BEGAN) as take:
            take.write(np.full(len(WHOLE) * FRAME, 0.1, np.float32))
            entry = Entry(started_at=BEGAN, app="editor", window="A", raw_text=HALF, delivery=Outcome.CANCELLED)
            self.memory.remember(entry, take, keeping)

    async def retry(self) -> None:
        """Take it up again, and wait for what comes of it."""
        last, audio = await self.remembering.unfinished()
        remember = partial(self.remembering.remember_again, last)
        self.stage.dictation.again(audio, remember, last.style, last.started_at)
        await self.stage.until(lambda: not self.stage.dictation._unfinished)

    def row(self) -> Row:
        row = self.history.last()
        assert row is not None
        return row

    def _changed(self) -> None:
        self.changes += 1


@asynccontextmanager
async def on(folder: Path, keeping: Keeping | None = None) -> AsyncIterator[Scene]:
    scene = Scene(folder, keeping or Keeping())
    async with anyio.create_task_group() as tasks:
        scene.stage.start(tasks)
        await anyio.lowlevel.checkpoint()
        yield scene
        tasks.cancel_scope.cancel()


async def test_what_fails_again_can_be_taken_up_once_more(tmp_path: Path) -> None:
    async with on(tmp_path) as scene:
        scene.stage.recognizer.problem = RecognizerProblem("The service is offline.", "Try again.")
        await scene.retry()
        row = scene.row()
        assert (row.delivery, row.raw_text) == (Outcome.FAILED, HALF)
        assert row.note == "The service is offline. Try again."
        assert scene.changes == 1
        scene.stage.recognizer.problem, scene.stage.recognizer.texts = None, [WHOLE]
        await scene.retry()
        assert scene.row().raw_text == WHOLE
        assert [text for text, _ in scene.stage.paster.pasted] == [scene.row().text]


async def test_a_password_field_that_has_the_focus_then_costs_no_recording(tmp_path: Path) -> None:
    async with on(tmp_path, Keeping(keep_audio_days=0)) as scene:
        scene.stage.paster.focus = Target(2, "browser", "Login", field=Field(secret=True))
        await scene.retry()
        assert scene.stage.states[-1] == Done(Outcome.REFUSED, note=SECRET_AGAIN)
        row = scene.row()
        assert (row.delivery, row.raw_text, row.note) == (Outcome.CANCELLED, HALF, SECRET_AGAIN)
        assert (row.app, row.window) == ("editor", "A")
        await scene.memory.expire(Keeping(keep_audio_days=0), BEGAN + timedelta(minutes=2))
        scene.stage.paster.focus, scene.stage.recognizer.texts = Target(1, "editor", "A"), [WHOLE]
        await scene.retry()
        assert (scene.row().delivery, scene.row().raw_text) == (Outcome.INSERTED, WHOLE)


@pytest.mark.parametrize(("exclude", "place"), [((), ("browser", "A page")), (("browser",), ("", ""))])
async def test_the_row_says_where_the_text_went_unless_nothing_is_kept_there(
    tmp_path: Path, exclude: tuple[str, ...], place: tuple[str, str]
) -> None:
    async with on(tmp_path, Keeping(exclude=exclude)) as scene:
        scene.stage.paster.focus = Target(2, "browser", "A page")
        await scene.retry()
        row = scene.row()
        assert (row.delivery, row.raw_text, row.started_at) == (Outcome.INSERTED, WHOLE, BEGAN)
        assert (row.app, row.window) == place
        assert scene.changes == 1


async def test_only_more_words_take_the_place_of_words(tmp_path: Path) -> None:
    async with on(tmp_path) as scene:
        again = Entry(started_at=BEGAN, delivery=Outcome.FAILED)
        for words, kept in (("h", HALF), (WHOLE, WHOLE), ("", WHOLE)):
            with scene.memory.spool.take(BEGAN) as take:
                scene.remembering.remember_again(scene.row(), replace(again, raw_text=words), take)
            assert scene.row().raw_text == kept


async def test_what_the_history_made_of_it_meanwhile_stays(tmp_path: Path) -> None:
    async with on(tmp_path) as scene:
        before = scene.row()
        scene.history.update(before.id, raw_text=HALF, text=HALF, delivery=Outcome.RECOVERED)
        with scene.memory.spool.take(BEGAN) as take:
            entry = Entry(started_at=BEGAN, raw_text=WHOLE, delivery=Outcome.FAILED)
            scene.remembering.remember_again(before, entry, take)
        row = scene.row()
        assert (row.delivery, row.text, row.raw_text) == (Outcome.RECOVERED, HALF, HALF)
