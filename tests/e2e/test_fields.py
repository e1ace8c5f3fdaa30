"""Where the cursor is decides: a password field, a plain one beside it, and a field of Intone's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from desktop.paste.focus import MIN_FOCUS_S
from tests.conftest import Clip
from tests.e2e.conftest import MODELS
from tests.support.desk import CTRL_L, Desk, until
from tests.support.words import error_rate

CLIPBOARD = "what was there before ✓".encode()
LETTER_A, LETTER_C = 38, 54


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, int]]:
    """A desk whose GTK programs may come to the accessibility bus, with the app running and ready, and its history."""
    with Desk(tmp_path_factory.mktemp("desk")) as desk:
        desk.environ["NO_AT_BRIDGE"] = "0"
        (desk.home / "models").symlink_to(MODELS)
        history = desk.opened(desk.start, "the history, where there is no tray,")
        desk.wait_ready()
        yield desk, history


@pytest.fixture(scope="module")
def desk(opened: tuple[Desk, int]) -> Desk:
    return opened[0]


@pytest.fixture
def history(opened: tuple[Desk, int]) -> int:
    """The history's window."""
    return opened[1]


def test_password_field_gets_and_keeps_nothing(desk: Desk, clips: list[Clip]) -> None:
    before = len(desk.history())
    desk.opened(lambda: desk.spawn("yad", "--entry", "--hide-text"), "yad")
    desk.copy(CLIPBOARD)
    Event().wait(MIN_FOCUS_S)  # what comes up in the very moment of the press is not meant
    desk.dictate(clips[4].path)
    row = desk.wait_rows(before + 1)[0]
    assert row["delivery"] == "refused"
    assert (row["raw_text"], row["text"], row["audio_path"]) == ("", "", None)
    assert desk.clipboard() == CLIPBOARD
    assert list((desk.home / "spool").iterdir()) == []


def test_password_prompt_at_release_loses_no_word(desk: Desk, clips: list[Clip], tmp_path: Path) -> None:
    before, editor = len(desk.history()), desk.open_mousepad(tmp_path / "text")
    desk.copy(CLIPBOARD)
    Event().wait(MIN_FOCUS_S)  # nor is what comes up in the very moment of the press
    desk.press()
    desk.wait_state("listening")
    desk.say(clips[4].path)
    prompt = desk.opened(lambda: desk.spawn("yad", "--entry", "--hide-text"), "yad")
    Event().wait(MIN_FOCUS_S)  # what comes up in the very moment of the release is not meant
    desk.release()
    row = desk.wait_rows(before + 1)[0]
    assert (row["delivery"], row["app"].lower()) == ("refused", "mousepad")
    assert error_rate(clips[4].text, row["text"]) <= 0.2
    assert row["audio_path"] is not None
    assert desk.clipboard() == CLIPBOARD
    refused = desk.intone("paste-last")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "A password field has the focus. The text is in the history.\n"
    desk.shut(prompt)
    until(lambda: prompt not in desk.windows(), "the prompt is gone")
    desk.focus(editor)
    Event().wait(MIN_FOCUS_S)
    assert desk.intone("paste-last").returncode == 0

    def saved() -> str:
        desk.save()
        return (tmp_path / "text").read_text().strip()

    until(lambda: saved() == row["text"], lambda: f"it can be pasted where it was meant; there is {saved()!r}")


def test_own_field_gets_dictation_without_clipboard(desk: Desk, history: int, clips: list[Clip]) -> None:
    before = len(desk.history())
    desk.focus(history)
    desk.copy(CLIPBOARD)
    desk.dictate(clips[4].path)
    row = desk.wait_rows(before + 1)[0]
    assert row["delivery"] == "inserted"
    assert error_rate(clips[4].text, row["text"]) <= 0.2
    assert desk.clipboard() == CLIPBOARD
    desk.tap(CTRL_L, LETTER_A)
    desk.tap(CTRL_L, LETTER_C)
    until(lambda: desk.clipboard().decode() == row["text"], "the search has the text")
