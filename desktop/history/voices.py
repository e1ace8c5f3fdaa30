"""What is usual for a voice, kept from one run to the next: a mean for each microphone and model, and no sound.

It lies in the history's file because it is learnt from what is dictated, and goes when that is cleared.
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
    """How many takes are known of a voice on a microphone, and of how many its expression is told."""

    microphone: str
    takes: int
    enough: int = KNOWN


class StoredVoices:
    """`desktop.emotion.voices.Voices` in the history's file at `path`. Suits any thread; raises `HistoryProblem`."""

    def __init__(self, path: Path, wait_s: float = WAIT_S) -> None:
        self._opened = partial(opened, path, wait_s)

    def usual(self, microphone: str, model: str) -> Usual:
        """See `Voices`."""
        sql = "SELECT takes, mean FROM voice_baseline WHERE microphone = ? AND model = ?"
        with self._opened() as connection:
            found = connection.execute(sql, (microphone, model)).fetchone()
        return NOBODY if found is None else Usual(found["takes"], np.frombuffer(found["mean"], "<f4").copy())

    def learn(self, microphone: str, model: str, usual: Usual) -> None:
        """See `Voices`."""
        mean, now = usual.mean.astype("<f4").tobytes(), datetime.now(UTC).isoformat(timespec="seconds")
        with self._opened() as connection:
            sql = (
                "INSERT OR REPLACE INTO voice_baseline (microphone, model, takes, mean, updated) VALUES (?, ?, ?, ?, ?)"
            )
            connection.execute(sql, (microphone, model, usual.takes, mean, now))

    def newest(self) -> Known | None:
        """What is known of the voice on the microphone that was heard last; None where none was."""
        sql = "SELECT microphone, takes FROM voice_baseline ORDER BY updated DESC, rowid DESC LIMIT 1"
        with self._opened() as connection:
            found = connection.execute(sql).fetchone()
        return None if found is None else Known(found["microphone"], found["takes"])

    def forget(self) -> int:
        """Begin anew with every voice; return how many were known."""
        with self._opened() as connection:
            return connection.execute("DELETE FROM voice_baseline").rowcount
