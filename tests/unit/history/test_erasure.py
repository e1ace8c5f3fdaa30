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

from desktop.app.ipc import serve
from desktop.audio.spool import Spool
from desktop.audio.take import Head, Take
from desktop.core.errors import HistoryProblem, LockedProblem
from desktop.core.paths import Paths
from desktop.core.types import FRAME, Outcome
from desktop.encryption import keyring as seal_key
from desktop.history import encryption as turning
from desktop.history.clearing import cleared, is_before, last_clearing, note_clearing
from desktop.history.convert import convert
from desktop.history.erasure import clear, delete
from desktop.history.history import History
from desktop.history.recorder import Memory
from desktop.history.row import Entry
from desktop.settings.schema import Keeping
from desktop.vocabulary import store as vocabulary
from tests.support.encrypted_home import asked, everywhere, in_the_clear
from tests.support.keyring import InFile, Locked
from tests.unit.app.test_recovery import Ear, found
from tests.unit.audio.test_spool import no_file_larger_than
from tests.unit.cli.test_commands import App

NOW = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)
LONG = Keeping(keep_audio_days=3650)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return everywhere(tmp_path)


@pytest.fixture
def history(paths: Paths) -> History:
    return History(paths.history)


@pytest.fixture
def memory(paths: Paths, history: History) -> Memory:
    return Memory(paths, history)


@pytest.fixture
def keyring_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "keyring.json"
    monkeypatch.setenv("INTONE_TEST_KEYRING", str(file))
    return file


def speak(take: Take) -> None:
    take.write(np.full(FRAME, 0.1, np.float32))


def left(memory: Memory, at: datetime = NOW) -> None:
    """A take that a kill left."""
    with memory.spool.take(at) as take:
        speak(take)


def dictated(memory: Memory, at: datetime = NOW, text: str = "A heron.") -> int:
    with memory.spool.take(at) as take:
        speak(take)
        return memory.remember(Entry(started_at=at, raw_text=text, text=text, delivery=Outcome.INSERTED), take, LONG)


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
    memory = Memory(home, History(home.history))
    dictated(memory)
    left(memory, NOW + timedelta(hours=1))
    (home.spool / "half.part").write_bytes(b"half of a take")
    for name in ("20260101-120000-000001.flac", "20260101-120000-000002.flac.part", "of the user.flac"):
        (home.audio / name).write_bytes(b"sound")
    vocabulary.put(home.vocabulary, "replacements", {"get hub": "GitHub"})
    vocabulary.decline(home.vocabulary, "kuchera", "Kucera")
    done = await to_thread.run_sync(intone, tmp_path, tmp_path, "history", "clear", "--yes", "--json")
    assert (done.returncode, done.stdout, done.stderr) == (0, '{"deleted": 1}\n', "")
    assert spooled(home) == []
    assert recordings(home) == ["of the user.flac"]
    kept = vocabulary.load(home.vocabulary)
    assert (kept.replacements, kept.declined) == ({"get hub": "GitHub"}, frozenset())
    assert await found(Memory(home, History(home.history)), Ear()) == []
    assert History(home.history).rows() == []


@pytest.mark.anyio
async def test_clear_command_spares_what_is_being_said(tmp_path: Path) -> None:
    home = Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path)
    memory, app = Memory(home, History(home.history)), App()
    left(memory, NOW - timedelta(hours=1))
    with memory.spool.take(NOW) as take:
        speak(take)
        being_kept = home.audio / f"{NOW:%Y%m%d-%H%M%S-%f}.flac"
        take.keep(being_kept)
        async with serve(home, app.handle):
            done = await to_thread.run_sync(intone, tmp_path, tmp_path, "history", "clear", "--yes")
        assert (done.returncode, done.stdout) == (0, "0 dictations deleted.\n")
        assert app.asked == ["history"]
        assert spooled(home) == [".take"]
        assert being_kept.is_file()
        speak(take)
        assert len(take.audio()) == 2 * FRAME
        memory.remember(Entry(started_at=NOW, text="Kept.", delivery=Outcome.INSERTED), take, LONG)
    (row,) = History(home.history).rows()
    assert (row.text, row.audio_path) == ("Kept.", being_kept)


