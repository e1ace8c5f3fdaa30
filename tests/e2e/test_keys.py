"""Keys beside the one that talks, at a running app: send, paste again, another language, a mouse button, one taken."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from Xlib import X
from Xlib.display import Display
from Xlib.error import BadAccess, CatchError

from tests.conftest import Clip
from tests.support.desk import CTRL_L, Desk, read_until, until

V, ALT_L, F8, F9, F10 = 55, 64, 74, 75, 76

KEYS = {
    "hotkey.talk": "ctrl_r,button8",
    "hotkey.send": "f9",
    "hotkey.languages": "f8",
    "hotkey.paste_last": "ctrl+alt+v",
    "recognizer.language": "en,de",
}


@pytest.fixture(scope="module", autouse=True)
def keys(desk: Desk) -> Iterator[None]:
    """The desk's app with these keys."""
    for key, value in KEYS.items():
        assert desk.intone("settings", "set", key, value).returncode == 0
    desk.wait_ready()
    yield
    for key in KEYS:
        desk.intone("settings", "reset", key)


def test_send_key_sends_and_paste_again_does_not(desk: Desk, clips: list[Clip], tmp_path: Path) -> None:
    file, before = tmp_path / "text", len(desk.history())
    desk.open_xterm(file)
    desk.dictate(clips[1].path, F9)
    (row, *_) = desk.wait_rows(before + 1)
    assert row["delivery"] == "inserted"
    read_until(file, lambda text: text == f"{row['text']}\n")
    desk.tap(CTRL_L, ALT_L, V)
    read_until(file, lambda text: text == f"{row['text']}\n{row['text']}")


def test_mouse_button_uses_language_chosen_by_key(desk: Desk, clips: list[Clip], tmp_path: Path) -> None:
    before = len(desk.history())
    desk.open_qt_editor(tmp_path / "text")
    for _ in range(2):  # English, then German
        desk.tap(F8)
    button(desk, "mousedown")
    desk.wait_state("listening")
    desk.say(clips[1].path)
    button(desk, "mouseup")
    (row, *_) = desk.wait_rows(before + 1)
    assert (row["delivery"], row["language"]) == ("inserted", "de")


def test_key_taken_elsewhere_is_named_and_others_work(desk: Desk) -> None:
    other = Display(desk.environ["DISPLAY"])
    other.screen().root.grab_key(F10, 0, False, X.GrabModeAsync, X.GrabModeAsync)
    other.sync()
    try:
        assert desk.intone("settings", "set", "hotkey.undo", "f10").returncode == 0
        until(lambda: "F10 is taken by another program." in desk.intone("doctor").stdout, "the doctor names it")
        assert desk.status()["ready"]
    finally:
        other.close()
    until(lambda: "F10 is taken" not in desk.intone("doctor").stdout, "it is well again by itself")
    desk.intone("settings", "reset", "hotkey.undo")


def test_paused_keys_are_free_until_resumed(desk: Desk) -> None:
    assert desk.intone("pause").returncode == 0
    status = desk.status()
    assert (status["ready"], status["note"]) == (False, "The keys are paused.")
    other = Display(desk.environ["DISPLAY"])
    refused = CatchError(BadAccess)
    other.screen().root.grab_key(F9, 0, False, X.GrabModeAsync, X.GrabModeAsync, onerror=refused)
    other.sync()
    assert refused.get_error() is None
    other.close()
    assert desk.intone("resume").returncode == 0
    desk.wait_ready()
    desk.press(F9)
    desk.wait_state("listening")
    desk.esc()
    desk.release()
    desk.wait_state("idle")


def button(desk: Desk, action: str) -> None:
    """Press or release the mouse's Back button."""
    subprocess.run(["xdotool", action, "8"], env=desk.environ, check=True, timeout=10)
