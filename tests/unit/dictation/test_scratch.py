"""Said alone, "scratch that" takes back what was inserted last; in a sentence, and where nothing was, it is text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import anyio
import numpy as np
import pytest

from desktop.audio.spool_file import SpoolFile
from desktop.core.interfaces import PasterCapability
from desktop.core.messages import Message, Notes
from desktop.core.paths import Paths
from desktop.core.state import Done, Polishing
from desktop.core.types import FRAME_SAMPLES, Outcome, PasteResult, Target
from desktop.dictation.insertion import UNDONE_NOTE, is_scratch_phrase
from desktop.dictation.last import LastDictation
from desktop.history.recorder import DictationRecorder
from desktop.history.rows import HistoryEntry
from desktop.history.store import HistoryStore
from desktop.paste.undo import TEXT_CHANGED
from desktop.settings.schema import HistorySettings
from tests.support.stage import FakePaster, SlowPolisher, Stage

pytestmark = pytest.mark.anyio

FIRST, PHRASE = "first words", "Scratch that."


@pytest.mark.parametrize(
    "said",
    [
        "scratch that",
        "Scratch that.",
        "Um, scratch that!",
        "DELETE THAT",
        "Okay, undo that, please.",
        "撤销",
        "嗯，删掉。",
        "刪掉吧",
        "Äh, streich das bitte.",
    ],
)
def test_a_phrase_alone_takes_back(said: str) -> None:
    assert is_scratch_phrase(said)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "um",
        "scratch",
        "Please delete that file.",
        "Scratch that itch.",
        "I said scratch that",
        "scratch that, scratch that",
        "请删掉这个文件",
        "不要了",
        "Streich das Haus.",
        "2 scratch that s",
        "Delete that 24/7.",
    ],
)
def test_anything_more_is_text(said: str) -> None:
    assert not is_scratch_phrase(said)


class TakingPaster(FakePaster):
    """A paster that takes back what it pasted, one text, unless its `refusal` says why not."""

    capabilities = PasterCapability.UNDO

    def __init__(self) -> None:
        super().__init__()
        self.refusal: Notes = ()
        self.taken: list[str] = []

    async def undo_paste(self, texts: tuple[str, ...], on_sent: Callable[[], None]) -> PasteResult:
        if self.refusal:
            return PasteResult(Outcome.REFUSED, self.refusal)
        self.taken.append(self.pasted[-1][0])
        return PasteResult(Outcome.CANCELLED)


class Scene:
    """The flow with a real history, which says what was inserted where."""

    def __init__(self, folder: Path) -> None:
        paths = Paths(config=folder, data=folder, state=folder, runtime=folder)
        self.history = HistoryStore(paths.history)
        self.memory = DictationRecorder(paths, self.history)
        self.keeping = HistorySettings()
        self.stage = Stage(folder / "spool")
        self.paster = TakingPaster()
        self.stage.paster = self.paster
        afterwards = LastDictation(self.stage.dictation, self.history, self.memory, lambda: None)
        self.stage.dictation.dependencies = replace(
            self.stage.parts(), record_entry=self._remember, scratch=afterwards.scratch, emotion_detector=None
        )

    def _remember(self, entry: HistoryEntry, take: SpoolFile) -> int:
        return self.memory.record(entry, take, self.keeping)

    async def say(self, text: str) -> None:
        self.stage.recognizer.texts.append(text)
        (await self.stage.press()).say(len(text))
        self.stage.release()


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


async def test_it_takes_the_last_text_back_and_has_a_row_without_text(scene: Scene) -> None:
    async with anyio.create_task_group() as tasks:
        scene.stage.start(tasks)
        await scene.say(FIRST)
        await scene.say(PHRASE)
        await scene.stage.until(lambda: Done(Outcome.SILENT, notes=(UNDONE_NOTE,)) in scene.stage.states)
        await scene.stage.until(lambda: not scene.stage.dictation.is_busy)
        tasks.cancel_scope.cancel()
    assert scene.paster.taken == ["First words."]
    assert [text for text, _ in scene.paster.pasted] == ["First words."]
    command, row = scene.history.rows()
    assert (row.text, row.delivery, row.notes) == ("First words.", Outcome.CANCELLED, (UNDONE_NOTE,))
    assert (command.raw_text, command.text, command.delivery) == (PHRASE, "", Outcome.SILENT)
    newest = scene.memory.newest()
    assert newest is not None
    assert newest.text == "First words."  # what "paste last" brings back


async def test_a_command_hides_no_text_that_is_kept_nowhere(scene: Scene) -> None:
    scene.keeping = HistorySettings(private="on")
    async with anyio.create_task_group() as tasks:
        scene.stage.start(tasks)
        await scene.say(FIRST)
        await scene.say(PHRASE)
        await scene.stage.until(lambda: Done(Outcome.SILENT, notes=(UNDONE_NOTE,)) in scene.stage.states)
        await scene.stage.until(lambda: not scene.stage.dictation.is_busy)
        tasks.cancel_scope.cancel()
    newest = scene.memory.newest()
    assert newest is not None
    assert (newest.text, scene.history.rows()) == ("First words.", [])


async def test_escape_cancels_a_command_that_is_text(scene: Scene) -> None:
    polisher = SlowPolisher()
    scene.stage.dictation.dependencies = replace(scene.stage.dictation.dependencies, polisher=polisher)
    async with anyio.create_task_group() as tasks:
        scene.stage.start(tasks)
        await scene.say(PHRASE)
        await scene.stage.until_state(Polishing)
        assert [header.leaving for header in scene.stage.spool.read_headers(is_written=True)] == [False]
        scene.stage.escape()
        await scene.stage.until(lambda: bool(scene.history.rows()))
        tasks.cancel_scope.cancel()
    (row,) = scene.history.rows()
    assert (row.delivery, row.raw_text, scene.paster.pasted) == (Outcome.CANCELLED, PHRASE, [])


@pytest.mark.parametrize("keeping", [HistorySettings(private="on"), HistorySettings(exclude=("editor",))])
async def test_what_is_kept_nowhere_is_taken_back_too(scene: Scene, keeping: HistorySettings) -> None:
    scene.keeping = keeping
    async with anyio.create_task_group() as tasks:
        scene.stage.start(tasks)
        await scene.say(FIRST)
        await scene.say(PHRASE)
        await scene.stage.until(lambda: Done(Outcome.SILENT, notes=(UNDONE_NOTE,)) in scene.stage.states)
        scene.paster.focus = Target(2, "browser", "A page")
        await scene.say(PHRASE)
        await scene.stage.until(lambda: scene.paster.pasted[-1] == (PHRASE, 2))
        tasks.cancel_scope.cancel()
    assert scene.paster.taken == ["First words."]
    assert scene.history.rows() == [] or keeping.private == "off"


async def test_retried_dictation_undone_in_its_own_window(scene: Scene) -> None:
    began = datetime.now(UTC) - timedelta(minutes=7)
    row = scene.history.add(HistoryEntry(started_at=began, app="terminal", delivery=Outcome.CANCELLED))
    async with anyio.create_task_group() as tasks:
        scene.stage.start(tasks)
        await anyio.lowlevel.checkpoint()
        scene.stage.recognizer.texts.append(FIRST)
        sound = np.full(len(FIRST) * FRAME_SAMPLES, 0.1, np.float32)
        scene.stage.dictation.resume(sound, partial(scene.memory.record_resumed, row), started_at=began)
        await scene.say(PHRASE)
        await scene.stage.until(lambda: Done(Outcome.SILENT, notes=(UNDONE_NOTE,)) in scene.stage.states)
        scene.paster.focus = Target(2, "terminal", "Shell")
        await scene.say(PHRASE)
        await scene.stage.until(lambda: scene.paster.pasted[-1] == (PHRASE, 2))
        tasks.cancel_scope.cancel()
    assert scene.paster.taken == ["First words."]
    undone = scene.history.get(row.id)
    assert undone is not None
    assert (undone.app, undone.delivery, undone.notes) == ("editor", Outcome.CANCELLED, (UNDONE_NOTE,))


async def test_a_refusal_is_said_and_changes_nothing(scene: Scene) -> None:
    scene.paster.refusal = (TEXT_CHANGED, Message("nothing-undone"))
    async with anyio.create_task_group() as tasks:
        scene.stage.start(tasks)
        await scene.say(FIRST)
        await scene.say(PHRASE)
        await scene.stage.until(lambda: Done(Outcome.SILENT, notes=scene.paster.refusal) in scene.stage.states)
        tasks.cancel_scope.cancel()
    (row,) = scene.history.rows()
    assert (row.delivery, row.note) == (Outcome.INSERTED, "")


@pytest.mark.parametrize("elsewhere", [True, False])
async def test_where_nothing_of_ours_was_inserted_it_is_text(scene: Scene, elsewhere: bool) -> None:
    async with anyio.create_task_group() as tasks:
        scene.stage.start(tasks)
        if elsewhere:
            await scene.say(FIRST)
            await scene.stage.until(lambda: bool(scene.history.rows()))
            scene.paster.focus = Target(2, "browser", "A page")
        await scene.say(PHRASE)
        await scene.stage.until(lambda: scene.paster.pasted[-1:] == [(PHRASE, 2 if elsewhere else 1)])
        tasks.cancel_scope.cancel()
    assert scene.paster.taken == []


async def test_where_polish_is_off_it_is_text(scene: Scene) -> None:
    scene.stage.dictation.dependencies = replace(scene.stage.dictation.dependencies, scratch=None)
    async with anyio.create_task_group() as tasks:
        scene.stage.start(tasks)
        await scene.say(FIRST)
        await scene.say(PHRASE)
        await scene.stage.until(lambda: len(scene.paster.pasted) == 2)
        tasks.cancel_scope.cancel()
    assert (scene.paster.pasted[1][0], scene.paster.taken) == (PHRASE, [])
