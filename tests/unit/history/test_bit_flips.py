"""One value that is not as it was written costs no other: rows are read, exported, deleted and let go as before."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import pytest

from desktop.core.errors import HistoryError
from desktop.core.paths import Paths
from desktop.core.types import Emotion, Outcome, SentData
from desktop.history import encryption
from desktop.history import rows as history_rows
from desktop.history.figures import FIGURES_VIEW_MIGRATION
from desktop.history.list_index import HistoryQuery
from desktop.history.recorder import DictationRecorder
from desktop.history.rows import PARTLY_READABLE_NOTE, HistoryEntry
from desktop.history.schema import MIGRATIONS, open_history
from desktop.history.store import HistoryStore
from desktop.settings.schema import HistorySettings
from tests.support.encrypted_home import asked, everywhere
from tests.support.keyring import InFile
from tests.support.settings import in_force

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)

ODD: list[tuple[str, bytes | str]] = [
    ("delivery", "mnserted"),
    ("delivery", b"inserte\xe4"),
    ("emotion", "?label"),
    ("emotion", '["joy"]'),
    ("emotion", '{"label": "jny", "confidence": 0.5, "valence": 0.5, "arousal": 0.5}'),
    ("emotion_user", "jny"),
    ("emotion", b'{"label": "jo\xf9"}'),
    ("sent", "[{}]"),
    ("sent", "{"),
    ("guards", "7"),
    ("changed", '[{"rule": "a newer one", "why": "of more parts"}]'),
    ("started_at", "2026-05-04 at noon"),
    ("started_at", "2026-05-04T12:37:00.000"),
    ("started_at", "0001-05-04T12:37:00.000+14:00"),
    ("started_at", "9999-12-31T23:59:00.000-12:00"),
    ("text", b"Number\xa05."),
    ("app", b"\xe5ditor"),
]


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path)


@pytest.fixture
def history(paths: Paths) -> HistoryStore:
    """Ten rows, the third newest of which is id 8."""
    history = HistoryStore(paths.history)
    for number in range(10):
        entry = HistoryEntry(
            started_at=NOW + timedelta(minutes=number),
            app="editor",
            raw_text=f"number {number}",
            text=f"Number {number}.",
            delivery=Outcome.INSERTED,
            emotion=Emotion("joy", 0.5, 0.5, 0.5),
            sent=(SentData("example", "polish"),),
        )
        history.add(entry)
    return history


def flip(paths: Paths, column: str, odd: bytes | str, id: int = 8) -> None:
    """Have a value be another, as a disk does it: no trigger is told."""
    value = odd.encode() if isinstance(odd, str) else odd
    with open_history(paths.history) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(f"UPDATE dictation SET {column} = CAST(? AS TEXT) WHERE id = ?", (value, id))
        for _, sql in triggers:
            connection.execute(sql)


@pytest.mark.parametrize(("column", "odd"), ODD)
def test_what_can_be_read_of_it_is(paths: Paths, history: HistoryStore, tmp_path: Path, column: str, odd: str) -> None:
    flip(paths, column, odd)
    rows = history.rows()
    assert [row.id for row in rows] == list(range(10, 0, -1))
    assert [row.raw_text for row in rows] == [f"number {number}" for number in range(9, -1, -1)]
    whole = isinstance(odd, bytes) and column in ("text", "app")  # but for one sign
    assert [row.id for row in rows if PARTLY_READABLE_NOTE in row.notes] == ([] if whole else [8])
    assert history.rows_with_ids([8]) == [rows[2]]
    assert len(history.list_index(HistoryQuery()).ids) == 10
    assert "editor" in history.filter_choices().apps
    for file in (tmp_path / "words.jsonl", tmp_path / "words.srt"):
        assert history.export(file) == 10
    lines = (tmp_path / "words.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[2])["raw_text"] == "number 7"
    if not whole:
        with pytest.raises(HistoryError, match="Not all of dictation 8"):
            history.get(8)
    with open_history(paths.history) as connection:
        connection.text_factory = bytes
        (kept,) = connection.execute(f"SELECT {column} FROM dictation WHERE id = 8").fetchone()
    assert kept == (odd.encode() if isinstance(odd, str) else odd), "it is as it was on the disk"


@pytest.mark.parametrize(("column", "odd"), ODD)
def test_it_goes_with_the_others(paths: Paths, history: HistoryStore, column: str, odd: str) -> None:
    flip(paths, column, odd)
    memory, later = DictationRecorder(paths, history), NOW + timedelta(days=1, minutes=8)
    paths.clock.write_text(json.dumps([later.timestamp(), None, 0.0]))
    for _ in range(2):  # what is no text any more is mended first
        anyio.run(memory.expire, in_force(HistorySettings(keep_text_days=1)), later)
    assert [row.raw_text for row in history.rows()] == ["number 9"]


@pytest.mark.parametrize(("column", "odd"), ODD)
def test_flipped_row_corrected_and_deleted_after_mend(
    paths: Paths, history: HistoryStore, column: str, odd: str
) -> None:
    flip(paths, column, odd)
    assert (DictationRecorder(paths, history).repair() is not None) is isinstance(odd, bytes)
    (row,) = history.search("number 7")
    assert history.correct_text(row.id, "Number 77") is not None
    assert [found.id for found in history.search("77")] == [row.id]
    undone = history.update(row.id, delivery=Outcome.CANCELLED)
    assert undone is not None
    assert undone.delivery is Outcome.CANCELLED
    corrected = history.correct_emotion(row.id, "fear")
    assert corrected is not None
    assert corrected.effective_emotion is not None
    assert corrected.effective_emotion.label == "fear"
    assert history.delete(row.id)
    assert len(history.rows()) == 9
    assert history.search("77") == []


@pytest.mark.parametrize("encrypted", [False, True])
def test_it_is_so_in_a_file_of_an_older_intone_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encrypted: bool
) -> None:
    monkeypatch.setenv("INTONE_TEST_KEYRING", str(tmp_path / "keyring.json"))
    with asked(InFile()):
        paths = everywhere(tmp_path)
        if encrypted:
            encryption.start_encryption(paths)
        history = HistoryStore(paths.history)
        for text in ("One.", "Two."):
            history.add(
                HistoryEntry(
                    started_at=NOW, text=text, delivery=Outcome.INSERTED, emotion=Emotion("joy", 0.5, 0.5, 0.5)
                )
            )
        with open_history(paths.history) as connection:
            (sql,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'figured'").fetchone()
            older, count = re.subn(r"CASE WHEN json_valid\(emotion\) THEN (json_extract\(.*?\)) END", r"\1", sql)
            assert count > 3
            connection.execute("DROP VIEW figured")
            connection.execute(older)
            connection.execute(f"PRAGMA user_version = {MIGRATIONS.index(FIGURES_VIEW_MIGRATION)}")
        flip(paths, "emotion", "?label", 1)
        assert history.correct_emotion(1, "fear") is not None
        assert [found.emotion_user for found in history.rows()] == [None, "fear"]
        with open_history(paths.history) as connection:
            told = connection.execute("SELECT label, corrected, valence FROM figures ORDER BY id").fetchall()
        assert [tuple(figures) for figures in told] == [("fear", 1, -1.0), ("joy", 0, 0.5)]


@pytest.mark.parametrize(("column", "odd"), ODD)
def test_everything_can_be_forgotten_at_once(paths: Paths, history: HistoryStore, column: str, odd: str) -> None:
    flip(paths, column, odd)
    assert history.clear() == 10
    assert history.rows() == []


@pytest.mark.parametrize("moment", [1e300, -1e300, 1e15])
def test_a_moment_that_is_none_costs_no_list(paths: Paths, history: HistoryStore, moment: float) -> None:
    with open_history(paths.history) as connection:
        connection.execute("UPDATE dictation SET started_s = ?, started_at = 'never' WHERE id = 8", (moment,))
    assert len(history.list_index(HistoryQuery()).ids) == 10
    assert [row.text for row in history.rows()][2] == "Number 7."


def test_damaged_row_read_with_defaults_can_be_kept(history: HistoryStore) -> None:
    entry = HistoryEntry(started_at=NOW, raw_text="a heron", text="A heron.", delivery=Outcome.INSERTED)
    values = {
        **history_rows.insert_statement(entry)[1],
        "id": 8,
        "text": None,
        "duration_s": "long",
        "edited": b"",
        "paste_ms": 7,
    }
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.row_factory = sqlite3.Row
        found = connection.execute(f"SELECT {', '.join(f':{name} AS {name}' for name in values)}", values).fetchone()
    row = history_rows.parse_readable_row(found)
    assert (row.raw_text, row.text, row.duration_s, row.edited, row.notes) == (
        "a heron",
        "",
        0.0,
        None,
        (PARTLY_READABLE_NOTE,),
    )
    assert history.add_missing([HistoryEntry(**{name: getattr(row, name) for name in history_rows.ENTRY_FIELDS})]) == 1
