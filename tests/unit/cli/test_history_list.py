"""What the history prints and exports: lists, searches, rows and the bounds of time."""

from __future__ import annotations

import argparse
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desktop.cli.history import parse_moment
from desktop.core.types import Emotion, Outcome
from desktop.history.rows import HistoryEntry
from desktop.history.store import HistoryStore
from tests.support.command_line import NOON, Intone, fails, printed


def test_the_list_is_newest_first_one_row_a_line(intone: Intone, history: HistoryStore) -> None:
    assert printed(intone("history", "list", "--json")) == [row.to_json() for row in history.rows()]
    assert [row["id"] for row in printed(intone("history", "list", "--json", "--limit", "2"))] == [3, 2]
    assert [row["id"] for row in printed(intone("history", "list", "--json", "--since", "90m"))] == [3, 2]
    lines = intone("history", "list").stdout.splitlines()
    assert len(lines) == 3
    assert lines[0].split()[0] == "3"
    assert lines[0].endswith("The third one.")


def test_history_list_shows_fifty_rows_by_default(intone: Intone, history: HistoryStore) -> None:
    for number in range(60):
        history.add(HistoryEntry(started_at=NOON, text=str(number), delivery=Outcome.INSERTED))
    assert len(printed(intone("history", "list", "--json"))) == 50


def test_list_search_and_export_take_the_same_filters(intone: Intone, history: HistoryStore, tmp_path: Path) -> None:
    history.update(1, language="zh", delivery=Outcome.COPIED)
    history.correct_emotion(2, "joy")
    for flags, ids in (
        (["--app", "Kate"], [3, 2, 1]),
        (["--app", "xterm"], []),
        (["--language", "zh", "--delivery", "copied"], [1]),
        (["--emotion", "joy"], [2]),
        (["--until", "30m"], [2, 1]),
        (["--until", "30m", "--since", "90m"], [2]),
    ):
        assert [row["id"] for row in printed(intone("history", "list", "--json", *flags))] == ids
        assert [row["id"] for row in printed(intone("history", "search", "the", "--json", *flags))] == ids
        intone("history", "export", str(tmp_path / "some.jsonl"), *flags)
        assert [json.loads(line)["id"] for line in (tmp_path / "some.jsonl").read_text().splitlines()] == ids


@pytest.mark.parametrize(
    "stored", ["1965-05-04T12:37:00+02:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:00-12:00", "2026-05-04"]
)
def test_row_with_a_damaged_time_hides_no_other(
    intone: Intone, history: HistoryStore, home: Path, tmp_path: Path, stored: str
) -> None:
    with closing(sqlite3.connect(home / "history.db", autocommit=True)) as connection:
        connection.execute("UPDATE dictation SET started_at = ?, started_s = -1e300 WHERE id = 2", (stored,))
    for done in (intone("history", "list"), intone("history", "search", "the")):
        assert (done.returncode, done.stderr) == (0, "")
        assert [line.split()[0] for line in done.stdout.splitlines()] == ["3", "2", "1"]
    for suffix in ("jsonl", "csv", "md", "txt", "srt"):
        assert printed(intone("history", "export", str(tmp_path / f"all.{suffix}"), "--json"))[0]["rows"] == 3


def test_search_takes_words_with_or_without_quotes(intone: Intone, history: HistoryStore) -> None:
    assert [row["id"] for row in printed(intone("history", "search", "whal", "--json"))] == [2]
    assert [row["id"] for row in printed(intone("history", "search", "one", "first", "--json"))] == [1]
    assert [row["id"] for row in printed(intone("history", "search", "one first", "--json"))] == [1]
    assert printed(intone("history", "search", '"(', "--json")) == []


def test_show_prints_all_of_a_row(intone: Intone, history: HistoryStore) -> None:
    row = history.update(2, emotion=Emotion("joy", 0.5, 0.25, 0.0))
    assert row is not None
    assert printed(intone("history", "show", "2", "--json")) == [row.to_json()]
    assert "text: The second, about whales.\n" in intone("history", "show", "2").stdout
    fails(intone("history", "show", "99"), "There is no dictation 99.")


def test_foreign_text_cannot_control_terminal(intone: Intone, history: HistoryStore) -> None:
    history.add(
        HistoryEntry(started_at=NOON, app="a\nb", window="\x1b]0;pwned\x07", text="\x1b[2J", delivery=Outcome.INSERTED)
    )
    for done in (intone("history", "list"), intone("history", "show", "4")):
        assert done.returncode == 0
        assert "\x1b" not in done.stdout
        assert "a\nb" not in done.stdout


def test_export_writes_all_rows_by_default(intone: Intone, history: HistoryStore, tmp_path: Path) -> None:
    out = tmp_path / "words.jsonl"
    assert printed(intone("history", "export", str(out), "--json")) == [{"file": str(out), "rows": 3}]
    assert [json.loads(line)["id"] for line in out.read_text().splitlines()] == [3, 2, 1]
    intone("history", "export", str(out), "--limit", "1")
    assert len(out.read_text().splitlines()) == 1
    fails(intone("history", "export", str(tmp_path / "words.pdf")), "ends in one of")


def test_a_reader_that_has_seen_enough_is_no_failure(environment: dict[str, str], history: HistoryStore) -> None:
    for _ in range(50):
        history.add(HistoryEntry(started_at=NOON, text="long " * 2000, delivery=Outcome.INSERTED))
    command = [sys.executable, "-m", "desktop", "history", "list"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as listing:
        assert listing.stdout is not None
        assert listing.stderr is not None
        listing.stdout.readline()
        listing.stdout.close()
        assert listing.stderr.read() == b""
        assert listing.wait(timeout=60) == 0


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-31T10:00:00+02:00", datetime(2026, 1, 31, 8, tzinfo=UTC)),
        ("2026-01-31T10:00:00Z", datetime(2026, 1, 31, 10, tzinfo=UTC)),
        ("30m", NOON - timedelta(minutes=30)),
        ("2h", NOON - timedelta(hours=2)),
        ("7D", NOON - timedelta(days=7)),
        ("4w", NOON - timedelta(weeks=4)),
        ("2026-01-31", datetime(2026, 1, 31).astimezone()),
        ("2026-01-31 14:30", datetime(2026, 1, 31, 14, 30).astimezone()),
        ("today", datetime(2026, 3, 14).astimezone()),
        ("yesterday", datetime(2026, 3, 13).astimezone()),
    ],
)
def test_since_is_a_date_a_time_or_an_age(text: str, moment: datetime) -> None:
    assert parse_moment(text, NOON) == moment


@pytest.mark.parametrize("text", ["", "7", "d", "-1d", "7 days", "2026-13-01", "0001-01-01", "soon", "99999999d"])
def test_since_refuses_what_it_cannot_read(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="such as"):
        parse_moment(text, NOON)
