"""What is kept of a dictation."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from desktop.audio.spool import Spool
from desktop.core.errors import HistoryError
from desktop.core.paths import Paths, make_private_dir
from desktop.core.types import FRAME_SAMPLES, Emotion, EmotionResult, Outcome
from desktop.history.clearing import clearing_file
from desktop.history.recorder import NO_RECORDING_NOTE, NO_ROW, DictationRecorder
from desktop.history.retention import DAY_S, delete_orphans
from desktop.history.rows import HistoryEntry, HistoryRow
from desktop.history.schema import open_history, start_marker
from desktop.history.store import HistoryStore
from desktop.settings.schema import HistorySettings
from tests.support.other_systems import SYSTEM, only_on_linux
from tests.support.settings import in_force
from tests.unit.audio.test_spool import no_file_larger_than

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path)


def ended(paths: Paths, outcome: Outcome, keep_days: int, frames: int = 2) -> Path | None:
    """The recording that is kept of a dictation that ended so."""
    history = HistoryStore(paths.history)
    memory = DictationRecorder(paths, history)
    with memory.spool.create(NOW) as take:
        for _ in range(frames):
            take.write(np.full(FRAME_SAMPLES, 0.1, np.float32))
        memory.record(HistoryEntry(started_at=NOW, delivery=outcome), take, HistorySettings(keep_audio_days=keep_days))
    assert memory.spool.find_leftovers() == []
    row = history.last()
    assert row is not None
    assert row.delivery is outcome
    return row.audio_path


@pytest.mark.parametrize(
    ("outcome", "keep_days", "kept"),
    [
        (Outcome.INSERTED, 7, True),
        (Outcome.INSERTED, 0, False),
        (Outcome.CANCELLED, 0, True),
        (Outcome.FAILED, 0, True),
    ],
)
def test_recording_kept_where_wanted_or_only_copy(paths: Paths, outcome: Outcome, keep_days: int, kept: bool) -> None:
    audio = ended(paths, outcome, keep_days)
    assert (audio is not None and audio.is_file()) is kept


def test_where_nothing_was_heard_there_is_no_recording(paths: Paths) -> None:
    assert ended(paths, Outcome.FAILED, 7, frames=0) is None
    assert not paths.audio.exists()


def said(memory: DictationRecorder, keeping: HistorySettings, text: str = "A secret.", app: str = "") -> int:
    with memory.spool.create(NOW) as take:
        take.write(np.full(FRAME_SAMPLES, 0.1, np.float32))
        entry = HistoryEntry(started_at=NOW, raw_text=text, text=text, app=app, delivery=Outcome.INSERTED)
        return memory.record(entry, take, keeping)


def test_private_keeps_only_newest_text_for_pasting(paths: Paths) -> None:
    memory = DictationRecorder(paths, HistoryStore(paths.history))
    said(memory, HistorySettings(), "Before.")
    before = set(paths.audio.iterdir())
    id = said(memory, HistorySettings(private="on"))
    memory.add_emotion(id, EmotionResult(Emotion("joy", 1, 1, 1)))
    assert [row.text for row in HistoryStore(paths.history).rows()] == ["Before."]
    assert set(paths.audio.iterdir()) == before
    assert memory.spool.find_leftovers() == []
    newest = memory.newest()
    assert newest is not None
    assert newest.text == "A secret."
    assert DictationRecorder(paths, HistoryStore(paths.history)).newest() == HistoryStore(paths.history).last()
    said(memory, HistorySettings(), "After.")
    assert memory.newest() == HistoryStore(paths.history).last()


@pytest.mark.parametrize(
    ("app", "kept"), [("KeePassXC", False), ("gnome-secrets-d", False), ("keepas", True), ("", True)]
)
def test_an_excluded_application_leaves_nothing(paths: Paths, app: str, kept: bool) -> None:
    history = HistoryStore(paths.history)
    said(DictationRecorder(paths, history), HistorySettings(exclude=("keepassxc", "Gnome-Secrets-Daemon")), app=app)
    assert (history.last() is not None) is kept
    assert paths.audio.exists() is kept


def test_a_spool_without_a_folder_writes_nothing(tmp_path: Path) -> None:
    spool = Spool(None)
    with spool.create(NOW) as take:
        take.write(np.full(FRAME_SAMPLES, 0.1, np.float32))
        assert take.is_empty
        take.discard()
    assert spool.find_leftovers() == []


def cancelled(memory: DictationRecorder) -> HistoryRow:
    """The row of a dictation that has a recording, and one before it that has none."""
    said(memory, HistorySettings(keep_audio_days=0), "Before.")
    with memory.spool.create(LATER) as take:
        take.write(np.full(FRAME_SAMPLES, 0.1, np.float32))
        memory.record(
            HistoryEntry(started_at=LATER, raw_text="half", delivery=Outcome.CANCELLED), take, HistorySettings()
        )
    row = memory.last()
    assert row is not None
    return row


def taken_up(memory: DictationRecorder, row: HistoryRow) -> int:
    with Spool(None).create(row.started_at) as take:
        entry = HistoryEntry(started_at=LATER, raw_text="whole", text="Whole.", delivery=Outcome.INSERTED)
        return memory.record_resumed(row, entry, take, HistorySettings())


def pasted_again(memory: DictationRecorder) -> str:
    newest = memory.newest()
    return "" if newest is None else newest.text


@pytest.mark.parametrize(("column", "odd"), [("sent", "{"), ("guards", "7"), ("emotion", "?label")])
def test_retry_result_saved_beside_unreadable_value(paths: Paths, column: str, odd: str) -> None:
    history = HistoryStore(paths.history)
    memory = DictationRecorder(paths, history)
    row = cancelled(memory)
    with open_history(paths.history) as connection:
        connection.execute("DROP TRIGGER dictation_changed")
        connection.execute("DROP TRIGGER dictation_figured_anew")
        connection.execute(f"UPDATE dictation SET {column} = ? WHERE id = ?", (odd, row.id))
    assert taken_up(memory, row) == row.id
    assert [(row.text, row.delivery) for row in history.rows(1)] == [("Whole.", Outcome.INSERTED)]
    assert pasted_again(memory) == "Whole."


def test_retry_result_unwritable_can_be_pasted(paths: Paths) -> None:
    memory = DictationRecorder(paths, HistoryStore(paths.history, timeout_s=0.0))
    row = cancelled(memory)
    with open_history(paths.history) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(HistoryError, match="Another program holds"):
            taken_up(memory, row)
    assert pasted_again(memory) == "Whole."
    assert [found.text for found in memory.rows_since(datetime.now(UTC) - timedelta(minutes=5))] == ["Whole."]
    assert taken_up(memory, row) == row.id
    assert memory.unkept_row is None


def test_retry_result_in_new_history_has_its_own_row(paths: Paths) -> None:
    history = HistoryStore(paths.history)
    memory = DictationRecorder(paths, history)
    row = cancelled(memory)
    paths.history.write_bytes(b"this is no database at all" * 500)
    assert taken_up(memory, row) != row.id
    assert [(found.text, found.audio_path) for found in history.rows()] == [("Whole.", row.audio_path)]
    said(memory, HistorySettings(), "After.")  # which has the id now that it had
    assert history.rows_with_ids([row.id])[0].text == "After."
    taken_up(memory, row)
    assert [found.text for found in history.rows()] == ["After.", "Whole."]


def test_retry_result_of_deleted_row_can_be_pasted(paths: Paths) -> None:
    history = HistoryStore(paths.history)
    memory = DictationRecorder(paths, history)
    row = cancelled(memory)
    history.delete(row.id)
    assert taken_up(memory, row) == NO_ROW
    assert [found.text for found in history.rows()] == ["Before."]
    assert pasted_again(memory) == "Whole."


@pytest.mark.anyio
async def test_expire_removes_old_excess_and_orphaned_files(paths: Paths) -> None:
    history = HistoryStore(paths.history)
    memory = DictationRecorder(paths, history)
    said(memory, HistorySettings())
    for text, age in (("old", 9), ("new", 0)):
        path = paths.audio / f"{text}.flac"
        path.write_bytes(b"x" * 600_000)
        then = datetime.now(UTC) - timedelta(days=age)
        history.add(HistoryEntry(started_at=then, text=text, delivery=Outcome.INSERTED, audio_path=path))
    orphans = [paths.audio / name for name in ("20260101-000000-000000.flac", "20260101-000000-000001.flac.part")]
    fresh, others = paths.audio / "20260101-000000-000002.flac", paths.audio / "mine.flac"
    for orphan in (*orphans, fresh, others):
        orphan.touch()
    for old in (*orphans, others, start_marker(paths.history)):
        os.utime(old, (0, 0))
    await memory.expire(in_force(HistorySettings(keep_audio_days=36_500, max_audio_mb=1)))
    assert [(row.text, row.audio_path is not None) for row in history.rows()] == [
        *(("new", True), ("old", False), ("A secret.", False)),
    ]
    assert [path.exists() for path in (*orphans, fresh, others)] == [False, False, True, True]
    await memory.expire(in_force(HistorySettings(keep_text_days=7)))
    assert [row.text for row in history.rows()] == ["new"]


@pytest.mark.anyio
@pytest.mark.parametrize(("keep_days", "kept"), [(7, True), (2, False)])
async def test_expire_keeps_moved_history_recording_by_age(paths: Paths, keep_days: int, kept: bool) -> None:
    recording = ended(paths, Outcome.INSERTED, 7)
    assert recording is not None
    now = datetime.now(UTC).timestamp()
    os.utime(recording, (now - 3 * DAY_S, now - 3 * DAY_S))
    paths.clock.write_text(json.dumps([now, None, 0.0]))
    paths.history.rename(paths.history.with_suffix(".aside"))
    history = HistoryStore(paths.history)
    history.add(HistoryEntry(started_at=NOW, text="Of the new one.", delivery=Outcome.INSERTED))
    await DictationRecorder(paths, history).expire(in_force(HistorySettings(keep_audio_days=keep_days)))
    assert recording.exists() is kept


class Between(HistoryStore):
    """The file is damaged by another program and mended as soon as nothing prevents that."""

    def __init__(self, paths: Paths) -> None:
        super().__init__(paths.history)
        self.paths = paths

    def recording_paths(self) -> set[Path]:
        with self.paths.history.with_suffix(".lock").open("rb") as lock:
            import fcntl

            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                free = True
            except BlockingIOError:
                free = False
        if free:
            self.paths.history.write_bytes(b"this is no database at all" * 500)
            with no_file_larger_than(1000), pytest.raises(HistoryError):  # it is moved, and no more
                DictationRecorder(self.paths, HistoryStore(self.paths.history)).repair()
        return super().recording_paths()


def test_sweep_while_history_is_moved_keeps_recording(paths: Paths) -> None:
    recording = ended(paths, Outcome.CANCELLED, 7)
    assert recording is not None
    os.utime(recording, (0, 0))
    os.utime(start_marker(paths.history), (0, 0))
    only_on_linux(SYSTEM)
    delete_orphans(Between(paths), paths.history, paths.audio, datetime.now(UTC), 1)
    assert recording.is_file()


def test_recording_that_cannot_be_removed_keeps_no_other(paths: Paths) -> None:
    history = HistoryStore(paths.history)
    assert history.rows() == []
    os.utime(start_marker(paths.history), (0, 0))
    unremovable = {make_private_dir(paths.audio) / f"20260101-10101{n}-000000.flac" for n in range(6)}
    for folder in unremovable:
        folder.mkdir()
        (paths.audio / folder.name.replace("0101-", "0102-")).write_bytes(b"sound")
    for orphan in paths.audio.iterdir():
        os.utime(orphan, (0, 0))
    with pytest.raises(OSError, match="20260101-"):
        delete_orphans(history, paths.history, paths.audio, datetime.now(UTC), 1)
    assert set(paths.audio.iterdir()) == unremovable


@pytest.mark.anyio
async def test_expire_symlinked_home_keeps_recordings(paths: Paths, tmp_path: Path) -> None:
    recording = ended(paths, Outcome.CANCELLED, 7)
    assert recording is not None
    os.utime(recording, (0, 0))
    link = tmp_path.with_name(f"{tmp_path.name}-link")
    link.symlink_to(tmp_path)
    there = Paths(config=link, data=link, state=link, runtime=link)
    await DictationRecorder(there, HistoryStore(there.history)).expire(
        in_force(HistorySettings(keep_audio_days=36_500))
    )
    assert recording.is_file()


def test_unwritable_dictation_held_until_writable(paths: Paths) -> None:
    history = HistoryStore(paths.history)
    memory = DictationRecorder(paths, history)
    said(memory, HistorySettings(), "Older.")
    no_disk = DictationRecorder(paths, history)
    no_disk.spool = Spool(None)
    with no_file_larger_than(0), pytest.raises(HistoryError):
        said(no_disk, HistorySettings(), "Newer.")
    newest = no_disk.newest()
    assert newest is not None
    assert newest.text == "Newer."
    HistoryStore(paths.history).clear()
    os.utime(clearing_file(paths.history), (0, NOW.timestamp() - 1))
    said(no_disk, HistorySettings(), "Newest.")
    assert [(row.text, row.notes) for row in history.rows()] == [("Newest.", ()), ("Newer.", (NO_RECORDING_NOTE,))]
    with no_file_larger_than(0), pytest.raises(HistoryError):
        said(no_disk, HistorySettings(), "To be forgotten.")
    os.utime(clearing_file(paths.history), (0, NOW.timestamp() + 1))
    said(no_disk, HistorySettings(), "Last.")
    assert [row.text for row in history.rows()] == ["Last.", "Newest.", "Newer."]
