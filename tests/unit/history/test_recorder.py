"""What is kept of a dictation."""

from __future__ import annotations

import fcntl
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from desktop.audio.spool import Spool
from desktop.core.errors import HistoryProblem
from desktop.core.paths import Paths
from desktop.core.types import FRAME, Emotion, Felt, Outcome
from desktop.history.clearing import cleared
from desktop.history.history import History
from desktop.history.recorder import HELD, NOWHERE, Memory
from desktop.history.retention import DAY_S
from desktop.history.row import Entry, Row
from desktop.history.schema import begun, opened
from desktop.history.sweeping import sweep
from desktop.settings.schema import Keeping
from tests.unit.audio.test_spool import no_file_larger_than

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path)


def ended(paths: Paths, outcome: Outcome, keep_days: int, frames: int = 2) -> Path | None:
    """The recording that is kept of a dictation that ended so."""
    history = History(paths.history)
    memory = Memory(paths, history)
    with memory.spool.take(NOW) as take:
        for _ in range(frames):
            take.write(np.full(FRAME, 0.1, np.float32))
        memory.remember(Entry(started_at=NOW, delivery=outcome), take, Keeping(keep_audio_days=keep_days))
    assert memory.spool.leftovers() == []
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


def said(memory: Memory, keeping: Keeping, text: str = "A secret.", app: str = "") -> int:
    with memory.spool.take(NOW) as take:
        take.write(np.full(FRAME, 0.1, np.float32))
        entry = Entry(started_at=NOW, raw_text=text, text=text, app=app, delivery=Outcome.INSERTED)
        return memory.remember(entry, take, keeping)


def test_private_keeps_only_newest_text_for_pasting(paths: Paths) -> None:
    memory = Memory(paths, History(paths.history))
    said(memory, Keeping(), "Before.")
    before = set(paths.audio.iterdir())
    id = said(memory, Keeping(private="on"))
    memory.felt(id, Felt(Emotion("joy", 1, 1, 1)))
    assert [row.text for row in History(paths.history).rows()] == ["Before."]
    assert set(paths.audio.iterdir()) == before
    assert memory.spool.leftovers() == []
    newest = memory.newest()
    assert newest is not None
    assert newest.text == "A secret."
    assert Memory(paths, History(paths.history)).newest() == History(paths.history).last()
    said(memory, Keeping(), "After.")
    assert memory.newest() == History(paths.history).last()


@pytest.mark.parametrize(
    ("app", "kept"), [("KeePassXC", False), ("gnome-secrets-d", False), ("keepas", True), ("", True)]
)
def test_an_excluded_application_leaves_nothing(paths: Paths, app: str, kept: bool) -> None:
    history = History(paths.history)
    said(Memory(paths, history), Keeping(exclude=("keepassxc", "Gnome-Secrets-Daemon")), app=app)
    assert (history.last() is not None) is kept
    assert paths.audio.exists() is kept


def test_a_spool_without_a_folder_writes_nothing(tmp_path: Path) -> None:
    spool = Spool(None)
    with spool.take(NOW) as take:
        take.write(np.full(FRAME, 0.1, np.float32))
        assert take.empty
        take.discard()
    assert spool.leftovers() == []


def cancelled(memory: Memory) -> Row:
    """The row of a dictation that has a recording, and one before it that has none."""
    said(memory, Keeping(keep_audio_days=0), "Before.")
    with memory.spool.take(LATER) as take:
        take.write(np.full(FRAME, 0.1, np.float32))
        memory.remember(Entry(started_at=LATER, raw_text="half", delivery=Outcome.CANCELLED), take, Keeping())
    row = memory.last()
    assert row is not None
    return row


def taken_up(memory: Memory, row: Row) -> int:
    with Spool(None).take(row.started_at) as take:
        entry = Entry(started_at=LATER, raw_text="whole", text="Whole.", delivery=Outcome.INSERTED)
        return memory.remember_again(row, entry, take, Keeping())


def pasted_again(memory: Memory) -> str:
    newest = memory.newest()
    return "" if newest is None else newest.text


@pytest.mark.parametrize(("column", "odd"), [("sent", "{"), ("guards", "7"), ("emotion", "?label")])
def test_retry_result_saved_beside_unreadable_value(paths: Paths, column: str, odd: str) -> None:
    history = History(paths.history)
    memory = Memory(paths, history)
    row = cancelled(memory)
    with opened(paths.history) as connection:
        connection.execute("DROP TRIGGER dictation_changed")
        connection.execute("DROP TRIGGER dictation_figured_anew")
        connection.execute(f"UPDATE dictation SET {column} = ? WHERE id = ?", (odd, row.id))
    assert taken_up(memory, row) == row.id
    assert [(row.text, row.delivery) for row in history.rows(1)] == [("Whole.", Outcome.INSERTED)]
    assert pasted_again(memory) == "Whole."


def test_retry_result_unwritable_can_be_pasted(paths: Paths) -> None:
    memory = Memory(paths, History(paths.history, wait_s=0.0))
    row = cancelled(memory)
    with opened(paths.history) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(HistoryProblem, match="Another program holds"):
            taken_up(memory, row)
    assert pasted_again(memory) == "Whole."
    assert [found.text for found in memory.since(datetime.now(UTC) - timedelta(minutes=5))] == ["Whole."]
    assert taken_up(memory, row) == row.id
    assert memory.unkept is None


