"""Files of another version, damage, a full disk and other programs: each is a problem with a remedy."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from desktop.core.errors import HistoryError
from desktop.history.schema import MIGRATIONS, history_errors
from desktop.history.store import HistoryStore
from tests.support.history_rows import said


def test_older_version_file_is_migrated(history: HistoryStore, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(file)) as older:
        older.executescript(MIGRATIONS[0])
        older.execute("PRAGMA user_version = 1")
        older.execute(
            "INSERT INTO dictation (started_at, started_s, app, window, raw_text, text, language, duration_s, engine,"
            " model, delivery, note, decode_s, device, guards)"
            " VALUES ('2026-03-14T12:00:00+01:00', 0, '', '', 'x', 'x', '', 0, '', '', 'inserted', '', 0, '', '[]')"
        )
        older.commit()
    assert [(row.text, row.sent, row.style, row.changed) for row in history.rows()] == [("x", (), "", ())]


def test_a_file_of_a_newer_intone_is_refused_untouched(history: HistoryStore, file: Path) -> None:
    history.add(said("x"))
    with closing(sqlite3.connect(file)) as newer:
        newer.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    before = file.read_bytes()
    with pytest.raises(HistoryError, match="newer Intone"):
        history.add(said("y"))
    assert file.read_bytes() == before


def test_a_damaged_file_is_a_problem_with_a_remedy(history: HistoryStore, file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"this is no database at all, but long enough to have been one" * 50)
    with pytest.raises(HistoryError, match=r"damaged\. Start Intone anew"):
        history.rows()


def test_a_full_disk_is_a_problem_with_a_remedy(file: Path) -> None:
    with closing(sqlite3.connect(":memory:")) as small:
        small.execute("CREATE TABLE story (text)")
        small.execute("PRAGMA max_page_count = 2")
        with pytest.raises(HistoryError, match=r"disk is full.* Make some room"), history_errors(file):
            small.execute("INSERT INTO story VALUES (randomblob(100000))")


def test_a_mistake_of_ours_stays_a_bug(file: Path) -> None:
    with closing(sqlite3.connect(":memory:")) as other, pytest.raises(sqlite3.OperationalError), history_errors(file):
        other.execute("SELECT nonsense")


def test_history_locked_by_another_program_times_out(history: HistoryStore, file: Path) -> None:
    history.add(said("x"))
    with closing(sqlite3.connect(file, autocommit=True)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(HistoryError, match="Another program"):
            HistoryStore(file, timeout_s=0.1).add(said("y"))
        assert [row.text for row in history.rows()] == ["x"]


def test_a_folder_that_cannot_be_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HistoryError, match="cannot be used"):
        HistoryStore(tmp_path / "file" / "history.db").rows()
    with pytest.raises(HistoryError, match="cannot be used"):
        HistoryStore(tmp_path).rows()
