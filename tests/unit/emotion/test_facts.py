"""How a take sounds, in words for a language model."""

from __future__ import annotations

import numpy as np
import pytest

from desktop.core.types import RATE_HZ, Audio, Transcript
from desktop.emotion.detector import Local
from desktop.emotion.facts import told
from desktop.emotion.fusion import KNOWN
from desktop.emotion.voices import Passing
from models.emotion.labels import Floats
from models.emotion.voice_classifier import NAMES


def measures(**beyond: float) -> Floats:
    return np.array([beyond.get(name, 0.0) for name in NAMES], np.float32)


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
    assert told(measures(**beyond), measures()) == f"Voice: {line}."


def hum(level: float) -> Audio:
    """Two seconds of a voice of sorts, in syllables."""
    at = np.arange(2 * RATE_HZ) / RATE_HZ
    buzz = sum(np.sin(2 * np.pi * 150 * n * at) / n for n in range(1, 8))
    return (level * buzz * (1 + np.sin(2 * np.pi * 4 * at)) / 4).astype(np.float32)


def test_voice_note_empty_until_voice_known() -> None:
    local, said = Local(Passing()), Transcript("hello there", language="en")
    lines = [local.look(said, hum(0.05), "desk")[1] for _ in range(KNOWN)]
    assert lines[:-1] == [""] * (KNOWN - 1)
    assert local.look(said, hum(0.5), "desk")[1] == "Voice: louder than usual."
    assert local.look(said, hum(0.5), "another microphone")[1] == ""
