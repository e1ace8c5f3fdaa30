"""An export is read back: nothing is lost, nothing comes twice, and no line is believed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from desktop.core.errors import HistoryError
from desktop.core.messages import Message
from desktop.core.types import Emotion, Outcome, RuleChange, SentData
from desktop.history.import_ import MAX_REPORTED_LINES, import_history
from desktop.history.rows import HistoryEntry, reported_notes
from desktop.history.store import HistoryStore

NOON = datetime(2026, 3, 14, 12, 0, 0, 250_123, tzinfo=timezone(timedelta(hours=1)))


@pytest.fixture
def history(tmp_path: Path) -> HistoryStore:
    """Three rows, of which the first has everything."""
    history = HistoryStore(tmp_path / "from" / "history.db")
    history.add(
        HistoryEntry(
            started_at=NOON,
            app="kate",
            window='"a", b',
            raw_text="um hello\nthere",
            text="Hello\nthere, 會議.",
            language="en",
            duration_s=1.5,
            engine="whisper",
            model="base",
            release_to_text_ms=212.5,
            delivery=Outcome.UNCONFIRMED,
            emotion=Emotion("joy", 0.5, 0.25, -0.5, True, "local", (0.25, 0.5, 0.25, 0, 0, 0, 0), "joy", note="so"),
            audio_path=tmp_path / "a.flac",
            notes=reported_notes("It was not read."),
            sent=(SentData("api.example", "speech", 12, cost_usd=0.5),),
            style="chat",
            changed=(RuleChange("fillers", "um ", ""),),
            edited="Hello, Jo",
            emotion_user="surprise",
        )
    )
    history.add(HistoryEntry(started_at=NOON + timedelta(hours=1), delivery=Outcome.FAILED))
    history.add(
        HistoryEntry(
            started_at=NOON + timedelta(hours=2), app="@home", raw_text="'=1+1", text="=1+1", delivery=Outcome.INSERTED
        )
    )
    return history


@pytest.fixture
def other(tmp_path: Path) -> HistoryStore:
    return HistoryStore(tmp_path / "to" / "history.db")


def told(history: HistoryStore) -> list[dict[str, Any]]:
    """Every row but for what is not taken over."""
    return [{**row.to_json(), "id": None, "audio_path": None} for row in history.rows()]


@pytest.mark.parametrize("name", ["all.jsonl", "all.csv"])
def test_export_is_restored_in_order_and_once(
    history: HistoryStore, other: HistoryStore, tmp_path: Path, name: str
) -> None:
    history.export(tmp_path / name)
    done = import_history(other, tmp_path / name)
    assert (done.added, done.duplicates, done.unreadable) == (3, 0, 0)
    assert told(other) == told(history)
    assert [row.id for row in other.rows()] == [3, 2, 1]
    assert other.rows()[-1].audio_path is None
    assert other.search("會議")[0].raw_text == "um hello\nthere"
    again = import_history(other, tmp_path / name)
    assert (again.added, again.duplicates) == (0, 3)
    itself = import_history(history, tmp_path / name)
    assert (itself.added, itself.duplicates) == (0, 3)


def test_rows_beyond_one_transaction_come_oldest_first(
    history: HistoryStore, other: HistoryStore, tmp_path: Path
) -> None:
    history.add_missing(
        HistoryEntry(started_at=NOON - timedelta(minutes=n), text=str(n), raw_text=str(n), delivery=Outcome.INSERTED)
        for n in range(1, 700)
    )
    for name in ("all.csv", "all.jsonl"):
        other.clear()
        history.export(tmp_path / name)
        assert import_history(other, tmp_path / name).added == 702
        moments = [row.started_at for row in other.rows(1000)]
        assert moments == sorted(moments, reverse=True)


def line(**fields: Any) -> str:
    return json.dumps({"started_at": "2026-03-14T12:00:00+00:00", "delivery": "inserted", "text": "fine"} | fields)


SURE = {"label": "joy", "confidence": 0.9, "valence": 0.5, "arousal": 0.5}


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("{", "no JSON"),
        ("7", "no object"),
        ('"words"', "no object"),
        (line(started_at="whenever"), "started_at: it is no date with a time"),
        (line(started_at="0900-03-14T12:00:00Z"), "started_at: it is not from 1970 to 9000"),
        (line(started_at="2026-03-14T12:00:00"), "offset"),
        (line(delivery="shouted"), "delivery: choose "),
        (line(text=7), "text: it is no text"),
        (line(note=7), "note: it is no text"),
        (line(duration_s="long"), "duration_s: it is no number"),
        (line(release_to_text_ms=[]), "release_to_text_ms: it is no number"),
        (line(duration_s=float("nan")), "no number"),
        (line(text="\ud800"), "no UTF-8"),
        (line(emotion={"label": "joy"}), "emotion.confidence: it is missing"),
        (line(emotion=7), "emotion: it is no object"),
        (line(emotion=SURE | {"abstained": "perhaps"}), "emotion.abstained: it is neither true nor false"),
        (line(emotion=SURE | {"mixed": []}), "emotion.mixed: it is neither true nor false"),
        (line(sent=7), "sent: it is no list"),
        ("[" * 100_000, "too much inside"),
        (line(emotion_user="glee"), "no such emotion"),
        (line(sent=[{"port": 1}]), "sent.0.host: it is missing"),
        ('{"delivery": "inserted"}', "started_at: it is missing"),
    ],
)
def test_bad_line_is_named_and_others_are_restored(other: HistoryStore, tmp_path: Path, bad: str, why: str) -> None:
    file = tmp_path / "some.jsonl"
    file.write_text(f"{line()}\n\n{bad}\n{line(text='last', raw_text='last')}", encoding="utf-8")
    done = import_history(other, file)
    assert (done.added, done.unreadable) == (2, 1)
    ((number, said),) = done.reported_lines
    assert number == 3
    assert why in str(said)
    assert [row.text for row in other.rows()] == ["last", "fine"]


def test_foreign_table_is_read_by_column_names(other: HistoryStore, tmp_path: Path) -> None:
    file = tmp_path / "some.csv"
    file.write_text(
        "\ufefftext,started_at,delivery,colour\r\n"
        '"two\nlines",2026-03-14T12:00:00Z,inserted,red\r\n'
        "short,row\r\n"
        "third,2026-03-14,inserted,blue\r\n"
        "earlier,2026-03-13T12:00:00Z,copied,\r\n",
        encoding="utf-8",
        newline="",
    )
    done = import_history(other, file)
    assert done.reported_lines == [
        (4, Message("history-line-cells", count=2, expected=4)),
        (5, Message("history-line-invalid", field="started_at", reason=Message("history-field-no-offset"))),
    ]
    assert [(row.text, row.delivery) for row in other.rows()] == [
        ("two\nlines", Outcome.INSERTED),
        ("earlier", Outcome.COPIED),
    ]


def test_a_file_cannot_have_another_file_deleted(other: HistoryStore, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.touch()
    (tmp_path / "bad.jsonl").write_text(line(audio_path=str(precious)))
    import_history(other, tmp_path / "bad.jsonl")
    assert other.clear() == 1
    assert precious.exists()


def test_what_is_no_history_is_a_problem(other: HistoryStore, tmp_path: Path) -> None:
    (tmp_path / "prose.jsonl").write_text("Once upon a time\n" * 50)
    (tmp_path / "prose.csv").write_bytes(b"\xff\xfe\0\n\0\n")
    (tmp_path / "empty.csv").touch()
    with pytest.raises(HistoryError, match="no dictation: line 1: it is no JSON"):
        import_history(other, tmp_path / "prose.jsonl")
    with pytest.raises(HistoryError, match="no dictation"):
        import_history(other, tmp_path / "prose.csv")
    with pytest.raises(HistoryError, match=r"\.jsonl or \.csv"):
        import_history(other, tmp_path / "prose.pdf")
    with pytest.raises(HistoryError, match="cannot be read"):
        import_history(other, tmp_path / "absent.jsonl")
    assert import_history(other, tmp_path / "empty.csv").added == 0
    assert other.rows() == []


def test_not_every_bad_line_is_named(other: HistoryStore, tmp_path: Path) -> None:
    (tmp_path / "some.jsonl").write_text("{\n" * 1000 + line())
    done = import_history(other, tmp_path / "some.jsonl")
    assert (done.added, done.unreadable, len(done.reported_lines)) == (1, 1000, MAX_REPORTED_LINES)


def test_same_words_at_another_time_are_another_row(other: HistoryStore, tmp_path: Path) -> None:
    moments = [NOON, NOON + timedelta(milliseconds=1), NOON.astimezone(UTC)]
    (tmp_path / "some.jsonl").write_text("\n".join(line(started_at=at.isoformat()) for at in moments))
    done = import_history(other, tmp_path / "some.jsonl")
    assert (done.added, done.duplicates) == (2, 1)
