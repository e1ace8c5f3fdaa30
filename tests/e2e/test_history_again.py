"""From the history back into the window that one came from."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from desktop.core.paths import Paths
from desktop.core.types import Outcome
from desktop.history.rows import HistoryEntry
from desktop.history.store import HistoryStore
from tests.e2e.conftest import MODELS
from tests.support.desk import CTRL_L, Desk, until

RETURN = 36


def test_history_text_goes_to_last_focused_window(tmp_path: Path) -> None:
    with Desk(tmp_path / "desk") as desk:
        (desk.home / "models").symlink_to(MODELS)
        history = HistoryStore(Paths(desk.home, desk.home, desk.home, desk.runtime).history)
        for text in ("The older one.", "The newest one."):
            history.add(HistoryEntry(started_at=datetime.now(UTC), raw_text=text, text=text, delivery=Outcome.INSERTED))
        file = tmp_path / "typed"
        editor = desk.open_xterm(file)
        desk.start()
        desk.wait_ready()
        desk.focus(editor)
        desk.intone()
        until(lambda: desk.focused() not in (0, editor), "the history has the focus")
        desk.tap(CTRL_L, RETURN)
        until(lambda: file.read_text() == "The newest one.", lambda: f"it is pasted: {file.read_text()!r}")
        assert desk.focused() == editor
        assert [row["delivery"] for row in desk.history()] == ["inserted", "inserted"]
