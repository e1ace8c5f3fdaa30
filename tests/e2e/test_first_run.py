"""The first run at a virtual desk: from nothing to the first sentence in a real window, by keys alone."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from tests.conftest import Clip
from tests.e2e.conftest import MODELS
from tests.e2e.test_tray import windows
from tests.support.desk import CTRL_L, Desk, read_until, until
from tests.support.words import error_rate

LETTER_A, LETTER_C = 38, 54
TRAY = re.compile(r'\("intone" "Intone"\) +24x24')


class Stopwatch:
    """When what happened, in seconds since the app was started."""

    def __init__(self) -> None:
        self._began = monotonic()
        self.laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        self.laps[name] = round(monotonic() - self._began, 2)


@pytest.fixture
def new_desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk on which Intone was never started; its models are there."""
    with Desk(tmp_path / "desk", new=True) as desk:
        (desk.home / "models").symlink_to(MODELS)
        yield desk


def on(desk: Desk, window: int, *keys: str, to: str) -> None:
    """Press `keys` and Return, which leads to the page `to`."""
    desk.keys(*keys, "Return")
    until(lambda: desk.title(window).startswith(to), lambda: f"{to} is seen, not {desk.title(window)}")
    assert desk.focused() == window


def titles(desk: Desk) -> list[str]:
    """What stands in the title bars of all open windows."""
    return [desk.title(window) for window in desk.windows()]


def test_first_run_reaches_first_sentence_in_a_window(
    new_desk: Desk, clips: list[Clip], quiet_room: Path, tmp_path: Path
) -> None:
    desk, watch = new_desk, Stopwatch()
    first = desk.opened(desk.start, "the first run")
    watch.lap("window")
    assert desk.title(first) == "Speak instead of typing · Welcome to Intone"
    assert not (desk.home / "settings.toml").exists()

    on(desk, first, "Tab", "space", to="Say something")
    until(lambda: desk.sound.listeners() == 1, "the microphone is open")
    desk.say(clips[1].path)
    watch.lap("microphone heard")
    on(desk, first, to="What is missing")
    until(lambda: desk.sound.listeners() == 0, "the microphone is closed where nobody looks")
    file = tmp_path / "text"
    terminal = desk.open_xterm(file)
    desk.spawn("stalonetray")
    until(lambda: TRAY.search(windows(desk, "stalonetray")), "the icon is in the tray that was missing")
    assert desk.focused() == terminal
    desk.focus(first)
    desk.keys("space")
    on(desk, first, to="What turns speech into words")
    on(desk, first, to="Hold this key to talk")
    desk.wait_ready()
    watch.lap("ready")
    desk.dictate(quiet_room)
    desk.wait_state("idle")

    on(desk, first, to="Your first sentence")
    desk.dictate(clips[4].path)
    row = desk.wait_rows(1)[0]
    watch.lap("first sentence")
    assert (row["delivery"], error_rate(clips[4].text, row["text"]) <= 0.2) == ("inserted", True)
    desk.tap(CTRL_L, LETTER_A)
    desk.tap(CTRL_L, LETTER_C)
    until(lambda: desk.clipboard().decode() == row["text"], "the sentence is in the box")

    desk.focus(terminal)
    desk.dictate(clips[1].path)
    row = desk.wait_rows(2)[0]
    watch.lap("sentence in another window")
    assert row["delivery"] == "inserted"
    read_until(file, lambda text: text == row["text"] != "")
    assert desk.status()["ready"]
    assert desk.focused() == terminal, "the first run has not taken the focus again"
    assert desk.intone().returncode == 0
    until(lambda: desk.focused() == first, "a second start brings it to the front")

    on(desk, first, "Tab", to="What is kept")
    desk.keys("Tab", "Tab", "space", "Return")
    until(lambda: first not in desk.windows(), "it is done")
    watch.lap("done")
    sys.stdout.write(json.dumps({"first_run_s": watch.laps}) + "\n")
    chosen = (desk.home / "settings.toml").read_text()
    assert chosen.split() == ["[recognizer]", "language", "=", '["en"]', "[history]", "keep_audio_days", "=", "0"]
    assert titles(desk) == ["sh", "stalonetray"], "with a tray it is out of the way"


def test_closed_first_run_does_not_open_again(new_desk: Desk) -> None:
    desk = new_desk
    first = desk.opened(desk.start, "the first run")
    desk.shut(first)
    until(lambda: first not in desk.windows(), "it is closed")
    until(lambda: titles(desk) == ["Intone history"], lambda: f"the history opens without a tray, not {titles(desk)}")
    assert (desk.home / "settings.toml").read_text() == ""
    until(desk.status, "it answers")
    assert desk.intone("quit").returncode == 0
    assert desk.app is not None
    assert desk.app.wait(timeout=10) == 0
    again = desk.opened(desk.start, "the history")
    assert desk.title(again) == "Intone history"


def test_tray_icon_is_shown_during_the_first_run(new_desk: Desk) -> None:
    desk = new_desk
    desk.spawn("stalonetray")
    until(lambda: "stalonetray" in windows(desk), "there is a tray")
    watch = Stopwatch()
    desk.start()
    until(lambda: TRAY.search(windows(desk, "stalonetray")), "the icon is in the tray")
    watch.lap("tray")
    until(lambda: any("Welcome" in title for title in titles(desk)), "the first run is open")
    watch.lap("window")
    sys.stdout.write(json.dumps({"first_start_s": watch.laps}) + "\n")
    until(desk.status, "it answers")
    assert desk.intone("quit").returncode == 0
    assert desk.app is not None
    assert desk.app.wait(timeout=10) == 0
    assert (desk.home / "settings.toml").exists()
