"""A kill at any moment leaves a whole history. The proof `history-kills` does so two hundred times."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from desktop.core.types import RATE_HZ, Outcome
from desktop.history.rows import HistoryEntry
from desktop.history.store import HistoryStore
from tests.prove.history_kills import Scene, killed, paths, texts


def test_a_kill_at_any_moment_leaves_a_whole_history(tmp_path: Path) -> None:
    found = killed(tmp_path, 7, 10)
    assert found["wrong"] == []
    assert found["ready"] == 10
    assert found["added"] > 0
    assert 0 < found["encrypted"] < 10


@pytest.mark.parametrize(
    ("broken", "wrong"),
    [
        ({}, []),
        ({"text": "other"}, ["0: row 1: the words do not belong together"]),
        ({"duration_s": 2.0}, ["0: row 1: the recording is cut"]),
        ({"audio_path": None}, ["0: row 1: it has no recording"]),
    ],
)
def test_the_judge_sees_what_is_not_whole(tmp_path: Path, broken: dict[str, Any], wrong: list[str]) -> None:
    paths(tmp_path).audio.mkdir()
    file = paths(tmp_path).audio / "1.flac"
    soundfile.write(file, np.zeros(RATE_HZ), RATE_HZ)
    raw, text = texts(1)
    whole = {"raw_text": raw, "text": text, "duration_s": 1.0, "audio_path": file, "delivery": Outcome.INSERTED}
    HistoryStore(paths(tmp_path).history).add(HistoryEntry(started_at=datetime.now(UTC), **(whole | broken)))
    if broken.get("audio_path", file) is None:
        file.unlink()
    scene = Scene(tmp_path, expected={1})
    scene.look(0)
    assert scene.wrong == wrong


def test_judge_finds_lost_row_and_missing_recording(tmp_path: Path) -> None:
    raw, text = texts(1)
    gone = tmp_path / "gone.flac"
    entry = HistoryEntry(
        started_at=datetime.now(UTC), raw_text=raw, text=text, audio_path=gone, delivery=Outcome.INSERTED
    )
    HistoryStore(paths(tmp_path).history).add(entry)
    scene = Scene(tmp_path, expected={1, 2})
    scene.look(0)
    assert "0: row 2 is lost" in scene.wrong
    assert any(found.startswith("0: row 1: the recording: ") for found in scene.wrong)
