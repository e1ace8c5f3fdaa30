"""A desk of Windows: Wine on Xvfb with openbox and a microphone, Notepad, and the app by its own `python.exe`.

What Windows is made of is `make windows-desk`'s, in `.cache/windows`: its prefix is shared by all tests, one run after
the other; an installed app has a prefix of its own. Keys come from X, and reach Windows only while a window of Wine's
has the focus. Output goes to files: a pipe ends only when everything that Wine has started has ended.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from Xlib import X
from Xlib.display import Display
from Xlib.error import XError

from desktop.core import ipc_client
from desktop.core.errors import UserError
from desktop.core.paths import Paths
from tests.conftest import start_display, wait_for_manager
from tests.support.desk import BUSY_S, ROOT, RunningApp, stop, until
from tests.support.desks.installed import lacking
from tests.support.sound_server import Sound, sound_server

PROGRAMS = ("wine", "wineserver", "Xvfb", "openbox", "pulseaudio", "paplay", "xdotool", "import")

CTRL_R, ESC, F9 = "Control_R", "Escape", "F9"
"""Keys by their names."""

NOTEPAD = "Notepad"

OPENED_S = 180.0
"""How long a program may take to have its window, beside everything else."""

_SPEC = spec_from_file_location("windows_desk", ROOT / "packaging/windows/desk.py")
assert _SPEC is not None
assert _SPEC.loader is not None
WINDOWS: Any = module_from_spec(_SPEC)
_SPEC.loader.exec_module(WINDOWS)


def missing() -> list[str]:
    """What of the desk is not here."""
    return [*lacking(PROGRAMS), *(() if WINDOWS.is_made() else ("a desk made by `make windows-desk`",))]


WORKER = "desktop.stt.local.worker"
"""The module that the model's process runs."""


class WindowsPaths(Paths):
    """The app's paths in Windows, as this side of Wine calls them."""

    @property
    def endpoint(self) -> Path:
        """As `Paths.endpoint`, for a home that has another name there."""
        name = hashlib.sha256(windows_path(self.config).encode()).hexdigest()[:12]
        return self.runtime / f"intone-{name}.port"


