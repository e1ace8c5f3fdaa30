"""The app in a Wayland session: its first run, where no key is heard, and then by the compositor's own bindings."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Clip
from tests.e2e.conftest import MODELS
from tests.support.desk import ROOT, read_until, stop, until
from tests.support.sound_server import Sound, sound_server
from tests.support.ui.layer_desk import pill_place
from tests.support.wayland_desk import WaylandDesk
from tests.support.words import error_rate


@dataclass(frozen=True, slots=True)
class Room:
    """A Wayland desk with a microphone, and Intone running."""

    desk: WaylandDesk
    sound: Sound

    def intone(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "desktop", *words]
        return subprocess.run(command, env=self.desk.environ, cwd=ROOT, capture_output=True, text=True, timeout=60)

    def status(self) -> dict[str, Any]:
        result = self.intone("status", "--json")
        found: dict[str, Any] = json.loads(result.stdout) if result.returncode == 0 else {}
        return found

    def findings(self) -> dict[str, dict[str, Any]]:
        """What the doctor finds, by the name of the check."""
        return {one["name"]: one for one in map(json.loads, self.intone("doctor", "--json").stdout.splitlines())}

    def history(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.intone("history", "list", "--json").stdout.splitlines()]


@contextmanager
def wayland_room(folder: Path, *, xwayland: bool) -> Iterator[Room]:
    """A room in `folder`, until the block ends. Without XWayland the first run is over."""
    home = folder / "home"
    home.mkdir()
    (home / "models").symlink_to(MODELS)
    if not xwayland:
        (home / "settings.toml").touch()
    with (
        sound_server() as sound,
        WaylandDesk(folder, xwayland=xwayland, environ={**sound.environ, "INTONE_HOME": str(home)}) as desk,
    ):
        room = Room(desk, sound)
        with (folder / "app.log").open("wb") as log:
            desk.spawn(sys.executable, "-m", "desktop", stderr=log)
        until(lambda: room.status().get("engine"), "the app answers", 60)
        yield room


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with wayland_room(tmp_path_factory.mktemp("wayland"), xwayland=True) as made:
        yield made


@pytest.fixture(scope="module")
def bare_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with wayland_room(tmp_path_factory.mktemp("alone"), xwayland=False) as made:
        yield made


def seen(desk: WaylandDesk) -> str:
    """The title of the window that has the focus."""
    return str(desk.focused().get("name"))


def on(desk: WaylandDesk, *keys: str, to: str) -> None:
    """Press `keys` and Return, which leads to the window or page `to`."""
    desk.keys(*(word for key in (*keys, "Return") for word in ("-k", key)))
    until(lambda: seen(desk).startswith(to), lambda: f"{to} is seen, not {seen(desk)}")


def test_first_run_without_keys_reaches_first_sentence(room: Room, clips: list[Clip]) -> None:
    desk = room.desk
    until(lambda: seen(desk).startswith("Speak instead of typing"), "the first run has the focus")
    assert desk.environ["QT_QPA_PLATFORM"] == "wayland"
    assert desk.focused()["shell"] == "xwayland"
    for page in ("Say something", "What is missing", "What turns", "A key to talk", "Your first sentence"):
        on(desk, to=page)
    desk.keys("-k", "Tab", "-k", "space")
    until(lambda: room.status()["state"] == "listening", lambda: f"the button begins; {room.status()}")
    room.sound.play(clips[0].path)
    desk.keys("-k", "Tab", "-k", "space")
    until(room.history, "the dictation is in the history", 120)
    (row,) = room.history()
    assert (row["delivery"], error_rate(clips[0].text, row["text"]) <= 0.1) == ("inserted", True)
    desk.keys("-M", "ctrl", "-k", "a", "-k", "c", "-m", "ctrl")
    until(lambda: desk.clipboard().decode() == row["text"], "the sentence is in the box, and nothing else")
    on(desk, "Tab", to="What is kept")
    on(desk, to="Intone history")


def test_sway_key_held_to_talk_puts_text_in_the_window(room: Room, clips: list[Clip], tmp_path: Path) -> None:
    desk, file = room.desk, tmp_path / "text"
    foot = desk.open_foot(file)
    desk.copy(b"mine")
    before = len(room.history())
    held = desk.spawn("wtype", "-P", "F9", "-s", "100000000", "-p", "F9")
    until(lambda: room.status()["state"] == "listening", lambda: f"it listens; {room.status()}")
    assert desk.focused()["app_id"] == "foot"
    room.sound.play(clips[0].path)
    stop(held)
    until(lambda: len(room.history()) > before, "the dictation is in the history", 60)
    row = room.history()[0]
    assert error_rate(clips[0].text, row["text"]) <= 0.1
    assert (row["delivery"], row["app"], row["window"]) == ("inserted", "foot", "shell")
    assert read_until(file, bool) == row["text"]
    assert desk.clipboard() == b"mine"
    stop(foot)


def test_without_xwayland_pill_is_seen_and_text_lands(bare_room: Room, clips: list[Clip], tmp_path: Path) -> None:
    room, desk, file = bare_room, bare_room.desk, tmp_path / "text"
    assert "DISPLAY" not in desk.environ
    until(lambda: room.status()["model"], "the model is loaded", 60)
    foot = desk.open_foot(file)
    desk.sway("fullscreen enable")  # the history is open, since there is no tray
    desk.copy(b"mine")
    before = desk.picture()
    assert pill_place(before) is None
    held = desk.spawn("wtype", "-P", "F9", "-s", "100000000", "-p", "F9")
    until(lambda: pill_place(desk.picture()), lambda: f"the pill is seen; {room.status()}")
    room.sound.play(clips[0].path)
    place = pill_place(desk.picture())
    assert place is not None
    assert (place.bottom, place.middle[0]) == pytest.approx((640 - 24, 512), abs=1)
    assert desk.focused()["app_id"] == "foot"
    stop(held)
    until(room.history, "the dictation is in the history", 60)
    (row,) = room.history()
    assert error_rate(clips[0].text, row["text"]) <= 0.1
    assert (row["delivery"], row["app"], row["window"]) == ("inserted", "foot", "shell")
    assert read_until(file, bool) == row["text"]
    assert desk.clipboard() == b"mine"
    until(lambda: not pill_place(desk.picture()), "the pill is gone")
    assert desk.focused()["app_id"] == "foot"
    assert desk.picture() != before, "the words are in the terminal"
    desk.close(foot)


def test_without_xwayland_windows_are_waylands(bare_room: Room) -> None:
    shells = bare_room.desk.shells
    until(lambda: shells() == {"Intone history": "xdg_shell"}, lambda: f"it is open without a tray; {shells()}")


def test_doctor_says_who_draws_pill_without_xwayland(bare_room: Room) -> None:
    findings = bare_room.findings()
    assert findings["display"]["detail"] == "Wayland without XWayland: the overlay is on the compositor's top layer"
    assert (findings["display"]["ok"], findings["host keys"]["ok"]) == (True, True)


def test_doctor_reports_paste_method_and_sway_binding(room: Room) -> None:
    findings = room.findings()
    assert (
        findings["paste"]["detail"]
        == "Keys by a virtual keyboard, the clipboard by data-control, sway names the window"
    )
    assert "bindsym --release F9 exec intone stop" in findings["hotkey"]["remedy"].splitlines()
