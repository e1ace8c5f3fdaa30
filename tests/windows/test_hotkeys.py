"""Keys and mouse buttons over a program: each press reported once, and kept from it where it is ours alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop.platforms.windows.key_codes import CODES
from tests.support.desk import read_until, stop
from tests.support.desks.wine import CTRL_R, ESC, F9, NOTEPAD, WineDesk

REPEATS = 40

LEFT, BACK = 1, 8
"""Mouse buttons by X's numbers."""

MOUSE = "a window for the mouse"


@contextmanager
def hotkeys(desk: WineDesk, file: Path, talk: str) -> Iterator[None]:
    """The app's hotkeys with `talk` as the talk key and Notepad in front; their events are in `file`."""
    notepad = desk.open_notepad()
    process = desk.spawn(*desk.helper_command("keys", file, talk))
    try:
        read_until(file, lambda text: text.startswith("ready"), 60)
        yield
    finally:
        stop(process)
        stop(notepad)


def test_a_held_modifier_is_heard_and_letters_go_on(desk: WineDesk, tmp_path: Path) -> None:
    with hotkeys(desk, tmp_path / "events", "ctrl_r"):
        desk.press(CTRL_R)
        desk.release(CTRL_R)
        desk.type_text("ab")
        desk.press(CTRL_R)
        desk.keys("c")
        desk.release(CTRL_R)
        events = read_until(tmp_path / "events", lambda text: text.count("UP") == 2)
        assert desk.notepad_text() == "ab"
    assert events.splitlines() == ["ready", "DOWN talk", "UP talk", "DOWN talk", "OTHER talk", "UP talk"]


def test_a_held_modifier_that_repeats_is_heard_once(desk: WineDesk, tmp_path: Path) -> None:
    with hotkeys(desk, tmp_path / "events", "ctrl_r"):
        told = desk.helper("held_key", str(CODES["ctrl_r"]), str(REPEATS))
        assert told == {"accepted": REPEATS, "was_down": True}
        events = read_until(tmp_path / "events", lambda text: "UP" in text)
        assert desk.helper("focused")["down"] == []
    assert events.splitlines() == ["ready", "DOWN talk", "UP talk"]


def test_a_tap_locks_until_the_next_one(desk: WineDesk, tmp_path: Path) -> None:
    with hotkeys(desk, tmp_path / "events", "ctrl_r"):
        desk.keys(CTRL_R)
        read_until(tmp_path / "events.intents", lambda text: "LOCK" in text)
        desk.keys(CTRL_R)
        intents = read_until(tmp_path / "events.intents", lambda text: "END" in text)
    assert intents.splitlines() == ["BEGIN", "LOCK", "END"]


def test_bound_keys_are_kept_from_the_program(desk: WineDesk, tmp_path: Path) -> None:
    """F9 repeats while it is held, Ctrl+Alt+Z types nothing, and Esc would close nothing: each is heard once."""
    with hotkeys(desk, tmp_path / "events", "f9"):
        desk.press(F9)
        desk.release(F9)
        desk.keys("ctrl+alt+z")
        desk.press(ESC)
        desk.release(ESC)
        events = read_until(tmp_path / "events", lambda text: "ESC" in text)
        assert desk.notepad_text() == ""
    assert events.splitlines() == ["ready", "DOWN talk", "UP talk", "DOWN undo", "ESC cancel"]


def test_bound_mouse_button_is_kept_from_the_window(desk: WineDesk, tmp_path: Path) -> None:
    """The window gets its back button while it is not bound, and the left one always."""
    buttons = tmp_path / "buttons"
    window = desk.open_python("tests.support.windows.mouse_window", buttons, MOUSE)
    desk.click(MOUSE, BACK)
    assert read_until(buttons, lambda text: text.endswith("\n")) == "BackButton\n"
    process = desk.spawn(*desk.helper_command("keys", tmp_path / "events", "button8"))
    read_until(tmp_path / "events", lambda text: text.startswith("ready"), 60)
    desk.press_button(MOUSE, BACK)
    read_until(tmp_path / "events", lambda text: "DOWN" in text)
    desk.release_button(BACK)
    events = read_until(tmp_path / "events", lambda text: "UP" in text)
    desk.click(MOUSE, LEFT)
    got = read_until(buttons, lambda text: "Left" in text)
    stop(process)
    stop(window)
    assert events.splitlines() == ["ready", "DOWN talk", "UP talk"]
    assert got.splitlines() == ["BackButton", "LeftButton"]


def test_click_between_two_pastes_keeps_them_apart(desk: WineDesk, tmp_path: Path) -> None:
    """A text after another is joined to it by a space, but not where a click may have moved the cursor."""
    outcomes, following = tmp_path / "pastes", tmp_path / "pastes.next"
    notepad = desk.open_notepad()
    process = desk.spawn(*desk.helper_command("joined_pastes", outcomes, "One.", "Two.", "Three."))
    read_until(outcomes, lambda text: text.startswith("ready"), 60)
    for count, asked in enumerate(("go\n", "go\n", "after input\n"), 1):
        with following.open("a") as lines:
            lines.write(asked)
        if count == 3:
            desk.click(NOTEPAD, LEFT)
        read_until(outcomes, lambda text, count=count: text.count("\n") == 1 + count, 60)
    text = desk.notepad_text()
    stop(process)
    stop(notepad)
    assert outcomes.read_text().splitlines() == ["ready", *["inserted"] * 3]
    assert text == "One. Two.Three."
