"""Programs on a test's display, seen from the X side. Each has a connection of its own and serves it in a thread."""

from __future__ import annotations

import os
import signal
import subprocess
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from math import inf
from pathlib import Path
from select import select
from threading import Event, Thread
from time import monotonic
from typing import Any, Self

from Xlib import X, Xatom
from Xlib.display import Display
from Xlib.error import BadWindow
from Xlib.ext import xfixes, xtest
from Xlib.protocol.event import ClientMessage, SelectionNotify

PATIENCE_S = 20.0
"""A deadline for what ought to take some ms; only a failing test waits so long."""


def keys_down(display: str) -> list[int]:
    """The keycodes that are physically down."""
    connection = Display(display)
    pressed = connection.query_keymap()
    connection.close()
    return [code for code in range(256) if pressed[code // 8] >> code % 8 & 1]


class Hand:
    """Press keys by keycode: xdotool would press more keys than the given ones."""

    def __init__(self, display: str) -> None:
        self._display = Display(display)

    def close(self) -> None:
        self._display.close()

    def press(self, keycode: int) -> None:
        xtest.fake_input(self._display, X.KeyPress, keycode)
        self._display.sync()

    def release(self, keycode: int) -> None:
        xtest.fake_input(self._display, X.KeyRelease, keycode)
        self._display.sync()


@contextmanager
def program(display: str, title: str, *command: str | Path, env: Mapping[str, str] | None = None) -> Iterator[int]:
    """Run a program, and what it starts, until the block ends; gives its window, with the focus."""
    environ = {**os.environ, "DISPLAY": display, **(env or {})}
    process = subprocess.Popen(
        [str(part) for part in command],
        env=environ,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    window = 0
    try:
        window = focused(display, title)
        yield window
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # what it started goes with it: dbus-run-session alone leaves its window
        process.wait(timeout=PATIENCE_S)
        _wait_gone(display, window)


def _wait_gone(display: str, window: int) -> None:
    """Wait until a window is no more, so that nothing looks for it while it goes."""
    connection, deadline = Display(display), monotonic() + PATIENCE_S
    try:
        while window:
            assert monotonic() < deadline, f"window {window:#x} did not go"
            connection.create_resource_object("window", window).get_attributes()
            select([], [], [], 0.01)
    except BadWindow:
        pass
    finally:
        connection.close()


def own_home(folder: Path) -> dict[str, str]:
    """The environment of a program that is to find `folder` for its home and nothing of the user's in it.

    Mousepad does not watch its file there: on a busy machine it takes its own saving for another program's, and asks.
    """
    settings = folder / "glib-2.0/settings/keyfile"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text("[org/xfce/mousepad/preferences/file]\nmonitor-changes=false\n")
    home = {name: str(folder) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")}
    return {**home, "LANG": "C.UTF-8", "GSETTINGS_BACKEND": "keyfile", "GTK_THEME": "Adwaita", "NO_AT_BRIDGE": "1"}


def focused(display: str, title: str) -> int:
    """Wait for a window with `title` in its name, give it the focus, wait until it has it, and return it."""
    connection = Display(display)
    root = connection.screen().root
    root.change_attributes(event_mask=X.PropertyChangeMask)
    deadline = monotonic() + PATIENCE_S
    while (window := _named(connection, title)) is None:
        assert monotonic() < deadline, f"there is no window {title}"
        select([connection.fileno()], [], [], 0.1)
        while connection.pending_events():
            connection.next_event()
    connection.close()
    activate(display, window)
    return window


def _named(connection: Any, title: str) -> int | None:
    """A managed window with `title` in its name. Windows may come and go meanwhile."""
    listed = connection.screen().root.get_full_property(connection.get_atom("_NET_CLIENT_LIST"), X.AnyPropertyType)
    for window in listed.value if listed is not None else ():
        with suppress(BadWindow):
            named = connection.create_resource_object("window", window)
            found = named.get_full_property(connection.get_atom("_NET_WM_NAME"), X.AnyPropertyType)
            if title in (found.value.decode(errors="replace") if found is not None else named.get_wm_name() or ""):
                return int(window)
    return None


def activate(display: str, window: int) -> None:
    """Ask the window manager for the focus until `window` has it: one that is still starting hears nothing yet."""
    connection = Display(display)
    root = connection.screen().root
    root.change_attributes(event_mask=X.PropertyChangeMask)
    name = connection.get_atom("_NET_ACTIVE_WINDOW")
    wish = ClientMessage(window=window, client_type=name, data=(32, [2, X.CurrentTime, 0, 0, 0]))
    deadline = monotonic() + PATIENCE_S
    while not _has_focus(connection, window):
        assert monotonic() < deadline, f"window {window:#x} did not become active"
        root.send_event(wish, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
        connection.sync()
        select([connection.fileno()], [], [], 0.1)
        while connection.pending_events():
            connection.next_event()
    connection.close()


def _has_focus(connection: Any, window: int) -> bool:
    """Whether the window manager says so and the keys go to it or to a window inside it."""
    name = connection.get_atom("_NET_ACTIVE_WINDOW")
    active = connection.screen().root.get_full_property(name, X.AnyPropertyType)
    if active is None or active.value[0] != window:
        return False
    focus = connection.get_input_focus().focus
    while not isinstance(focus, int):
        if focus.id == window:
            return True
        focus = focus.query_tree().parent
    return False


def read_file(path: Path, done: Callable[[str], bool], patience_s: float = PATIENCE_S) -> str:
    """The file's text once it is `done`, or what it is when patience ends."""
    deadline, never = monotonic() + patience_s, Event()
    while True:
        text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
        if done(text) or monotonic() >= deadline:
            return text
        never.wait(0.02)


class Client:
    """An X program with one window that serves its events in a thread of its own.

    Once entered, its connection is that thread's alone: python-xlib can hang where two wait on one connection.
    """

    def __init__(self, display: str, title: str = "client", *, show: bool = False, pid: int = 0) -> None:
        self.display: Any = Display(display)
        self.window: Any = self.display.screen().root.create_window(
            0, 0, 300, 100, 0, 24, event_mask=X.PropertyChangeMask | X.KeyPressMask | X.FocusChangeMask
        )
        self.window.set_wm_name(title)
        self.window.set_wm_class(title, title.title())
        self.window.change_property(self.atom("_NET_WM_PID"), Xatom.CARDINAL, 32, [pid])
        if show:
            self.window.map()
        self.display.sync()
        self._stopped, self._stop = os.pipe()
        self._thread = Thread(target=self._serve)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        os.write(self._stop, b"\0")
        self._thread.join()
        self.display.close()
        os.close(self._stop)
        os.close(self._stopped)

    def atom(self, name: str) -> int:
        return int(self.display.get_atom(name))

    def on_event(self, event: Any) -> None:
        """What the program does; in its thread."""

    def wait(self, seconds: float | None) -> bool:
        """Handle events for so long, or until the end; False at the end."""
        deadline = None if seconds is None else monotonic() + seconds
        while deadline is None or monotonic() < deadline:
            self.display.sync()
            while self.display.pending_events():
                self.on_event(self.display.next_event())
            left = None if deadline is None else max(0.0, deadline - monotonic())
            if self._stopped in select([self.display.fileno(), self._stopped], [], [], left)[0]:
                return False
        return True

    def _serve(self) -> None:
        self.wait(None)

    def conclude(self, request: Any, into: int) -> None:
        """Tell who asked for a selection that the answer is in that property."""
        answer = SelectionNotify(
            time=request.time,
            requestor=request.requestor,
            selection=request.selection,
            target=request.target,
            property=into,
        )
        request.requestor.send_event(answer)
        self.display.sync()

    def convert(self, target: str) -> bytes:
        """Read a target of the clipboard (no INCR); empty when refused."""
        into = self.atom("ANSWER")
        self.window.convert_selection(self.atom("CLIPBOARD"), self.atom(target), into, X.CurrentTime)
        deadline = monotonic() + PATIENCE_S
        while monotonic() < deadline:
            self.display.sync()
            while self.display.pending_events():
                event = self.display.next_event()
                if event.type == X.SelectionNotify:
                    found = self.window.get_full_property(into, X.AnyPropertyType, 2**16)
                    return bytes(found.value) if event.property and found.format == 8 else b""
            select([self.display.fileno()], [], [], 0.1)
        raise AssertionError("the clipboard's owner did not answer")


class Owner(Client):
    """Owns the clipboard, or another selection, and offers `contents` (by target name), in steps where long.

    `answers` is how many questions it answers before it freezes; `asked` the targets it was asked for.
    """

    STEP = 2**16

    def __init__(
        self, display: str, contents: Mapping[str, bytes], *, answers: float = inf, selection: str = "CLIPBOARD"
    ) -> None:
        super().__init__(display, "owner")
        self._contents = {self.atom(name): data for name, data in contents.items()}
        self._answers = answers
        self._flows: dict[tuple[int, int], bytes] = {}
        self.asked: list[str] = []
        self.window.set_selection_owner(self.atom(selection), X.CurrentTime)
        self.display.sync()

    def on_event(self, event: Any) -> None:
        if event.type == X.SelectionRequest:
            self.asked.append(self.display.get_atom_name(event.target))
            if len(self.asked) <= self._answers:
                self._answer(event)
        elif event.type == X.PropertyNotify and event.state == X.PropertyDelete:
            self._send_on(event.window, event.atom)

    def _answer(self, event: Any) -> None:
        into = event.property
        if event.target == self.atom("TARGETS"):
            event.requestor.change_property(into, Xatom.ATOM, 32, array("I", [event.target, *self._contents]))
        elif event.target not in self._contents:
            into = X.NONE
        elif len(data := self._contents[event.target]) > self.STEP:
            event.requestor.change_attributes(event_mask=X.PropertyChangeMask)
            self._flows[event.requestor.id, into] = data
            event.requestor.change_property(into, self.atom("INCR"), 32, [len(data)])
        else:
            event.requestor.change_property(into, event.target, 8, data)
        self.conclude(event, into)

    def _send_on(self, window: Any, name: int) -> None:
        data = self._flows.pop((window.id, name), None)
        if data is not None:
            window.change_property(name, self.atom("image/png"), 8, data[: self.STEP])
            if data:
                self._flows[window.id, name] = data[self.STEP :]
            self.display.sync()


class SlowReader(Client):
    """A window that, when V is pressed in it, does something else for `delay_s` and then reads the clipboard: each of
    `targets`, after such a pause. `read` has what it got as text."""

    def __init__(self, display: str, delay_s: float, targets: Sequence[str] = ("UTF8_STRING",)) -> None:
        super().__init__(display, "slow-reader", show=True)
        self.delay_s = delay_s
        self._targets = targets
        self._never = Event()
        self.keys: list[int] = []
        self.read: list[str] = []

    def on_event(self, event: Any) -> None:
        if event.type == X.KeyPress:
            self.keys.append(event.detail)
            if event.detail == self.display.keysym_to_keycode(0x76) and event.state & X.ControlMask:
                for target in self._targets:
                    self._never.wait(self.delay_s)
                    data = self.convert(target)
                    if target == "UTF8_STRING":
                        self.read.append(data.decode())


class EarlyReader(Client):
    """A window that reads the clipboard whenever another takes it, and at no paste, as remote desktops do."""

    def __init__(self, display: str) -> None:
        super().__init__(display, "early-reader", show=True)
        self.read: list[str] = []
        self.display.xfixes_query_version()
        self.display.xfixes_select_selection_input(
            self.window, self.atom("CLIPBOARD"), xfixes.XFixesSetSelectionOwnerNotifyMask
        )

    def on_event(self, event: Any) -> None:
        taken = self.display.extension_event.SetSelectionOwnerNotify
        if (event.type, getattr(event, "sub_code", None)) == taken and (text := self.convert("UTF8_STRING")):
            self.read.append(text.decode())


@contextmanager
def greedy_reader(display: str, log: Path) -> Iterator[None]:
    """A program that reads the clipboard again and again, as download programs do; what it reads goes to `log`."""
    with log.open("wb") as reads:
        process = subprocess.Popen(
            ["sh", "-c", "while :; do timeout 5 xclip -selection clipboard -o; echo; done"],
            env={**os.environ, "DISPLAY": display},
            stdout=reads,
            stderr=subprocess.DEVNULL,
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_S)


def xclip(display: str, *arguments: str) -> bytes:
    """What xclip reads from the display's clipboard."""
    return subprocess.run(
        ["timeout", "5", "xclip", "-selection", "clipboard", "-o", *arguments],
        env={**os.environ, "DISPLAY": display},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ).stdout


def set_layout(display: str, *arguments: str) -> None:
    """Give the display's keyboard a layout (setxkbmap)."""
    subprocess.run(["setxkbmap", "-display", display, *arguments], check=True)


def targets(display: str, names: Sequence[str]) -> dict[str, bytes]:
    """The clipboard's data by target name."""
    return {name: xclip(display, "-t", name) for name in names}
