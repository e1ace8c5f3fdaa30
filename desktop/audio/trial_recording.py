"""The result of a microphone test, shared by engine and windows without either importing the other."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from desktop.core.errors import MicrophoneError, UserError

if TYPE_CHECKING:  # no window needs numpy
    from desktop.core.types import Audio

SILENT_MICROPHONE = MicrophoneError("The microphone is silent.", "Is it muted?")
"""Shown for a microphone that delivers silence for no other known reason."""


class RecordingVerdict(Enum):
    """How a test recording turned out."""

    GOOD = "good"
    SILENT = "silent"
    FAINT = "faint"
    CLIPPED = "clipped"


@dataclass(frozen=True, slots=True)
class TrialRecording:
    """A test recording. `problem` is what the microphone reported, None for nothing."""

    audio: Audio
    verdict: RecordingVerdict
    device: str = ""
    problem: UserError | None = None
