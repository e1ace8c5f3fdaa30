"""The history: what was said comes back as it was, for threads and programs beside each other."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta, timezone
from pathlib import Path

import pytest

from desktop.core.errors import HistoryError
from desktop.core.types import Emotion, Outcome, RuleChange, SentData
from desktop.history.rows import HistoryEntry, reported_notes
from desktop.history.store import HistoryStore
from tests.support.history_rows import NOON, found, said
from tests.support.private_files import is_private


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
    assert full["changed"] == [{"rule": "fillers", "before": "um ", "after": "", "confidence": None}]
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


def test_the_file_is_for_its_user_alone(history: HistoryStore, file: Path) -> None:
    history.add(said("x"))
    assert is_private(file)
    assert is_private(file.parent)


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


def test_there_are_seven_emotions_and_no_other(history: HistoryStore) -> None:
    history.add(said("x"))
    with pytest.raises(HistoryError, match=r"no emotion glee\. Choose one of neutral, joy"):
        history.correct_emotion(1, "glee")
    assert history.correct_emotion(2, "joy") is None
