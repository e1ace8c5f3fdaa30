"""A kill at any moment leaves a whole history. The proof `history-kills` does so two hundred times."""

from __future__ import annotations

from pathlib import Path

from tests.prove.history_kills import killed


def test_a_kill_at_any_moment_leaves_a_whole_history(tmp_path: Path) -> None:
    found = killed(tmp_path, 7, 10)
    assert found["wrong"] == []
    assert found["ready"] == 10
    assert found["added"] > 0
