"""Learn the baseline of a voice: the running mean of its measures, one for each microphone and model, and no audio.

A head that knows how a recording differs from its speaker's others detects an expression; one that does not hears a
stranger's voice in a strange room, and finds an emotion in most of what they say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np

from desktop.emotion.fusion import KNOWN_VOICE_RECORDINGS, SPEAKER_SPREADS
from desktop.history.schema import WRITE_TIMEOUT_S, open_history
from models.emotion.labels import Floats
from models.emotion.voice_classifier import MEASURE_NAMES, update_mean

DEVIATION_WORDS = {"pitch": ("lower", "higher"), "loud": ("quieter", "louder"), "pace": ("slower", "faster")}
"""Words for below and above the usual."""


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


@dataclass(frozen=True, slots=True)
class BaselineStatus:
    """How many recordings of a voice on a microphone are known, and how many are needed before its emotion is
    judged."""

    microphone: str
    recordings: int
    required: int = KNOWN_VOICE_RECORDINGS


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


class StoredVoiceBaselines:
    """`VoiceBaselines` in the history's file at `path`, because they are learned from dictations and deleted with them.
    Suits any thread; raises `HistoryError`."""

    def __init__(self, path: Path) -> None:
        self._open = partial(open_history, path, WRITE_TIMEOUT_S)

    def load_baseline(self, microphone: str, model: str) -> VoiceBaseline:
        """See `VoiceBaselines`."""
        sql = "SELECT takes, mean FROM voice_baseline WHERE microphone = ? AND model = ?"
        with self._open() as connection:
            row = connection.execute(sql, (microphone, model)).fetchone()
        return UNKNOWN_VOICE if row is None else VoiceBaseline(row["takes"], np.frombuffer(row["mean"], "<f4").copy())

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
            row = connection.execute(sql).fetchone()
        return None if row is None else BaselineStatus(row["microphone"], row["takes"])


def describe_voice(prosody: Floats, baseline: Floats) -> str:
    """Describe how a voice differs from its speaker's usual, in a line for a language model, which is never sent audio.

    `prosody` has the measures by `MEASURE_NAMES`, `baseline` their mean; differences within one speaker's spread are
    left out.
    """
    deviations = {
        name: float(prosody[MEASURE_NAMES.index(name)] - baseline[MEASURE_NAMES.index(name)]) / SPEAKER_SPREADS[name]
        for name in DEVIATION_WORDS
    }
    words = [DEVIATION_WORDS[name][spreads > 0] for name, spreads in deviations.items() if abs(spreads) > 1]
    return f"Voice: {', '.join(words)} than usual." if words else "Voice: as usual."
