"""A virtual desk with a user: a display with a window manager, a microphone, a keyboard, and Intone running.

Tests say `press`, `say`, `release`, and look at what a user would see: the file that the editor writes, the
clipboard, the app's status. Keys are pressed by keycode through XTest, since by keysym a tool may add modifiers of
its own. Nothing of the machine's own desk is used: home, runtime folder, display, sound server and session bus are
the test's.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Event
from time import monotonic
from types import TracebackType
from typing import Any, Self

from Xlib import X
from Xlib.display import Display
from Xlib.ext import xtest
from Xlib.protocol.event import ClientMessage

from desktop.core.paths import Paths
from desktop.encryption.keyring import marker_path
from desktop.history.connection import encrypted_file
from tests.conftest import start_display
from tests.support.command_line import paths_of, run_intone
from tests.support.session_bus import ACCESSIBILITY, session_bus
from tests.support.sound_server import Sound, sound_server

ROOT = Path(__file__).parents[2]
ESC, CTRL_L, CTRL_R, LETTER_S = 9, 37, 105, 39
"""Keycodes of evdev's map, which Xvfb uses."""

FINGER_S = 0.08
"""The quickest that a finger strikes twice; what is quicker is a key repeating itself."""

BOUNCE_MS = 12
"""How long a worn switch lets go for."""

GLANCE_S, LONGEST_GLANCE_S = 0.05, 0.25
"""Interval between two checks whether a condition holds, at first and after a while: most cost a process, as does the
app's state, for which it looks for a microphone."""

BUSY_S = 60.0
"""How long a program may take for what takes it a moment where nothing else runs."""

CHECKOUT = (sys.executable, "-m", "desktop")
"""Intone as it lies here."""

ALL_ROWS = 100_000
"""More rows than a desk's history gets: `history list` shows 50 where it is not asked for more."""


