"""The app in Windows, driven as a user does: hold Right Ctrl over Notepad, speak, and let go."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import Clip
from tests.support.desk import BUSY_S, ROOT, stop, until
from tests.support.desks.wine import CTRL_R, WineDesk
from tests.support.words import error_rate

MODEL = "tiny.en"

MISHEARD = 0.6
"""So many of the words may be wrong, as no other sentence: a small model, and a busy machine that loses sound."""

STARTED_S = 180
"""How long the app may take to start beside everything else; 10 s alone."""


@pytest.fixture(scope="module")
def app(desk: WineDesk) -> Iterator[WineDesk]:
    """The desk with the app ready and Notepad in front."""
    (desk.home / "models").symlink_to(ROOT / ".cache/home/models")
    (desk.home / "settings.toml").write_text(f'[recognizer]\nmodel = "{MODEL}"\n')
    desk.start()
    desk.wait_ready(STARTED_S)
    notepad = desk.open_notepad()
    yield desk
    stop(notepad)
    desk.intone("quit")
    assert desk.app is not None
    assert desk.app.wait(BUSY_S) == 0


def listen(desk: WineDesk) -> None:
    """Hold the key down until the app listens."""
    desk.press(CTRL_R)
    desk.wait_state("listening")


def dictate(desk: WineDesk, clip: Clip, rows: int) -> dict[str, object]:
    """Say a sentence into the window in front; the row of the dictation, which is the `rows`th."""
    desk.dictate(clip.path)
    return desk.wait_rows(rows, 120)[0]


def test_dictations_stand_in_notepad(app: WineDesk, clips: list[Clip]) -> None:
    """Three texts, each once, whole and in order, and the history says of each that it was inserted."""
    for count, clip in enumerate(clips[1:4], 1):
        row = dictate(app, clip, count)
        assert row["delivery"] == "inserted", row
        assert error_rate(clip.text, str(row["text"])) <= MISHEARD, row
    said = " ".join(row["text"] for row in reversed(app.history()))
    until(lambda: app.notepad_text() == said, lambda: f"{said!r} stands in Notepad: {app.notepad_text()!r}", BUSY_S)


def test_killed_worker_costs_no_word(app: WineDesk, clips: list[Clip]) -> None:
    before = len(app.history())
    listen(app)
    player = app.sound.play(clips[3].path, wait=False)
    app.kill_worker()
    assert player.wait(BUSY_S) == 0
    app.release(CTRL_R)
    row = app.wait_rows(before + 1, 120)[0]
    assert (row["delivery"], row["engine"]) == ("inserted", "whisper"), row
    assert error_rate(clips[3].text, row["text"]) <= MISHEARD, row


def test_killed_app_recovers_the_words(app: WineDesk, clips: list[Clip]) -> None:
    """The app is killed in speech: the next start has the words in its history, and has inserted nothing."""
    before, text = len(app.history()), app.notepad_text()
    listen(app)
    app.sound.play(clips[1].path)
    app.kill_app()
    app.release(CTRL_R)
    app.start()
    app.wait_ready(STARTED_S)
    until(lambda: len(app.history()) > before, "the dictation is recovered", BUSY_S)
    (row,) = app.history()[: len(app.history()) - before]
    assert row["delivery"] == "recovered", row
    assert error_rate(clips[1].text, row["text"]) <= MISHEARD, row
    assert app.notepad_text() == text
