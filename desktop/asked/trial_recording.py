"""What came of trying the microphone: what the engine finds and a window shows, neither loading the other."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from desktop.problems import MicrophoneProblem, Problem

if TYPE_CHECKING:  # no window needs numpy
    from desktop.ports import Audio

SILENT = MicrophoneProblem("The microphone is silent.", "Is it muted?")
"""What is said of a microphone that gives nothing and of which nothing else is known."""


class Verdict(Enum):
    """What a trial recording is like."""

    GOOD = "good"
    SILENT = "silent"
    FAINT = "faint"
    CLIPPED = "clipped"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A trial recording. `trouble` is what the microphone says of itself, None for nothing."""

    audio: Audio
    verdict: Verdict
    device: str = ""
    trouble: Problem | None = None
