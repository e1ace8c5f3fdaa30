"""How a take sounds beside what is usual for its speaker, in a few words: for a language model, which is never sent
sound."""

from __future__ import annotations

from desktop.emotion.fusion import SPREADS
from models.emotion import Floats
from models.emotion.prosody import NAMES

WORDS = {"pitch": ("lower", "higher"), "loud": ("quieter", "louder"), "pace": ("slower", "faster")}
"""Below and above what is usual."""


def told(prosody: Floats, usual: Floats) -> str:
    """The line, from measures by `NAMES` and their mean. What lies within one speaker's spread is not worth telling."""
    beyond = {name: float(prosody[NAMES.index(name)] - usual[NAMES.index(name)]) / SPREADS[name] for name in WORDS}
    found = [WORDS[name][far > 0] for name, far in beyond.items() if abs(far) > 1]
    return f"Voice: {', '.join(found)} than usual." if found else "Voice: as usual."
