"""Emotion beside the flow: begun with the polish, never waited for by the paste, in the row whenever it comes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import anyio
import pytest

from desktop.audio.spool_file import SpoolFile
from desktop.core.errors import HistoryError
from desktop.core.paths import Paths
from desktop.core.state import Done, Polishing
from desktop.core.types import FRAME_SAMPLES, Emotion, EmotionResult, Outcome, SentData
from desktop.dictation.dependencies import SessionDependencies
from desktop.emotion import llm_detector
from desktop.emotion.baseline import TransientVoiceBaselines
from desktop.emotion.detector import LocalEmotionDetector
from desktop.history.recorder import DictationRecorder
from desktop.history.rows import HistoryEntry
from desktop.history.store import HistoryStore
from desktop.llm.client import LLMClient
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from desktop.polish import llm_polisher
from desktop.settings.schema import HistorySettings
from tests.support.cloud.chat import ChatServer, Gate, Says
from tests.support.cloud.tls_server import Served, trusting
from tests.support.stage import FakeFeeler, SlowPolisher, Stage

pytestmark = pytest.mark.anyio

RECEIPT = SentData("example", "emotion", characters=5)
JOY = EmotionResult(Emotion("joy", 0.9, 0.8, 0.4), (RECEIPT,))


@asynccontextmanager
async def on(folder: Path, feeler: FakeFeeler, *texts: str) -> AsyncIterator[Stage]:
    stage = Stage(folder)
    stage.recognizer.texts = list(texts)
    stage.dictation.dependencies = replace(stage.parts(), emotion_detector=feeler)
    async with anyio.create_task_group() as tasks:
        stage.start(tasks)
        yield stage
        tasks.cancel_scope.cancel()


async def say(stage: Stage) -> None:
    (await stage.press()).say(3)
    stage.release()


async def test_paste_and_row_do_not_wait_for_the_emotion(tmp_path: Path) -> None:
    feeler = FakeFeeler(JOY)
    async with on(tmp_path, feeler, "hello") as stage:
        await say(stage)
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.paster.pasted == [("Hello.", 1)]
        assert (stage.rows[0].emotion, stage.rows[0].sent, stage.felt) == (None, (), [])
        assert feeler.heard == [("hello", 3 * FRAME_SAMPLES)]
        assert feeler.microphones == ["Fake Microphone"]
        feeler.gate.set()
        await stage.until(lambda: bool(stage.felt))
        assert stage.felt == [(1, JOY)]


async def test_emotion_ready_in_time_is_in_the_row(tmp_path: Path) -> None:
    feeler = FakeFeeler(JOY)
    feeler.gate.set()
    async with on(tmp_path, feeler, "hello") as stage:
        polisher = SlowPolisher()
        stage.dictation.dependencies = replace(stage.dictation.dependencies, polisher=polisher)
        await say(stage)
        await stage.until(lambda: len(feeler.heard) == 1)
        polisher.gate.set()
        await stage.until(lambda: len(stage.rows) == 1)
        assert (stage.rows[0].emotion, stage.rows[0].sent) == (JOY.emotion, (RECEIPT,))
        await stage.until(lambda: not stage.spool.find_leftovers())
        assert stage.felt == []


async def test_neither_waits_for_the_other(tmp_path: Path) -> None:
    feeler, polisher = FakeFeeler(JOY), SlowPolisher()
    async with on(tmp_path, feeler, "hello") as stage:
        stage.dictation.dependencies = replace(stage.dictation.dependencies, polisher=polisher)
        await say(stage)
        await stage.until_state(Polishing)
        await stage.until(lambda: len(feeler.heard) == 1)
        assert stage.paster.pasted == []
        polisher.gate.set()
        await stage.until_state(Done)


async def test_a_feeler_that_breaks_costs_nothing(tmp_path: Path) -> None:
    feeler = FakeFeeler(RuntimeError("a bug"))
    feeler.gate.set()
    async with on(tmp_path, feeler, "hello", "again") as stage:
        await say(stage)
        await stage.until(lambda: len(stage.rows) == 1)
        assert (stage.rows[0].delivery, stage.rows[0].emotion) == (Outcome.INSERTED, None)
        await say(stage)
        await stage.until(lambda: len(stage.rows) == 2)
        assert stage.felt == []


async def test_none_is_looked_for_where_none_is_wanted(tmp_path: Path) -> None:
    feeler, wanted = FakeFeeler(JOY), False
    async with on(tmp_path, feeler, "hello", "again") as stage:
        stage.dictation.dependencies = replace(stage.dictation.dependencies, is_emotion_enabled=lambda target: wanted)
        await say(stage)
        await stage.until(lambda: len(stage.rows) == 1)
        wanted = True
        await say(stage)
        await stage.until(lambda: len(stage.rows) == 2)
        assert [text for text, _ in feeler.heard] == ["again"]


async def test_next_dictation_begins_during_detection(tmp_path: Path) -> None:
    feeler = FakeFeeler(JOY)
    async with on(tmp_path, feeler, "hello", "again") as stage:
        for count in (1, 2):
            await say(stage)
            await stage.until(lambda count=count: len(stage.rows) == count)
        assert [text for text, _ in stage.paster.pasted] == ["Hello.", "Again."]
        feeler.gate.set()
        await stage.until(lambda: len(stage.felt) == 2)
        assert sorted(id for id, _ in stage.felt) == [1, 2]


async def test_escape_pastes_nothing_but_notes_what_was_sent(tmp_path: Path) -> None:
    feeler = FakeFeeler(JOY)
    async with on(tmp_path, feeler, "hello") as stage:
        stage.dictation.dependencies = replace(stage.dictation.dependencies, polisher=SlowPolisher())
        await say(stage)
        await stage.until(lambda: len(feeler.heard) == 1)
        stage.escape()
        await stage.until(lambda: len(stage.rows) == 1)
        assert (stage.paster.pasted, stage.rows[0].delivery) == ([], Outcome.CANCELLED)
        feeler.gate.set()
        await stage.until(lambda: bool(stage.felt))
        assert stage.felt[0][1].sent == (RECEIPT,)


async def test_failed_emotion_write_is_not_shown_as_failure(tmp_path: Path) -> None:
    feeler = FakeFeeler(JOY)
    tried: list[int] = []

    def refuse(id: int, felt: EmotionResult) -> None:
        tried.append(id)
        raise HistoryError("reported-message", title="The disk is full.", advice="")

    async with on(tmp_path, feeler, "hello") as stage:
        stage.dictation.dependencies = replace(stage.dictation.dependencies, add_emotion=refuse)
        await say(stage)
        await stage.until(lambda: len(stage.rows) == 1)
        feeler.gate.set()
        await stage.until(lambda: tried == [1])
        assert isinstance(stage.states[-1], Done)


# -- with a language model behind both, and the real history ----------------------------------------------------------


async def test_polish_and_emotion_requests_run_at_once(served: tuple[ChatServer, Served], tmp_path: Path) -> None:
    server, running = served
    text, mood = Gate(), Gate()
    joy = '{"label":"joy","confidence":0.9,"valence":0.8,"arousal":0.4}'
    server.polish, server.emotion = Says((text, "Hello, Jane.")), Says((mood, joy))
    client = ServiceClient(ssl_context=trusting())
    chat = LLMClient(
        client, Service("Example", f"{running.url}/v1", ServiceKey("polish", lambda name: "k")), openai=False
    )
    paths = Paths(tmp_path, tmp_path, tmp_path, tmp_path)
    history = HistoryStore(paths.history)
    memory = DictationRecorder(paths, history)
    stage = Stage(tmp_path / "spool")
    stage.recognizer.texts = ["hello jane"]

    def remember(entry: HistoryEntry, take: SpoolFile) -> int:
        return memory.record(entry, take, HistorySettings())

    stage.dictation.dependencies = SessionDependencies(
        stage.microphone,
        stage.recognizer,
        llm_polisher.LLMPolisher(chat, 10),
        stage.paster,
        memory.spool,
        remember,
        emotion_detector=llm_detector.LLMEmotionDetector(chat, LocalEmotionDetector(TransientVoiceBaselines())),
        add_emotion=memory.add_emotion,
    )
    async with anyio.create_task_group() as tasks:
        stage.start(tasks)
        await say(stage)
        await stage.until(lambda: bool(server.of("polish") and server.of("emotion")))
        assert stage.paster.pasted == [], "both are in flight, and neither has been answered"
        text.open()
        await stage.until(lambda: history.last() is not None)
        row = history.last()
        assert row is not None
        assert (row.raw_text, row.text, row.emotion) == ("hello jane", "Hello, Jane.", None)
        host = f"localhost:{running.port}"
        assert row.sent == (SentData(host, "polish", characters=10),)
        assert stage.paster.pasted == [("Hello, Jane.", 1)]
        mood.open()
        await stage.until(lambda: (last := history.last()) is not None and last.emotion is not None)
        row = history.last()
        assert row is not None
        assert row.emotion == Emotion("joy", 0.9, 0.8, 0.4, engine="llm")
        assert row.sent == (SentData(host, "polish", characters=10), SentData(host, "emotion", characters=10))
        tasks.cancel_scope.cancel()
    await client.aclose()


def test_emotion_for_a_deleted_row_is_dropped(tmp_path: Path) -> None:
    paths = Paths(tmp_path, tmp_path, tmp_path, tmp_path)
    history = HistoryStore(paths.history)
    row = history.add(
        HistoryEntry(started_at=datetime.now(UTC), raw_text="hello", text="Hello.", delivery=Outcome.INSERTED)
    )
    history.delete(row.id)
    DictationRecorder(paths, history).add_emotion(row.id, JOY)
    assert history.last() is None
