"""How a take sounds, in words for a language model."""

from __future__ import annotations

import numpy as np
import pytest

from desktop.core.types import RATE_HZ, Audio, Transcript
from desktop.emotion.baseline import TransientVoiceBaselines, describe_voice
from desktop.emotion.detector import LocalEmotionDetector
from desktop.emotion.fusion import KNOWN_VOICE_RECORDINGS
from models.emotion.labels import Floats
from models.emotion.voice_classifier import MEASURE_NAMES


def measures(**beyond: float) -> Floats:
    return np.array([beyond.get(name, 0.0) for name in MEASURE_NAMES], np.float32)


@pytest.mark.parametrize(
    ("beyond", "line"),
    [
        ({}, "as usual"),
        ({"pitch": 3, "loud": 6, "pace": 1.5}, "higher, louder, faster than usual"),
        ({"pitch": -3, "loud": -6, "pace": -1.5}, "lower, quieter, slower than usual"),
        ({"loud": 3}, "as usual"),  # within what takes of one speaker differ
    ],
)
def test_what_differs_is_told(beyond: dict[str, float], line: str) -> None:
    assert describe_voice(measures(**beyond), measures()) == f"Voice: {line}."


def hum(level: float) -> Audio:
    """Two seconds of a voice of sorts, in syllables."""
    at = np.arange(2 * RATE_HZ) / RATE_HZ
    buzz = sum(np.sin(2 * np.pi * 150 * n * at) / n for n in range(1, 8))
    return (level * buzz * (1 + np.sin(2 * np.pi * 4 * at)) / 4).astype(np.float32)


def test_voice_note_empty_until_voice_known() -> None:
    local, said = LocalEmotionDetector(TransientVoiceBaselines()), Transcript("hello there", language="en")
    lines = [local.detect_with_description(said, hum(0.05), "desk")[1] for _ in range(KNOWN_VOICE_RECORDINGS)]
    assert lines[:-1] == [""] * (KNOWN_VOICE_RECORDINGS - 1)
    assert local.detect_with_description(said, hum(0.5), "desk")[1] == "Voice: louder than usual."
    assert local.detect_with_description(said, hum(0.5), "another microphone")[1] == ""
