"""The paster in Notepad: each text once and in order, its true outcome, and the clipboard as it was."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desk import stop
from tests.support.desks.wine import WineDesk, windows_path
from tests.support.windows_clipboard import put

TEXTS = ("One. ", "Zwei: äöüß – „so“. ", "三。你好，世界！", "Four 😀 ", "a line\nand another\n", "x" * 2_000)


@pytest.fixture
def notepad(desk: WineDesk) -> Iterator[WineDesk]:
    process = desk.open_notepad()
    yield desk
    stop(process)


def test_texts_arrive_once_and_the_clipboard_is_as_it_was(notepad: WineDesk, tmp_path: Path) -> None:
    before = put(notepad, tmp_path)
    texts = tmp_path / "texts.json"
    texts.write_text(json.dumps(TEXTS))
    results = notepad.helper("pastes", windows_path(texts))
    assert [result["outcome"] for result in results] == ["inserted"] * len(TEXTS), results
    assert notepad.notepad_text() == "".join(TEXTS).replace("\n", "\r\n")
    assert notepad.helper("clipboard", "read") == before
