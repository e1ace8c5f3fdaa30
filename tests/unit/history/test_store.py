"""The history: what was said is found again, and what is deleted is gone."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.core.errors import HistoryError
from desktop.core.types import Emotion, Outcome, RuleChange, SentData
from desktop.emotion.baseline import UNKNOWN_VOICE, StoredVoiceBaselines, VoiceBaseline
from desktop.history.rows import HistoryEntry, reported_notes
from desktop.history.schema import MIGRATIONS, history_errors
from desktop.history.store import HistoryStore

NOON = datetime(2026, 3, 14, 12, 0, 0, 250_000, tzinfo=timezone(timedelta(hours=1)))


def said(text: str, **known: Any) -> HistoryEntry:
    fields: dict[str, Any] = {"started_at": NOON, "text": text, "raw_text": text, "delivery": Outcome.INSERTED} | known
    return HistoryEntry(**fields)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "history.db"


@pytest.fixture
def history(file: Path) -> HistoryStore:
    return HistoryStore(file)


def found(history: HistoryStore, query: str) -> list[str]:
    return [row.text for row in history.search(query)]


def test_a_dictation_comes_back_as_it_was_told(history: HistoryStore, tmp_path: Path) -> None:
    entry = said(
        "Hello there.",
        app="xterm",
        window="~ : bash",
        raw_text="hello there",
        language="en",
        duration_s=1.5,
        engine="whisper",
        model="base",
        release_to_text_ms=212.5,
        delivery=Outcome.UNCONFIRMED,
        emotion=Emotion("joy", 0.75, 0.25, -0.5),
        audio_path=tmp_path / "1.flac",
        notes=reported_notes("The window did not read it."),
        decode_s=0.4,
        device="cpu",
        paste_ms=31.0,
        guards=("compression", "repeat"),
    )
    row = history.add(entry)
    assert history.get(row.id) == row
    assert history.last() == row
    assert all(getattr(row, name) == getattr(entry, name) for name in HistoryEntry.__dataclass_fields__)


def test_the_printed_row_has_exactly_the_promised_keys(history: HistoryStore, tmp_path: Path) -> None:
    bare = history.add(said("x")).to_json()
    assert bare == {
        "id": 1,
        "started_at": "2026-03-14T12:00:00.250+01:00",
        "app": "",
        "window": "",
        "raw_text": "x",
        "text": "x",
        "language": "",
        "duration_s": 0.0,
        "engine": "",
        "model": "",
        "release_to_text_ms": None,
        "delivery": "inserted",
        "emotion": None,
        "audio_path": None,
        "sent": [],
        "note": "",
        "style": "",
        "changed": [],
        "edited": None,
        "emotion_user": None,
    }
    sent = (SentData("api.example", "speech", 1234, cost_usd=0.001), SentData("api.example", "polish", characters=42))
    changed = (RuleChange("fillers", "um ", ""),)
    felt = Emotion("joy", 1, 1, 1)
    full = history.add(said("x", emotion=felt, audio_path=tmp_path / "a.flac", sent=sent, changed=changed)).to_json()
    assert full["sent"] == [
        {"host": "api.example", "purpose": "speech", "audio_bytes": 1234, "characters": 0, "cost_usd": 0.001},
        {"host": "api.example", "purpose": "polish", "audio_bytes": 0, "characters": 42, "cost_usd": None},
    ]
    assert history.rows()[0].sent == sent
    assert full["changed"] == [{"rule": "fillers", "before": "um ", "after": ""}]
    assert history.rows()[0].changed == changed
    assert full["emotion"] == {
        **{
            "label": "joy",
            "confidence": 1,
            "valence": 1,
            "arousal": 1,
            "abstained": False,
            "engine": "",
            "scores": {},
        },
        **{"rank": "", "calibrating": False, "mixed": False, "note": ""},
    }
    assert full["audio_path"] == str(tmp_path / "a.flac")
    assert json.loads(json.dumps(full)) == full


def test_nothing_said_yet_is_no_mistake(history: HistoryStore) -> None:
    assert history.rows() == []
    assert history.last() is None
    assert history.get(1) is None
    assert history.search("x") == []


def test_rows_come_newest_first_a_page_at_a_time(history: HistoryStore) -> None:
    for number in range(60):
        history.add(said(str(number)))
    first = history.rows()
    assert [row.text for row in first] == [str(number) for number in range(59, 9, -1)]
    assert [row.text for row in history.rows(limit=4, before_id=first[-1].id)] == ["9", "8", "7", "6"]


def test_since_is_a_moment_whatever_the_offset(history: HistoryStore) -> None:
    history.add(said("early", started_at=NOON - timedelta(seconds=1)))
    history.add(said("late", started_at=NOON.astimezone(timezone(timedelta(hours=-9)))))
    assert [row.text for row in history.rows(since=NOON.astimezone(UTC))] == ["late"]


def test_update_writes_later_values_into_the_row(history: HistoryStore, tmp_path: Path) -> None:
    row = history.add(said("", delivery=Outcome.FAILED))
    changed = history.update(
        row.id,
        text="Retried.",
        raw_text="retried",
        delivery=Outcome.RECOVERED,
        emotion=Emotion("fear", 0.5, -0.5, 0.5),
        audio_path=tmp_path / "a.flac",
        guards=("repeat",),
    )
    assert changed == history.get(row.id)
    assert changed is not None
    assert (changed.text, changed.delivery, changed.guards) == ("Retried.", Outcome.RECOVERED, ("repeat",))
    assert found(history, "retried") == ["Retried."]


def test_update_of_deleted_row_does_not_restore_it(history: HistoryStore) -> None:
    row = history.add(said("x"))
    history.delete(row.id)
    assert history.update(row.id, delivery=Outcome.FAILED) is None


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ("quarter", True),
        ("Quar", True),
        ("QUARTERLY rep", True),
        ("rep quar", True),
        ("resume", True),
        ("Résumé", True),
        ("kate", True),
        ("notes.txt", True),
        ("spoken", True),
        ("100%", True),
        ("it's", True),
        ("", True),
        ("   ", True),
        ("port", False),
        ("quarterly absent", False),
        ("quarterly OR absent", False),
        ("NOT absent", False),
    ],
)
def test_words_match_by_prefix_without_case_or_accents(history: HistoryStore, query: str, finds: bool) -> None:
    history.add(
        said(
            "It's the quarterly report, a résumé, 100% done.",
            raw_text="as spoken",
            app="kate",
            window="notes.txt - Kate",
        )
    )
    assert bool(found(history, query)) is finds


@pytest.mark.parametrize("query", ["會議", "明天", "天的", "カタカナ", "ประชุม", "明天 zoom", "zoom 明"])
def test_scripts_without_spaces_match_anywhere(history: HistoryStore, query: str) -> None:
    text = "明天的會議用zoom。カタカナ ประชุมวันนี้ zoom"
    history.add(said(text))
    history.add(said("something else about zoom"))
    assert found(history, query) == [text]


def test_a_sign_alone_is_looked_for_as_it_is(history: HistoryStore) -> None:
    history.add(said("Really?"))
    history.add(said("Really, 100%."))
    assert found(history, "?") == ["Really?"]
    assert found(history, "really %") == ["Really, 100%."]
    assert found(history, "_") == []


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"])) | st.text('"*()^:-+{} ANDORTNE', max_size=12))
def test_no_query_is_an_error(history: HistoryStore, query: str) -> None:
    history.search(query)


@pytest.mark.parametrize("word", ["a ", "會 ", "? ", "a", "會", "a 會 "])
def test_page_length_search_query_is_no_error(history: HistoryStore, word: str) -> None:
    text = word * 50_000
    history.add(said(text))
    assert found(history, text) == [text]


def test_search_takes_the_same_bounds_as_the_list(history: HistoryStore) -> None:
    ids = [history.add(said(f"word {number}", started_at=NOON + timedelta(hours=number))).id for number in range(5)]
    assert [row.id for row in history.search("word", limit=2)] == [ids[4], ids[3]]
    assert [row.id for row in history.search("word", before_id=ids[2])] == [ids[1], ids[0]]
    assert [row.id for row in history.search("word", since=NOON + timedelta(hours=3))] == [ids[4], ids[3]]


def test_deleted_dictation_leaves_no_trace(history: HistoryStore, file: Path, tmp_path: Path) -> None:
    audio = tmp_path / "1.flac"
    audio.write_bytes(b"voice")
    secret = history.add(said("Xylophone zeppelin.", audio_path=audio))
    history.add(said("Stay."))
    assert history.delete(secret.id)
    assert history.get(secret.id) is None
    assert found(history, "xylophone") == []
    assert not audio.exists()
    left = b"".join(part.read_bytes() for part in file.parent.iterdir()).lower()
    assert b"stay" in left
    assert b"xylophone" not in left
    assert b"zeppelin" not in left
    assert not history.delete(secret.id)


def test_clear_forgets_everything_and_no_id_comes_back(history: HistoryStore, file: Path, tmp_path: Path) -> None:
    audio = [tmp_path / f"{number}.flac" for number in range(3)]
    for path in audio:
        path.write_bytes(b"voice")
        history.add(said("Xylophone.", audio_path=path))
    audio[0].unlink()
    assert history.clear() == 3
    assert history.rows() == []
    assert not any(path.exists() for path in audio)
    assert b"xylophone" not in b"".join(part.read_bytes() for part in file.parent.iterdir()).lower()
    assert history.add(said("new")).id == 4


def test_undeletable_recording_raises_but_rest_is_gone(history: HistoryStore, tmp_path: Path) -> None:
    audio = tmp_path / "1.flac"
    audio.write_bytes(b"voice")
    for path in (tmp_path, audio):
        history.add(said("x", audio_path=path))
    with pytest.raises(HistoryError):
        history.clear()
    assert history.rows() == []
    assert not audio.exists()


def test_recordings_expire_and_their_words_stay(history: HistoryStore, tmp_path: Path) -> None:
    ages = (8, 7, 6)
    audio = [tmp_path / f"{age}.flac" for age in ages]
    for path, age in zip(audio, ages, strict=True):
        path.write_bytes(b"voice")
        history.add(said(f"{age} days", started_at=NOON - timedelta(days=age), audio_path=path))
    assert history.expire_audio(7, NOON) == 2
    assert [path.exists() for path in audio] == [False, False, True]
    assert [row.audio_path for row in history.rows()] == [audio[2], None, None]
    assert history.expire_audio(7, NOON) == 0


def test_misdated_rows_expire_with_their_neighbors(history: HistoryStore, tmp_path: Path) -> None:
    days = {"old": 8, "ahead of old": -90, "older": 7, "young": 2, "long ago": 20_000, "ahead of young": -90, "now": 0}
    for name, age in days.items():
        path = tmp_path / f"{name}.flac"
        path.write_bytes(b"voice")
        history.add(said(name, started_at=NOON - timedelta(days=age), audio_path=path))
    assert history.expire_audio(7, NOON) == 3
    assert [row.text for row in history.rows() if row.audio_path is None] == ["older", "ahead of old", "old"]
    assert history.limit_audio(15, NOON) == 1
    assert history.expire_text(7, NOON) == 3
    assert [row.text for row in history.rows()] == ["now", "ahead of young", "long ago", "young"]


@pytest.mark.parametrize("ending", [Outcome.FAILED, Outcome.CANCELLED, Outcome.RECOVERED])
def test_unsuccessful_dictation_is_kept_for_a_day(history: HistoryStore, tmp_path: Path, ending: Outcome) -> None:
    path = tmp_path / "only.flac"
    path.write_bytes(b"voice")
    history.add(said("", started_at=NOON - timedelta(hours=23), delivery=ending, audio_path=path))
    assert (history.expire_audio(0, NOON), history.limit_audio(1, NOON)) == (0, 0)
    assert history.expire_audio(0, NOON + timedelta(hours=1)) == 1


def test_recording_found_late_can_be_retried_for_a_day(history: HistoryStore, tmp_path: Path) -> None:
    path = tmp_path / "found.flac"
    path.write_bytes(b"voice")
    os.utime(path, (NOON.timestamp(), NOON.timestamp()))
    history.add(said("", started_at=NOON - timedelta(days=30), delivery=Outcome.FAILED, audio_path=path))
    assert history.expire_audio(0, NOON + timedelta(hours=23)) == 0
    assert history.expire_audio(0, NOON + timedelta(hours=25)) == 1
    assert not path.exists()


def test_keeping_no_audio_still_keeps_failed_for_a_day(history: HistoryStore, tmp_path: Path) -> None:
    done, failed = tmp_path / "done.flac", tmp_path / "failed.flac"
    for path, delivery in ((done, Outcome.INSERTED), (failed, Outcome.FAILED)):
        path.write_bytes(b"voice")
        history.add(said("", delivery=delivery, audio_path=path))
    history.expire_audio(0, NOON)
    assert (done.exists(), failed.exists()) == (False, True)
    history.expire_audio(0, NOON + timedelta(days=1))
    assert not failed.exists()


def test_jsonl_holds_every_row_as_printed(history: HistoryStore, tmp_path: Path) -> None:
    history.add_missing(said(f"Grüße {number}\nzwei") for number in range(1200))
    out = tmp_path / "all.jsonl"
    assert history.export(out) == 1200
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert rows == [row.to_json() for row in history.rows(limit=2000)]
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
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


def test_the_file_is_for_its_user_alone(history: HistoryStore, file: Path) -> None:
    history.add(said("x"))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_threads_that_begin_it_together_lose_nothing(history: HistoryStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda number: history.add(said(str(number))).id, range(80)))
    assert sorted(ids) == list(range(1, 81))
    assert len(history.rows(limit=100)) == 80


ADD_TWENTY = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from desktop.history.rows import HistoryEntry
from desktop.history.store import HistoryStore
from desktop.core.types import Outcome
for _ in range(20):
    HistoryStore(Path(sys.argv[1])).add(
        HistoryEntry(started_at=datetime.now(UTC), text="word", delivery=Outcome.INSERTED)
    )
"""


