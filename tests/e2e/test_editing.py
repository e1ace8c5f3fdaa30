"""Text is selected, a key held, a wish spoken: with a real desk and editor, the words and the edited text another's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile

from tests.conftest import Clip
from tests.support.cloud.chat import ChatServer, Says
from tests.support.cloud.openai import OpenAI
from tests.support.cloud.tls_server import Served, serve
from tests.support.cloud.words import Said
from tests.support.desk import CTRL_L, Desk, read_until, until

KEY = "sk-desk-0123456789"
F8, LETTER_A, LETTER_V = 74, 38, 55
ORIGINAL = "This is a rather long way to say it, is it not?"
EDITED = "Short, is it not?"
CLIPBOARD = "what was there before ✓".encode()


@pytest.fixture(scope="module")
def hears() -> OpenAI:
    return OpenAI(Said("Make this shorter."), key=KEY)


@pytest.fixture(scope="module")
def writes() -> ChatServer:
    server = ChatServer()
    server.edit = Says((EDITED,))
    return server


@pytest.fixture(scope="module")
def served(hears: OpenAI, writes: ChatServer) -> Iterator[tuple[Served, Served]]:
    with serve(hears) as hearing, serve(writes.app) as writing:
        yield hearing, writing


@pytest.fixture(scope="module")
def desk(served: tuple[Served, Served], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk whose app has a key for editing, and needs no model of its own."""
    hearing, writing = served
    with Desk(tmp_path_factory.mktemp("desk")) as desk:
        desk.environ |= {**hearing.environ, "OPENAI_API_KEY": KEY}
        for key, value in {
            "recognizer.engine": "openai",
            "engines.openai.url": hearing.url,
            "polish.url": f"{writing.url}/v1",
            "hotkey.edit": "f8",
        }.items():
            assert desk.intone("settings", "set", key, value).returncode == 0
        desk.start()
        desk.wait_ready()
        yield desk


@pytest.fixture
def speech(clips: list[Clip], tmp_path: Path) -> Path:
    """A second and a half of somebody speaking, since what is said does not matter."""
    sound, rate_hz = soundfile.read(clips[0].path, dtype="float32")
    soundfile.write(tmp_path / "speech.wav", sound[: rate_hz * 3 // 2], rate_hz)
    return tmp_path / "speech.wav"


def write(desk: Desk, file: Path, text: str) -> None:
    """Have an editor with `text` in it, and something else on the clipboard."""
    desk.open_qt_editor(file)
    desk.copy(text.encode())
    desk.tap(CTRL_L, LETTER_V)
    read_until(file, lambda found: found == text)
    desk.copy(CLIPBOARD)


def test_selection_is_edited_and_undo_restores_it(
    desk: Desk, writes: ChatServer, served: tuple[Served, Served], speech: Path, tmp_path: Path
) -> None:
    file = tmp_path / "text"
    write(desk, file, ORIGINAL)
    desk.tap(CTRL_L, LETTER_A)
    desk.dictate(speech, F8)
    (row,) = desk.wait_rows(1)
    read_until(file, lambda text: text == EDITED)
    assert (row["raw_text"], row["text"], row["style"]) == (ORIGINAL, EDITED, "edit")
    assert (row["delivery"], row["note"]) == ("inserted", "Edited: make this shorter.")
    assert (row["sent"][1]["host"], row["sent"][1]["purpose"]) == (f"localhost:{served[1].port}", "edit")
    assert ORIGINAL in writes.of("edit")[-1].body["messages"][1]["content"]
    assert desk.clipboard() == CLIPBOARD
    assert desk.intone("undo").returncode == 0
    read_until(file, lambda text: text == ORIGINAL)
    assert desk.history()[0]["delivery"] == "cancelled"
    assert desk.clipboard() == CLIPBOARD


def test_scratch_that_takes_the_last_dictation_back(desk: Desk, hears: OpenAI, speech: Path, tmp_path: Path) -> None:
    file, before = tmp_path / "text", len(desk.history())
    desk.open_qt_editor(file)
    hears.words = Said("These words come from far away.", "Um, scratch that.")
    desk.dictate(speech)
    read_until(file, lambda text: text == "These words come from far away.")
    desk.dictate(speech)
    read_until(file, lambda text: text == "")
    until(lambda: desk.history()[0]["delivery"] == "silent", "the command has its row, after that of the text")
    command, row, *older = desk.history()
    assert (command["delivery"], command["raw_text"]) == ("silent", "Um, scratch that.")
    assert (row["delivery"], row["note"], len(older)) == ("cancelled", "The text was taken back.", before)
