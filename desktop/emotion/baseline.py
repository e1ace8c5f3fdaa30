"""Store the voice baselines in the history's file: a mean for each microphone and model, and no audio.

They are in that file because they are learned from dictations, and are deleted with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np

from desktop.emotion.fusion import KNOWN
from desktop.emotion.voices import NOBODY, Usual
from desktop.history.schema import WAIT_S, opened


@dataclass(frozen=True, slots=True)
class Known:
    """How many recordings of a voice on a microphone are known, and how many are needed before its emotion is
    judged."""

    microphone: str
    takes: int
    enough: int = KNOWN


class StoredVoices:
    """`VoiceBaselines` in the history's file at `path`. Suits any thread; raises `HistoryError`."""

    def __init__(self, path: Path, wait_s: float = WAIT_S) -> None:
        self._opened = partial(opened, path, wait_s)

    def usual(self, microphone: str, model: str) -> Usual:
        """See `VoiceBaselines`."""
        sql = "SELECT takes, mean FROM voice_baseline WHERE microphone = ? AND model = ?"
        with self._opened() as connection:
            found = connection.execute(sql, (microphone, model)).fetchone()
        return NOBODY if found is None else Usual(found["takes"], np.frombuffer(found["mean"], "<f4").copy())

    def learn(self, microphone: str, model: str, usual: Usual) -> None:
        """See `VoiceBaselines`."""
        mean, now = usual.mean.astype("<f4").tobytes(), datetime.now(UTC).isoformat(timespec="seconds")
        with self._opened() as connection:
            sql = (
                "INSERT OR REPLACE INTO voice_baseline (microphone, model, takes, mean, updated) VALUES (?, ?, ?, ?, ?)"
            )
            connection.execute(sql, (microphone, model, usual.takes, mean, now))

    def newest(self) -> Known | None:
        """Return the status of the voice on the last used microphone; None if there is none."""
        sql = "SELECT microphone, takes FROM voice_baseline ORDER BY updated DESC, rowid DESC LIMIT 1"
        with self._opened() as connection:
            found = connection.execute(sql).fetchone()
        return None if found is None else Known(found["microphone"], found["takes"])

    def forget(self) -> int:
        """Delete all baselines; return how many there were."""
        with self._opened() as connection:
            return connection.execute("DELETE FROM voice_baseline").rowcount