def test_clear_spares_recording_of_a_concurrent_row(
    paths: Paths, memory: Memory, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    dictated(memory)
    with memory.spool.take(NOW + timedelta(hours=1)) as take:
        speak(take)
        ours = take.keep(paths.audio / f"{take.started_at:%Y%m%d-%H%M%S-%f}.flac")
        delete_all = History.clear

        def remembered_just_after(self: History) -> int:
            count = delete_all(self)
            memory.remember(Entry(started_at=take.started_at, delivery=Outcome.INSERTED), take, LONG)
            return count

        monkeypatch.setattr(History, "clear", remembered_just_after)
        assert clear(paths, history) == 1
    assert [row.audio_path for row in history.rows()] == [ours]
    assert ours.is_file()


def test_clear_deletes_takes_without_their_key(tmp_path: Path, keyring_file: Path) -> None:
    home = everywhere(tmp_path)
    with asked(InFile()):
        turning.begin(home)
        memory = Memory(home, History(home.history))
        dictated(memory)
        left(memory)
    assert spooled(home) == [".take"]
    with asked(Locked()):
        with pytest.raises(LockedProblem):
            clear(home, History(home.history))
        assert spooled(home) == []
        assert len(recordings(home)) == 1, "of a row that cannot be deleted yet"
    with asked(InFile()):
        assert clear(home, History(home.history)) == 1
    assert recordings(home) == []


def test_clear_wipes_the_copy_that_a_kill_left(tmp_path: Path, keyring_file: Path) -> None:
    home = everywhere(tmp_path)
    history = History(home.history)

    class Killed(BaseException):
        pass

    def kill(step: str) -> None:
        if step == "clearing":
            raise Killed

    with asked(InFile()):
        turning.begin(home)
        key = seal_key.made()
        history.add(Entry(started_at=NOW, text="A heron.", delivery=Outcome.INSERTED))
        with pytest.raises(Killed):
            convert(home.history, key, False, kill)
        assert in_the_clear(home, b"heron") == ["history.db"]
        assert clear(home, history) == 1
        assert in_the_clear(home, b"heron") == []
        convert(home.history, key, False)
        assert history.rows() == []


@pytest.mark.parametrize("name", ["history.db.wiping", "history.sealed.db.other", "history.db.other-wal"])
def test_clear_wipes_what_is_half_made(paths: Paths, history: History, name: str) -> None:
    history.rows()
    (paths.data / name).write_bytes(b"A heron.")
    clear(paths, history)
    assert in_the_clear(paths, b"heron") == []


def test_a_folder_in_the_spool_hinders_no_deletion(paths: Paths, memory: Memory, history: History) -> None:
    dictated(memory)
    left(memory)
    (paths.spool / "a folder.take").mkdir()
    (row,) = history.rows()
    assert delete(paths, history, row.id)
    clear(paths, history)
    assert spooled(paths) == [".take"]
    assert (history.rows(), recordings(paths)) == ([], [])


def test_clear_spares_what_was_begun_after_it(paths: Paths, memory: Memory, history: History) -> None:
    left(memory)
    later = NOW + timedelta(minutes=1)

    class Clearing(History):
        def clear(self) -> int:
            count = super().clear()
            left(memory, later)  # spoken meanwhile, and its row could not be written
            return count

    clear(paths, Clearing(paths.history))
    assert [take.started_at for take in memory.spool.leftovers()] == [later]


def test_undeletable_recording_keeps_no_other(paths: Paths, memory: Memory, history: History) -> None:
    history.add(Entry(started_at=NOW, delivery=Outcome.INSERTED, audio_path=paths.audio / "a folder"))
    (paths.audio / "a folder").mkdir(parents=True)
    (paths.audio / "20260101-120000-000001.flac").touch()
    with pytest.raises(HistoryProblem, match="Is a directory"):
        clear(paths, history)
    assert (history.rows(), recordings(paths)) == ([], ["a folder"])


def test_a_full_disk_can_be_cleared(paths: Paths, memory: Memory, history: History) -> None:
    left(memory)
    note_clearing(paths.history)
    with no_file_larger_than(0):
        note_clearing(paths.history)
    assert last_clearing(paths.history) is not None
    assert memory.is_cleared(memory.spool.leftovers()[0].head)


# -- what comes after it -------------------------------------------------------------------------------------------


@pytest.mark.anyio
async def test_recover_drops_what_began_before_a_clearing(paths: Paths, memory: Memory, history: History) -> None:
    left(memory)
    history.clear()
    ear = Ear()
    assert await found(memory, ear) == []
    assert (ear.pieces, spooled(paths), history.rows()) == ([], [], [])


@pytest.mark.anyio
async def test_recover_writes_nothing_cleared_meanwhile(paths: Paths, memory: Memory, history: History) -> None:
    left(memory)
    ear = Ear()
    ear.gate = anyio.Event()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(found, memory, ear)
        await ear.begun.wait()
        await to_thread.run_sync(clear, paths, history)
        ear.gate.set()
    assert (history.rows(), spooled(paths)) == ([], [])
    assert not paths.audio.exists()


def test_a_row_recovered_during_a_clearing_is_undone(
    paths: Paths, memory: Memory, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    left(memory)
    (take,) = memory.spool.leftovers()
    add = History.add

    def cleared_just_before(self: History, entry: Entry) -> object:
        clear(paths, history)
        return add(self, entry)

    monkeypatch.setattr(History, "add", cleared_just_before)
    assert not memory.remember_left(Entry(started_at=NOW, delivery=Outcome.RECOVERED), take, LONG)
    assert (history.rows(), recordings(paths)) == ([], [])


@pytest.mark.anyio
async def test_a_kill_after_a_clearing_loses_no_dictation(paths: Paths, memory: Memory, history: History) -> None:
    with memory.spool.take(NOW) as spoken, memory.spool.of(NOW - timedelta(hours=1)).take(NOW) as again:
        for take in (spoken, again):
            speak(take)
        await to_thread.run_sync(clear, paths, history)
        memory.spool.outlive_clearing()
    (entry,) = await found(Memory(paths, history), Ear())
    assert entry.started_at == NOW


@pytest.mark.anyio
async def test_clock_set_back_after_clear_loses_nothing(paths: Paths, history: History) -> None:
    history.clear()
    os.utime(cleared(paths.history), (0, (NOW + timedelta(days=300)).timestamp()))
    memory = Memory(paths, history)
    left(memory)
    with no_file_larger_than(0), pytest.raises(HistoryProblem):
        memory.remember(Entry(started_at=NOW, text="Held.", delivery=Outcome.INSERTED), Take(None, Head(NOW)), LONG)
    assert [entry.text for entry in await found(memory, Ear())] == ["Dear diary."]
    assert [row.text for row in history.rows()] == ["Dear diary.", "Held."]


def test_what_waits_in_memory_goes_with_a_clearing(paths: Paths, memory: Memory, history: History) -> None:
    history.rows()
    with no_file_larger_than(0), pytest.raises(HistoryProblem):
        memory.remember(Entry(started_at=NOW, text="Held.", delivery=Outcome.INSERTED), Take(None, Head(NOW)), LONG)
    clear(paths, history)
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
    assert not is_before(began, seen, last_clearing(path)), "it was never cleared"
    cleared(path).write_text("one")
    os.utime(cleared(path), (0, 100))
    assert is_before(began, seen, last_clearing(path)) is before
    cleared(path).write_text("")  # as an older Intone noted it
    os.utime(cleared(path), (0, 100))
    assert is_before(began, "", last_clearing(path)) is (began_s < 100)


# -- one dictation -------------------------------------------------------------------------------------------------


@pytest.fixture
def killed(memory: Memory) -> int:
    """A dictation whose row was written just before a kill, so that its take is there as well; another take is."""
    id = dictated(memory)
    left(memory)
    left(memory, NOW + timedelta(hours=1))
    return id


@pytest.mark.anyio
async def test_a_deleted_dictation_is_not_recovered(
    paths: Paths, memory: Memory, history: History, killed: int
) -> None:
    assert delete(paths, history, killed)
    assert not delete(paths, history, killed)
    (entry,) = await found(memory, Ear())
    assert entry.started_at == NOW + timedelta(hours=1)


@pytest.mark.anyio
async def test_deletion_during_retry_is_final(paths: Paths, memory: Memory, history: History) -> None:
    id = dictated(memory)
    with memory.spool.of(NOW).take(datetime.now(UTC)) as take:
        speak(take)
        assert delete(paths, history, id)
    ear = Ear()
    assert await found(Memory(paths, history), ear) == []
    assert (ear.pieces, spooled(paths), history.rows()) == ([], [], [])


def test_delete_command_takes_the_take_too(tmp_path: Path) -> None:
    home = Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path)
    memory = Memory(home, History(home.history))
    id = dictated(memory)
    left(memory)
    assert intone(tmp_path, tmp_path, "history", "delete", str(id)).returncode == 0
    assert spooled(home) == []


# -- the spool -----------------------------------------------------------------------------------------------------


def test_another_process_removes_only_what_is_left(tmp_path: Path) -> None:
    ours, theirs = Spool(tmp_path), Spool(tmp_path)
    with ours.take(NOW) as take:
        speak(take)
        with ours.take(NOW + timedelta(hours=1)) as other:
            speak(other)
        assert [head.started_at for head in theirs.heads(written=True)] == [NOW]
        assert theirs.remove() == 1
        assert [left.started_at for left in theirs.leftovers()] == [NOW]
    assert theirs.heads(written=True) == []
    assert theirs.remove(lambda head: head.started_at > NOW) == 0
    assert theirs.remove() == 1
    assert not list(tmp_path.iterdir())


def test_a_take_knows_the_clearing_before_it(tmp_path: Path) -> None:
    spool = Spool(tmp_path, clearing=lambda: "0123")
    with spool.take(NOW) as take:
        speak(take)
    assert [left.head.cleared for left in spool.leftovers()] == ["0123"]
