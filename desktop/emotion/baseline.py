"""Store the voice baselines in the history's file: a mean for each microphone and model, and no audio.

They are in that file because they are learned from dictations, and are deleted with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np

from desktop.emotion.fusion import KNOWN_VOICE_RECORDINGS
from desktop.emotion.voices import UNKNOWN_VOICE, VoiceBaseline
from desktop.history.schema import WRITE_TIMEOUT_S, open_history


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

    def delete_all(self) -> int:
        """Delete all baselines; return how many there were."""
        with self._open() as connection:
            return connection.execute("DELETE FROM voice_baseline").rowcount
