"""The app's one emotion detector."""

from __future__ import annotations

from pathlib import Path

import anyio
import numpy as np
import pytest

from desktop.app.emotion_service import EmotionService
from desktop.core.paths import find_paths
from desktop.core.types import RATE_HZ, Audio, Transcript
from desktop.emotion.detector import LocalEmotionDetector
from desktop.history.store import HistoryStore
from desktop.settings.schema import EmotionSettings, Settings
from models.emotion.training.voice import build_head
from tests.support.voice_head import STATES, write_measures

HUM: Audio = np.sin(np.arange(3 * RATE_HZ) / 20).astype(np.float32)
SAID = Transcript("we meet at three", language="en", voice=np.zeros(STATES, np.float32), voice_model="base")


def test_head_of_the_user_is_used_once_it_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTONE_HOME", str(tmp_path))
    paths = find_paths()
    service = EmotionService(HistoryStore(paths.history), paths.history, paths.voice_heads, lambda: None)
    detector = service.create_detector(Settings(), None)
    assert isinstance(detector, LocalEmotionDetector)
    anyio.run(service.warm)
    by_words = detector.detect_blocking(SAID, HUM)
    paths.voice_heads.mkdir()
    build_head([write_measures(tmp_path / "measures.npz")], "base", paths.voice_heads)
    by_voice = detector.detect_blocking(SAID, HUM)
    assert by_words.scores != by_voice.scores
    assert (by_words.calibrating, by_voice.calibrating) == (False, True)


def test_voice_is_encoded_afterwards_only_where_that_is_chosen(tmp_path: Path) -> None:
    history = HistoryStore(tmp_path / "history.sqlite")
    service = EmotionService(history, tmp_path / "history.sqlite", tmp_path, lambda: None, tmp_path / "models")
    assert service.create_voice_encoder(Settings()) is None
    assert service.create_voice_encoder(Settings(emotion=EmotionSettings(voice="whisper"))) is not None
    off = Settings(emotion=EmotionSettings(engine="off", voice="whisper"))
    assert service.create_voice_encoder(off) is None
