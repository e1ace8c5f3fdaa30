"""Deleted is deleted: rows, recordings, what a crash left, what waits in memory; and nothing that is being said."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import numpy as np
import pytest
from anyio import to_thread

from desktop.app.ipc import serve_commands
from desktop.audio.spool import Spool
from desktop.audio.spool_file import SpoolFile, SpoolHeader
from desktop.core.errors import HistoryError, LockedError
from desktop.core.paths import Paths
from desktop.core.types import FRAME_SAMPLES, Outcome
from desktop.encryption import keyring
from desktop.history import encryption
from desktop.history.clearing import clearing_file, is_before_clearing, last_clearing, note_clearing
from desktop.history.convert import convert_history
from desktop.history.recorder import DictationRecorder
from desktop.history.rows import HistoryEntry
from desktop.history.store import HistoryStore
from desktop.history.user_deletion import clear_history, delete_dictation
from desktop.settings.schema import HistorySettings
from desktop.vocabulary import store
from tests.support.command_line import App
from tests.support.encrypted_home import asked, everywhere, in_the_clear
from tests.support.keyring import InFile, Locked
from tests.unit.app.test_recovery import Ear, found
from tests.unit.audio.test_spool import no_file_larger_than

NOW = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)
LONG = HistorySettings(keep_audio_days=3650)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return everywhere(tmp_path)


@pytest.fixture
def history(paths: Paths) -> HistoryStore:
    return HistoryStore(paths.history)


@pytest.fixture
def memory(paths: Paths, history: HistoryStore) -> DictationRecorder:
    return DictationRecorder(paths, history)


@pytest.fixture
def keyring_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "keyring.json"
    monkeypatch.setenv("INTONE_TEST_KEYRING", str(file))
    return file


def speak(take: SpoolFile) -> None:
    take.write(np.full(FRAME_SAMPLES, 0.1, np.float32))


def left(memory: DictationRecorder, at: datetime = NOW) -> None:
    """A take that a kill left."""
    with memory.spool.create(at) as take:
        speak(take)


def dictated(memory: DictationRecorder, at: datetime = NOW, text: str = "A heron.") -> int:
    with memory.spool.create(at) as take:
        speak(take)
        return memory.record(
            HistoryEntry(started_at=at, raw_text=text, text=text, delivery=Outcome.INSERTED), take, LONG
        )


def spooled(paths: Paths) -> list[str]:
    return sorted(path.suffix for path in paths.spool.iterdir())


def recordings(paths: Paths) -> list[str]:
    return sorted(path.name for path in paths.audio.iterdir())


def intone(home: Path, runtime: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "desktop", *arguments],
        env={**os.environ, "INTONE_HOME": str(home), "XDG_RUNTIME_DIR": str(runtime)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


# -- everything ----------------------------------------------------------------------------------------------------


@pytest.mark.anyio
async def test_clear_command_without_app_leaves_no_word(tmp_path: Path) -> None:
    home = Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path)
    memory = DictationRecorder(home, HistoryStore(home.history))
    dictated(memory)
    left(memory, NOW + timedelta(hours=1))
    (home.spool / "half.part").write_bytes(b"half of a take")
    for name in ("20260101-120000-000001.flac", "20260101-120000-000002.flac.part", "of the user.flac"):
        (home.audio / name).write_bytes(b"sound")
    store.put_entries(home.vocabulary, "replacements", {"get hub": "GitHub"})
    store.decline_suggestion(home.vocabulary, "kuchera", "Kucera")
    done = await to_thread.run_sync(intone, tmp_path, tmp_path, "history", "clear", "--yes", "--json")
    assert (done.returncode, done.stdout, done.stderr) == (0, '{"deleted": 1}\n', "")
    assert spooled(home) == []
    assert recordings(home) == ["of the user.flac"]
    kept = store.load_vocabulary_file(home.vocabulary)
    assert (kept.replacements, kept.declined) == ({"get hub": "GitHub"}, frozenset())
    assert await found(DictationRecorder(home, HistoryStore(home.history)), Ear()) == []
    assert HistoryStore(home.history).rows() == []


@pytest.mark.anyio
async def test_clear_command_spares_what_is_being_said(tmp_path: Path) -> None:
    home = Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path)
    memory, app = DictationRecorder(home, HistoryStore(home.history)), App()
    left(memory, NOW - timedelta(hours=1))
    with memory.spool.create(NOW) as take:
        speak(take)
        being_kept = home.audio / f"{NOW:%Y%m%d-%H%M%S-%f}.flac"
        take.save_flac(being_kept)
        async with serve_commands(home, app.handle):
            done = await to_thread.run_sync(intone, tmp_path, tmp_path, "history", "clear", "--yes")
        assert (done.returncode, done.stdout) == (0, "0 dictations deleted.\n")
        assert app.asked == ["history"]
        assert spooled(home) == [".take"]
        assert being_kept.is_file()
        speak(take)
        assert len(take.read_audio()) == 2 * FRAME_SAMPLES
        memory.record(HistoryEntry(started_at=NOW, text="Kept.", delivery=Outcome.INSERTED), take, LONG)
    (row,) = HistoryStore(home.history).rows()
    assert (row.text, row.audio_path) == ("Kept.", being_kept)


def test_clear_spares_recording_of_a_concurrent_row(
    paths: Paths, memory: DictationRecorder, history: HistoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    dictated(memory)
    with memory.spool.create(NOW + timedelta(hours=1)) as take:
        speak(take)
        ours = take.save_flac(paths.audio / f"{take.started_at:%Y%m%d-%H%M%S-%f}.flac")
        delete_all = HistoryStore.clear

        def remembered_just_after(self: HistoryStore) -> int:
            count = delete_all(self)
            memory.record(HistoryEntry(started_at=take.started_at, delivery=Outcome.INSERTED), take, LONG)
            return count

        monkeypatch.setattr(HistoryStore, "clear", remembered_just_after)
        assert clear_history(paths, history) == 1
    assert [row.audio_path for row in history.rows()] == [ours]
    assert ours.is_file()


def test_clear_deletes_takes_without_their_key(tmp_path: Path, keyring_file: Path) -> None:
    home = everywhere(tmp_path)
    with asked(InFile()):
        encryption.start_encryption(home)
        memory = DictationRecorder(home, HistoryStore(home.history))
        dictated(memory)
        left(memory)
    assert spooled(home) == [".take"]
    with asked(Locked()):
        with pytest.raises(LockedError):
            clear_history(home, HistoryStore(home.history))
        assert spooled(home) == []
        assert len(recordings(home)) == 1, "of a row that cannot be deleted yet"
    with asked(InFile()):
        assert clear_history(home, HistoryStore(home.history)) == 1
    assert recordings(home) == []


def test_clear_wipes_the_copy_that_a_kill_left(tmp_path: Path, keyring_file: Path) -> None:
    home = everywhere(tmp_path)
    history = HistoryStore(home.history)

    class Killed(BaseException):
        pass

    def kill(step: str) -> None:
        if step == "clearing":
            raise Killed

    with asked(InFile()):
        encryption.start_encryption(home)
        key = keyring.LOADED_KEYS.create()
        history.add(HistoryEntry(started_at=NOW, text="A heron.", delivery=Outcome.INSERTED))
        with pytest.raises(Killed):
            convert_history(home.history, key, False, kill)
        assert in_the_clear(home, b"heron") == ["history.db"]
        assert clear_history(home, history) == 1
        assert in_the_clear(home, b"heron") == []
        convert_history(home.history, key, False)
        assert history.rows() == []


@pytest.mark.parametrize("name", ["history.db.wiping", "history.sealed.db.other", "history.db.other-wal"])
def test_clear_wipes_what_is_half_made(paths: Paths, history: HistoryStore, name: str) -> None:
    history.rows()
    (paths.data / name).write_bytes(b"A heron.")
    clear_history(paths, history)
    assert in_the_clear(paths, b"heron") == []


def test_a_folder_in_the_spool_hinders_no_deletion(
    paths: Paths, memory: DictationRecorder, history: HistoryStore
) -> None:
    dictated(memory)
    left(memory)
    (paths.spool / "a folder.take").mkdir()
    (row,) = history.rows()
    assert delete_dictation(paths, history, row.id)
    clear_history(paths, history)
    assert spooled(paths) == [".take"]
    assert (history.rows(), recordings(paths)) == ([], [])


def test_clear_spares_what_was_begun_after_it(paths: Paths, memory: DictationRecorder, history: HistoryStore) -> None:
    left(memory)
    later = NOW + timedelta(minutes=1)

    class Clearing(HistoryStore):
        def clear(self) -> int:
            count = super().clear()
            left(memory, later)  # spoken meanwhile, and its row could not be written
            return count

    clear_history(paths, Clearing(paths.history))
    assert [take.started_at for take in memory.spool.find_leftovers()] == [later]


def test_undeletable_recording_keeps_no_other(paths: Paths, memory: DictationRecorder, history: HistoryStore) -> None:
    history.add(HistoryEntry(started_at=NOW, delivery=Outcome.INSERTED, audio_path=paths.audio / "a folder"))
    (paths.audio / "a folder").mkdir(parents=True)
    (paths.audio / "20260101-120000-000001.flac").touch()
    with pytest.raises(HistoryError, match="Is a directory"):
        clear_history(paths, history)
    assert (history.rows(), recordings(paths)) == ([], ["a folder"])


def test_a_full_disk_can_be_cleared(paths: Paths, memory: DictationRecorder, history: HistoryStore) -> None:
    left(memory)
    note_clearing(paths.history)
    with no_file_larger_than(0):
        note_clearing(paths.history)
    assert last_clearing(paths.history) is not None
    assert memory.is_cleared(memory.spool.find_leftovers()[0].header)


# -- what comes after it -------------------------------------------------------------------------------------------


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


# -- one dictation -------------------------------------------------------------------------------------------------


@pytest.fixture
def killed(memory: DictationRecorder) -> int:
    """A dictation whose row was written just before a kill, so that its take is there as well; another take is."""
    id = dictated(memory)
    left(memory)
    left(memory, NOW + timedelta(hours=1))
    return id


@pytest.mark.anyio
async def test_a_deleted_dictation_is_not_recovered(
    paths: Paths, memory: DictationRecorder, history: HistoryStore, killed: int
) -> None:
    assert delete_dictation(paths, history, killed)
    assert not delete_dictation(paths, history, killed)
    (entry,) = await found(memory, Ear())
    assert entry.started_at == NOW + timedelta(hours=1)


@pytest.mark.anyio
async def test_deletion_during_retry_is_final(paths: Paths, memory: DictationRecorder, history: HistoryStore) -> None:
    id = dictated(memory)
    with memory.spool.resume(NOW).create(datetime.now(UTC)) as take:
        speak(take)
        assert delete_dictation(paths, history, id)
    ear = Ear()
    assert await found(DictationRecorder(paths, history), ear) == []
    assert (ear.pieces, spooled(paths), history.rows()) == ([], [], [])


def test_delete_command_takes_the_take_too(tmp_path: Path) -> None:
    home = Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path)
    memory = DictationRecorder(home, HistoryStore(home.history))
    id = dictated(memory)
    left(memory)
    assert intone(tmp_path, tmp_path, "history", "delete", str(id)).returncode == 0
    assert spooled(home) == []


# -- the spool -----------------------------------------------------------------------------------------------------


def test_another_process_removes_only_what_is_left(tmp_path: Path) -> None:
    ours, theirs = Spool(tmp_path), Spool(tmp_path)
    with ours.create(NOW) as take:
        speak(take)
        with ours.create(NOW + timedelta(hours=1)) as other:
            speak(other)
        assert [head.started_at for head in theirs.read_headers(is_written=True)] == [NOW]
        assert theirs.remove() == 1
        assert [left.started_at for left in theirs.find_leftovers()] == [NOW]
    assert theirs.read_headers(is_written=True) == []
    assert theirs.remove(lambda head: head.started_at > NOW) == 0
    assert theirs.remove() == 1
    assert not list(tmp_path.iterdir())


def test_a_take_knows_the_clearing_before_it(tmp_path: Path) -> None:
    spool = Spool(tmp_path, get_clearing=lambda: "0123")
    with spool.create(NOW) as take:
        speak(take)
    assert [left.header.cleared for left in spool.find_leftovers()] == ["0123"]
