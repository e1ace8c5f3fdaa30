"""An index that alone is damaged is built anew in place: others wait, and a disk that refuses costs nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desktop.core.errors import HistoryError
from desktop.core.paths import Paths
from desktop.core.types import Outcome
from desktop.history import connection as history_connection
from desktop.history import encryption, repair
from desktop.history.recorder import DictationRecorder
from desktop.history.rows import HistoryEntry
from desktop.history.schema import open_history
from desktop.history.store import HistoryStore
from tests.support.other_systems import SYSTEM, only_on_linux
from tests.unit.audio.test_spool import no_file_larger_than

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
OTHER_USER = 65534


def fill(paths: Paths, count: int) -> list[str]:
    """Rows of many words; return all texts, newest first."""
    words = [" ".join(f"heron{number}x{part}" for part in range(30)) for number in range(count)]
    HistoryStore(paths.history).add_missing(
        HistoryEntry(started_at=NOW + timedelta(minutes=number), text=said, delivery=Outcome.INSERTED)
        for number, said in enumerate(words)
    )
    return words[::-1]


def damage_index(paths: Paths) -> None:
    with open_history(paths.history) as connection:
        connection.execute("DELETE FROM words_data WHERE id > 100")
        assert connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok"


def texts(paths: Paths) -> list[str]:
    return [row.text for row in HistoryStore(paths.history).rows(-1)]


def asides(paths: Paths) -> list[Path]:
    return [file for file in paths.data.iterdir() if ".damaged-" in file.name or file.suffix == ".unread"]


@contextmanager
def read_only(paths: Paths) -> Iterator[None]:
    """The history may not be written meanwhile, by root neither, who becomes another user for that."""
    is_root = os.geteuid() == 0
    paths.history.chmod(0o400)
    if is_root:
        give_all(paths, OTHER_USER)
        os.setresuid(OTHER_USER, OTHER_USER, 0)
    try:
        yield
    finally:
        if is_root:
            os.setresuid(0, 0, 0)
            give_all(paths, 0)
        paths.history.chmod(0o600)


def give_all(paths: Paths, user: int) -> None:
    for file in (paths.data, *paths.data.iterdir()):
        os.chown(file, user, user)


@pytest.fixture
def open_home() -> Iterator[Paths]:
    """A home that every user can reach, which pytest's own folder is not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield Paths(config=folder / "data", data=folder / "data", state=folder / "data", runtime=folder / "data")
    shutil.rmtree(folder)


def test_dictation_that_ends_during_the_rebuild_waits(home: Paths) -> None:
    fill(home, 5000)
    damage_index(home)
    impatient, added = HistoryStore(home.history, timeout_s=0.1), 0
    with ThreadPoolExecutor(1) as pool:
        repaired = pool.submit(DictationRecorder(home, HistoryStore(home.history)).repair)
        while not repaired.done():
            impatient.add(HistoryEntry(started_at=NOW, text="A whale.", delivery=Outcome.INSERTED))
            added += 1
        assert repaired.result() is None
    assert asides(home) == []
    assert len(impatient.search("whale", -1)) == added > 0
    assert len(impatient.search("heron7x7")) == 1


@pytest.mark.parametrize("encrypted", [True, False])
def test_full_disk_is_no_damage_and_loses_nothing(home: Paths, encrypted: bool) -> None:
    if encrypted:
        encryption.start_encryption(home)
    words = fill(home, 100)
    damage_index(home)
    memory = DictationRecorder(home, HistoryStore(home.history))
    with no_file_larger_than(40_000), pytest.raises(HistoryError):
        memory.repair()
    assert asides(home) == []
    assert texts(home) == words
    assert memory.repair() is None
    assert asides(home) == []
    assert texts(home) == words
    assert len(HistoryStore(home.history).search("heron7x7")) == 1


def test_read_only_file_is_no_damage_and_loses_nothing(open_home: Paths) -> None:
    only_on_linux(SYSTEM)
    words = fill(open_home, 20)
    damage_index(open_home)
    memory = DictationRecorder(open_home, HistoryStore(open_home.history))
    with read_only(open_home):
        with pytest.raises(HistoryError, match="cannot be used"):
            memory.repair()
        assert asides(open_home) == []
        assert texts(open_home) == words
    assert memory.repair() is None
    assert texts(open_home) == words
    assert len(HistoryStore(open_home.history).search("heron7x7")) == 1


def test_other_program_s_lock_is_no_damage(home: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not know of ours."""
    monkeypatch.setattr(repair, "WRITE_TIMEOUT_S", 0.1)
    words = fill(home, 20)
    damage_index(home)
    memory = DictationRecorder(home, HistoryStore(home.history))
    with closing(sqlite3.connect(home.history, autocommit=True)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(HistoryError, match="Another program"):
            memory.repair()
        assert texts(home) == words
    assert memory.repair() is None
    assert texts(home) == words


def test_rows_damaged_beside_the_index_are_kept_aside(home: Paths) -> None:
    words = fill(home, 60)
    damage_index(home)
    file = history_connection.current_file(home.history)
    data = bytearray(file.read_bytes())
    page = data.find(words[30].encode()) // 4096
    data[page * 4096 : (page + 1) * 4096] = b"\xff" * 4096
    file.write_bytes(data)
    assert DictationRecorder(home, HistoryStore(home.history)).repair() is not None
    assert len(asides(home)) == 1
    assert 40 < len(texts(home)) < 60
