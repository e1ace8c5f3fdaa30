"""The user deletes everything, or one dictation: rows, recordings, what a crash left; nothing that is being said."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from anyio import to_thread

from desktop.app.ipc import serve_commands
from desktop.audio.spool import Spool
from desktop.core.errors import HistoryError, LockedError
from desktop.core.paths import Paths
from desktop.core.types import FRAME_SAMPLES, Outcome
from desktop.encryption import keyring
from desktop.history import encryption
from desktop.history.clearing import last_clearing, note_clearing
from desktop.history.convert import convert_history
from desktop.history.recorder import DictationRecorder
from desktop.history.rows import HistoryEntry
from desktop.history.store import HistoryStore
from desktop.history.user_deletion import clear_history, delete_dictation
from desktop.vocabulary import store
from tests.support.command_line import App, paths_of
from tests.support.encrypted_home import asked, everywhere, in_the_clear
from tests.support.keyring import InFile, Locked
from tests.support.spoken_takes import LONG, NOW, dictated, left, recordings, speak, spooled
from tests.unit.app.test_recovery import Ear, found
from tests.unit.audio.test_spool import no_file_larger_than


@pytest.fixture
def file(paths: Paths) -> Path:
    return paths.history


@pytest.fixture
def keyring_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "keyring.json"
    monkeypatch.setenv("INTONE_TEST_KEYRING", str(file))
    return file


def intone(home: Path, runtime: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "desktop", *arguments],
        env={**os.environ, "INTONE_HOME": str(home), "XDG_RUNTIME_DIR": str(runtime)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


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
    home = paths_of(tmp_path, tmp_path)
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
    with pytest.raises(HistoryError) as refused:
        clear_history(paths, history)
    assert isinstance(refused.value.__cause__, PermissionError if sys.platform == "win32" else IsADirectoryError)
    assert (history.rows(), recordings(paths)) == ([], ["a folder"])


def test_a_full_disk_can_be_cleared(paths: Paths, memory: DictationRecorder, history: HistoryStore) -> None:
    left(memory)
    note_clearing(paths.history)
    with no_file_larger_than(0):
        note_clearing(paths.history)
    assert last_clearing(paths.history) is not None
    assert memory.is_cleared(memory.spool.find_leftovers()[0].header)


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
