"""Voice is heard however faint the microphone makes it."""

from __future__ import annotations

import numpy as np
import pytest

from desktop.audio.file import read_audio
from desktop.audio.vad import MAX_GAIN, TARGET_PEAK, VoiceActivity, compute_gain
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio
from desktop.stt.segmenter import VOICE_THRESHOLD
from tests.conftest import Clip


def heard(audio: Audio) -> int:
    """Frames of voice in it."""
    voice = VoiceActivity()
    return sum(
        voice(audio[start : start + FRAME_SAMPLES]) >= VOICE_THRESHOLD for start in range(0, len(audio), FRAME_SAMPLES)
    )


def at_peak(audio: Audio, db: float) -> Audio:
    """What a converter of 16 bits makes of it at that peak."""
    return (np.round(audio / np.abs(audio).max() * 10 ** (db / 20) * 2**15) / 2**15).astype(np.float32)


@pytest.mark.parametrize("db", [-40, -50, -60])
def test_a_faint_voice_is_heard(clips: list[Clip], db: float) -> None:
    audio = np.concatenate([read_audio(clip.path) for clip in clips])
    assert heard(at_peak(audio, db)) > 0.9 * heard(at_peak(audio, -3))


@pytest.mark.parametrize("db", [-60, -40, -10])
def test_noise_is_no_voice_at_any_level(db: float) -> None:
    noise = np.random.default_rng(1).normal(0, 0.2, 5 * RATE_HZ).astype(np.float32)
    assert heard(at_peak(noise, db)) == 0


@pytest.mark.parametrize(
    ("peaks", "by"),
    [([1.0, 0.001], 1.0), ([TARGET_PEAK], 1.0), ([TARGET_PEAK / 4, TARGET_PEAK / 8], 4.0), ([0.0], MAX_GAIN)],
)
def test_gain_raises_only_faint_and_is_capped(peaks: list[float], by: float) -> None:
    assert compute_gain(peaks) == pytest.approx(by)