class RunningApp:
    """Intone as a process at a desk, and what its commands say.

    A desk sets `environ`, `log`, where the app's output goes, and `spawn`.
    """

    environ: dict[str, str]
    log: Path
    tree = ROOT
    """The checkout, as the desk's user can read it."""
    account: Mapping[str, Any] = {}
    """Whose desk it is, as `subprocess` wants it; empty for the one who runs the tests."""

    def __init__(self) -> None:
        self.program: Sequence[str] = CHECKOUT
        """What starts Intone: of this checkout, unless a test puts another here."""
        self.app: subprocess.Popen[bytes] | None = None
        """The app, if it was started here."""
        self._rows: list[dict[str, Any]] = []
        self._rows_changed = -1

    def spawn(self, *words: str, stderr: Any = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        """Start a program at this desk; it ends with the desk."""
        raise NotImplementedError

    def start(self) -> None:
        """Start Intone. Its output goes to `log`."""
        with self.log.open("ab") as log:
            self.app = self.spawn(*self.program, stderr=log)

    def intone(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `intone WORDS` at this desk."""
        return subprocess.run(
            [*self.program, *words],
            env=self.environ,
            cwd=self.tree,
            **self.account,
            capture_output=True,
            text=True,
            timeout=60,
        )

    @property
    def paths(self) -> Paths:
        """Where the app has its files."""
        return paths_of(Path(self.environ["INTONE_HOME"]), Path(self.environ["XDG_RUNTIME_DIR"]))

    def status(self) -> dict[str, Any]:
        """What the app says of itself, asked from this side, since a command costs a process each time; empty while it
        does not answer."""
        with socket.socket(socket.AF_UNIX) as client, suppress(OSError):
            client.settimeout(BUSY_S)
            client.connect(str(self.paths.socket))
            client.sendall(b'{"command": "status"}\n')
            found: dict[str, Any] = json.loads(client.makefile().readline() or "{}")
            return found
        return {}

    def printed_status(self) -> dict[str, Any]:
        """What `intone status` prints; empty where it fails."""
        told = self.intone("status", "--json")
        found: dict[str, Any] = json.loads(told.stdout) if told.returncode == 0 else {}
        return found

    def history(self) -> list[dict[str, Any]]:
        """All rows, newest first; of the command where the files changed or it failed, and in this process where it
        can: another takes a third of a second to start."""
        changed = _last_change(self.paths.data)
        if changed != self._rows_changed:
            run = self.intone if self.account or self.program != CHECKOUT or self._is_encrypted() else self._run_here
            listed = run("history", "list", "--json", "--limit", str(ALL_ROWS))
            self._rows = [json.loads(line) for line in listed.stdout.splitlines()]
            self._rows_changed = -1 if listed.returncode or not changed else changed
        return list(self._rows)

    def wait_ready(self, timeout_s: float = 120) -> None:
        """Wait until holding the key ends in text."""
        self._wait_status(lambda status: status.get("ready") is True, "Intone is ready", timeout_s)

    def wait_state(self, *states: str, timeout_s: float = 60) -> None:
        """Wait until the app is in one of `states`."""
        what = f"the state is {' or '.join(states)}"
        self._wait_status(lambda status: status.get("state") in states, what, timeout_s)

    def wait_rows(self, count: int, timeout_s: float = 60) -> list[dict[str, Any]]:
        """Wait until the history has `count` rows, and return them."""
        what = f"the history has {count} rows"
        until(lambda: len(self.history()) >= count, lambda: f"{what}; it has {len(self._rows)}", timeout_s)
        return list(self._rows)

    def _is_encrypted(self) -> bool:
        """Whether the history needs a key of the desk's keyring."""
        return any(file(self.paths.history).exists() for file in (encrypted_file, marker_path))

    def _run_here(self, *words: str) -> subprocess.CompletedProcess[str]:
        return run_intone(self.paths.data, *words, runtime=Path(self.environ["XDG_RUNTIME_DIR"]))

    def _wait_status(self, met: Callable[[dict[str, Any]], bool], what: str, timeout_s: float) -> None:
        def look() -> bool:
            assert self.app is None or self.app.poll() is None, f"Intone ended\n{self.log.read_text()}"
            return met(self.status())

        until(look, lambda: f"{what}; {self.status()}\n{self.log.read_text()}", timeout_s)


class Desk(RunningApp):
    """The desk in `folder`; entering it sets it up, `start` starts the app, leaving it takes everything down.

    `new`: Intone was never started here, so that it begins with its first run.
    """

    def __init__(self, folder: Path, *, new: bool = False) -> None:
        super().__init__()
        self.home = folder / "home"
        self.runtime = folder / "run"
        self.log = folder / "app.log"
        self._new = new
        self.sound: Sound
        self._let_go_at = 0.0
        self._x: Any
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._stack = stack
            self.home.mkdir(parents=True)
            if not self._new:
                (self.home / "settings.toml").touch()
                (self.home / "first-run.done").touch()
            self.runtime.mkdir(mode=0o700)
            server, name = start_display()
            stack.callback(stop, server)
            self.sound = stack.enter_context(sound_server())
            self.environ = self._environ(name)
            self.environ["DBUS_SESSION_BUS_ADDRESS"] = stack.enter_context(session_bus(self.environ, [ACCESSIBILITY]))
            self._x = Display(name)
            stack.callback(self._x.close)
            self.spawn("openbox")
            until(lambda: self._root("_NET_SUPPORTING_WM_CHECK"), "openbox manages the display")
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
        self._stack.close()

    # -- the user -------------------------------------------------------------------------------------------------

    def press(self, keycode: int = CTRL_R) -> None:
        """Hold a key down; no sooner after letting go than a finger can."""
        Event().wait(max(0.0, self._let_go_at + FINGER_S - monotonic()))
        self.key(keycode, down=True)

    def release(self, keycode: int | None = None) -> None:
        """Let a key go, or all that are down."""
        for down in self.keys_down() if keycode is None else {keycode}:
            self.key(down, down=False)
        self._let_go_at = monotonic()

    def tap(self, *keycodes: int) -> None:
        """Press the keys in order and let them go in reverse."""
        for keycode in keycodes:
            self.press(keycode)
        for keycode in reversed(keycodes):
            self.release(keycode)

    def esc(self) -> None:
        """Tap Esc."""
        self.tap(ESC)

    def save(self) -> None:
        """Ctrl+S in the window that has the focus."""
        self.tap(CTRL_L, LETTER_S)

    def keys_down(self) -> set[int]:
        """The keycodes that are down."""
        return {8 * at + bit for at, byte in enumerate(self._x.query_keymap()) for bit in range(8) if byte >> bit & 1}

    def key(self, keycode: int, *, down: bool) -> None:
        """A key goes down or up, as quickly as a switch does."""
        xtest.fake_input(self._x, X.KeyPress if down else X.KeyRelease, keycode)
        self._x.sync()

    def bounce(self, keycode: int) -> None:
        """A key that is down goes up and down again in `BOUNCE_MS`, which the server measures out."""
        xtest.fake_input(self._x, X.KeyRelease, keycode)
        xtest.fake_input(self._x, X.KeyPress, keycode, time=BOUNCE_MS)
        self._x.sync()

    def say(self, wav: Path, *, wait: bool = True) -> subprocess.Popen[bytes]:
        """Speak into the microphone; returns who speaks."""
        return self.sound.play(wav, wait=wait)

    def dictate(self, wav: Path, keycode: int = CTRL_R) -> None:
        """Hold the key, wait until Intone listens, speak, and let go."""
        self.press(keycode)
        self.wait_state("listening")
        self.say(wav)
        self.release()

    # -- the desk -------------------------------------------------------------------------------------------------

    def open_xterm(self, file: Path) -> int:
        """A terminal whose program writes what it is given to `file`, at once and without waiting for a line's end."""
        return self._open("xterm", "-u8", "-e", "sh", "-c", 'stty -icanon; exec cat > "$0"', str(file))

    def open_mousepad(self, file: Path) -> int:
        """A GTK editor on `file`, which `save` writes."""
        file.touch()
        return self._open("mousepad", "--disable-server", str(file))

    def open_qt_editor(self, file: Path) -> int:
        """A Qt editor that writes its text to `file` whenever it changes."""
        return self._open(sys.executable, str(ROOT / "tests/support/qt_editor.py"), str(file))

    def focus(self, window: int) -> None:
        """Give the window the focus, and wait until it has it."""
        self._ask("_NET_ACTIVE_WINDOW", window, [2, X.CurrentTime, 0, 0, 0])
        until(lambda: self.focused() == window, "the window has the focus")

    def focused(self) -> int:
        """The window that has the focus, or 0."""
        return next(iter(self._root("_NET_ACTIVE_WINDOW")), 0)

    def windows(self) -> list[int]:
        """All windows that programs have open."""
        return list(self._root("_NET_CLIENT_LIST"))

    def title(self, window: int) -> str:
        """What stands in the window's title bar; empty for one that has gone."""
        return self._xdotool("getwindowname", str(window)).strip()

    def shut(self, window: int) -> None:
        """Close a window by its title bar."""
        self._ask("_NET_CLOSE_WINDOW", window, [X.CurrentTime, 2, 0, 0, 0])

    def keys(self, *names: str) -> None:
        """Press keys by their names, one after the other."""
        self._xdotool("key", "--delay", "60", *names)

    def _ask(self, what: str, window: int, data: list[int]) -> None:
        """Ask the window manager to do something with a window, as a pager or a title bar does."""
        message = ClientMessage(
            window=self._x.create_resource_object("window", window),
            client_type=self._x.intern_atom(what),
            data=(32, data),
        )
        self._x.screen().root.send_event(message, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
        self._x.flush()

    def _xdotool(self, *words: str) -> str:
        return subprocess.run(["xdotool", *words], env=self.environ, capture_output=True, text=True, timeout=30).stdout

    def clipboard(self, target: str = "UTF8_STRING", selection: str = "clipboard") -> bytes:
        """What the clipboard holds as `target`; empty where nothing does."""
        return subprocess.run(
            ["xclip", "-o", "-selection", selection, "-t", target], env=self.environ, capture_output=True, timeout=5
        ).stdout

    def copy(self, data: bytes, target: str = "UTF8_STRING") -> None:
        """Put `data` onto the clipboard, as another program would."""
        subprocess.run(
            ["xclip", "-i", "-selection", "clipboard", "-t", target],
            env=self.environ,
            input=data,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=5,
            check=True,
        )

    def spawn(self, *words: str, stderr: Any = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        """Start a program at this desk; it ends with the desk."""
        process = subprocess.Popen(
            words, env=self.environ, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=stderr, stderr=stderr
        )
        self._stack.callback(stop, process)
        return process

    def _open(self, *words: str) -> int:
        """Start a program with a window; return the window once it has the focus."""
        return self.opened(lambda: self.spawn(*words), words[0])

    def opened(self, act: Callable[[], object], name: str) -> int:
        """Do what opens a window, `name` in words; return the window once it has the focus."""
        before = set(self._root("_NET_CLIENT_LIST"))
        act()
        until(lambda: set(self._root("_NET_CLIENT_LIST")) - before, f"{name} has a window", 60)
        (window,) = set(self._root("_NET_CLIENT_LIST")) - before
        self.focus(window)
        return window

    def _root(self, name: str) -> Sequence[int]:
        found = self._x.screen().root.get_full_property(self._x.intern_atom(name), X.AnyPropertyType)
        values: Sequence[int] = found.value if found is not None else ()
        return values

    def _environ(self, display: str) -> dict[str, str]:
        strange = ("WAYLAND", "XDG_", "DBUS", "PULSE", "QT_")
        return {
            **{key: value for key, value in os.environ.items() if not key.startswith(strange)},
            **self.sound.environ,
            "DISPLAY": display,
            "HOME": str(self.home),
            "INTONE_HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self.runtime),
            "XDG_SESSION_TYPE": "x11",
            "LANG": "C.UTF-8",
            "GSETTINGS_BACKEND": "memory",
            "NO_AT_BRIDGE": "1",
        }


def _last_change(folder: Path) -> int:
    """When a history there, encrypted or not, or its journal was written last, in nanoseconds; 0 where none is."""
    last = 0
    for file in folder.glob("history*.db*"):
        if not file.name.endswith("-shm"):  # which readers write to
            with suppress(FileNotFoundError):  # a journal goes with its last reader
                last = max(last, file.stat().st_mtime_ns)
    return last


def until(met: Callable[[], object], what: str | Callable[[], str], timeout_s: float = 30) -> None:
    """Look until `met`, which is `what` in words; fail after `timeout_s`."""
    deadline, pause, interval_s = monotonic() + timeout_s, Event(), GLANCE_S
    while not met():
        assert monotonic() < deadline, f"not within {timeout_s} s: {what if isinstance(what, str) else what()}"
        pause.wait(interval_s)
        interval_s = min(1.5 * interval_s, LONGEST_GLANCE_S)


def read_until(path: Path, met: Callable[[str], bool], timeout_s: float = 30) -> str:
    """The text of `path`, once it is as `met` wants it."""

    def text() -> str:
        return path.read_text() if path.exists() else ""

    until(lambda: met(text()), lambda: f"{path.name} is as it should be; it is {text()!r}", timeout_s)
    return text()


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process, kindly if it lets us."""
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
