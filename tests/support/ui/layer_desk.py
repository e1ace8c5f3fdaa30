"""A pill on sway without XWayland, in a process of its own: what is seen of it, and a user's keys and pointer.

What is seen is the compositor's picture. The pointer is a virtual one, plugged in for as long as the desk stands.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from time import monotonic

import numpy as np

from desktop.paste.wayland.protocol import Compositor
from tests.support.desk import ROOT, stop, until
from tests.support.ui.pill_desk import Place
from tests.support.wayland_desk import WaylandDesk

POINTER_MANAGER = "zwlr_virtual_pointer_manager_v1"
CREATE_POINTER, MOVE_TO, BUTTON, FRAME = 0, 1, 2, 4
"""Opcodes: of the manager, then of a pointer. (wlr-virtual-pointer, version 1.)"""

LEFT_BUTTON = 0x110
AWAY = (512, 100)
WHITE = 0xFF
"""Each colour of the pill's ground; the terminals and the desk are dark."""


def pill_place(picture: bytes) -> Place | None:
    """Where a picture, as `grim -t ppm` makes it, shows the pill: what is white in the lower half; None without one."""
    width, height = (int(number) for number in picture[:20].split()[1:3])
    points = np.frombuffer(picture[-width * height * 3 :], np.uint8).reshape(height, width, 3)
    rows, columns = np.nonzero((points == WHITE).all(axis=2)[height // 2 :])
    if not len(rows):
        return None
    left, top = int(columns.min()), int(rows.min())
    return Place(left, height // 2 + top, int(columns.max()) + 1 - left, int(rows.max()) + 1 - top)


class LayerDesk:
    """The pill of `start_pill` on `desk`, and terminals; `written` is what was typed into the last one."""

    def __init__(self, desk: WaylandDesk, folder: Path, stack: ExitStack) -> None:
        self.desk = desk
        self._folder = folder
        self._stack = stack
        self._compositor = Compositor(desk.environ)
        stack.callback(self._compositor.close)
        manager, seat = self._compositor.bind_global(POINTER_MANAGER), self._compositor.bind_global("wl_seat")
        self._pointer = self._compositor.new_object(lambda event: None)
        self._compositor.send_request(manager, CREATE_POINTER, seat, self._pointer)
        self._pill: subprocess.Popen[str]
        self.written = folder

    def start_pill(self, **environ: str) -> None:
        """Start a pill in place of the one before, with what `environ` has beside the desk's."""
        process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("pill_process.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**self.desk.environ, "PYTHONPATH": str(ROOT), **environ},
        )
        self._stack.enter_context(process)
        self._stack.callback(lambda: process.stdin and process.stdin.close())
        self._pill = process

    def tell(self, line: str) -> list[str]:
        """Say `line` to the pill; what it asked of the app so far."""
        assert self._pill.stdin
        assert self._pill.stdout
        self._pill.stdin.write(f"{line}\n")
        self._pill.stdin.flush()
        return self._pill.stdout.readline().split()[1:]

    def show(self, look: str, height: int = 44) -> Place:
        """Have it look like `look`, wait until it is wholly there, and return its place."""
        self.tell(look)
        seen: list[Place | None] = []

        def rests() -> bool:
            seen.append(self.place())
            return len(seen) > 1 and seen[-1] == seen[-2] and seen[-1] is not None and seen[-1].height > height * 0.9

        until(rests, lambda: f"the pill is seen as {look}, not {seen[-1]}")
        assert seen[-1] is not None
        return seen[-1]

    def hide(self) -> None:
        """Have nothing to say, and wait until it is gone."""
        self.tell("idle")
        until(lambda: self.place() is None, "the pill is gone")

    def place(self) -> Place | None:
        """Where the pill is, in the picture's pixels."""
        return pill_place(self.desk.picture())

    def open_terminal(self, title: str) -> None:
        self.written = self._folder / title
        self._stack.callback(stop, self.desk.open_foot(self.written, title))

    def type(self, word: str) -> None:
        """Strike the keys of `word`, and wait until all has arrived where it is meant."""
        before = self.written.read_text()
        self.desk.keys(word)
        until(lambda: self.written.read_text() == before + word, f"{word} has arrived")

    def click(self, at: tuple[int, int]) -> None:
        """Click there, and take the pointer, which pictures show too, out of the way."""
        self.point(at)
        for state in (1, 0):
            self._compositor.send_request(self._pointer, BUTTON, _now_ms(), LEFT_BUTTON, state)
            self._compositor.send_request(self._pointer, FRAME)
        self.point(AWAY)

    def point(self, at: tuple[int, int]) -> None:
        """Have the pointer there."""
        self._compositor.send_request(self._pointer, MOVE_TO, _now_ms(), *at, 1024, 640)
        self._compositor.send_request(self._pointer, FRAME)


def _now_ms() -> int:
    return int(monotonic() * 1000) & 0xFFFFFFFF
