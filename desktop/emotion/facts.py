"""Describe how a voice differs from its speaker's usual, in a few words, for a language model that is never sent
audio."""

from __future__ import annotations

from desktop.emotion.fusion import SPREADS
from models.emotion.labels import Floats
from models.emotion.voice_classifier import NAMES

WORDS = {"pitch": ("lower", "higher"), "loud": ("quieter", "louder"), "pace": ("slower", "faster")}
"""Words for below and above the usual."""


def told(prosody: Floats, usual: Floats) -> str:
    """Return the line, from measures by `NAMES` and their mean. Differences within one speaker's spread are left
    out."""
    beyond = {name: float(prosody[NAMES.index(name)] - usual[NAMES.index(name)]) / SPREADS[name] for name in WORDS}
    found = [WORDS[name][far > 0] for name, far in beyond.items() if abs(far) > 1]
    return f"Voice: {', '.join(found)} than usual." if found else "Voice: as usual."
