"""Nothing from before a clearing comes back after it, and nothing from after it is lost."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from desktop.audio.spool import Spool
from desktop.audio.spool_file import SpoolFile, SpoolHeader
from desktop.core.errors import HistoryError
from desktop.core.paths import Paths
from desktop.core.types import Outcome
from desktop.history.clearing import clearing_file, is_before_clearing, last_clearing
from desktop.history.recorder import DictationRecorder
from desktop.history.rows import HistoryEntry
from desktop.history.store import HistoryStore
from desktop.history.user_deletion import clear_history
from tests.support.spoken_takes import LONG, NOW, dictated, left, recordings, speak, spooled
from tests.unit.app.test_recovery import Ear, found
from tests.unit.audio.test_spool import no_file_larger_than


@pytest.fixture
def file(paths: Paths) -> Path:
    return paths.history


@pytest.mark.anyio
async def test_recover_drops_what_began_before_a_clearing(
    paths: Paths, memory: DictationRecorder, history: HistoryStore
) -> None:
    left(memory)
    history.clear()
    ear = Ear()
    assert await found(memory, ear) == []
    assert (ear.pieces, spooled(paths), history.rows()) == ([], [], [])


@pytest.mark.anyio
async def test_recover_writes_nothing_cleared_meanwhile(
    paths: Paths, memory: DictationRecorder, history: HistoryStore
) -> None:
    left(memory)
    ear = Ear()
    ear.gate = anyio.Event()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(found, memory, ear)
        await ear.begun.wait()
        await to_thread.run_sync(clear_history, paths, history)
        ear.gate.set()
    assert (history.rows(), spooled(paths)) == ([], [])
    assert not paths.audio.exists()


def test_a_row_recovered_during_a_clearing_is_undone(
    paths: Paths, memory: DictationRecorder, history: HistoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    left(memory)
    (take,) = memory.spool.find_leftovers()
    add = HistoryStore.add

    def cleared_just_before(self: HistoryStore, entry: HistoryEntry) -> object:
        clear_history(paths, history)
        return add(self, entry)

    monkeypatch.setattr(HistoryStore, "add", cleared_just_before)
    assert not memory.record_leftover(HistoryEntry(started_at=NOW, delivery=Outcome.RECOVERED), take, LONG)
    assert (history.rows(), recordings(paths)) == ([], [])


@pytest.mark.anyio
async def test_a_kill_after_a_clearing_loses_no_dictation(
    paths: Paths, memory: DictationRecorder, history: HistoryStore
) -> None:
    with memory.spool.create(NOW) as spoken, memory.spool.resume(NOW - timedelta(hours=1)).create(NOW) as again:
        for take in (spoken, again):
            speak(take)
        await to_thread.run_sync(clear_history, paths, history)
        memory.spool.mark_cleared()
    (entry,) = await found(DictationRecorder(paths, history), Ear())
    assert entry.started_at == NOW


@pytest.mark.anyio
async def test_clock_set_back_after_clear_loses_nothing(paths: Paths, history: HistoryStore) -> None:
    history.clear()
    os.utime(clearing_file(paths.history), (0, (NOW + timedelta(days=300)).timestamp()))
    memory = DictationRecorder(paths, history)
    left(memory)
    with no_file_larger_than(0), pytest.raises(HistoryError):
        memory.record(
            HistoryEntry(started_at=NOW, text="Held.", delivery=Outcome.INSERTED),
            SpoolFile(None, SpoolHeader(NOW)),
            LONG,
        )
    assert [entry.text for entry in await found(memory, Ear())] == ["Dear diary."]
    assert [row.text for row in history.rows()] == ["Dear diary.", "Held."]


def test_what_waits_in_memory_goes_with_a_clearing(
    paths: Paths, memory: DictationRecorder, history: HistoryStore
) -> None:
    history.rows()
    with no_file_larger_than(0), pytest.raises(HistoryError):
        memory.record(
            HistoryEntry(started_at=NOW, text="Held.", delivery=Outcome.INSERTED),
            SpoolFile(None, SpoolHeader(NOW)),
            LONG,
        )
    clear_history(paths, history)
    memory.drop_cleared()
    assert memory.newest() is None, "nor can it be pasted again"
    dictated(memory, datetime.now(UTC))
    assert [row.text for row in history.rows()] == ["A heron."]


@pytest.mark.parametrize(
    ("began_s", "seen", "before"),
    [
        (99, "", True),
        (100, "", False),
        (101, "", False),
        (99, "one", False),
        (99, "other", True),
        (101, "other", False),
    ],
)
def test_is_before_asks_the_id_and_then_the_time(tmp_path: Path, began_s: int, seen: str, before: bool) -> None:
    began, path = datetime.fromtimestamp(began_s, UTC), tmp_path / "history.db"
    assert not is_before_clearing(began, seen, last_clearing(path)), "it was never cleared"
    clearing_file(path).write_text("one")
    os.utime(clearing_file(path), (0, 100))
    assert is_before_clearing(began, seen, last_clearing(path)) is before
    clearing_file(path).write_text("")  # as an older Intone noted it
    os.utime(clearing_file(path), (0, 100))
    assert is_before_clearing(began, "", last_clearing(path)) is (began_s < 100)


def test_a_take_knows_the_clearing_before_it(tmp_path: Path) -> None:
    spool = Spool(tmp_path, get_clearing=lambda: "0123")
    with spool.create(NOW) as take:
        speak(take)
    assert [left.header.cleared for left in spool.find_leftovers()] == ["0123"]
