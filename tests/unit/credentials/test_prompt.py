"""A keyring's prompt that nobody answers holds up nothing: what is said waits for it in order, and the app can end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import anyio
import numpy as np
import pytest
from anyio import to_thread

from desktop.app.emotion_service import EmotionService
from desktop.app.history_service import HistoryService
from desktop.audio.spool import Spool
from desktop.audio.spool_file import SpoolFile
from desktop.core.errors import LockedError
from desktop.core.paths import Paths
from desktop.core.state import Failed
from desktop.core.types import FRAME_SAMPLES, Outcome, Transcript
from desktop.credentials.prompt import SharedPrompt
from desktop.emotion.baseline import TransientVoiceBaselines
from desktop.emotion.detector import LocalEmotionDetector
from desktop.encryption import keyring as encryption_keyring
from desktop.history import encryption
from desktop.history.recorder import NO_RECORDING_NOTE, NO_ROW, DictationRecorder
from desktop.history.rows import HistoryEntry
from desktop.history.store import HistoryStore
from desktop.settings.schema import EmotionSettings, HistorySettings, Settings
from tests.support.encrypted_home import asked, everywhere, in_the_clear
from tests.support.keyring import InFile, Prompting
from tests.support.other_systems import SYSTEM, only_on_linux
from tests.support.settings import in_force
from tests.support.stage import Stage

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
ENCRYPTED = HistorySettings(encrypted="on")
SOON_S = 20.0
"""More than anything here takes that waits for nobody."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Paths]:
    """A home in which all is encrypted, in the words "Before."."""
    monkeypatch.setenv("INTONE_TEST_KEYRING", str(tmp_path / "keyring.json"))
    with asked(InFile()):
        home = everywhere(tmp_path)
        encryption.start_encryption(home)
        HistoryStore(home.history).add(HistoryEntry(started_at=NOW, text="Before.", delivery=Outcome.INSERTED))
    return home


@pytest.fixture
def prompt(home: Paths) -> Iterator[Prompting]:
    """The keyring of a new session, which asks for its password."""
    keyring = Prompting()
    with asked(keyring):
        yield keyring
        keyring.answered.set()


def ends(work: Callable[[], object]) -> bool:
    """Whether `work` ends soon, in a thread that is else left alone."""
    thread = Thread(target=work, daemon=True)
    thread.start()
    thread.join(SOON_S)
    return not thread.is_alive()


def say(keeping: HistoryService, minute: int) -> None:
    """As the app does at the end of a dictation, which cannot be kept."""
    at = NOW + timedelta(minutes=minute)
    entry = HistoryEntry(started_at=at, text=f"{minute}", delivery=Outcome.INSERTED)
    with keeping.spool.create(at) as take:
        take.write(np.full(FRAME_SAMPLES, 0.1, np.float32))
        with pytest.raises(LockedError, match="not open yet"):
            keeping.record(False, entry, take)


@pytest.mark.parametrize("refused", [False, True])
def test_dictations_wait_for_prompt_and_can_be_pasted(home: Paths, prompt: Prompting, refused: bool) -> None:
    history = HistoryStore(home.history)
    memory = DictationRecorder(home, history)
    chosen, wanted = in_force(ENCRYPTED), list[bool]()
    keeping = HistoryService(memory, history, lambda: chosen, lambda: None, on_locked=lambda: wanted.append(True))

    async def run() -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(locked if refused else keeping.expire)
            await to_thread.run_sync(prompt.shown.wait)
            for minute in range(1, 6):
                assert ends(lambda minute=minute: say(keeping, minute))  # type: ignore[misc]
                await keeping.request_key()  # which is being done
            assert memory.last() is None
            newest = memory.newest()
            assert newest is not None
            assert newest.text == "5"
            assert prompt.prompts == 1
            prompt.refused = refused
            prompt.answered.set()
        if refused:
            prompt.refused = False
            assert len(memory._pending) == 5
            await keeping.request_key()

    async def locked() -> None:
        with pytest.raises(LockedError):
            await keeping.expire()

    anyio.run(run)
    assert prompt.prompts == 1 + refused
    assert wanted == [True] * 5
    assert memory.unkept_row is None
    assert [(row.text, row.notes) for row in history.rows()] == [
        *((f"{minute}", (NO_RECORDING_NOTE,)) for minute in range(5, 0, -1)), ("Before.", ()),
    ]  # fmt: skip
    assert in_the_clear(home, b"Before.", b"SQLite format 3") == []


