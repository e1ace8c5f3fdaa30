"""What a kill left is found again at the next start: once, with a word of warning where it is due, and not for ever."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import numpy as np
import pytest

from desktop.app.recovery import GIVEN_UP_ERROR, MAX_PIECE_S, MAYBE_INSERTED_NOTE, recover_recordings, recovered_state
from desktop.core.errors import RecognizerError
from desktop.core.paths import Paths
from desktop.core.state import Done, Failed
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Frame, Outcome, Transcript
from desktop.history.recorder import DictationRecorder
from desktop.history.rows import HistoryEntry
from desktop.history.store import HistoryStore
from desktop.settings.schema import HistorySettings
from desktop.stt.local.client import IS_LOW_PRIORITY
from tests.support.private_files import is_private

NOW = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)


class Ear:
    """Counts what it hears, piece by piece, and says `words`, or raises `problem`."""

    def __init__(self, words: str = "Dear diary.", problem: Exception | None = None) -> None:
        self.words, self.problem = words, problem
        self.pieces: list[int] = []
        self.patient = False
        self.begun = anyio.Event()
        self.gate = anyio.Event()
        self.gate.set()

    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        self.patient = IS_LOW_PRIORITY.get()
        self.pieces.append(0)
        self.begun.set()
        await self.gate.wait()
        async for frame in speech:
            self.pieces[-1] += len(frame)
        if self.problem is not None:
            raise self.problem
        return Transcript(self.words, len(self.words), "en", duration_s=self.pieces[-1] / RATE_HZ, engine="ear")


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path)


@pytest.fixture
def memory(paths: Paths) -> DictationRecorder:
    return DictationRecorder(paths, HistoryStore(paths.history))


def left(
    memory: DictationRecorder,
    frames: int = 40,
    *,
    app: str = "",
    leaving: bool = False,
    tries: int = 0,
    at: datetime = NOW,
) -> None:
    """A take that a kill left."""
    with memory.spool.create(at) as take:
        for _ in range(frames):
            take.write(np.full(FRAME_SAMPLES, 0.1, np.float32))
        take.update_header(replace(take.header, app=app, leaving=leaving, tries=tries))


async def never() -> None:
    """No dictation is under way."""


async def found(memory: DictationRecorder, ear: Ear, keeping: HistorySettings | None = None) -> list[HistoryEntry]:
    return await recover_recordings(memory, ear, keeping or HistorySettings(), never)


@pytest.mark.anyio
async def test_clock_set_back_loses_no_recording_or_order(memory: DictationRecorder, paths: Paths) -> None:
    times = (NOW, NOW - timedelta(days=20_000), NOW - timedelta(hours=1))
    for at in times:
        left(memory, at=at)
    assert {entry.started_at for entry in await found(memory, Ear())} == {*times}
    rows = HistoryStore(paths.history).rows()
    assert len({row.audio_path for row in rows}) == len(times)
    with memory.spool.create(NOW - timedelta(days=400)) as take:
        assert not memory.has_row(take)
        memory.record(
            HistoryEntry(started_at=take.started_at, text="Last.", delivery=Outcome.INSERTED), take, HistorySettings()
        )
        assert memory.has_row(take)
    newest = memory.newest()
    assert newest is not None
    assert newest.text == "Last."


@pytest.mark.anyio
async def test_interrupted_dictation_is_recovered_as_a_row(memory: DictationRecorder, paths: Paths) -> None:
    left(memory, app="editor")
    (entry,) = await found(memory, Ear())
    (row,) = HistoryStore(paths.history).rows()
    assert (row.text, row.app, row.delivery, row.note) == ("Dear diary.", "editor", Outcome.RECOVERED, "")
    assert entry.text == row.text
    assert row.audio_path is not None
    assert row.audio_path.is_file()
    assert memory.spool.find_leftovers() == []


@pytest.mark.anyio
async def test_kill_between_row_and_spool_end_adds_no_row(memory: DictationRecorder, paths: Paths) -> None:
    left(memory)
    (take,) = memory.spool.find_leftovers()
    HistoryStore(paths.history).add(
        HistoryEntry(started_at=take.started_at, text="Dear diary.", delivery=Outcome.INSERTED)
    )
    assert await found(memory, Ear()) == []
    assert [row.delivery for row in HistoryStore(paths.history).rows()] == [Outcome.INSERTED]
    assert memory.spool.find_leftovers() == []


@pytest.mark.anyio
async def test_interrupted_retry_adds_no_dictation(memory: DictationRecorder, paths: Paths) -> None:
    row = HistoryStore(paths.history).add(HistoryEntry(started_at=NOW, delivery=Outcome.CANCELLED))
    with memory.spool.resume(row.started_at).create(NOW + timedelta(hours=1)) as take:
        take.write(np.full(FRAME_SAMPLES, 0.1, np.float32))
    assert await found(memory, Ear()) == []
    assert len(HistoryStore(paths.history).rows()) == 1
    assert memory.spool.find_leftovers() == []


@pytest.mark.anyio
async def test_kill_while_pasting_notes_possible_delivery(memory: DictationRecorder, paths: Paths) -> None:
    left(memory, leaving=True)
    (entry,) = await found(memory, Ear())
    (row,) = HistoryStore(paths.history).rows()
    assert (row.text, row.notes) == ("Dear diary.", (MAYBE_INSERTED_NOTE,))
    assert recovered_state(entry) == Done(Outcome.RECOVERED, "Dear diary.", (MAYBE_INSERTED_NOTE,))


@pytest.mark.anyio
async def test_unkept_dictation_is_not_recovered(memory: DictationRecorder, paths: Paths) -> None:
    with memory.spool.create(NOW) as take:
        take.write(np.full(FRAME_SAMPLES, 0.1, np.float32))
        take.update_header(replace(take.header, app="editor", leaving=True, unkept=True))
    assert await found(memory, Ear()) == []
    assert (HistoryStore(paths.history).rows(), memory.spool.find_leftovers()) == ([], [])


@pytest.mark.anyio
async def test_recording_fails_after_two_transcription_tries(memory: DictationRecorder, paths: Paths) -> None:
    left(memory)
    broken = Ear(problem=RecognizerError("whisper-stopped-twice"))
    assert await found(memory, broken) == []
    assert HistoryStore(paths.history).rows() == []
    (entry,) = await found(memory, broken)
    (row,) = HistoryStore(paths.history).rows()
    assert (row.delivery, row.note, row.text) == (Outcome.FAILED, str(GIVEN_UP_ERROR), "")
    assert row.duration_s == pytest.approx(40 * FRAME_SAMPLES / RATE_HZ)
    assert row.audio_path is not None
    assert row.audio_path.is_file()
    assert recovered_state(entry) == Failed(GIVEN_UP_ERROR)
    assert memory.spool.find_leftovers() == []


@pytest.mark.anyio
async def test_recording_after_two_crashes_is_not_retried(memory: DictationRecorder) -> None:
    left(memory, tries=2)
    ear = Ear()
    (entry,) = await found(memory, ear)
    assert (entry.delivery, ear.pieces) == (Outcome.FAILED, [])


@pytest.mark.anyio
@pytest.mark.parametrize("error", [ValueError("oops"), ExceptionGroup("", [OSError(5, "Input/output error")])])
async def test_bad_recording_does_not_stop_other_recoveries(memory: DictationRecorder, error: Exception) -> None:
    class Choosy(Ear):
        """Cannot take the longer ones."""

        async def transcribe(
            self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]
        ) -> Transcript:
            said = await super().transcribe(speech, on_partial)
            if said.duration_s > 1.0:
                raise error
            return said

    left(memory, 80)
    left(memory, 20, at=NOW + timedelta(minutes=1))
    assert [entry.delivery for entry in await found(memory, Choosy())] == [Outcome.RECOVERED]
    assert [entry.delivery for entry in await found(memory, Choosy())] == [Outcome.FAILED]
    assert memory.spool.find_leftovers() == []


@pytest.mark.anyio
async def test_the_apps_end_meanwhile_is_no_try(memory: DictationRecorder) -> None:
    left(memory)
    ear = Ear()
    ear.gate = anyio.Event()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(found, memory, ear)
        await ear.begun.wait()
        (take,) = memory.spool.find_leftovers()
        assert take.header.tries == 1
        tasks.cancel_scope.cancel()
    (take,) = memory.spool.find_leftovers()
    assert take.header.tries == 0


@pytest.mark.anyio
async def test_unwritable_history_does_not_count_as_a_try(memory: DictationRecorder, paths: Paths) -> None:
    left(memory)
    paths.history.mkdir()
    assert await found(memory, Ear()) == []
    paths.history.rmdir()
    (take,) = memory.spool.find_leftovers()
    assert take.header.tries == 0
    assert [entry.text for entry in await found(memory, Ear())] == ["Dear diary."]


@pytest.mark.anyio
async def test_silence_leaves_nothing(memory: DictationRecorder, paths: Paths) -> None:
    left(memory)
    assert await found(memory, Ear("")) == []
    assert HistoryStore(paths.history).rows() == []
    assert memory.spool.find_leftovers() == []


@pytest.mark.anyio
async def test_excluded_app_is_not_kept_after_a_kill(memory: DictationRecorder, paths: Paths) -> None:
    left(memory, app="keepassxc")
    await found(memory, Ear(), HistorySettings(exclude=("keepassxc",)))
    assert HistoryStore(paths.history).rows() == []
    assert memory.spool.find_leftovers() == []
    assert not paths.audio.exists()


@pytest.mark.anyio
async def test_long_recording_pieces_cover_each_sample_once(memory: DictationRecorder) -> None:
    seconds = 2.2 * MAX_PIECE_S
    with memory.spool.create(NOW) as take:
        for _ in range(int(seconds)):
            take.write(np.full(RATE_HZ, 0.1, np.float32))
    ear = Ear()
    (entry,) = await found(memory, ear)
    assert len(ear.pieces) == 3
    assert sum(ear.pieces) == int(seconds) * RATE_HZ
    assert max(ear.pieces) <= (MAX_PIECE_S + 1) * RATE_HZ
    assert ear.patient
    assert not IS_LOW_PRIORITY.get()
    assert entry.duration_s == pytest.approx(int(seconds), abs=0.1)
    assert entry.text == "Dear diary. Dear diary. Dear diary."


@pytest.mark.anyio
async def test_it_is_heard_only_while_nobody_dictates(memory: DictationRecorder) -> None:
    left(memory)
    ear, over, asked = Ear(), anyio.Event(), anyio.Event()

    async def quiet() -> None:
        asked.set()
        await over.wait()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(recover_recordings, memory, ear, HistorySettings(), quiet)
        await asked.wait()
        assert ear.pieces == [0]
        over.set()
    assert ear.pieces == [40 * FRAME_SAMPLES]


def test_older_spool_file_can_be_marked_without_loss(memory: DictationRecorder, paths: Paths) -> None:
    left(memory)
    (take,) = memory.spool.find_leftovers()
    assert take.path is not None
    sound = take.read_audio()
    take.path.write_bytes(b'{"started_at": "2026-03-02T12:00:00+00:00"}\n' + take.path.read_bytes().partition(b"\n")[2])
    (old,) = memory.spool.find_leftovers()
    old.update_header(replace(old.header, tries=1, app="编辑器" * 50))
    (again,) = memory.spool.find_leftovers()
    assert (again.header.tries, again.header.app[:3], again.started_at.hour) == (1, "编辑器", 12)
    np.testing.assert_array_equal(again.read_audio(), sound)
    assert [path.suffix for path in paths.spool.iterdir()] == [".take"]
    assert again.path is not None
    assert is_private(again.path)


def test_a_note_on_a_take_that_is_gone_is_no_error(memory: DictationRecorder) -> None:
    left(memory)
    (take,) = memory.spool.find_leftovers()
    assert take.path is not None
    take.path.unlink()
    take.update_header(replace(take.header, leaving=True))
    assert take.header.leaving
