"""What the history says when it is added up."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.types import Emotion, Outcome
from desktop.history.figures import FIGURES_MIGRATION
from desktop.history.rows import HistoryEntry
from desktop.history.schema import MIGRATIONS
from desktop.history.statistics import (
    EMOTION_KINDS,
    HistoryStatistics,
    Tally,
    compute_latency,
    compute_statistics,
    count_streaks,
    group_by_week,
    limit_tallies,
    merge_tallies,
)
from desktop.history.store import HistoryStore

BERLIN = timezone(timedelta(hours=1))
NOON = datetime(2026, 3, 14, 12, 0, tzinfo=BERLIN)
TODAY = NOON.date()
JOY = Emotion("joy", 0.8, 0.6, 0.2)
UNSURE = Emotion("neutral", 0.4, 0.0, 0.0, abstained=True)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


@pytest.fixture
def history(file: Path) -> HistoryStore:
    return HistoryStore(file)


def said(text: str = "one two three four", **known: Any) -> HistoryEntry:
    fields = {"started_at": NOON, "text": text, "raw_text": text, "duration_s": 2.0, "delivery": Outcome.INSERTED}
    return HistoryEntry(**(fields | known))


def kinds(tally: Tally) -> dict[str, int]:
    return {kind: count for kind, count in zip(EMOTION_KINDS, tally.emotion_counts, strict=True) if count}


def test_an_empty_history_adds_up_to_nothing(file: Path) -> None:
    assert compute_statistics(file, TODAY) == HistoryStatistics(total=Tally(key="", dictations=0))


def test_words_and_speed(file: Path, history: HistoryStore) -> None:
    history.add(said("one two three"))
    history.add(said("One,\n\ntwo  three.", raw_text="um one two three four"))
    total = compute_statistics(file, TODAY).total
    assert (total.dictations, total.words, total.words_per_minute) == (2, 8, 120)


def test_two_characters_without_spaces_are_a_word(file: Path, history: HistoryStore) -> None:
    history.add(said("今天天气很好", language="zh"))
    assert compute_statistics(file, TODAY).total.words == 3


def test_a_dictation_without_words_makes_nobody_slower(file: Path, history: HistoryStore) -> None:
    history.add(said("one two"))
    history.add(said("", delivery=Outcome.FAILED, duration_s=60))
    assert compute_statistics(file, TODAY).total.words_per_minute == 60


def test_time_is_saved_by_what_arrived(file: Path, history: HistoryStore) -> None:
    forty = " ".join(["word"] * 40)
    history.add(said(forty, duration_s=15, release_to_text_ms=500.0))
    history.add(said(forty, duration_s=15, delivery=Outcome.CANCELLED))
    assert compute_statistics(file, TODAY).saved_s == pytest.approx(60 - 15 - 0.5)


def test_slow_dictation_saves_negative_time(file: Path, history: HistoryStore) -> None:
    history.add(said("yes", duration_s=4))
    assert compute_statistics(file, TODAY).saved_s == pytest.approx(1.5 - 4)


def test_unsure_and_unjudged_are_not_neutral(file: Path, history: HistoryStore) -> None:
    for emotion in (JOY, UNSURE, Emotion("neutral", 0.9, 0.0, 0.0), None):
        history.add(said(emotion=emotion))
    total = compute_statistics(file, TODAY).total
    assert kinds(total) == {"neutral": 1, "joy": 1, "unsure": 1}
    assert (total.dictations, total.emotion_count) == (4, 3)
    assert total.valence == pytest.approx(0.2)


def test_older_neutral_row_is_near_neutral(file: Path, history: HistoryStore) -> None:
    for value in (1.0, -1.0, 1.0):
        history.add(said(emotion=Emotion("neutral", 0.9, value, value)))
    total = compute_statistics(file, TODAY).total
    assert (total.valence, total.arousal) == (pytest.approx(0.2 / 3), pytest.approx(0.2 / 3))


def test_a_persons_word_wins_over_the_engines(file: Path, history: HistoryStore) -> None:
    for emotion in (JOY, UNSURE, None):
        history.update(history.add(said(emotion=emotion)).id, emotion_user="sadness")
    found = compute_statistics(file, TODAY)
    assert kinds(found.total) == {"sadness": 3}
    assert (found.corrected_count, found.total.valence) == (3, -1)


def test_confirmed_emotion_keeps_valence(file: Path, history: HistoryStore) -> None:
    history.update(history.add(said(emotion=JOY)).id, emotion_user="joy")
    assert compute_statistics(file, TODAY).total.valence == 0.6


def test_an_emotion_that_comes_later_counts(file: Path, history: HistoryStore) -> None:
    row = history.add(said())
    history.update(row.id, emotion=JOY)
    assert kinds(compute_statistics(file, TODAY).total) == {"joy": 1}


def test_deleted_is_deleted(file: Path, history: HistoryStore) -> None:
    kept, gone = history.add(said()), history.add(said(emotion=JOY))
    history.delete(gone.id)
    assert compute_statistics(file, TODAY).total.dictations == 1
    history.delete(kept.id)
    assert compute_statistics(file, TODAY) == HistoryStatistics(total=Tally(key="", dictations=0))


def test_the_day_and_the_hour_are_the_ones_on_the_wall(file: Path, history: HistoryStore) -> None:
    late = datetime(2026, 3, 14, 23, 30, tzinfo=timezone(timedelta(hours=-8)))
    history.add(said(started_at=late))
    history.add(said(started_at=late.astimezone(timezone(timedelta(hours=13)))))
    found = compute_statistics(file, TODAY)
    assert [(day.key, day.dictations) for day in found.days] == [("2026-03-14", 1), ("2026-03-15", 1)]
    assert [hour.key for hour in found.hours] == ["20", "23"]


def test_repeated_autumn_hour_counts_as_one(file: Path, history: HistoryStore) -> None:
    for offset in (2, 1):
        history.add(said(started_at=datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=offset)))))
    assert [(hour.key, hour.dictations) for hour in compute_statistics(file, TODAY).hours] == [("2", 2)]


@pytest.mark.parametrize("offset", [-12, 0, 14])
def test_since_is_a_moment_in_any_timezone(file: Path, history: HistoryStore, offset: int) -> None:
    there = timezone(timedelta(hours=offset))
    for minutes in (-1, 0, 1):
        history.add(said(started_at=(NOON + timedelta(minutes=minutes)).astimezone(there)))
    assert compute_statistics(file, TODAY, NOON).total.dictations == 2


def test_applications_sorted_by_dictations(file: Path, history: HistoryStore) -> None:
    for app in ("kitty", "slack", "slack"):
        history.add(said(app=app))
    assert [(app.key, app.dictations) for app in compute_statistics(file, TODAY).apps] == [("slack", 2), ("kitty", 1)]


def test_waits_are_told_by_stage(file: Path, history: HistoryStore) -> None:
    for ms in range(1, 101):
        history.add(said(release_to_text_ms=float(ms), decode_s=ms / 100, paste_ms=None))
    waits = {wait.stage: (wait.count, wait.p50_ms, wait.p95_ms) for wait in compute_statistics(file, TODAY).latencies}
    assert waits == {"release_to_text": (100, 50, 95), "decode": (100, 500, 950)}


@given(st.lists(st.integers(0, 5000), min_size=1))
def test_percentiles_are_those_of_the_sorted_values(values: list[int]) -> None:
    found = compute_latency("decode", {value: values.count(value) for value in values})
    assert found is not None
    for share, value in ((0.5, found.p50_ms), (0.95, found.p95_ms)):
        assert sum(other <= value for other in values) >= share * len(values)
        assert sum(other < value for other in values) < share * len(values)


def test_voice_calibrating_until_newest_is_known(file: Path, history: HistoryStore) -> None:
    history.add(said(emotion=Emotion("joy", 0.8, 0.6, 0.2, calibrating=True)))
    assert compute_statistics(file, TODAY).is_calibrating
    history.add(said(emotion=JOY))
    assert not compute_statistics(file, TODAY).is_calibrating


@pytest.mark.parametrize(
    ("ago", "expected"),
    [([], (0, 0)), ([0], (1, 1)), ([1], (1, 1)), ([2], (0, 1)), ([0, 1, 2, 4, 5], (3, 3)), ([1, 2, 4, 5, 6], (2, 3))],
)
def test_streaks_are_days_in_a_row(ago: list[int], expected: tuple[int, int]) -> None:
    assert count_streaks([TODAY - timedelta(days=days) for days in ago * 2], TODAY) == expected


def test_streaks_are_of_the_whole_history(file: Path, history: HistoryStore) -> None:
    for days in range(3):
        history.add(said(started_at=NOON - timedelta(days=days)))
    found = compute_statistics(file, TODAY, NOON)
    assert (found.total.dictations, found.streak_days) == (1, 3)


def test_days_come_together_as_weeks() -> None:
    days = [Tally(key=day, dictations=1) for day in ("2026-03-14", "2026-03-15", "2026-03-16")]
    assert [(week.key, week.dictations) for week in group_by_week(days)] == [("2026-03-09", 2), ("2026-03-16", 1)]


def test_means_are_weighed_by_how_many_they_are_of() -> None:
    few = Tally(key="a", dictations=5, emotion_counts=(1, *(0,) * 7), valence=1.0, arousal=0.0)
    many = Tally(key="b", dictations=3, emotion_counts=(3, *(0,) * 7), valence=0.0, arousal=0.0)
    assert merge_tallies("", [few, many]).valence == 0.25


def test_what_is_too_many_is_told_as_one() -> None:
    apps = [Tally(key=str(n), dictations=1) for n in range(5)]
    assert [(app.key, app.dictations) for app in limit_tallies(apps, 3, "others")] == [
        ("0", 1),
        ("1", 1),
        ("others", 3),
    ]


def test_an_older_file_is_added_up_too(file: Path, history: HistoryStore) -> None:
    history.add(said("one two"))
    with closing(sqlite3.connect(file, autocommit=True)) as connection:
        for trigger in ("dictation_figured", "dictation_figured_anew", "dictation_unfigured"):
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute("DROP VIEW figured")
        connection.execute("DROP TABLE figures")
        connection.execute(f"PRAGMA user_version = {MIGRATIONS.index(FIGURES_MIGRATION)}")
    assert compute_statistics(file, TODAY).total.words == 2


def test_no_word_is_kept_among_the_figures(file: Path, history: HistoryStore) -> None:
    history.add(said("zebra crossing", window="zebra"))
    with closing(sqlite3.connect(file)) as connection:
        assert not any("zebra" in str(value) for row in connection.execute("SELECT * FROM figures") for value in row)


def test_it_is_told_to_programs_by_plain_names(file: Path, history: HistoryStore) -> None:
    history.add(said(emotion=JOY, app="slack", release_to_text_ms=210.4, started_at=NOON.astimezone(UTC)))
    told = compute_statistics(file, TODAY).to_json()
    assert told["emotions"]["joy"] == 1
    assert told["latency_ms"] == {"release_to_text": {"count": 1, "p50": 210, "p95": 210}}
    assert told["days"][0]["key"] == "2026-03-14"
    assert told["hours"][0]["key"] == "11"
    assert told["applications"][0] == {**told["days"][0], "key": "slack"}
