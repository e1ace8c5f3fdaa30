"""A desk of Windows: Wine on Xvfb with openbox and a microphone, Notepad, and the app by its own `python.exe`.

What Windows is made of is `make windows-desk`'s, in `.cache/windows`: its prefix is shared by all tests, one run after
the other. Keys come from X, and reach Windows only while a window of Wine's has the focus. Output goes to files: a
pipe ends only when everything that Wine has started has ended.
"""

from __future__ import annotations

import json
import subprocess
from contextlib import ExitStack
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.conftest import start_display, wait_for_manager
from tests.support.desk import BUSY_S, ROOT, RunningApp, stop, until
from tests.support.desks.installed import lacking
from tests.support.sound_server import Sound, sound_server

PROGRAMS = ("wine", "wineserver", "Xvfb", "openbox", "pulseaudio", "paplay", "xdotool", "import")

CTRL_R, ESC, F9 = "Control_R", "Escape", "F9"
"""Keys by their names."""

NOTEPAD = "Notepad"

_SPEC = spec_from_file_location("windows_desk", ROOT / "packaging/windows/desk.py")
assert _SPEC is not None
assert _SPEC.loader is not None
WINDOWS: Any = module_from_spec(_SPEC)
_SPEC.loader.exec_module(WINDOWS)


def missing() -> list[str]:
    """What of the desk is not here."""
    return [*lacking(PROGRAMS), *(() if WINDOWS.is_made() else ("a desk made by `make windows-desk`",))]


class WineDesk(RunningApp):
    """Windows from entering to leaving, with its files in `folder`."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.program = ("wine", str(WINDOWS.python()), "-m", "desktop")
        self.folder = folder
        self.home = folder / "home"
        self.log = folder / "app.log"
        self.sound: Sound
        self._runs = 0
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._stack = stack
            stack.enter_context(WINDOWS.hold())
            self.home.mkdir()
            (self.home / "settings.toml").touch()
            runtime = self.folder / "run"
            runtime.mkdir(mode=0o700)
            server, display = start_display()
            stack.callback(stop, server)
            self.sound = stack.enter_context(sound_server())
            self.environ = {
                **WINDOWS.environ(),
                **self.sound.environ,
                "DISPLAY": display,
                "INTONE_HOME": windows_path(self.home),
                "LANG": "C.UTF-8",
                "XDG_RUNTIME_DIR": str(runtime),
            }
            self.spawn("openbox")
            wait_for_manager(display)
            stack.callback(self._end_windows)
            subprocess.run(["wineserver", "--persistent"], env=self.environ, timeout=BUSY_S, check=True)
            self.run("wine", "wineboot")
            self._stack = stack.pop_all()
        return self

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
            words, env=self.environ, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=stderr, stderr=stderr
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
                cwd=ROOT,
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
        process = self.spawn("wine", "notepad")
        until(lambda: NOTEPAD in self.focused_title(), "Notepad has the focus", BUSY_S)
        return process

    def focused_title(self) -> str:
        """The title of the window that has the focus."""
        return self._xdotool("getactivewindow", "getwindowname").strip()

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

    def keys(self, *names: str) -> None:
        """Press keys by their names, one after the other."""
        self._xdotool("key", "--delay", "60", *names)

    def type_text(self, text: str) -> None:
        """Type `text` into the window that has the focus."""
        self._xdotool("type", "--delay", "30", text)

    def picture(self, file: Path) -> None:
        """Write what is on the screen, as a PNG."""
        subprocess.run(["import", "-window", "root", str(file)], env=self.environ, timeout=BUSY_S, check=True)

    def _xdotool(self, *words: str) -> str:
        return subprocess.run(
            ["xdotool", *words], env=self.environ, capture_output=True, text=True, timeout=BUSY_S, check=False
        ).stdout


def windows_path(path: Path) -> str:
    """What programs of Windows call `path`."""
    name: str = WINDOWS.windows_path(path)
    return name
