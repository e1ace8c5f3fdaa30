"""What is deleted is gone from the file, its log and its index."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from desktop.core.errors import HistoryError
from desktop.core.types import Emotion
from desktop.emotion.baseline import UNKNOWN_VOICE, StoredVoiceBaselines, VoiceBaseline
from desktop.history.store import HistoryStore
from tests.support.history_rows import NOON, found, said


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
