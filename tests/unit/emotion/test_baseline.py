"""What is usual for a voice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from desktop.emotion.baseline import (
    UNKNOWN_VOICE,
    BaselineStatus,
    StoredVoiceBaselines,
    TransientVoiceBaselines,
    VoiceBaseline,
)
from models.emotion.labels import LABELS
from models.emotion.voice_classifier import (
    MEASURE_NAMES,
    RATE_HZ,
    TYPICAL_WEIGHT,
    log_prior,
    measure_prosody,
    softmax,
    usual_measures,
)


def test_mean_is_of_all_recordings_then_of_the_newest() -> None:
    known = UNKNOWN_VOICE
    for value in range(1, 5):
        known = known.updated_with(np.full(3, value, np.float32))
    assert (known.recordings, float(known.mean[0])) == (4, pytest.approx(2.5))
    for _ in range(400):
        known = known.updated_with(np.full(3, 10, np.float32))
    assert float(known.mean[0]) == pytest.approx(10, abs=0.01)


def test_another_kind_of_measures_begins_anew() -> None:
    known = UNKNOWN_VOICE.updated_with(np.ones(3, np.float32)).updated_with(np.ones(5, np.float32))
    assert (known.recordings, known.mean.shape) == (1, (5,))


def test_each_microphone_and_model_has_its_own() -> None:
    voices = TransientVoiceBaselines()
    voices.save_baseline("one", "base", UNKNOWN_VOICE.updated_with(np.ones(2, np.float32)))
    assert voices.load_baseline("one", "base").recordings == 1
    assert voices.load_baseline("two", "base") is UNKNOWN_VOICE
    assert voices.load_baseline("one", "tiny") is UNKNOWN_VOICE


def test_little_known_speaker_is_treated_as_typical() -> None:
    mean, typical = np.full(2, 10, np.float32), np.zeros(2, np.float32)
    assert usual_measures(mean, 0, typical).tolist() == [0, 0]
    assert usual_measures(mean, TYPICAL_WEIGHT, typical).tolist() == [5, 5]


def test_prior_sets_the_stated_share_of_neutral() -> None:
    flat = softmax(np.zeros(7, np.float32) + log_prior(0.6))
    assert float(flat[LABELS.index("neutral")]) == pytest.approx(0.6, abs=1e-6)


def tone(hz: float, loud: float, seconds: float = 2.0) -> np.ndarray:
    time = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    voice = sum(np.sin(2 * np.pi * hz * part * time) / part for part in range(1, 8))
    return (loud * voice).astype(np.float32)


def measure(audio: np.ndarray) -> dict[str, float]:
    return dict(zip(MEASURE_NAMES, (float(value) for value in measure_prosody(audio)), strict=True))


@pytest.mark.parametrize("hz", [100, 150, 220, 330])
def test_pitch_is_in_semitones_above_100_hz(hz: float) -> None:
    found = measure(tone(hz, 0.1))
    assert found["pitch"] == pytest.approx(12 * np.log2(hz / 100), abs=0.4)
    assert found["voiced"] > 0.95


def test_twice_as_loud_is_six_decibels_more() -> None:
    assert measure(tone(150, 0.2))["loud"] - measure(tone(150, 0.1))["loud"] == pytest.approx(6.02, abs=0.1)


def test_syllables_and_pauses_are_counted() -> None:
    syllable = tone(150, 0.2, 0.15) * np.hanning(int(0.15 * RATE_HZ)).astype(np.float32)
    gap = np.zeros(int(0.1 * RATE_HZ), np.float32)
    found = measure(np.concatenate([part for _ in range(8) for part in (syllable, gap)]))
    assert found["pace"] == pytest.approx(4, abs=0.6)
    assert found["pauses"] > 0.2
    assert 0.05 < found["longest_pause"] < 0.25


@pytest.mark.parametrize("audio", [np.zeros(0), np.zeros(100), np.zeros(RATE_HZ), np.full(RATE_HZ, 1e-12)])
def test_silence_measures_nothing_and_breaks_nothing(audio: np.ndarray) -> None:
    assert np.isfinite(measure_prosody(audio.astype(np.float32))).all()


def test_newest_voice_is_of_the_last_heard_microphone(tmp_path: Path) -> None:
    voices = StoredVoiceBaselines(tmp_path / "history.db")
    assert voices.latest_status() is None
    voices.save_baseline("one", "base", VoiceBaseline(12, np.ones(2, np.float32)))
    voices.save_baseline("two", "base", VoiceBaseline(3, np.ones(2, np.float32)))
    assert voices.latest_status() == BaselineStatus("two", 3)
