"""A display under one of several window managers, terminals that a user writes in, and a pill above them.

The pill runs in a process of its own, since what is looked at is what the X server and the window manager make of it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from Xlib import XK, X
from Xlib.display import Display
from Xlib.error import BadDrawable, BadWindow
from Xlib.ext import xtest
from Xlib.protocol.event import ClientMessage

from tests.conftest import start_display, wait_for_manager
from tests.support.desk import ROOT, stop, until
from tests.support.session_bus import XFCE_SETTINGS, session_bus

WHITE = b"\xff\xff\xff"
"""The pill's ground; the terminals and the desk are dark."""

HAND_MS = 20
"""Between the events of a double click."""

MANAGERS = {
    "openbox": ["openbox"],
    "xfwm4": ["xfwm4", "--compositor=off"],
    "i3": ["i3", "-c", str(Path(__file__).with_name("i3.conf"))],
}


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle in the desk's pixels."""

    left: int
    top: int
    width: int
    height: int

    @property
    def middle(self) -> tuple[int, int]:
        return self.left + self.width // 2, self.top + self.height // 2

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def bottom(self) -> int:
        return self.top + self.height


class PillDesk:
    """The desk; `target` is the terminal that is written in."""

    def __init__(self, name: str, folder: Path, stack: ExitStack) -> None:
        self.environ = {**os.environ, "DISPLAY": name, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT)}
        self._folder = folder
        self._stack = stack
        self._x: Any = Display(name)
        self._root: Any = self._x.screen().root
        self._active: int = self._x.intern_atom("_NET_ACTIVE_WINDOW")
        self._root.change_attributes(event_mask=X.PropertyChangeMask)
        stack.callback(self._x.close)
        self._pill: subprocess.Popen[str]
        self.target = 0

    # -- the pill -------------------------------------------------------------------------------------------------

    def start_pill(self, scale: str = "1") -> None:
        process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("pill_process.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**self.environ, "QT_SCALE_FACTOR": scale},
        )
        self._stack.enter_context(process)
        self._stack.callback(lambda: process.stdin and process.stdin.close())
        self._pill = process

    def tell(self, line: str) -> tuple[int, list[str]]:
        """Say `line` to the pill; its window and what it asked of the app so far."""
        assert self._pill.stdin
        assert self._pill.stdout
        self._pill.stdin.write(f"{line}\n")
        self._pill.stdin.flush()
        window, *asked = self._pill.stdout.readline().split()
        return int(window), asked

    def show(self, look: str, target: int = 0) -> None:
        """Have it look like `look`, and wait until it is painted and nothing is above it."""
        self.tell(f"{look} {target or self.target}")
        until(lambda: self.seen() and self._bare() == WHITE, f"the pill is seen as {look}")

    def hide(self) -> None:
        """Have nothing to say, and wait until it is gone."""
        self.tell("idle")
        until(lambda: not self.seen(), "the pill is gone")

    def seen(self) -> bool:
        return bool(self._window(self.tell("ask")[0]).get_attributes().map_state == X.IsViewable)

    def place(self) -> Place:
        """Where the server has the pill."""
        return self.where(self.tell("ask")[0])

    def colour(self, x: int, y: int) -> bytes:
        """What is seen of the desk at one point, as the server has it."""
        return bytes(self._root.get_image(x, y, 1, 1, X.ZPixmap, 0xFFFFFFFF).data[:3])

    def _bare(self) -> bytes:
        """What is seen where the pill has nothing but its ground."""
        place = self.place()
        return self.colour(place.right - 8, place.middle[1])

    # -- windows --------------------------------------------------------------------------------------------------

    def open_terminal(self, *options: str) -> int:
        """A terminal that writes what it is given to a file at once; its window, once it has the focus. That is asked
        for, since xfwm4 does not always give it to what opens while it starts."""
        written = self._folder / f"written{self._x.get_display_name().replace(':', '')}-{self.target}"
        before = self._managed()
        self.spawn(
            "xterm",
            "-bg",
            "black",
            "-fg",
            "gray",
            *options,
            "-e",
            "sh",
            "-c",
            'stty -icanon -echo; exec cat > "$0"',
            str(written),
        )
        until(lambda: written.exists() and self._managed() - before, "a terminal has a window")
        (self.target,), self.written = self._managed() - before, written
        if self.active() != self.target:
            self._ask_for_focus(self.target)
        until(lambda: self.active() == self.target, "the terminal has the focus")
        self._window(self.target).change_attributes(event_mask=X.FocusChangeMask)
        self.strayed()
        return self.target

    def spawn(self, *words: str) -> None:
        process = subprocess.Popen(words, env=self.environ, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        self._stack.callback(stop, process)

    def run(self, *words: str) -> None:
        subprocess.run(words, env=self.environ, check=True, capture_output=True)

    def dock(self, place: Place) -> None:
        """A panel at the desk's foot, that asks for its room."""
        panel = self._root.create_window(place.left, place.top, place.width, place.height, 0, X.CopyFromParent)
        height = self._root.get_geometry().height - place.top
        strut = [0, 0, 0, height, *([0] * 6), place.left, place.left + place.width - 1]
        atom, card = self._x.intern_atom, self._x.intern_atom("CARDINAL")
        panel.change_property(
            atom("_NET_WM_WINDOW_TYPE"), self._x.intern_atom("ATOM"), 32, [atom("_NET_WM_WINDOW_TYPE_DOCK")]
        )
        panel.change_property(atom("_NET_WM_STRUT_PARTIAL"), card, 32, strut)
        panel.map()
        self._x.sync()
        until(lambda: panel.id in self._managed(), "the panel is managed")

    def where(self, window: int) -> Place:
        size = self._window(window).get_geometry()
        corner = self._window(window).translate_coords(self._root, 0, 0)
        return Place(-corner.x, -corner.y, size.width, size.height)

    def active(self) -> int:
        return next(iter(self._numbers(self._root, "_NET_ACTIVE_WINDOW")), 0)

    def fills_the_screen(self) -> bool:
        """Whether the window manager has the target as full-screen."""
        state = self._numbers(self._window(self.target), "_NET_WM_STATE")
        return self._x.intern_atom("_NET_WM_STATE_FULLSCREEN") in state

    def strayed(self) -> list[str]:
        """How the focus has left the target since this was last asked: by what the server and the manager told.

        The manager is asked something first, so that it has taken in all that came before.
        """
        wait_for_manager(self._x.get_display_name())
        self._x.sync()
        found = []
        while self._x.pending_events():
            event = self._x.next_event()
            if event.type == X.PropertyNotify and event.atom == self._active and self.active() != self.target:
                found.append(f"{self.active():#x} is active")
            if event.type == X.FocusOut and event.window.id == self.target and event.mode == X.NotifyNormal:
                found.append("the target lost the keys")
        return found

    # -- the user -------------------------------------------------------------------------------------------------

    def type(self, word: str) -> None:
        """Strike the keys of `word`, in lower case, by their codes; wait until all has arrived where it is meant."""
        before = self.written.read_text()
        for letter in word:
            code = self._x.keysym_to_keycode(XK.string_to_keysym(letter))
            for kind in (X.KeyPress, X.KeyRelease):
                xtest.fake_input(self._x, kind, code)
        self._x.sync()
        until(lambda: self.written.read_text() == before + word, f"{word} has arrived")

    def point(self, at: tuple[int, int]) -> None:
        xtest.fake_input(self._x, X.MotionNotify, x=at[0], y=at[1])
        self._x.sync()

    def click(self, at: tuple[int, int], times: int = 1) -> None:
        """Click there, as quickly as a double click wants it."""
        self.point(at)
        for kind in (X.ButtonPress, X.ButtonRelease) * times:
            xtest.fake_input(self._x, kind, 1, time=HAND_MS if times > 1 else 0)
        self._x.sync()

    def drag(self, at: tuple[int, int], to: tuple[int, int]) -> None:
        """Drag what is at one point to another."""
        self.point(at)
        xtest.fake_input(self._x, X.ButtonPress, 1)
        for share in (0.1, 0.5, 1.0):
            self.point((round(at[0] + share * (to[0] - at[0])), round(at[1] + share * (to[1] - at[1]))))
        xtest.fake_input(self._x, X.ButtonRelease, 1)
        self._x.sync()

    def _ask_for_focus(self, window: int) -> None:
        """As a list of windows does."""
        data = [2, X.CurrentTime, 0, 0, 0]
        ask = ClientMessage(window=self._window(window), client_type=self._active, data=(32, data))
        self._root.send_event(ask, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
        self._x.flush()

    def _managed(self) -> set[int]:
        return set(self._numbers(self._root, "_NET_CLIENT_LIST"))

    def _window(self, window: int) -> Any:
        return self._x.create_resource_object("window", window)

    def _numbers(self, window: Any, name: str) -> Any:
        try:
            found = window.get_full_property(self._x.intern_atom(name), X.AnyPropertyType)
        except (BadDrawable, BadWindow):
            return ()
        return found.value if found is not None else ()


@contextmanager
def pill_desk(manager: str, folder: Path) -> Iterator[PillDesk]:
    """A desk under `manager`, without a pill or a window yet."""
    with ExitStack() as stack:
        server, name = start_display()
        stack.callback(stop, server)
        desk = PillDesk(name, folder, stack)
        desk.environ["DBUS_SESSION_BUS_ADDRESS"] = stack.enter_context(session_bus(desk.environ, [XFCE_SETTINGS]))
        desk.spawn(*MANAGERS[manager])
        wait_for_manager(name)
        yield desk
