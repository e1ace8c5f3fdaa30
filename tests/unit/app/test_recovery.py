"""What a kill left is found again at the next start: once, with a word of warning where it is due, and not for ever."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import numpy as np
import pytest

from desktop.app.recovery import GIVEN_UP, MAYBE, PIECE_S, recover, shown
from desktop.core.errors import RecognizerProblem
from desktop.core.paths import Paths
from desktop.core.state import Done, Failed
from desktop.core.types import FRAME, RATE_HZ, Frame, Outcome, Transcript
from desktop.history.history import History
from desktop.history.recorder import Memory
from desktop.history.row import Entry
from desktop.settings.schema import Keeping
from desktop.stt.local.patience import PATIENT

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

    async def transcribe(self, speech: AsyncIterable[Frame], show: Callable[[Transcript], None]) -> Transcript:
        self.patient = PATIENT.get()
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
def memory(paths: Paths) -> Memory:
    return Memory(paths, History(paths.history))


def left(
    memory: Memory, frames: int = 40, *, app: str = "", leaving: bool = False, tries: int = 0, at: datetime = NOW
) -> None:
    """A take that a kill left."""
    with memory.spool.take(at) as take:
        for _ in range(frames):
            take.write(np.full(FRAME, 0.1, np.float32))
        take.mark(replace(take.head, app=app, leaving=leaving, tries=tries))


async def never() -> None:
    """Nobody dictates."""


async def found(memory: Memory, ear: Ear, keeping: Keeping | None = None) -> list[Entry]:
    return await recover(memory, ear, keeping or Keeping(), never)


@pytest.mark.anyio
async def test_clock_set_back_loses_no_recording_or_order(memory: Memory, paths: Paths) -> None:
    times = (NOW, NOW - timedelta(days=20_000), NOW - timedelta(hours=1))
    for at in times:
        left(memory, at=at)
    assert {entry.started_at for entry in await found(memory, Ear())} == {*times}
    rows = History(paths.history).rows()
    assert len({row.audio_path for row in rows}) == len(times)
    with memory.spool.take(NOW - timedelta(days=400)) as take:
        assert not memory.remembered(take)
        memory.remember(Entry(started_at=take.started_at, text="Last.", delivery=Outcome.INSERTED), take, Keeping())
        assert memory.remembered(take)
    newest = memory.newest()
    assert newest is not None
    assert newest.text == "Last."


@pytest.mark.anyio
async def test_interrupted_dictation_is_recovered_as_a_row(memory: Memory, paths: Paths) -> None:
    left(memory, app="editor")
    (entry,) = await found(memory, Ear())
    (row,) = History(paths.history).rows()
    assert (row.text, row.app, row.delivery, row.note) == ("Dear diary.", "editor", Outcome.RECOVERED, "")
    assert entry.text == row.text
    assert row.audio_path is not None
    assert row.audio_path.is_file()
    assert memory.spool.leftovers() == []


@pytest.mark.anyio
async def test_kill_between_row_and_spool_end_adds_no_row(memory: Memory, paths: Paths) -> None:
    left(memory)
    (take,) = memory.spool.leftovers()
    History(paths.history).add(Entry(started_at=take.started_at, text="Dear diary.", delivery=Outcome.INSERTED))
    assert await found(memory, Ear()) == []
    assert [row.delivery for row in History(paths.history).rows()] == [Outcome.INSERTED]
    assert memory.spool.leftovers() == []


@pytest.mark.anyio
async def test_interrupted_retry_adds_no_dictation(memory: Memory, paths: Paths) -> None:
    row = History(paths.history).add(Entry(started_at=NOW, delivery=Outcome.CANCELLED))
    with memory.spool.of(row.started_at).take(NOW + timedelta(hours=1)) as take:
        take.write(np.full(FRAME, 0.1, np.float32))
    assert await found(memory, Ear()) == []
    assert len(History(paths.history).rows()) == 1
    assert memory.spool.leftovers() == []


@pytest.mark.anyio
async def test_kill_while_pasting_notes_possible_delivery(memory: Memory, paths: Paths) -> None:
    left(memory, leaving=True)
    (entry,) = await found(memory, Ear())
    (row,) = History(paths.history).rows()
    assert (row.text, row.note) == ("Dear diary.", MAYBE)
    assert shown(entry) == Done(Outcome.RECOVERED, "Dear diary.", MAYBE)


@pytest.mark.anyio
async def test_unkept_dictation_is_not_recovered(memory: Memory, paths: Paths) -> None:
    with memory.spool.take(NOW) as take:
        take.write(np.full(FRAME, 0.1, np.float32))
        take.mark(replace(take.head, app="editor", leaving=True, unkept=True))
    assert await found(memory, Ear()) == []
    assert (History(paths.history).rows(), memory.spool.leftovers()) == ([], [])


@pytest.mark.anyio
async def test_recording_fails_after_two_transcription_tries(memory: Memory, paths: Paths) -> None:
    left(memory)
    broken = Ear(problem=RecognizerProblem("The speech model stopped twice while transcribing."))
    assert await found(memory, broken) == []
    assert History(paths.history).rows() == []
    (entry,) = await found(memory, broken)
    (row,) = History(paths.history).rows()
    assert (row.delivery, row.note, row.text) == (Outcome.FAILED, str(GIVEN_UP), "")
    assert row.duration_s == pytest.approx(40 * FRAME / RATE_HZ)
    assert row.audio_path is not None
    assert row.audio_path.is_file()
    assert shown(entry) == Failed(GIVEN_UP)
    assert memory.spool.leftovers() == []


@pytest.mark.anyio
async def test_recording_after_two_crashes_is_not_retried(memory: Memory) -> None:
    left(memory, tries=2)
    ear = Ear()
    (entry,) = await found(memory, ear)
    assert (entry.delivery, ear.pieces) == (Outcome.FAILED, [])


@pytest.mark.anyio
@pytest.mark.parametrize("error", [ValueError("oops"), ExceptionGroup("", [OSError(5, "Input/output error")])])
async def test_bad_recording_does_not_stop_other_recoveries(memory: Memory, error: Exception) -> None:
    class Choosy(Ear):
        """Cannot take the longer ones."""

        async def transcribe(self, speech: AsyncIterable[Frame], show: Callable[[Transcript], None]) -> Transcript:
            said = await super().transcribe(speech, show)
            if said.duration_s > 1.0:
                raise error
            return said

    left(memory, 80)
    left(memory, 20, at=NOW + timedelta(minutes=1))
    assert [entry.delivery for entry in await found(memory, Choosy())] == [Outcome.RECOVERED]
    assert [entry.delivery for entry in await found(memory, Choosy())] == [Outcome.FAILED]
    assert memory.spool.leftovers() == []


@pytest.mark.anyio
async def test_the_apps_end_meanwhile_is_no_try(memory: Memory) -> None:
    left(memory)
    ear = Ear()
    ear.gate = anyio.Event()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(found, memory, ear)
        await ear.begun.wait()
        (take,) = memory.spool.leftovers()
        assert take.head.tries == 1
        tasks.cancel_scope.cancel()
    (take,) = memory.spool.leftovers()
    assert take.head.tries == 0


@pytest.mark.anyio
async def test_unwritable_history_does_not_count_as_a_try(memory: Memory, paths: Paths) -> None:
    left(memory)
    paths.history.mkdir()
    assert await found(memory, Ear()) == []
    paths.history.rmdir()
    (take,) = memory.spool.leftovers()
    assert take.head.tries == 0
    assert [entry.text for entry in await found(memory, Ear())] == ["Dear diary."]


@pytest.mark.anyio
async def test_silence_leaves_nothing(memory: Memory, paths: Paths) -> None:
    left(memory)
    assert await found(memory, Ear("")) == []
    assert History(paths.history).rows() == []
    assert memory.spool.leftovers() == []


@pytest.mark.anyio
async def test_excluded_app_is_not_kept_after_a_kill(memory: Memory, paths: Paths) -> None:
    left(memory, app="keepassxc")
    await found(memory, Ear(), Keeping(exclude=("keepassxc",)))
    assert History(paths.history).rows() == []
    assert memory.spool.leftovers() == []
    assert not paths.audio.exists()


@pytest.mark.anyio
async def test_long_recording_pieces_cover_each_sample_once(memory: Memory) -> None:
    seconds = 2.2 * PIECE_S
    with memory.spool.take(NOW) as take:
        for _ in range(int(seconds)):
            take.write(np.full(RATE_HZ, 0.1, np.float32))
    ear = Ear()
    (entry,) = await found(memory, ear)
    assert len(ear.pieces) == 3
    assert sum(ear.pieces) == int(seconds) * RATE_HZ
    assert max(ear.pieces) <= (PIECE_S + 1) * RATE_HZ
    assert ear.patient
    assert not PATIENT.get()
    assert entry.duration_s == pytest.approx(int(seconds), abs=0.1)
    assert entry.text == "Dear diary. Dear diary. Dear diary."


@pytest.mark.anyio
async def test_it_is_heard_only_while_nobody_dictates(memory: Memory) -> None:
    left(memory)
    ear, over, asked = Ear(), anyio.Event(), anyio.Event()

    async def quiet() -> None:
        asked.set()
        await over.wait()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(recover, memory, ear, Keeping(), quiet)
        await asked.wait()
        assert ear.pieces == [0]
        over.set()
    assert ear.pieces == [40 * FRAME]


def test_older_spool_file_can_be_marked_without_loss(memory: Memory, paths: Paths) -> None:
    left(memory)
    (take,) = memory.spool.leftovers()
    assert take.path is not None
    sound = take.audio()
    take.path.write_bytes(b'{"started_at": "2026-03-02T12:00:00+00:00"}\n' + take.path.read_bytes().partition(b"\n")[2])
    (old,) = memory.spool.leftovers()
    old.mark(replace(old.head, tries=1, app="编辑器" * 50))
    (again,) = memory.spool.leftovers()
    assert (again.head.tries, again.head.app[:3], again.started_at.hour) == (1, "编辑器", 12)
    np.testing.assert_array_equal(again.audio(), sound)
    assert [path.suffix for path in paths.spool.iterdir()] == [".take"]
    assert again.path is not None
    assert again.path.stat().st_mode & 0o777 == 0o600


def test_a_note_on_a_take_that_is_gone_is_no_error(memory: Memory) -> None:
    left(memory)
    (take,) = memory.spool.leftovers()
    assert take.path is not None
    take.path.unlink()
    take.mark(replace(take.head, leaving=True))
    assert take.head.leaving
