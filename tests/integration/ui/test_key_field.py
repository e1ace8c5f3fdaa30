"""A new key is learnt by pressing it: real keys and buttons of a real display, in the settings window."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

import pytest
from Xlib import X
from Xlib.display import Display
from Xlib.ext import xtest

from tests.support.desk import BUSY_S, stop

ROOT = Path(__file__).parents[3]
AGAIN_S = 3
ESC, BACKSPACE, TAB, CTRL_L, W, ALT_L, SPACE, F9, CTRL_R, ALT_R = 9, 22, 23, 37, 25, 64, 65, 75, 105, 108
"""Keycodes of evdev's map, which Xvfb uses."""


@dataclass
class Person:
    """Somebody at the settings window: presses and clicks, and reads what it says."""

    wire: Display
    fields: dict[str, tuple[int, int]]
    lines: Queue[str]

    def click(self, key: str, button: int = 1) -> None:
        """Click into the field of the setting `key`."""
        xtest.fake_input(self.wire, X.MotionNotify, x=self.fields[key][0], y=self.fields[key][1])
        xtest.fake_input(self.wire, X.ButtonPress, button)
        xtest.fake_input(self.wire, X.ButtonRelease, button)
        self.wire.sync()

    def begins(self, key: str) -> None:
        """Click into the field and wait until it learns: a window manager holds the click back, and no key. On a busy
        machine one may be lost."""
        said = ""
        while said != "learning":
            self.click(key)
            with suppress(Empty):
                said = self.lines.get(timeout=AGAIN_S)

    def tap(self, *codes: int) -> None:
        """Press and release a chord."""
        for code in codes:
            xtest.fake_input(self.wire, X.KeyPress, code)
        for code in reversed(codes):
            xtest.fake_input(self.wire, X.KeyRelease, code)
        self.wire.sync()

    def reads(self) -> str:
        """The next line, waited for."""
        return self.lines.get(timeout=BUSY_S)


@pytest.fixture(scope="module")
def person(display: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    """Somebody whose settings window shows the keys, and is in front."""
    file = tmp_path_factory.mktemp("settings") / "settings.toml"
    environ = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    command = [sys.executable, "-m", "tests.support.ui.key_process", str(file)]
    window = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True)
    assert window.stdout is not None
    lines: Queue[str] = Queue()
    reader = Thread(target=lambda output: [lines.put(line.strip()) for line in output], args=[window.stdout])
    wire = Display(display)
    reader.start()
    try:
        yield Person(wire, json.loads(lines.get(timeout=BUSY_S)), lines)
        assert not any(wire.query_keymap())
    finally:  # in this order: a pipe cannot be closed while it is read
        wire.close()
        stop(window)
        reader.join()
        window.stdout.close()


@pytest.mark.parametrize(
    ("codes", "name"),
    [
        ((ALT_R,), "alt_r"),
        ((F9,), "f9"),
        ((CTRL_L, ALT_L, SPACE), "ctrl+alt+space"),
        ((CTRL_L, TAB), "ctrl+tab"),  # else a move of the focus
        ((CTRL_L, W), "ctrl+w"),  # else the end of the window
        ((CTRL_R,), "ctrl_r"),
    ],
)
def test_a_key_that_is_pressed_is_the_key(person: Person, codes: tuple[int, ...], name: str) -> None:
    person.begins("hotkey.talk")
    person.tap(*codes)
    assert [person.reads(), person.reads()] == ["resting", f"hotkey.talk {name}"]


def test_a_mouse_button_over_the_field_is_the_key(person: Person) -> None:
    person.begins("hotkey.send")
    said = ""
    while not said:  # a window manager that still holds the first click back takes this one too
        person.click("hotkey.send", button=8)
        with suppress(Empty):
            said = person.lines.get(timeout=AGAIN_S)
    assert [said, person.reads()] == ["resting", "hotkey.send button8"]
    person.begins("hotkey.send")
    person.tap(BACKSPACE)
    assert [person.reads(), person.reads()] == ["resting", "hotkey.send"]


def test_esc_keeps_key_and_window(person: Person) -> None:
    person.begins("hotkey.undo")
    person.tap(ESC)
    assert person.reads() == "resting"
    person.begins("hotkey.undo")
    person.tap(F9)
    assert [person.reads(), person.reads()] == ["resting", "hotkey.undo f9"]


def test_unusable_key_refused_and_next_accepted(person: Person) -> None:
    person.begins("hotkey.paste_last")
    person.tap(CTRL_R)
    assert person.reads() == "resting"
    person.begins("hotkey.languages")  # above it: its own has moved to make room for the reason
    person.tap(CTRL_L, SPACE)
    assert [person.reads(), person.reads()] == ["resting", "hotkey.languages ctrl+space"]