class WindowsSession(RunningApp):
    """A display, a microphone and a user in front of a Windows of Wine's, and Intone there.

    `folder` has what programs write. A subclass starts it by `_begin`.
    """

    started_in = ROOT
    """The folder in which programs start."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.log = folder / "app.log"
        self.sound: Sound
        self._x: Any
        self._runs = 0
        self._stack = ExitStack()

    def _begin(self, stack: ExitStack, environ: Mapping[str, str]) -> None:
        """Start what is around Windows, whose programs run in `environ`; leaving `stack` ends it all."""
        self._stack = stack
        runtime = self.folder / "run"
        runtime.mkdir(mode=0o700, exist_ok=True)
        server, display = start_display()
        stack.callback(stop, server)
        self.sound = stack.enter_context(sound_server())
        self.environ = {
            **environ,
            **self.sound.environ,
            "DISPLAY": display,
            "LANG": "C.UTF-8",
            "XDG_RUNTIME_DIR": str(runtime),
        }
        self._x = Display(display)
        stack.callback(self._x.close)
        self.spawn("openbox")
        wait_for_manager(display)
        stack.callback(self._end_windows)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _end_windows(self) -> None:
        subprocess.run(["wineserver", "--kill"], env=self.environ, timeout=BUSY_S, check=False)
        subprocess.run(["wineserver", "--wait"], env=self.environ, timeout=BUSY_S, check=True)

    # -- programs -------------------------------------------------------------------------------------------------

    def spawn(self, *words: str, stderr: Any = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            words, env=self.environ, cwd=self.started_in, stdin=subprocess.DEVNULL, stdout=stderr, stderr=stderr
        )
        self._stack.callback(stop, process)
        return process

    def run(self, *words: str, timeout_s: float = 240) -> subprocess.CompletedProcess[str]:
        """Run a program to its end."""
        self._runs += 1
        output, errors = (self.folder / f"run-{self._runs}.{kind}" for kind in ("out", "err"))
        with output.open("wb") as out, errors.open("wb") as err:
            code = subprocess.run(
                words,
                env=self.environ,
                cwd=self.started_in,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                timeout=timeout_s,
                check=False,
            ).returncode
        told = (file.read_text(encoding="utf-8", errors="replace") for file in (output, errors))
        return subprocess.CompletedProcess(words, code, *told)

    def intone(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.run(*self.program, *words)

    def wait_rows(self, count: int, timeout_s: float = 60) -> list[dict[str, Any]]:
        """Wait until the app is idle, and then until the history has `count` rows, which costs more."""
        self.wait_state("idle", timeout_s=timeout_s)
        return super().wait_rows(count, timeout_s)

    def helper(self, name: str, *words: str) -> Any:
        """Run the program `name` of `tests/support/windows`; return what it wrote as JSON."""
        result = self.folder / f"{name}-{self._runs}.json"
        done = self.run(*self.helper_command(name, result, *words))
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(result.read_text(encoding="utf-8"))

    def helper_command(self, name: str, result: Path, *words: str) -> tuple[str, ...]:
        """What starts that program, which writes to `result`."""
        return (
            *("wine", str(WINDOWS.python()), "-m", f"tests.support.windows.{name}"),
            *(windows_path(result), *words),
        )

    # -- the user -------------------------------------------------------------------------------------------------

    def open_notepad(self) -> subprocess.Popen[bytes]:
        """A Notepad that has the focus."""
        return self.open_window(NOTEPAD, "notepad")

    def open_python(self, module: str, file: Path, title: str, *words: str) -> subprocess.Popen[bytes]:
        """A window of the tests' own that has the focus, and whose text is in `file`."""
        return self.open_window(title, str(WINDOWS.python()), "-m", module, windows_path(file), title, *words)

    def open_window(self, title: str, *program: str) -> subprocess.Popen[bytes]:
        """A program whose window has the focus, with `title` in its title."""
        process = self.spawn("wine", *program)
        until(lambda: title in self.focused_title(), f"{title} has the focus", OPENED_S)
        return process

    def focus(self, title: str) -> None:
        """Give the focus to the window with `title` in its title."""
        self._xdotool("search", "--name", title, "windowactivate", "--sync")
        until(lambda: title in self.focused_title(), f"{title} has the focus", BUSY_S)

    def focused_title(self) -> str:
        """The title of the window that gets the keys; empty for none.

        It is not yet the active window: openbox says so when it has asked Wine to take the focus, and a key that is
        pressed before Wine has done so is the window manager's.
        """
        try:
            window = self._x.get_input_focus().focus
            title = window.get_full_property(self._x.intern_atom("_NET_WM_NAME"), X.AnyPropertyType)
        except (XError, AttributeError):  # it went while we looked; X has numbers for no window
            return ""
        return title.value.decode(errors="replace") if title is not None else ""

    def has_tray_icon(self) -> bool:
        """Whether Wine shows its tray: a window of its explorer, of which the others are never seen."""
        frames = [window for frame in self._x.screen().root.query_tree().children for window in _with_children(frame)]
        return any(map(_is_tray, frames))

    def notepad_text(self) -> str:
        """What stands in Notepad."""
        text: str = self.helper("notepad")["text"]
        return text

    def press(self, key: str = CTRL_R) -> None:
        """Hold a key down."""
        self._xdotool("keydown", key)

    def release(self, key: str = CTRL_R) -> None:
        """Let a key go."""
        self._xdotool("keyup", key)

    def dictate(self, wav: Path) -> None:
        """Hold the key, wait until the app listens, speak, and let go."""
        self.press(CTRL_R)
        self.wait_state("listening", timeout_s=BUSY_S)
        self.sound.play(wav)
        self.release(CTRL_R)

    def keys(self, *names: str) -> None:
        """Press keys by their names, one after the other."""
        self._xdotool("key", "--delay", "60", *names)

    def type_text(self, text: str) -> None:
        """Type `text` into the window that has the focus."""
        self._xdotool("type", "--delay", "30", text)

    def click(self, title: str, button: int = 1) -> None:
        """Click into the window with `title` in its title, by X's number of a button; that gets the focus."""
        self.press_button(title, button)
        self.release_button(button)

    def press_button(self, title: str, button: int) -> None:
        """Hold a button of the mouse down over the window with `title` in its title, which gets the focus."""
        self.focus(title)
        self._xdotool("search", "--name", title, "mousemove", "--sync", "--window", "%1", "200", "150")
        self._xdotool("mousedown", str(button))

    def release_button(self, button: int) -> None:
        """Let a button of the mouse go."""
        self._xdotool("mouseup", str(button))

    def picture(self, file: Path) -> None:
        """Write what is on the screen, as a PNG."""
        subprocess.run(["import", "-window", "root", str(file)], env=self.environ, timeout=BUSY_S, check=True)

    def _xdotool(self, *words: str) -> str:
        return subprocess.run(
            ["xdotool", *words], env=self.environ, capture_output=True, text=True, timeout=BUSY_S, check=False
        ).stdout