def test_the_command_line_may_write_beside_the_app(history: HistoryStore, file: Path) -> None:
    others = [subprocess.Popen([sys.executable, "-c", ADD_TWENTY, str(file)]) for _ in range(3)]
    for _ in range(20):
        history.add(said("word"))
        history.search("word")
    assert [other.wait(timeout=60) for other in others] == [0, 0, 0]
    assert len(history.search("word", limit=100)) == 80


def test_file_deleted_under_running_app_is_recreated(history: HistoryStore, file: Path) -> None:
    history.add(said("x"))
    file.unlink()
    history.add(said("y"))
    assert [row.text for row in history.rows()] == ["y"]


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


def test_expired_text_is_wiped_from_open_file_and_log(history: HistoryStore, file: Path) -> None:
    old = [
        history.add(said(f"Xylophone {number} 犀牛.", started_at=NOON - timedelta(days=9))).id for number in range(3)
    ]
    history.correct_text(old[0], "Zeppelin.")
    history.correct_emotion(old[1], "disgust")
    history.add(said("Stay."))
    with closing(sqlite3.connect(file, autocommit=True)) as other:
        assert other.execute("SELECT count(*) FROM dictation").fetchone() == (4,)
        assert history.expire_text(7, NOON) == 3
        left = b"".join(part.read_bytes() for part in file.parent.iterdir()).lower()
    assert b"stay" in left
    for gone in ("xylophone", "犀牛", "犀", "zeppelin", "disgust", b"disgust".hex()):
        assert gone.encode() not in left


