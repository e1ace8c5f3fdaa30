"""Describe how a voice differs from its speaker's usual, in a few words, for a language model that is never sent
audio."""

from __future__ import annotations

from desktop.emotion.fusion import SPEAKER_SPREADS
from models.emotion.labels import Floats
from models.emotion.voice_classifier import MEASURE_NAMES

DEVIATION_WORDS = {"pitch": ("lower", "higher"), "loud": ("quieter", "louder"), "pace": ("slower", "faster")}
"""Words for below and above the usual."""


def describe_voice(prosody: Floats, baseline: Floats) -> str:
    """Return the line, from measures by `NAMES` and their mean. Differences within one speaker's spread are left
    out."""
    beyond = {
        name: float(prosody[MEASURE_NAMES.index(name)] - baseline[MEASURE_NAMES.index(name)]) / SPEAKER_SPREADS[name]
        for name in DEVIATION_WORDS
    }
    found = [DEVIATION_WORDS[name][far > 0] for name, far in beyond.items() if abs(far) > 1]
    return f"Voice: {', '.join(found)} than usual." if found else "Voice: as usual."
