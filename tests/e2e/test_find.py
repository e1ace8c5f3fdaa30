"""From selected words back to how they were said."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from desktop.core.paths import Paths
from desktop.core.types import Outcome
from desktop.history.rows import HistoryEntry
from desktop.history.store import HistoryStore
from tests.e2e.conftest import MODELS
from tests.support.desk import Desk, until

F8 = 74
EDITED = "so the herons were back at the pond this morning"
TEXTS = ("The herons came back to the pond this morning.", "The meeting is at ten.")


def test_find_key_opens_the_dictation_of_a_selection(tmp_path: Path) -> None:
    with Desk(tmp_path / "desk") as desk:
        (desk.home / "models").symlink_to(MODELS)
        history = HistoryStore(Paths(desk.home, desk.home, desk.home, desk.runtime).history)
        for text in TEXTS:
            history.add(HistoryEntry(started_at=datetime.now(UTC), raw_text=text, text=text, delivery=Outcome.INSERTED))
        file = tmp_path / "note.txt"
        file.write_text(EDITED)
        editor = desk.open_mousepad(file)
        assert desk.intone("settings", "set", "hotkey.find", "f8").returncode == 0
        desk.start()
        desk.wait_ready()
        desk.copy(b"kept")
        desk.focus(editor)
        desk.keys("ctrl+a")
        until(lambda: desk.clipboard(selection="primary") == EDITED.encode(), "the text is selected")
        desk.tap(F8)
        until(lambda: desk.focused() not in (0, editor), "the history has the focus")
        assert "history" in desk.title(desk.focused())
        assert desk.clipboard() == b"kept"
        desk.keys("Return")  # copies what is shown
        until(lambda: desk.clipboard() == TEXTS[0].encode(), lambda: f"its row is shown: {desk.clipboard()!r}")
        desk.shut(desk.focused())
        desk.focus(editor)
        desk.keys("Right")
        done = desk.intone("find")
        assert (done.returncode, "Nothing is selected." in done.stderr) == (1, True), done.stderr
