"""Recordings that are too old or too many go, and their words stay."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from desktop.core.types import Outcome
from desktop.history.store import HistoryStore
from tests.support.history_rows import NOON, said


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
