"""The app as one program of the session: started twice, and ended with the session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desk import BUSY_S, stop, until
from tests.support.desks.wine import WineDesk

STARTED_S = 180
"""How long the app may take to answer beside everything else; 5 s alone."""


@pytest.fixture
def app(desk: WineDesk, tmp_path: Path) -> Iterator[WineDesk]:
    """The desk with the app in a home of its own, where no model is needed."""
    (tmp_path / "settings.toml").write_text('[recognizer]\nengine = "compatible"\n')
    shared = desk.home
    desk.move_home(tmp_path)
    desk.start()
    assert desk.app is not None
    try:
        until(lambda: bool(desk.status()), "Intone answers", STARTED_S)
        yield desk
    finally:
        stop(desk.app)
        desk.move_home(shared)


def test_second_start_shows_history_and_sessions_end_ends_app(app: WineDesk) -> None:
    second = app.intone()
    assert (second.returncode, second.stderr) == (0, "Intone is already running; its history is open.\n")
    until(lambda: app.focused_title() == "Intone history", lambda: f"in front: {app.focused_title()!r}", BUSY_S)
    ended = app.helper("session_end")
    assert 0 not in ended["asked"].values(), "a window of ours refuses the end of the session"
    assert ended["is_held"]
    assert app.app is not None
    assert app.app.wait(BUSY_S) == 0