def test_oldest_recordings_are_deleted_and_words_stay(history: HistoryStore, tmp_path: Path) -> None:
    endings = (Outcome.INSERTED, Outcome.FAILED, Outcome.INSERTED, Outcome.INSERTED)
    audio = [tmp_path / f"{number}.flac" for number in range(4)]
    for hours, (path, delivery) in enumerate(zip(audio, endings, strict=True)):
        path.write_bytes(b"12345")
        history.add(said("x", started_at=NOON + timedelta(hours=hours), audio_path=path, delivery=delivery))
    later = NOON + timedelta(hours=5)
    assert history.limit_audio(20, later) == 0
    assert history.limit_audio(14, later) == 2
    assert [path.exists() for path in audio] == [False, True, False, True]
    assert history.limit_audio(5, later + timedelta(days=1)) == 1
    assert [path.exists() for path in audio] == [False, False, False, True]
    assert [row.audio_path for row in history.rows()] == [audio[3], None, None, None]


def test_voices_per_microphone_and_model_are_forgotten(history: HistoryStore, file: Path) -> None:
    voices = StoredVoiceBaselines(file)
    assert voices.load_baseline("mic", "base") is UNKNOWN_VOICE
    voices.save_baseline("mic", "base", VoiceBaseline(1, np.array([0.5, -2], np.float32)))
    voices.save_baseline("mic", "base", VoiceBaseline(2, np.array([0.25, -1], np.float32)))
    voices.save_baseline("other", "base", VoiceBaseline(1, np.zeros(2, np.float32)))
    known = StoredVoiceBaselines(file).load_baseline("mic", "base")
    assert (known.recordings, known.mean.tolist(), known.mean.dtype) == (2, [0.25, -1], np.float32)
    assert known.updated_with(np.zeros(2, np.float32)).recordings == 3
    for forget in (history.clear, history.delete_emotions):
        voices.save_baseline("mic", "base", known)
        forget()
        assert voices.load_baseline("mic", "base") is UNKNOWN_VOICE


def test_emotions_can_be_forgotten_and_the_words_stay(history: HistoryStore) -> None:
    history.add(said("x", emotion=Emotion("joy", 1, 1, 1)))
    history.add(said("y"))
    history.correct_emotion(2, "joy")
    history.add(said("z"))
    assert history.delete_emotions() == 2
    assert [(row.text, row.effective_emotion) for row in history.rows()] == [("z", None), ("y", None), ("x", None)]


def test_there_are_seven_emotions_and_no_other(history: HistoryStore) -> None:
    history.add(said("x"))
    with pytest.raises(HistoryError, match=r"no emotion glee\. Choose one of neutral, joy"):
        history.correct_emotion(1, "glee")
    assert history.correct_emotion(2, "joy") is None


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
