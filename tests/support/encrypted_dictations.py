"""Dictations that are kept, used, and not to be read on the disk."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np

from desktop.audio import file as audio_file
from desktop.core.paths import Paths
from desktop.core.types import FRAME_SAMPLES, Emotion, Outcome
from desktop.emotion.baseline import StoredVoiceBaselines, VoiceBaseline
from desktop.history.recorder import DictationRecorder
from desktop.history.rows import HistoryEntry
from desktop.history.statistics import compute_statistics
from desktop.history.store import HistoryStore
from desktop.settings.schema import HistorySettings

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
WORDS, APP, TITLE = "the heron stood quite still", "a-telling-application", "A window that tells"
SOUND = np.random.default_rng(3).uniform(-0.5, 0.5, 20 * FRAME_SAMPLES).astype(np.float32)
TOLD = (WORDS.encode(), b"heron", APP.encode(), TITLE.encode(), b"fLaC", b"SQLite format 3")


def dictate(home: Paths, words: str = WORDS) -> None:
    """As the app does at the end of a dictation."""
    memory = DictationRecorder(home, HistoryStore(home.history))
    with memory.spool.create(NOW) as take:
        take.update_header(type(take.header)(NOW, app=APP))
        for begin in range(0, len(SOUND), FRAME_SAMPLES):
            take.write(SOUND[begin : begin + FRAME_SAMPLES])
        entry = HistoryEntry(
            started_at=NOW,
            app=APP,
            window=TITLE,
            raw_text=words,
            text=words.capitalize(),
            duration_s=1.0,
            delivery=Outcome.INSERTED,
            emotion=Emotion("joy", 0.5, 0.5, 0.5, note="a heron"),
        )
        memory.record(entry, take, HistorySettings())


def use(home: Paths) -> None:
    """All that asks the history, or writes into it."""
    history = HistoryStore(home.history)
    (row, *_) = history.search("heron")
    assert row.audio_path is not None
    np.testing.assert_allclose(audio_file.read_audio(row.audio_path), SOUND, atol=1 / 32768)
    history.correct_text(row.id, f"{WORDS}.")
    history.correct_emotion(row.id, "fear")
    assert [found.emotion_user for found in history.rows_with_corrected_emotion()] == ["fear"]
    assert APP in history.filter_choices().apps
    assert compute_statistics(home.history, date(2026, 5, 4)).total.dictations == len(history.rows())
    StoredVoiceBaselines(home.history).save_baseline("usb", "base", VoiceBaseline(3, np.zeros(4, np.float32)))
    newest = StoredVoiceBaselines(home.history).latest_status()
    assert newest is not None
    assert newest.recordings == 3
