"""Locks of each system: one writer or several readers, until the process ends. filelock's run on Linux as well."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import AbstractContextManager, closing
from pathlib import Path
from queue import Queue
from types import ModuleType

import pytest

from desktop.core import locks, windows_files
from desktop.core.locks import SharedLock
from desktop.history import connection

if sys.platform != "win32":
    from desktop.core import posix_files

SYSTEMS = (windows_files,) if sys.platform == "win32" else (posix_files, windows_files)


HOLD = """
import sys
from pathlib import Path
from desktop.core import {module} as system
{body}
print("held", flush=True)
sys.stdin.read()
"""


class Holder:
    """A process that holds a lock until it is killed."""

    def __init__(self, system: ModuleType, body: str, *arguments: str) -> None:
        program = HOLD.format(module=system.__name__.rpartition(".")[2], body=body)
        command = [sys.executable, "-c", program, *arguments]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self) -> Holder:
        assert self._process.stdout is not None
        assert self._process.stdout.readline().strip() == b"held"
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_lock_file_has_one_holder(tmp_path: Path, system: ModuleType) -> None:
    file = tmp_path / "a.lock"
    first, second = system.open_lock_file(file), system.open_lock_file(file)
    assert system.try_lock(first)
    assert not system.try_lock(second)
    os.close(first)
    assert system.try_lock(second)
    os.close(second)


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_killed_process_holds_no_lock(tmp_path: Path, system: ModuleType) -> None:
    file = tmp_path / "a.lock"
    descriptor = system.open_lock_file(file)
    with Holder(system, "assert system.try_lock(system.open_lock_file(Path(sys.argv[1])))", str(file)) as holder:
        assert not system.try_lock(descriptor)
        holder.kill()
        assert system.try_lock(descriptor)
    os.close(descriptor)


@pytest.mark.parametrize("system", SYSTEMS)
def test_writers_of_a_folder_take_turns(tmp_path: Path, system: ModuleType) -> None:
    steps: Queue[str] = Queue()

    def write() -> None:
        steps.put("waits")
        with system.lock_folder(tmp_path):
            steps.put("writes")

    thread = threading.Thread(target=write)
    with system.lock_folder(tmp_path):
        thread.start()
        assert steps.get() == "waits"
        steps.put("done")
    thread.join()
    assert [steps.get(), steps.get()] == ["done", "writes"]


def test_readers_share_a_lock_and_a_writer_waits(tmp_path: Path) -> None:
    file = tmp_path / "history.lock"
    steps: Queue[str] = Queue()

    def write() -> None:
        with closing(SharedLock(file)) as own:
            steps.put("waits")
            own.lock(is_shared=False)
            steps.put("writes")

    thread = threading.Thread(target=write)
    with closing(SharedLock(file)) as first, closing(SharedLock(file)) as second:
        first.lock(is_shared=True)
        second.lock(is_shared=True)
        thread.start()
        assert steps.get() == "waits"
        steps.put("read")
    thread.join()
    assert [steps.get(), steps.get()] == ["read", "writes"]


def test_a_killed_writer_lets_readers_in(tmp_path: Path) -> None:
    file = tmp_path / "history.lock"
    with Holder(locks, "system.SharedLock(Path(sys.argv[1])).lock(is_shared=False)", str(file)) as holder:
        holder.kill()
        with closing(SharedLock(file)) as own:
            own.lock(is_shared=True)


def test_a_reader_reads_within_itself_while_a_writer_waits(tmp_path: Path) -> None:
    """Several of the history's readers do, and a writer that was let in between would wait for ever, as they would."""
    path = tmp_path / "history.db"
    steps: Queue[str] = Queue()

    def write() -> None:
        steps.put("waits")
        with connection.exclusive_lock(path):
            steps.put("writes")

    thread = threading.Thread(target=write, daemon=True)
    with connection.shared_lock(path):
        thread.start()
        assert steps.get() == "waits"
        for _ in range(100):  # the writer asks at some time meanwhile
            with connection.shared_lock(path):
                pass
        steps.put("read")
    assert [steps.get(timeout=30), steps.get(timeout=30)] == ["read", "writes"]
    thread.join()