def test_retry_result_in_new_history_has_its_own_row(paths: Paths) -> None:
    history = History(paths.history)
    memory = Memory(paths, history)
    row = cancelled(memory)
    paths.history.write_bytes(b"this is no database at all" * 500)
    assert taken_up(memory, row) != row.id
    assert [(found.text, found.audio_path) for found in history.rows()] == [("Whole.", row.audio_path)]
    said(memory, Keeping(), "After.")  # which has the id now that it had
    assert history.some([row.id])[0].text == "After."
    taken_up(memory, row)
    assert [found.text for found in history.rows()] == ["After.", "Whole."]


def test_retry_result_of_deleted_row_can_be_pasted(paths: Paths) -> None:
    history = History(paths.history)
    memory = Memory(paths, history)
    row = cancelled(memory)
    history.delete(row.id)
    assert taken_up(memory, row) == NOWHERE
    assert [found.text for found in history.rows()] == ["Before."]
    assert pasted_again(memory) == "Whole."


@pytest.mark.anyio
async def test_expire_removes_old_excess_and_orphaned_files(paths: Paths) -> None:
    history = History(paths.history)
    memory = Memory(paths, history)
    said(memory, Keeping())
    for text, age in (("old", 9), ("new", 0)):
        path = paths.audio / f"{text}.flac"
        path.write_bytes(b"x" * 600_000)
        then = datetime.now(UTC) - timedelta(days=age)
        history.add(Entry(started_at=then, text=text, delivery=Outcome.INSERTED, audio_path=path))
    orphans = [paths.audio / name for name in ("20260101-000000-000000.flac", "20260101-000000-000001.flac.part")]
    fresh, others = paths.audio / "20260101-000000-000002.flac", paths.audio / "mine.flac"
    for orphan in (*orphans, fresh, others):
        orphan.touch()
    for old in (*orphans, others, begun(paths.history)):
        os.utime(old, (0, 0))
    await memory.expire(Keeping(keep_audio_days=36_500, max_audio_mb=1))
    assert [(row.text, row.audio_path is not None) for row in history.rows()] == [
        *(("new", True), ("old", False), ("A secret.", False)),
    ]
    assert [path.exists() for path in (*orphans, fresh, others)] == [False, False, True, True]
    await memory.expire(Keeping(keep_text_days=7))
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
    history = History(paths.history)
    history.add(Entry(started_at=NOW, text="Of the new one.", delivery=Outcome.INSERTED))
    await Memory(paths, history).expire(Keeping(keep_audio_days=keep_days))
    assert recording.exists() is kept


class Between(History):
    """Somebody damages the file, and it is being mended, as soon as nothing is in the way of that."""

    def __init__(self, paths: Paths) -> None:
        super().__init__(paths.history)
        self.paths = paths

    def recordings(self) -> set[Path]:
        with self.paths.history.with_suffix(".lock").open("rb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                free = True
            except BlockingIOError:
                free = False
        if free:
            self.paths.history.write_bytes(b"this is no database at all" * 500)
            with no_file_larger_than(1000), pytest.raises(HistoryProblem):  # it is moved, and no more
                Memory(self.paths, History(self.paths.history)).mend()
        return super().recordings()


def test_sweep_while_history_is_moved_keeps_recording(paths: Paths) -> None:
    recording = ended(paths, Outcome.CANCELLED, 7)
    assert recording is not None
    os.utime(recording, (0, 0))
    os.utime(begun(paths.history), (0, 0))
    sweep(Between(paths), paths.history, paths.audio, datetime.now(UTC), 1)
    assert recording.is_file()


@pytest.mark.anyio
async def test_expire_symlinked_home_keeps_recordings(paths: Paths, tmp_path: Path) -> None:
    recording = ended(paths, Outcome.CANCELLED, 7)
    assert recording is not None
    os.utime(recording, (0, 0))
    link = tmp_path.with_name(f"{tmp_path.name}-link")
    link.symlink_to(tmp_path)
    there = Paths(config=link, data=link, state=link, runtime=link)
    await Memory(there, History(there.history)).expire(Keeping(keep_audio_days=36_500))
    assert recording.is_file()


def test_unwritable_dictation_held_until_writable(paths: Paths) -> None:
    history = History(paths.history)
    memory = Memory(paths, history)
    said(memory, Keeping(), "Older.")
    no_disk = Memory(paths, history)
    no_disk.spool = Spool(None)
    with no_file_larger_than(0), pytest.raises(HistoryProblem):
        said(no_disk, Keeping(), "Newer.")
    newest = no_disk.newest()
    assert newest is not None
    assert newest.text == "Newer."
    History(paths.history).clear()
    os.utime(cleared(paths.history), (0, NOW.timestamp() - 1))
    said(no_disk, Keeping(), "Newest.")
    assert [(row.text, row.note) for row in history.rows()] == [("Newest.", ""), ("Newer.", HELD)]
    with no_file_larger_than(0), pytest.raises(HistoryProblem):
        said(no_disk, Keeping(), "To be forgotten.")
    os.utime(cleared(paths.history), (0, NOW.timestamp() + 1))
    said(no_disk, Keeping(), "Last.")
    assert [row.text for row in history.rows()] == ["Last.", "Newest.", "Newer."]
