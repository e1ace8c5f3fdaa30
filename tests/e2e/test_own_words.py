"""The user's own words in the app with real models: written where they were misheard, seen in the row, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Clip
from tests.support.desk import Desk, read_until, until

OWN, HEARD = "Dashwoode", "Dashwood"


@pytest.fixture(params=["base", "moonshine-base"])
def listening(desk: Desk, request: pytest.FixtureRequest) -> Iterator[str]:
    """The model that listens for the user's own word."""
    model: str = request.param
    assert desk.intone("vocabulary", "add", "--word", OWN).returncode == 0
    assert desk.intone("settings", "set", "recognizer.model", model).returncode == 0
    until(lambda: desk.status()["model"] == model and desk.status()["ready"], "the model is loaded")
    yield model
    for text in (OWN, HEARD):
        desk.intone("vocabulary", "remove", text)
    desk.intone("settings", "reset", "recognizer.model")


def dictated(desk: Desk, clip: Clip, file: Path) -> dict[str, Any]:
    """The row of a dictation whose text is in a window, too."""
    before = len(desk.history())
    desk.open_qt_editor(file)
    desk.dictate(clip.path)
    row: dict[str, Any] = desk.wait_rows(before + 1)[0]
    read_until(file, lambda text: text == row["text"] != "")
    return row


def test_own_word_is_written_seen_and_taken_back(desk: Desk, clips: list[Clip], tmp_path: Path, listening: str) -> None:
    row = dictated(desk, clips[0], tmp_path / "first")
    assert OWN in row["text"]
    changes = [(each["before"], each["after"]) for each in row["changed"] if each["rule"] == "own_words"]
    assert changes == ([] if OWN in row["raw_text"] else [(HEARD, OWN)])
    if listening == "base":
        return  # it gets the words as a prompt, and may write them itself
    assert f"'before': '{HEARD}', 'after': '{OWN}'" in desk.intone("history", "show", str(row["id"])).stdout
    back = row["text"].replace(OWN, HEARD)
    assert desk.intone("history", "edit", str(row["id"]), "--text", back).returncode == 0
    assert desk.intone("vocabulary", "learn", str(row["id"])).stdout == f"{HEARD} is left as it is.\n"
    assert dictated(desk, clips[0], tmp_path / "second")["text"] == back