class WineDesk(WindowsSession):
    """The Windows of `make windows-desk` from entering to leaving, with its files in `folder`."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.program = ("wine", str(WINDOWS.python()), "-m", "desktop")
        self.home = folder / "home"

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(WINDOWS.hold())
            self.home.mkdir()
            (self.home / "settings.toml").touch()
            self._begin(stack, {**WINDOWS.environ(), "INTONE_HOME": windows_path(self.home)})
            subprocess.run(["wineserver", "--persistent"], env=self.environ, timeout=BUSY_S, check=True)
            self.run("wine", "wineboot")
            self._stack = stack.pop_all()
        return self

    def move_home(self, home: Path) -> None:
        """Have the programs that start from now on use another home."""
        self.home, self.environ["INTONE_HOME"] = home, windows_path(home)

    @property
    def paths(self) -> WindowsPaths:
        """Where the app has its files."""
        (local,) = (WINDOWS.DESK / "prefix/drive_c/users").glob("*/AppData/Local")
        return WindowsPaths(self.home, self.home, self.home, local / "intone")

    def status(self) -> dict[str, Any]:
        """What `intone status` says, asked from this side: a command in Windows costs half a second of a processor."""
        with suppress(UserError):
            return ipc_client.send_command(self.paths, "status", 60, uses_loopback=True) or {}
        return {}

    def kill_worker(self) -> None:
        """Kill the model's process."""
        (number,) = self._processes(WORKER)
        os.kill(number, signal.SIGKILL)

    def kill_app(self) -> None:
        """Kill the app as the Task Manager does."""
        number = self.helper("processes")["app"]
        done = self.run("wine", "taskkill", "/F", "/PID", str(number))
        assert done.returncode == 0, done.stdout + done.stderr
        assert self.app is not None
        self.app.wait(BUSY_S)

    def _processes(self, module: str) -> list[int]:
        """The processes that run a Python module in this Windows, by this side's numbers."""
        found, home = [], f"INTONE_HOME={self.environ['INTONE_HOME']}".encode()
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                is_it = module.encode() in (folder / "cmdline").read_bytes().split(b"\0")
                if is_it and home in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(int(folder.name))
        return found


def _with_children(window: Any) -> list[Any]:
    try:
        return [window, *window.query_tree().children]
    except XError:  # it went while we looked
        return []


def _is_tray(window: Any) -> bool:
    try:
        is_explorer = (window.get_wm_class() or ("",))[0] == "explorer.exe"
        return is_explorer and window.get_attributes().map_state == X.IsViewable
    except XError:
        return False


def windows_path(path: Path) -> str:
    """What programs of Windows call `path`."""
    name: str = WINDOWS.windows_path(path)
    return name
