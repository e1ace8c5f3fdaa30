"""The app in a Wayland session, driven by the compositor's own bindings."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Clip
from tests.desk import ROOT, read_until, stop, until
from tests.e2e.conftest import MODELS
from tests.sound import Sound, sound_server
from tests.wayland_desk import WaylandDesk
from tests.words import error_rate


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

    def history(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.intone("history", "list", "--json").stdout.splitlines()]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    folder = tmp_path_factory.mktemp("wayland")
    home = folder / "home"
    home.mkdir()
    (home / "models").symlink_to(MODELS)
    (home / "settings.toml").touch()
    with (
        sound_server() as sound,
        WaylandDesk(folder, xwayland=True, environ={**sound.environ, "INTONE_HOME": str(home)}) as desk,
    ):
        room = Room(desk, sound)
        with (folder / "app.log").open("wb") as log:
            desk.spawn(sys.executable, "-m", "desktop", stderr=log, extra={"QT_QPA_PLATFORM": "xcb"})
        until(lambda: room.status().get("engine"), "the app answers", 60)
        until(lambda: room.status()["state"] == "idle", lambda: f"the model is loaded; {room.status()}", 120)
        yield room


def test_a_key_of_sways_is_held_to_talk_and_the_text_is_in_the_window(
    room: Room, clips: list[Clip], tmp_path: Path
) -> None:
    desk, file = room.desk, tmp_path / "text"
    foot = desk.open_foot(file)
    desk.copy(b"mine")
    held = desk.spawn("wtype", "-P", "F9", "-s", "100000000", "-p", "F9")
    until(lambda: room.status()["state"] == "listening", lambda: f"it listens; {room.status()}")
    assert desk.focused()["app_id"] == "foot"
    room.sound.play(clips[0].path)
    stop(held)
    until(room.history, "the dictation is in the history", 60)
    (row,) = room.history()
    assert error_rate(clips[0].text, row["text"]) <= 0.1
    assert (row["delivery"], row["app"], row["window"]) == ("inserted", "foot", "shell")
    assert read_until(file, bool) == row["text"]
    assert desk.clipboard() == b"mine"
    stop(foot)


def test_the_doctor_knows_how_it_is_pasted_and_what_sway_must_be_told(room: Room) -> None:
    findings = {one["name"]: one for one in map(json.loads, room.intone("doctor", "--json").stdout.splitlines())}
    assert (
        findings["paste"]["detail"]
        == "Keys by a virtual keyboard, the clipboard by data-control, sway names the window"
    )
    assert "bindsym --release F9 exec intone stop" in findings["hotkey"]["remedy"].splitlines()