def test_emotion_corrections_count_after_unlock(home: Paths, prompt: Prompting) -> None:
    history, said = HistoryStore(home.history), Transcript("that made me rather angry", language="en")
    silence = np.zeros(0, np.float32)
    before = LocalEmotionDetector(TransientVoiceBaselines()).detect_blocking(said, silence)
    with asked(InFile()):
        for _ in range(60):
            row = history.add(HistoryEntry(started_at=NOW, text=said.text, delivery=Outcome.INSERTED, emotion=before))
            history.correct_emotion(row.id, "neutral")
    moods = EmotionService(history, home.history, home.voice_heads, lambda: None)
    local = moods.create_detector(Settings(emotion=EmotionSettings(engine="local")), None)
    assert isinstance(local, LocalEmotionDetector)
    for _ in range(2):
        assert ends(local.preload)
        assert local.detect_blocking(said, silence) == before
    assert prompt.prompts == 0, "nobody is asked for them"
    prompt.answered.set()
    anyio.run(DictationRecorder(home, history).expire, in_force(ENCRYPTED))
    after = local.detect_blocking(said, silence)
    assert after.confidence < before.confidence or after.label == "neutral"
    assert prompt.prompts == 1


def test_unfinished_words_are_held_but_empty_is_not(home: Paths, prompt: Prompting) -> None:
    memory = DictationRecorder(home, HistoryStore(home.history))
    told, minutes = list[LockedError](), iter(range(1, 9))

    def ended(outcome: Outcome, words: str) -> None:
        at = NOW + timedelta(minutes=next(minutes))
        with memory.spool.create(at) as take:
            take.write(np.full(FRAME_SAMPLES, 0.1, np.float32))
            try:
                memory.record(HistoryEntry(started_at=at, raw_text=words, delivery=outcome), take, ENCRYPTED)
            except LockedError as problem:
                told.append(problem)

    for words in ("half a sentence", ""):
        ended(Outcome.CANCELLED, words)
        ended(Outcome.FAILED, words)
    assert ["is kept then" in problem.remedy for problem in told] == [True, True, False, False]
    assert ["Nothing was kept" in problem.remedy for problem in told] == [False, False, True, True]
    prompt.answered.set()
    anyio.run(memory.expire, in_force(ENCRYPTED))
    assert [(row.raw_text, row.delivery, row.notes) for row in HistoryStore(home.history).rows(2)] == [
        ("half a sentence", Outcome.FAILED, (NO_RECORDING_NOTE,)),
        ("half a sentence", Outcome.CANCELLED, (NO_RECORDING_NOTE,)),
    ]


@pytest.mark.anyio
@pytest.mark.parametrize("kept", [True, False])
async def test_a_recording_that_is_nowhere_is_not_offered(tmp_path: Path, kept: bool) -> None:
    def refuse(entry: HistoryEntry, take: SpoolFile) -> int:
        raise LockedError("history-keyring-closed")

    stage = Stage(tmp_path)
    spool = stage.spool if kept else Spool(None)
    stage.dictation.dependencies = replace(stage.parts(), spool=spool, record_entry=refuse)
    async with anyio.create_task_group() as tasks:
        stage.start(tasks)
        (await stage.press()).say(2)
        stage.escape()
        state = await stage.until_state(Failed)
        tasks.cancel_scope.cancel()
    assert isinstance(state, Failed)
    assert state.has_recording is kept


def test_the_app_ends_while_the_prompt_is_open(home: Paths, prompt: Prompting) -> None:
    memory, left = DictationRecorder(home, HistoryStore(home.history)), list[bool]()

    async def run() -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(memory.expire, in_force(ENCRYPTED))
            tasks.start_soon(memory.expire, in_force(ENCRYPTED))  # which waits for the other
            tasks.start_soon(to_thread.run_sync, memory.repair)
            await to_thread.run_sync(prompt.shown.wait)
            tasks.cancel_scope.cancel()
        left.append(True)

    assert ends(lambda: anyio.run(run))
    assert left == [True]
    assert not prompt.answered.is_set()


def test_locked_reads_raise_and_prompt_only_once(
    home: Paths, prompt: Prompting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encryption_keyring, "KEYRING_TIMEOUT_S", 0.05)
    encryption_keyring.LOADED_KEYS.limit_wait()
    told = list[LockedError]()

    def look() -> None:
        try:
            HistoryStore(home.history).last()
        except LockedError as problem:
            told.append(problem)

    for _ in range(3):
        assert ends(look)
    assert [problem.title.endswith("not open yet.") for problem in told] == [True] * 3
    assert prompt.prompts == 1


def test_of_a_password_nothing_is_said_to_be_lost(home: Paths, prompt: Prompting) -> None:
    memory = DictationRecorder(home, HistoryStore(home.history))
    with memory.spool.create(NOW) as take:
        take.discard()
        assert memory.record(HistoryEntry(started_at=NOW, delivery=Outcome.REFUSED), take, ENCRYPTED) == NO_ROW
    assert not memory._pending
    assert prompt.prompts == 0


def test_thread_start_failure_lets_next_call_succeed() -> None:
    only_on_linux(SYSTEM)  # Windows refuses such a size at once
    question = SharedPrompt(lambda: "secret")
    usual = threading.stack_size(2**47)  # more than there are addresses
    try:
        with pytest.raises(RuntimeError):
            question.ask()
    finally:
        threading.stack_size(usual)
    assert question.ask(SOON_S) == "secret"
