"""One flipped bit in any page of a history costs the rows of that page, and no other."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desktop.core.paths import Paths
from desktop.core.types import Outcome
from desktop.encryption.cipher import EncryptionKey
from desktop.history import connection as history_connection
from desktop.history import encryption
from desktop.history.recorder import DictationRecorder
from desktop.history.repair import read_readable_entries
from desktop.history.rows import HistoryEntry
from desktop.history.schema import prepare_connection
from desktop.history.store import HistoryStore

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
PAGE = 4096
COUNT = 60


def connect(file: Path, key: EncryptionKey | None) -> sqlite3.Connection:
    connection = history_connection.open_database(file, key, 1, must_exist=True)
    prepare_connection(connection)
    return connection


def readable(file: Path, key: EncryptionKey | None) -> set[str]:
    """The words of the rows that a connection which does nothing else can read."""
    found = set[str]()
    for id in range(1, COUNT + 1):
        with suppress(*history_connection.database_errors()), closing(connect(file, key)) as connection:
            found |= {row["raw_text"] for row in connection.execute("SELECT * FROM dictation WHERE id = ?", (id,))}
    return found


def fill(history: HistoryStore) -> set[str]:
    words = [f"number {number} {'x' * 200}" for number in range(COUNT)]
    history.add_missing(
        HistoryEntry(started_at=NOW + timedelta(minutes=number), raw_text=said, text=said, delivery=Outcome.INSERTED)
        for number, said in enumerate(words)
    )
    return set(words)


def remove_all(paths: Paths) -> None:
    for file in paths.data.iterdir():
        if file.name.startswith("history") and file.suffix in (".db", ".unread", ".begun"):
            file.unlink()


@pytest.mark.parametrize("encrypted", [True, False])
def test_flipped_bit_costs_only_the_rows_of_its_page(home: Paths, encrypted: bool) -> None:
    if encrypted:
        encryption.start_encryption(home)
    history = HistoryStore(home.history)
    words = fill(history)
    file = history_connection.current_file(home.history)
    key = history_connection.load_key(home.history, file)
    whole = file.read_bytes()
    with closing(connect(file, key)) as connection:
        roots = dict(connection.execute("SELECT name, rootpage FROM sqlite_master WHERE rootpage > 0").fetchall())
    complete = set[int]()
    for page in range(len(whole) // PAGE):
        remove_all(home)
        broken = bytearray(whole)
        broken[page * PAGE + (100 if encrypted or page == 0 else 0)] ^= 1
        file.write_bytes(broken)
        expected = readable(file, key)
        DictationRecorder(home, history).repair()
        found = {row.raw_text for row in history.rows(-1)}
        assert found >= expected, f"page {page + 1}: {len(found)} rows of {len(expected)}"
        if found == words:
            complete.add(page + 1)
    assert complete >= set(roots.values()) - {roots["dictation"]}


@pytest.mark.parametrize("number", [3, 2**62])
def test_damaged_number_in_the_sequence_hides_no_row(home: Paths, number: int) -> None:
    words = fill(HistoryStore(home.history))
    with closing(connect(home.history, None)) as connection:
        connection.execute("UPDATE sqlite_sequence SET seq = ?", (number,))
    assert {entry.raw_text for entry in read_readable_entries(home.history, None)} == words
