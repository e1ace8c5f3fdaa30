"""A damaged history is kept aside, a new one has what could be read, and no recording goes."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import numpy as np
import pytest

from desktop.core.errors import HistoryError, UserError
from desktop.core.paths import Paths
from desktop.core.types import FRAME_SAMPLES, Outcome
from desktop.history import repair
from desktop.history.recorder import DictationRecorder
from desktop.history.repair import LOST_TEXT_NOTE
from desktop.history.rows import HistoryEntry, HistoryRow
from desktop.history.schema import open_history
from desktop.history.store import HistoryStore
from desktop.settings.schema import HistorySettings
from tests.support.settings import in_force

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path)


def say(memory: DictationRecorder, text: str, after_s: float = 0) -> Path:
    """A dictation with its recording, which is returned."""
    began = NOW + timedelta(seconds=after_s)
    with memory.spool.create(began) as take:
        take.write(np.full(FRAME_SAMPLES, 0.1, np.float32))
        entry = HistoryEntry(started_at=began, raw_text=text, text=text, delivery=Outcome.INSERTED)
        memory.record(entry, take, HistorySettings())
    (recording,) = (path for path in memory._recordings() if f"{began:%H%M%S}" in path.name)
    return recording


def damaged(paths: Paths) -> list[Path]:
    return sorted(path for path in paths.data.glob("history.damaged-*.db"))


def test_broken_history_set_aside_recordings_retryable(paths: Paths) -> None:
    told = list[UserError]()
    memory = DictationRecorder(paths, HistoryStore(paths.history), told.append)
    recording = say(memory, "Before.")
    paths.history.write_bytes(b"this is no database at all" * 500)
    say(memory, "After.", 60)
    rows = HistoryStore(paths.history).rows()
    assert [(row.text, row.delivery) for row in rows] == [("After.", Outcome.INSERTED), ("", Outcome.FAILED)]
    assert (rows[1].audio_path, rows[1].notes) == (recording, (LOST_TEXT_NOTE,))
    (aside,) = damaged(paths)
    assert aside.read_bytes().startswith(b"this is no database")
    assert [aside.name in problem.title for problem in told] == [True]
    assert memory.spool.find_leftovers() == []


def test_what_can_still_be_read_is_in_the_new_one(paths: Paths) -> None:
    memory = DictationRecorder(paths, HistoryStore(paths.history))
    history = HistoryStore(paths.history)
    for number in range(300):
        began = NOW + timedelta(minutes=number)
        history.add(HistoryEntry(started_at=began, text=f"Number {number}. " * 20, delivery=Outcome.INSERTED))
    whole = paths.history.read_bytes()
    page = 4096
    broken = bytearray(whole)
    for at in range(0, 3):
        start = len(whole) // page // 2 * page + at * page
        broken[start : start + page] = b"\xff" * page
    paths.history.write_bytes(bytes(broken))
    problem = memory.repair()
    assert problem is not None
    assert len(damaged(paths)) == 1
    assert len(HistoryStore(paths.history).rows(1000)) > 200


def test_index_alone_is_built_anew_in_place(paths: Paths) -> None:
    memory, history = DictationRecorder(paths, HistoryStore(paths.history)), HistoryStore(paths.history)
    say(memory, "Before.")
    with open_history(paths.history) as connection:
        connection.execute("DELETE FROM words_data WHERE id > 100")
    before = history.rows()
    assert memory.repair() is None
    assert damaged(paths) == []
    assert history.rows() == before
    assert history.search("before") == before


def test_update_that_leaves_the_words_does_no_damage(paths: Paths) -> None:
    """It does by a SQLite that is older than `SOUND_SQLITE`."""
    memory, history = DictationRecorder(paths, HistoryStore(paths.history)), HistoryStore(paths.history)
    say(memory, "Before.")
    history.update(1, text="Before.")
    assert memory.repair() is None
    assert damaged(paths) == []


def test_a_whole_history_is_left_alone(paths: Paths) -> None:
    memory = DictationRecorder(paths, HistoryStore(paths.history))
    say(memory, "Before.")
    before = paths.history.read_bytes()
    assert memory.repair() is None
    assert paths.history.read_bytes() == before
    assert damaged(paths) == []


@pytest.mark.parametrize("moved", [True, False])
def test_interrupted_mend_resumes_and_keeps_recordings(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, moved: bool
) -> None:
    memory = DictationRecorder(paths, HistoryStore(paths.history))
    recordings = [say(memory, f"Number {number}.", 60 * number) for number in range(5)]
    for recording in recordings:
        os.utime(recording, (0, 0))
    broken = bytearray(paths.history.read_bytes())
    broken[3 * 4096 : 4 * 4096] = bytes(4096)
    paths.history.write_bytes(bytes(broken))

    def end(*_: object) -> int:
        raise HistoryError("reported-message", title="The disk is full.", advice="")

    with monkeypatch.context() as patch:
        patch.setattr(HistoryStore, "add_missing", end) if moved else patch.setattr(repair, "_move_aside", end)
        with pytest.raises(HistoryError, match="full"):
            memory.repair()
        if moved:
            anyio.run(memory.expire, in_force(HistorySettings(keep_audio_days=36_500)))
    assert all(recording.is_file() for recording in recordings)
    problem = memory.repair()
    assert problem is not None
    assert {row.audio_path for row in HistoryStore(paths.history).rows()} == set(recordings)
    assert memory.repair() is None
    anyio.run(memory.expire, in_force(HistorySettings(keep_audio_days=36_500)))
    assert all(recording.is_file() for recording in recordings)
    assert len(damaged(paths)) == 1


def test_second_damage_before_first_read_is_mended(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = DictationRecorder(paths, HistoryStore(paths.history))
    recordings = [say(memory, "First.")]

    def end(*_: object) -> int:
        raise HistoryError("reported-message", title="The disk is full.", advice="")

    for number in range(2):
        paths.history.write_bytes(b"this is no database at all" * 500)
        with monkeypatch.context() as patch:
            patch.setattr(HistoryStore, "add_missing", end)
            with pytest.raises(HistoryError, match="full"):
                memory.repair()
        assert len(damaged(paths)) == number + 1
    recordings.append(say(memory, "Second.", 60))
    problem = memory.repair()
    assert problem is not None
    assert all(file.name in problem.title for file in damaged(paths))
    assert {row.audio_path for row in HistoryStore(paths.history).rows()} == set(recordings)
    assert memory.repair() is None


def test_unmovable_history_raises_and_keeps_recording(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = DictationRecorder(paths, HistoryStore(paths.history))
    say(memory, "Before.")
    paths.history.write_bytes(b"this is no database at all" * 500)

    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(HistoryError, match="cannot be moved"):
        say(memory, "After.", 3600)
    assert len(memory.spool.find_leftovers()) == 1


def broken(paths: Paths) -> Path:
    """The file that is kept aside of a history that was damaged and had these words."""
    memory = DictationRecorder(paths, HistoryStore(paths.history))
    words = [f"a heron {number}" for number in range(100)]
    HistoryStore(paths.history).add_missing(
        HistoryEntry(started_at=NOW, raw_text=said, text="x" * 200, delivery=Outcome.INSERTED) for said in words
    )
    data = bytearray(paths.history.read_bytes())
    data[8 * 4096 : 9 * 4096] = bytes(4096)
    paths.history.write_bytes(data)
    assert memory.repair() is not None
    (aside,) = damaged(paths)
    assert b"a heron" in aside.read_bytes()
    return aside


def test_clear_also_erases_set_aside_history(paths: Paths) -> None:
    aside = broken(paths)
    beside = aside.with_name(f"{aside.name}-wal")
    beside.write_bytes(b"a heron")
    sealed = paths.data / "history.sealed.damaged-20260101-000000.db"
    sealed.write_bytes(b"whatever")
    blocks = paths.data / "as a look at the disk's blocks"
    blocks.hardlink_to(aside)
    assert HistoryStore(paths.history).clear() > 50
    assert set(blocks.read_bytes()) == {0}
    assert list(paths.data.glob("*damaged*")) == []
    assert not any(b"heron" in file.read_bytes() for file in paths.data.iterdir() if file.is_file())


def test_set_aside_history_expires_by_age(paths: Paths) -> None:
    aside = broken(paths)
    history = HistoryStore(paths.history)
    for days, there in ((29, True), (31, False)):
        os.utime(aside, times=((NOW - timedelta(days=days)).timestamp(),) * 2)
        history.expire_text(30, NOW)
        assert aside.exists() is there


def test_unread_history_cleared_but_not_expired(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    history = HistoryStore(paths.history)
    say(DictationRecorder(paths, history), "A heron.")
    paths.history.write_bytes(b"this is no database at all" * 500)

    def end(*_: object) -> int:
        raise HistoryError("reported-message", title="The disk is full.", advice="")

    with monkeypatch.context() as patch:
        patch.setattr(HistoryStore, "add_missing", end)
        with pytest.raises(HistoryError, match="full"):
            DictationRecorder(paths, history).repair()
    (aside,) = damaged(paths)
    os.utime(aside, (0, 0))
    history.expire_text(30, NOW)
    assert aside.exists()
    history.clear()
    assert damaged(paths) == []
    assert DictationRecorder(paths, history).repair() is None
    assert damaged(paths) == []


def test_clear_during_mend_leaves_no_rows(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    history, take_in = HistoryStore(paths.history), repair._add_unless_cleared
    times = [NOW + timedelta(minutes=number) for number in range(1000)]
    history.add_missing(HistoryEntry(started_at=time, text="A heron.", delivery=Outcome.INSERTED) for time in times)
    data = bytearray(paths.history.read_bytes())
    data[-4096:] = bytes(4096)
    paths.history.write_bytes(data)
    cleared = list[int]()

    def clearing(history: HistoryStore, path: Path, entries: Iterable[HistoryEntry]) -> int:
        count = take_in(history, path, entries)
        if not cleared:
            cleared.append(history.clear())
        return count

    monkeypatch.setattr(repair, "_add_unless_cleared", clearing)
    problem = DictationRecorder(paths, history).repair()
    assert problem is not None
    assert "deleted with everything else" in problem.remedy
    assert cleared == [200]
    assert history.rows() == []
    assert list(paths.data.glob("*damaged*")) == []


def test_clear_after_rows_are_read_leaves_none(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    recording = say(DictationRecorder(paths, HistoryStore(paths.history)), "A whale.")
    broken(paths)
    data = bytearray(paths.history.read_bytes())
    data[8 * 4096 : 9 * 4096] = bytes(4096)
    paths.history.write_bytes(data)
    history, row, read = HistoryStore(paths.history), repair._parse_useful_row, list[str]()

    def clearing(found: sqlite3.Row) -> HistoryRow | None:
        one = row(found)
        assert one is not None
        read.append(one.raw_text)
        if len(read) == 20:
            history.clear()
        return one

    monkeypatch.setattr(repair, "_parse_useful_row", clearing)
    assert DictationRecorder(paths, history).repair() is not None
    assert read[:3] == ["A whale.", "a heron 0", "a heron 1"]
    assert history.rows() == []
    assert list(paths.data.glob("*damaged*")) == []
    assert recording.exists()  # until the next look: no row names it
