"""Dictations that are spoken into a spool, kept as rows or left there by a kill."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from desktop.audio.spool_file import SpoolFile
from desktop.core.paths import Paths
from desktop.core.types import FRAME_SAMPLES, Outcome
from desktop.history.recorder import DictationRecorder
from desktop.history.rows import HistoryEntry
from desktop.settings.schema import HistorySettings

NOW = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)
LONG = HistorySettings(keep_audio_days=3650)


def speak(take: SpoolFile) -> None:
    take.write(np.full(FRAME_SAMPLES, 0.1, np.float32))


def left(memory: DictationRecorder, at: datetime = NOW) -> None:
    """A take that a kill left."""
    with memory.spool.create(at) as take:
        speak(take)


def dictated(memory: DictationRecorder, at: datetime = NOW, text: str = "A heron.") -> int:
    with memory.spool.create(at) as take:
        speak(take)
        return memory.record(
            HistoryEntry(started_at=at, raw_text=text, text=text, delivery=Outcome.INSERTED), take, LONG
        )


def spooled(paths: Paths) -> list[str]:
    return sorted(path.suffix for path in paths.spool.iterdir())


def recordings(paths: Paths) -> list[str]:
    return sorted(path.name for path in paths.audio.iterdir())