def test_history_locks_are_given_within_themselves(tmp_path: Path) -> None:
    path = tmp_path / "history.db"

    def hold(lock: AbstractContextManager[None]) -> None:
        with lock:
            pass

    with connection.shared_lock(path), connection.shared_lock(path), connection.file_lock(path, "key.lock"):
        hold(connection.shared_lock(path))
    hold(connection.exclusive_lock(path))
    hold(connection.exclusive_lock(path))


def test_lock_in_a_missing_folder_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        SharedLock(tmp_path / "missing" / "history.lock")


def test_read_at_reads_from_the_offset(tmp_path: Path) -> None:
    file = tmp_path / "data"
    file.write_bytes(b"0123456789")
    descriptor = os.open(file, os.O_RDONLY)
    for system in SYSTEMS:
        assert [system.read_at(descriptor, 3, at) for at in (4, 0, 9, 10)] == [b"456", b"012", b"9", b""]
    os.close(descriptor)


class BusyPath(type(Path())):  # type: ignore[misc]
    """A path whose target is open elsewhere, as Windows reports it, so many times yet."""

    refusals = 0
    winerror = 5

    def replace(self, target: Path) -> Path:
        self.refuse()
        replaced: Path = super().replace(target)
        return replaced

    def unlink(self, missing_ok: bool = False) -> None:
        self.refuse()
        super().unlink(missing_ok)

    def refuse(self) -> None:
        if BusyPath.refusals:
            BusyPath.refusals -= 1
            error = PermissionError(13, "open elsewhere")
            error.winerror = BusyPath.winerror  # type: ignore[attr-defined]
            raise error


def test_renaming_waits_for_readers_on_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = BusyPath(tmp_path / "new"), tmp_path / "old"
    source.write_text("new")
    target.write_text("old")
    monkeypatch.setattr(BusyPath, "refusals", 3)
    windows_files.rename_over(source, target)
    assert target.read_text() == "new"
    source.write_text("newer")
    monkeypatch.setattr(BusyPath, "refusals", 1)
    monkeypatch.setattr(windows_files, "REPLACE_TIMEOUT_S", 0.0)
    with pytest.raises(PermissionError):
        windows_files.rename_over(source, target)
    assert target.read_text() == "new"


def test_renaming_waits_for_nothing_in_a_folder_that_refuses_on_windows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = BusyPath(tmp_path / "new"), tmp_path / "old"
    source.write_text("new")
    monkeypatch.setattr(BusyPath, "refusals", 1)
    with pytest.raises(PermissionError):  # of the folder: there is no file that could be open
        windows_files.rename_over(source, target)
    monkeypatch.setattr(BusyPath, "refusals", 1)
    monkeypatch.setattr(BusyPath, "winerror", 32)  # the new file is being scanned
    windows_files.rename_over(source, target)
    assert target.read_text() == "new"


def test_removing_waits_for_readers_on_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = BusyPath(tmp_path / "read")
    file.write_text("words")
    monkeypatch.setattr(BusyPath, "refusals", 3)
    file.chmod(0o400)
    with pytest.raises(PermissionError):
        windows_files.remove_file(file)
    file.chmod(0o600)
    monkeypatch.setattr(BusyPath, "winerror", 32)
    windows_files.remove_file(file)
    assert BusyPath.refusals == 0
    assert not file.exists()
    file.write_text("words")
    monkeypatch.setattr(BusyPath, "refusals", 3)
    monkeypatch.setattr(BusyPath, "winerror", 5)  # a program has it mapped
    windows_files.remove_file(file)
    assert not file.exists()
    with pytest.raises(FileNotFoundError):
        locks.remove_file(file)


def test_a_file_is_removed_once_no_process_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "read"
    file.write_text("words")
    with file.open() as reader:
        remover = threading.Thread(target=locks.remove_file, args=(file,))
        remover.start()
        assert reader.read() == "words"
    remover.join()
    assert not file.exists()


def test_new_name_replaces_no_file(tmp_path: Path) -> None:
    source, target = tmp_path / "new", tmp_path / "old"
    source.write_text("new")
    target.write_text("old")
    with pytest.raises(FileExistsError):
        locks.give_name(source, target)
    assert target.read_text() == "old"
    locks.give_name(source, tmp_path / "free")
    assert (tmp_path / "free").read_text() == "new"


def test_locks_are_those_of_this_system() -> None:
    chosen = windows_files if sys.platform == "win32" else posix_files
    assert (locks.try_lock, locks.lock_folder) == (chosen.try_lock, chosen.lock_folder)
