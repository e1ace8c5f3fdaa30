"""Exports of the history: JSON lines, tables, subtitles and text."""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from pathlib import Path

import pytest

from desktop.core.errors import HistoryError
from desktop.core.types import Emotion, Outcome
from desktop.history.store import HistoryStore
from tests.support.history_rows import NOON, said
from tests.support.private_files import is_private


def test_jsonl_holds_every_row_as_printed(history: HistoryStore, tmp_path: Path) -> None:
    history.add_missing(said(f"Grüße {number}\nzwei") for number in range(1200))
    out = tmp_path / "all.jsonl"
    assert history.export(out) == 1200
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert rows == [row.to_json() for row in history.rows(limit=2000)]
    assert is_private(out)
    assert history.export(out, limit=3) == 3


def test_csv_is_read_back_field_by_field(history: HistoryStore, tmp_path: Path) -> None:
    history.add(said('A "quoted", long\nstory', emotion=Emotion("joy", 0.5, 0.5, 0.5)))
    out = tmp_path / "all.CSV"
    history.export(out)
    with out.open(encoding="utf-8", newline="") as lines:
        (row,) = csv.DictReader(lines)
    assert row["text"] == 'A "quoted", long\nstory'
    assert row["started_at"] == "2026-03-14T12:00:00.250+01:00"
    assert json.loads(row["emotion"])["label"] == "joy"
    assert row["audio_path"] == ""


def test_no_text_of_a_table_is_a_formula(history: HistoryStore, tmp_path: Path) -> None:
    history.add(said('=HYPERLINK("http://x.example")', raw_text="- milk", app="@SUM(1)", window="+1", edited="\tx"))
    history.export(tmp_path / "all.csv")
    with (tmp_path / "all.csv").open(encoding="utf-8", newline="") as lines:
        (row,) = csv.DictReader(lines)
    assert [row[key][:2] for key in ("text", "raw_text", "app", "window", "edited")] == ["'=", "'-", "'@", "'+", "'\t"]


def test_markdown_and_text_are_for_reading(history: HistoryStore, tmp_path: Path) -> None:
    history.add(said("Yesterday.", started_at=NOON - timedelta(days=1)))
    history.add(said("First.", app="kate"))
    history.add(said("", delivery=Outcome.FAILED))
    history.export(tmp_path / "h.md")
    assert (tmp_path / "h.md").read_text() == (
        "# 2026-03-14\n\n## 12:00\n\n(failed)\n\n## 12:00 · kate\n\nFirst.\n\n"
        "# 2026-03-13\n\n## 12:00\n\nYesterday.\n\n"
    )
    history.export(tmp_path / "h.txt", since=NOON)
    assert (tmp_path / "h.txt").read_text() == "2026-03-14 12:00  (failed)\n2026-03-14 12:00  First.\n"


def test_failed_export_leaves_nothing_behind(history: HistoryStore, tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match=r"\.jsonl, \.csv, \.md, \.txt"):
        history.export(tmp_path / "h.pdf")
    with pytest.raises(HistoryError, match="cannot be written"):
        history.export(tmp_path / "nowhere" / "h.csv")
    (tmp_path / "h.csv").mkdir()
    with pytest.raises(HistoryError, match="cannot be written"):
        history.export(tmp_path / "h.csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "h.csv"]


def test_srt_export_is_oldest_first_at_time_of_day(history: HistoryStore, tmp_path: Path) -> None:
    history.add(said("Zwei\n\nZeilen.", duration_s=2.5))
    history.add(said("", delivery=Outcome.FAILED, started_at=NOON + timedelta(seconds=1)))
    history.add(said("The next day.", duration_s=1, started_at=NOON + timedelta(hours=13)))
    history.correct_text(3, "The other day.")
    assert history.export(tmp_path / "h.srt") == 3
    assert (tmp_path / "h.srt").read_text() == (
        "1\n12:00:00,250 --> 12:00:02,750\nZwei Zeilen.\n\n"
        "2\n12:00:02,750 --> 12:00:03,250\n(failed)\n\n"
        "3\n25:00:00,250 --> 25:00:01,250\nThe other day.\n\n"
    )
    assert history.export(tmp_path / "h.srt", limit=1) == 1
    assert (tmp_path / "h.srt").read_text().startswith("1\n01:00:00,250 -->")
