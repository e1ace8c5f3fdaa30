"""The app in Windows, driven as a user does: hold Right Ctrl over Notepad, speak, and let go."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import Clip
from tests.support.desk import BUSY_S, ROOT, stop, until
from tests.support.desks.wine import CTRL_R, WineDesk
from tests.support.words import error_rate

MODELS = ROOT / ".cache/home/models"

MISHEARD = 0.4
"""So many of the words may be wrong: a busy machine loses sound."""


@pytest.fixture(scope="module")
def app(desk: WineDesk) -> Iterator[WineDesk]:
    """The desk with the app ready."""
    (desk.home / "models").symlink_to(MODELS)
    desk.start()
    assert desk.app is not None
    desk.wait_ready(240)
    yield desk
    desk.intone("quit")
    assert desk.app.wait(BUSY_S) == 0


def test_a_dictation_stands_in_notepad(app: WineDesk, clips: list[Clip]) -> None:
    """The text is there once and whole, and the history says that it was inserted."""
    notepad = app.open_notepad()
    app.press(CTRL_R)
    app.wait_state("listening")
    app.sound.play(clips[0].path)
    app.release(CTRL_R)
    (row,) = app.wait_rows(1, 120)
    assert row["delivery"] == "inserted", row
    assert error_rate(clips[0].text, row["text"]) <= MISHEARD
    until(lambda: app.notepad_text() == row["text"], "the text stands in Notepad", BUSY_S)
    stop(notepad)
