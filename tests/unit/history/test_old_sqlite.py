"""Where Python's SQLite would damage the index of words, SQLCipher's opens the history, which stays as it is."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from desktop.core.paths import Paths
from desktop.core.types import Outcome
from desktop.history import connection as history_connection
from desktop.history.recorder import DictationRecorder
from desktop.history.rows import HistoryEntry
from desktop.history.schema import open_history
from desktop.history.store import HistoryStore

NEWEST = (99, 0)


@pytest.fixture
def file(paths: Paths) -> Path:
    return paths.history


def version_used(file: Path) -> str:
    with open_history(file) as connection:
        (version,) = connection.execute("SELECT sqlite_version()").fetchone()
    return str(version)


def test_sqlcipher_is_used_where_python_s_is_too_old(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_connection, "SOUND_SQLITE", sqlite3.sqlite_version_info)
    assert version_used(file) == sqlite3.sqlite_version
    monkeypatch.setattr(history_connection, "SOUND_SQLITE", NEWEST)
    assert version_used(file) == dbapi2.sqlite_version


@pytest.mark.parametrize(("version", "is_sound"), [((3, 45, 3), False), ((3, 46, 0), False), ((3, 46, 1), True)])
def test_sqlite_is_used_from_3_46_1_on(
    file: Path, monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int], is_sound: bool
) -> None:
    """The first that leaves a whole index, as tried by releases of APSW."""
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    assert (version_used(file) == sqlite3.sqlite_version) is is_sound


def test_changed_row_leaves_a_whole_index(memory: DictationRecorder, history: HistoryStore) -> None:
    for text in ("A heron.", "A whale."):
        history.add(HistoryEntry(started_at=datetime.now(UTC), text=text, delivery=Outcome.INSERTED))
    history.correct_text(1, "A swan.")
    history.delete(2)
    assert memory.repair() is None
    assert [row.id for row in history.search("swan")] == [1]


def test_either_sqlite_repairs_and_reads_the_same_file(
    paths: Paths, memory: DictationRecorder, history: HistoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.add(HistoryEntry(started_at=datetime.now(UTC), text="A heron.", delivery=Outcome.INSERTED))
    monkeypatch.setattr(history_connection, "SOUND_SQLITE", NEWEST)
    data = paths.history.read_bytes()
    assert data.count(b"raw_text") > 1
    paths.history.write_bytes(data.replace(b"raw_text", b"raw_tex_"))
    assert memory.repair() is not None
    history.add(HistoryEntry(started_at=datetime.now(UTC), text="A whale.", delivery=Outcome.INSERTED))
    monkeypatch.undo()
    assert [row.text for row in history.rows()] == ["A whale.", "A heron."]
