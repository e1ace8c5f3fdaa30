"""What is usual for a voice: the running mean of what was measured of it, one for each microphone and model.

A head that is told how a take differs from its speaker's others hears an expression; one that is not hears a stranger's
voice in a strange room, and finds an emotion in most of what they say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from models.emotion import Floats
from models.emotion.voice_head import followed


@dataclass(frozen=True, slots=True)
class Usual:
    """The mean over `takes` takes, shape (n,)."""

    takes: int
    mean: Floats

    def after(self, measures: Floats) -> Usual:
        """With one take more."""
        if self.mean.shape != measures.shape:
            return Usual(1, measures)
        return Usual(self.takes + 1, followed(self.mean, self.takes, measures))


NOBODY = Usual(0, np.zeros(0, np.float32))


class Voices(Protocol):
    """Where they are kept. Both block."""

    def usual(self, microphone: str, model: str) -> Usual:
        """What is usual there; `NOBODY` where nothing was heard yet."""
        ...

    def learn(self, microphone: str, model: str, usual: Usual) -> None:
        """Keep it."""
        ...


class Passing:
    """`Voices` for as long as this lives: files that are given together are of one speaker."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Usual] = {}

    def usual(self, microphone: str, model: str) -> Usual:
        """See `Voices`."""
        return self._known.get((microphone, model), NOBODY)

    def learn(self, microphone: str, model: str, usual: Usual) -> None:
        """See `Voices`."""
        self._known[microphone, model] = usual
