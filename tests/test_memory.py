"""What is kept of a dictation."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from desktop.history import Entry, History
from desktop.memory import Memory
from desktop.paths import Paths
from desktop.ports import FRAME, Outcome

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path)


def ended(paths: Paths, outcome: Outcome, keep_days: int, frames: int = 2) -> Path | None:
    """The recording that is kept of a dictation that ended so."""
    history = History(paths.history)
    memory = Memory(paths, history)
    with memory.spool.take(NOW) as take:
        for _ in range(frames):
            take.write(np.full(FRAME, 0.1, np.float32))
        memory.remember(Entry(started_at=NOW, delivery=outcome), take, keep_days)
    assert memory.spool.leftovers() == []
    row = history.last()
    assert row is not None
    assert row.delivery is outcome
    return row.audio_path


@pytest.mark.parametrize(
    ("outcome", "keep_days", "kept"),
    [
        (Outcome.INSERTED, 7, True),
        (Outcome.INSERTED, 0, False),
        (Outcome.CANCELLED, 0, True),
        (Outcome.FAILED, 0, True),
    ],
)
def test_a_recording_is_kept_where_it_is_wanted_or_the_only_copy(
    paths: Paths, outcome: Outcome, keep_days: int, kept: bool
) -> None:
    audio = ended(paths, outcome, keep_days)
    assert (audio is not None and audio.is_file()) is kept


def test_where_nothing_was_heard_there_is_no_recording(paths: Paths) -> None:
    assert ended(paths, Outcome.FAILED, 7, frames=0) is None
    assert not paths.audio.exists()
