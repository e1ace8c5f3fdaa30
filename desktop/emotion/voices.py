"""Learn the baseline of a voice: the running mean of its measures, one for each microphone and model.

A head that knows how a recording differs from its speaker's others hears an expression; one that does not hears a
stranger's voice in a strange room, and finds an emotion in most of what they say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from models.emotion.labels import Floats
from models.emotion.voice_head import update_mean


@dataclass(frozen=True, slots=True)
class VoiceBaseline:
    """The mean of that many `recordings`, shape (n,)."""

    recordings: int
    mean: Floats

    def updated_with(self, measures: Floats) -> VoiceBaseline:
        """Return the baseline with another recording."""
        if self.mean.shape != measures.shape:
            return VoiceBaseline(1, measures)
        return VoiceBaseline(self.recordings + 1, update_mean(self.mean, self.recordings, measures))


UNKNOWN_VOICE = VoiceBaseline(0, np.zeros(0, np.float32))


class VoiceBaselines(Protocol):
    """A store of voice baselines. Both methods block."""

    def load_baseline(self, microphone: str, model: str) -> VoiceBaseline:
        """Return the baseline; `UNKNOWN_VOICE` if there is none yet."""
        ...

    def save_baseline(self, microphone: str, model: str, baseline: VoiceBaseline) -> None:
        """Store the baseline."""
        ...


class TransientVoiceBaselines:
    """`VoiceBaselines` in memory: files that are passed together are of one speaker."""

    def __init__(self) -> None:
        self._baselines: dict[tuple[str, str], VoiceBaseline] = {}

    def load_baseline(self, microphone: str, model: str) -> VoiceBaseline:
        """See `VoiceBaselines`."""
        return self._baselines.get((microphone, model), UNKNOWN_VOICE)

    def save_baseline(self, microphone: str, model: str, baseline: VoiceBaseline) -> None:
        """See `VoiceBaselines`."""
        self._baselines[microphone, model] = baseline
