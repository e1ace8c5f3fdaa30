"""Store the voice baselines in the history's file: a mean for each microphone and model, and no audio.

They are in that file because they are learned from dictations, and are deleted with them.

Learn the baseline of a voice: the running mean of its measures, one for each microphone and model.

A head that knows how a recording differs from its speaker's others hears an expression; one that does not hears a
stranger's voice in a strange room, and finds an emotion in most of what they say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np

from desktop.emotion.fusion import KNOWN_VOICE_RECORDINGS
from desktop.history.schema import WRITE_TIMEOUT_S, open_history
from models.emotion.labels import Floats
from models.emotion.voice_classifier import update_mean


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


@dataclass(frozen=True, slots=True)
class BaselineStatus:
    """How many recordings of a voice on a microphone are known, and how many are needed before its emotion is
    judged."""

    microphone: str
    recordings: int
    required: int = KNOWN_VOICE_RECORDINGS


class StoredVoiceBaselines:
    """`VoiceBaselines` in the history's file at `path`. Suits any thread; raises `HistoryError`."""

    def __init__(self, path: Path, timeout_s: float = WRITE_TIMEOUT_S) -> None:
        self._open = partial(open_history, path, timeout_s)

    def load_baseline(self, microphone: str, model: str) -> VoiceBaseline:
        """See `VoiceBaselines`."""
        sql = "SELECT takes, mean FROM voice_baseline WHERE microphone = ? AND model = ?"
        with self._open() as connection:
            found = connection.execute(sql, (microphone, model)).fetchone()
        return (
            UNKNOWN_VOICE
            if found is None
            else VoiceBaseline(found["takes"], np.frombuffer(found["mean"], "<f4").copy())
        )

    def save_baseline(self, microphone: str, model: str, baseline: VoiceBaseline) -> None:
        """See `VoiceBaselines`."""
        mean, now = baseline.mean.astype("<f4").tobytes(), datetime.now(UTC).isoformat(timespec="seconds")
        with self._open() as connection:
            sql = (
                "INSERT OR REPLACE INTO voice_baseline (microphone, model, takes, mean, updated) VALUES (?, ?, ?, ?, ?)"
            )
            connection.execute(sql, (microphone, model, baseline.recordings, mean, now))

    def latest_status(self) -> BaselineStatus | None:
        """Return the status of the voice on the last used microphone; None if there is none."""
        sql = "SELECT microphone, takes FROM voice_baseline ORDER BY updated DESC, rowid DESC LIMIT 1"
        with self._open() as connection:
            found = connection.execute(sql).fetchone()
        return None if found is None else BaselineStatus(found["microphone"], found["takes"])
