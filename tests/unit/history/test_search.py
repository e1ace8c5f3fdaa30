"""Search and filters: a word of one character is found, and what is chosen beside the query narrows it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.types import Emotion, Outcome
from desktop.history.rows import HistoryEntry
from desktop.history.schema import MIGRATIONS, open_history
from desktop.history.search import RowFilter, make_tag
from desktop.history.store import HistoryStore

NOON = datetime(2026, 3, 14, 12, tzinfo=timezone(timedelta(hours=1)))

SENTENCE = "明天的會議用zoom，人々が集まる。ประชุมวันนี้"


@pytest.fixture
def history(tmp_path: Path) -> HistoryStore:
    return HistoryStore(tmp_path / "history.db")


def add(history: HistoryStore, text: str, **known: Any) -> int:
    fields: dict[str, Any] = {"started_at": NOON, "text": text, "raw_text": text, "delivery": Outcome.INSERTED} | known
    return history.add(HistoryEntry(**fields)).id


def found(history: HistoryStore, query: str, **wanted: Any) -> list[int]:
    return [row.id for row in history.search(query, row_filter=RowFilter(**wanted))]


def consistent(file: Path) -> None:
    """Raise where the index does not say what the rows say."""
    with open_history(file) as connection:
        connection.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")


@pytest.mark.parametrize(
    "query",
    [
        *("明", "議", "會議", "天的", "明天的會議", "zoom", "zo", "用zoom", "zoom，", "明天 zo", "々", "人々", "が集"),
        *("ประ", "วันนี้", "ｚｏｏｍ", "ZOOM", "「明天」"),
    ],
)
def test_query_of_any_length_matches_anywhere(history: HistoryStore, query: str) -> None:
    wanted = add(history, SENTENCE)
    add(history, "天 的 會 用 人 mooz 集 วัน")
    assert found(history, query) == [wanted]


@pytest.mark.parametrize("query", ["天明", "明的", "議用天", "議 議會", "oom", "明天的議", "用人"])
def test_nonadjacent_characters_do_not_match(history: HistoryStore, query: str) -> None:
    add(history, SENTENCE)
    assert found(history, query) == []


def test_phrase_does_not_span_two_fields(history: HistoryStore) -> None:
    row = add(history, "明天", raw_text="會議", app="the end")
    assert found(history, "天會") == found(history, "議明") == []
    assert found(history, "明天 會議 end") == [row]


def test_half_and_full_width_are_the_same_word(history: HistoryStore) -> None:
    row = add(history, "Ｐｙｔｈｏｎ と ｶﾀｶﾅ")
    assert found(history, "python") == found(history, "カタカナ") == found(history, "ｶﾅ") == [row]


def test_what_was_corrected_is_found_by_both_texts(history: HistoryStore) -> None:
    row = add(history, "Hi Joe")
    history.correct_text(row, "Hi Zhou 周")
    assert found(history, "zhou") == found(history, "周") == found(history, "joe") == [row]
    history.correct_text(row, "Hi Jo")
    assert found(history, "zhou") == []


def test_nobody_finds_a_filter_by_typing(history: HistoryStore) -> None:
    add(history, "x", language="en")
    for query in (make_tag("l", "en"), make_tag("l", "en")[1:], "l656e", "inserted"):
        assert found(history, query) == []


FEAR = Emotion("fear", 0.6, -0.5, 0.5)


@pytest.fixture
def mixed(history: HistoryStore) -> HistoryStore:
    """Ids from 1: an hour apart, five kinds of rows."""
    add(history, "hello one", app="kate", language="en")
    add(history, "hello two", app="Kate", language="zh", emotion=FEAR, started_at=NOON + timedelta(hours=1))
    add(history, "three", app="xterm", language="en", emotion=FEAR, started_at=NOON + timedelta(hours=2))
    add(history, "hello four", app="xterm", delivery=Outcome.FAILED, started_at=NOON + timedelta(hours=3))
    add(history, "hello 五", app="kate-two", language="zh-TW", started_at=NOON + timedelta(hours=4))
    return history


@pytest.mark.parametrize(
    ("query", "wanted", "ids"),
    [
        ("", {"app": "kate"}, [2, 1]),
        ("hello", {"app": "KATE"}, [2, 1]),
        ("", {"language": "zh"}, [2]),
        ("", {"emotion": "fear"}, [3, 2]),
        ("hello", {"emotion": "fear"}, [2]),
        ("", {"delivery": Outcome.FAILED}, [4]),
        ("", {"delivery": Outcome.INSERTED, "app": "xterm"}, [3]),
        ("", {"since": NOON + timedelta(hours=3)}, [5, 4]),
        ("", {"until": NOON + timedelta(hours=1)}, [1]),
        ("hello", {"since": NOON + timedelta(hours=1), "until": NOON + timedelta(hours=4)}, [4, 2]),
        ("五", {"language": "zh-tw", "app": "kate-two", "since": NOON}, [5]),
        ("five", {"app": "kate"}, []),
        ("", {"app": "nowhere"}, []),
        ("", {"since": NOON + timedelta(days=1)}, []),
        ("", {"until": NOON - timedelta(days=1)}, []),
    ],
)
def test_filters_narrow_what_is_found(mixed: HistoryStore, query: str, wanted: dict[str, Any], ids: list[int]) -> None:
    assert found(mixed, query, **wanted) == ids
    assert [row.id for row in mixed.search(query, 1, row_filter=RowFilter(**wanted))] == ids[:1]
    below = [row.id for row in mixed.search(query, before_id=4, row_filter=RowFilter(**wanted))]
    assert below == [id for id in ids if id < 4]


def test_a_clock_that_was_set_back_hides_no_row(mixed: HistoryStore) -> None:
    early = add(mixed, "hello early", started_at=NOON - timedelta(days=1))
    late = add(mixed, "hello late", started_at=NOON + timedelta(hours=5))
    assert found(mixed, "hello", until=NOON) == [early]
    assert found(mixed, "", since=NOON + timedelta(hours=4)) == [late, 5]


def test_user_emotion_overrides_the_detected_one(mixed: HistoryStore) -> None:
    row = mixed.correct_emotion(2, "joy")
    assert row is not None
    assert row.emotion == FEAR
    assert row.effective_emotion == replace(FEAR, label="joy", confidence=1.0, valence=1.0, engine="person")
    assert (row.to_json()["emotion"]["label"], row.to_json()["emotion_user"]) == ("fear", "joy")
    assert found(mixed, "", emotion="fear") == [3]
    assert found(mixed, "", emotion="joy") == [2]
    assert mixed.rows_with_corrected_emotion() == [row]
    taken_back = mixed.correct_emotion(2, None)
    assert taken_back is not None
    assert taken_back.effective_emotion == FEAR
    assert mixed.rows_with_corrected_emotion() == []
    assert found(mixed, "", emotion="fear") == [3, 2]


def test_a_row_without_an_emotion_can_be_given_one(mixed: HistoryStore) -> None:
    row = mixed.correct_emotion(1, "sadness")
    assert row is not None
    assert row.effective_emotion is not None
    assert (row.effective_emotion.label, row.effective_emotion.valence, row.effective_emotion.arousal) == (
        "sadness",
        -1.0,
        0.0,
    )


def test_choices_are_row_values_most_frequent_first(mixed: HistoryStore) -> None:
    choices = mixed.filter_choices()
    assert (choices.apps[0], set(choices.apps)) == ("xterm", {"kate", "Kate", "xterm", "kate-two"})
    assert (choices.languages[0], set(choices.languages)) == ("en", {"en", "zh", "zh-TW"})
    assert mixed.filter_choices(1).apps == ("xterm",)
    mixed.clear()
    assert mixed.filter_choices().apps == ()


@given(st.text(max_size=40))
def test_tag_is_one_token_and_reversible(value: str) -> None:
    assert bytes.fromhex(make_tag("a", value)[2:]).decode("utf-8", "surrogatepass") == value.casefold()
    assert make_tag("a", value)[1:].isalnum()


def test_the_index_follows_every_change(mixed: HistoryStore, tmp_path: Path) -> None:
    mixed.update(1, raw_text="new 字", language="zh", delivery=Outcome.CANCELLED, emotion=FEAR)
    mixed.correct_text(2, "other")
    mixed.correct_emotion(2, "joy")
    mixed.delete(3)
    consistent(tmp_path / "history.db")
    mixed.delete_emotions()
    consistent(tmp_path / "history.db")
    mixed.clear()
    consistent(tmp_path / "history.db")


def test_forgetting_emotions_keeps_words_searchable(history: HistoryStore, tmp_path: Path) -> None:
    history.add_missing(
        HistoryEntry(started_at=NOON + timedelta(hours=n), text=f"row {n}", delivery=Outcome.INSERTED, emotion=FEAR)
        for n in range(200)
    )
    assert history.delete_emotions() == 200
    consistent(tmp_path / "history.db")
    assert found(history, "", emotion="fear") == []
    history.correct_emotion(7, "joy")
    assert found(history, "row", emotion="joy") == [7]
    consistent(tmp_path / "history.db")


def test_expiring_many_rows_keeps_others_searchable(history: HistoryStore, tmp_path: Path) -> None:
    history.add_missing(
        HistoryEntry(started_at=NOON + timedelta(hours=n), text=f"row {n} 字", delivery=Outcome.INSERTED)
        for n in range(300)
    )
    assert history.expire_text(0, NOON + timedelta(hours=249)) == 250
    consistent(tmp_path / "history.db")
    assert found(history, "row 29") == list(range(300, 290, -1))
    assert len(history.search("字", 100)) == 50
    add(history, "row last")
    assert len(history.search("row", 100)) == 51


def test_older_version_rows_are_found_by_new_index(history: HistoryStore, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "history.db")) as older:
        for script in MIGRATIONS[:4]:
            older.executescript(script)
        older.execute("PRAGMA user_version = 4")
        older.execute(
            "INSERT INTO dictation (started_at, started_s, app, window, raw_text, text, language, duration_s, engine,"
            " model, delivery, emotion, note, decode_s, device, guards) VALUES ('2026-03-14T12:00:00+01:00', 0, 'kate',"
            " '', '明天的會議', '明天的會議。', 'zh', 0, '', '', 'inserted', ?, '', 0, '', '[]')",
            (json.dumps({"label": "joy", "confidence": 1, "valence": 1, "arousal": 1}),),
        )
        older.commit()
    assert found(history, "會", app="kate", emotion="joy", language="zh") == [1]
    consistent(tmp_path / "history.db")
