"""Learn the baseline of a voice: the running mean of its measures, one for each microphone and model.

A head that knows how a recording differs from its speaker's others hears an expression; one that does not hears a
stranger's voice in a strange room, and finds an emotion in most of what they say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from models.emotion.labels import Floats
from models.emotion.voice_head import followed


@dataclass(frozen=True, slots=True)
class Usual:
    """The mean of that many `recordings`, shape (n,)."""

    takes: int
    mean: Floats

    def after(self, measures: Floats) -> Usual:
        """Return the baseline with another recording."""
        if self.mean.shape != measures.shape:
            return Usual(1, measures)
        return Usual(self.takes + 1, followed(self.mean, self.takes, measures))


NOBODY = Usual(0, np.zeros(0, np.float32))


class Voices(Protocol):
    """A store of voice baselines. Both methods block."""

    def usual(self, microphone: str, model: str) -> Usual:
        """Return the baseline; `UNKNOWN_VOICE` if there is none yet."""
        ...

    def learn(self, microphone: str, model: str, usual: Usual) -> None:
        """Store the baseline."""
        ...


class Passing:
    """`VoiceBaselines` in memory: files that are passed together are of one speaker."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Usual] = {}

    def usual(self, microphone: str, model: str) -> Usual:
        """See `VoiceBaselines`."""
        return self._known.get((microphone, model), NOBODY)

    def learn(self, microphone: str, model: str, usual: Usual) -> None:
        """See `VoiceBaselines`."""
        self._known[microphone, model] = usual
