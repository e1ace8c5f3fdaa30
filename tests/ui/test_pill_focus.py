"""The pill on a real display: whatever it does, the keys go where they went."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

DEADLINE_S = 15
ROOT = Path(__file__).parents[2]


@dataclass
class Desk:
    """A terminal that writes what it is given into a file, and a pill above it."""

    display: str
    written: Path
    pill: subprocess.Popen[str]

    def run(self, *command: str) -> str:
        environment = {**os.environ, "DISPLAY": self.display}
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()

    def active(self) -> str:
        return self.run("xprop", "-root", "_NET_ACTIVE_WINDOW")

    def look(self, name: str) -> bool:
        """Have the pill look like `name`; whether it is seen."""
        assert self.pill.stdin
        assert self.pill.stdout
        self.pill.stdin.write(f"{name}\n")
        self.pill.stdin.flush()
        return self.pill.stdout.readline() == "seen\n"

    def place(self) -> tuple[int, int, int, int]:
        """Where the X server has the pill: left, top, width, height. Qt's own answer is late after a reparenting."""
        window = self.run("xdotool", "search", "--onlyvisible", "--name", "^Intone$").splitlines()[0]
        shape = dict(
            line.split("=") for line in self.run("xdotool", "getwindowgeometry", "--shell", window).splitlines()
        )
        return int(shape["X"]), int(shape["Y"]), int(shape["WIDTH"]), int(shape["HEIGHT"])

    def click(self, x: int, y: int) -> None:
        self.run("xdotool", "mousemove", str(x), str(y), "click", "1")

    def type(self, text: str) -> None:
        self.run("xdotool", "type", "--delay", "5", text)

    def until(self, true: Callable[[], bool]) -> None:
        """Wait for an answer of the X server, which each question asks anew."""
        deadline = time.monotonic() + DEADLINE_S
        while not true():
            assert time.monotonic() < deadline


@pytest.fixture
def desk(display: str, tmp_path: Path) -> Iterator[Desk]:
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT)}
    written = tmp_path / "written"
    process = Path(__file__).with_name("pill_process.py")
    pill = subprocess.Popen(
        [sys.executable, str(process)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    )
    made = Desk(display, written, pill)
    made.until(lambda: "# 0x" in made.run("xprop", "-root", "_NET_SUPPORTING_WM_CHECK"))
    terminal = subprocess.Popen(["xterm", "-e", "sh", "-c", f"cat > {written}"], env=environment)
    try:
        made.until(lambda: written.exists() and "# 0x" in made.active() and not made.active().endswith(" 0x0"))
        yield made
    finally:
        assert pill.stdin
        pill.stdin.close()
        assert pill.stdout
        pill.stdout.close()
        pill.wait(timeout=DEADLINE_S)
        terminal.terminate()
        terminal.wait(timeout=DEADLINE_S)


def test_the_pill_never_takes_the_focus(desk: Desk) -> None:
    before = desk.active()
    said = []
    for look in ("starting", "listening", "words", "transcribing", "copied", "idle", "listening", "failed"):
        desk.look(look)
        desk.type(f"{look} ")
        said.append(f"{look} ")
        assert desk.active() == before
    left, top, wide, high = desk.place()
    desk.click(left + wide // 2, top + high // 2)
    desk.until(lambda: not desk.look("where"))
    assert desk.active() == before
    desk.type("end\n")
    desk.until(lambda: desk.written.read_text().endswith("end\n"))
    assert desk.written.read_text() == "".join(said) + "end\n"


def test_the_pill_stands_at_the_foot_of_the_screen_in_its_middle(desk: Desk) -> None:
    width, height = map(int, desk.run("xdotool", "getdisplaygeometry").split())
    assert desk.look("words")
    left, top, wide, high = desk.place()
    assert abs(left + wide / 2 - width / 2) <= 1
    assert height - (top + high) == 24


def test_an_idle_pill_is_gone(desk: Desk) -> None:
    assert desk.look("listening")
    assert not desk.look("idle")
