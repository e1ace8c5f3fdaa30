"""sway without a screen, for tests of one adapter at a time; the app as a whole has `tests.support.desks.sway`. And
labwc, where that differs.

They draw nothing here (their headless backend) and have no keyboard, so one is plugged in for as long as the desk
stands: without any, they give no window the focus. Windows are Wayland's own; XWayland comes where a test needs it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from tests.support.desk import ROOT, stop, until
from tests.support.desks.sway import nodes
from tests.support.desks.wlroots import HEADLESS, NO_XWAYLAND

CONFIG = """
xwayland {xwayland}
default_border none
output HEADLESS-1 resolution 1024x640
bindsym --no-repeat F9 exec {intone} start
bindsym --release F9 exec {intone} stop
exec {tell}
"""

TELL = "sh -c 'env > {folder}/environ.part && mv {folder}/environ.part {folder}/environ'"
"""What writes a compositor's variables when it is up."""

KEPT = ("WAYLAND_DISPLAY", "DISPLAY", "SWAYSOCK", "I3SOCK", "XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE")
"""What sway tells the programs that it starts."""


class WaylandDesk:
    """The desk in `folder`; entering it sets it up, leaving it takes everything down."""

    def __init__(self, folder: Path, *, xwayland: bool = False, environ: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.log = folder / "sway.log"
        self.environ: dict[str, str] = dict(environ or {})
        self._xwayland = xwayland
        self._compositor: subprocess.Popen[bytes]
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._stack = stack
            runtime = self.folder / "run"
            runtime.mkdir(mode=0o700, parents=True)
            strange = ("WAYLAND", "XDG_", "DBUS", "PULSE", "QT_", "DISPLAY", "SWAYSOCK")
            self.environ = {
                **{key: value for key, value in os.environ.items() if not key.startswith(strange)},
                "HOME": str(self.folder),
                "XDG_RUNTIME_DIR": str(runtime),
                "LANG": "C.UTF-8",
                "GSETTINGS_BACKEND": "memory",
                "NO_AT_BRIDGE": "1",
                "GDK_BACKEND": "wayland",
                "QT_QPA_PLATFORM": "wayland",
                "DBUS_SESSION_BUS_ADDRESS": "",
                **self.environ,
            }
            with self.log.open("wb") as log:
                self._compositor = self._start(log)
            told = self.folder / "environ"
            until(told.exists, lambda: f"the compositor runs\n{self.log.read_text()}")
            lines = (line.partition("=") for line in told.read_text().splitlines())
            self.environ |= {key: value for key, _, value in lines if key in KEPT}
            self._plug_keyboard()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _start(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start the compositor, which writes its variables when it is up."""
        config = self.folder / "config"
        config.write_text(
            CONFIG.format(
                xwayland="enable" if self._xwayland else "disable",
                intone=f"env -C {ROOT} {sys.executable} -m desktop",
                tell=TELL.format(folder=self.folder),
            )
        )
        return self.spawn("sway", "--config", str(config), stderr=log, extra=HEADLESS)

    def _plug_keyboard(self) -> None:
        self.spawn("wtype", "-s", "100000000")
        until(self.keyboards, "a keyboard is plugged in")

    def end(self) -> None:
        """Log out."""
        stop(self._compositor)

    # -- the desk -------------------------------------------------------------------------------------------------

    def open_foot(self, file: Path, title: str = "shell") -> subprocess.Popen[bytes]:
        """A terminal whose program writes what it is given to `file` at once."""
        reader = 'stty -icanon -echo; exec cat > "$0"'
        return self.open_window(
            title, "foot", "--override=initial-window-mode=windowed", "-T", title, "sh", "-c", reader, str(file)
        )

    def open_editor(self, file: Path, platform: str = "wayland") -> subprocess.Popen[bytes]:
        """A Qt editor that writes its text to `file` whenever it changes; "xcb" makes it an X program."""
        extra = {"QT_QPA_PLATFORM": platform}
        return self.open_window(
            "intone-editor", sys.executable, str(ROOT / "tests/support/qt_editor.py"), str(file), extra=extra
        )

    def open_mousepad(self, file: Path) -> subprocess.Popen[bytes]:
        """A GTK editor on `file`, which Ctrl+S writes."""
        file.touch()
        return self.open_window(file.name, "mousepad", "--disable-server", str(file))

    def close(self, window: subprocess.Popen[bytes]) -> None:
        """End a window's program, and wait until the window is gone."""
        stop(window)
        until(
            lambda: not any(node.get("pid") == window.pid for node in nodes(self.sway("-t", "get_tree"))), "it is gone"
        )

    def focused(self) -> dict[str, Any]:
        """The focused window, or workspace, as sway tells of it."""
        return next(node for node in nodes(self.sway("-t", "get_tree")) if node.get("focused"))

    def shells(self) -> dict[str, str]:
        """The titles of all windows, and by which protocol each is shown."""
        return {node["name"]: node["shell"] for node in nodes(self.sway("-t", "get_tree")) if node.get("shell")}

    def sway(self, *words: str) -> Any:
        """Ask sway, or have it do something."""
        done = self._run("swaymsg", "-r", *words)
        return json.loads(done)

    def picture(self, screen: str = "HEADLESS-1") -> bytes:
        """What is seen on a screen, as a PPM file."""
        return self._run("grim", "-o", screen, "-t", "ppm", "-")

    def keyboards(self) -> int:
        """How many keyboards are plugged in."""
        return sum(device["type"] == "keyboard" for device in self.sway("-t", "get_inputs"))

    def keys(self, *words: str) -> None:
        """Press keys, in wtype's syntax."""
        self._run("wtype", *words)

    def save(self) -> None:
        """Ctrl+S in the window that has the focus, and a key that does nothing: GTK finds no shortcut on the last key
        of a keyboard, and wtype's has what it presses."""
        self.keys("-M", "ctrl", "-k", "s", "-m", "ctrl", "-k", "VoidSymbol")

    def copy(self, data: bytes, kind: str = "text/plain", *, primary: bool = False) -> None:
        """Put `data` onto the clipboard, as another program would."""
        self._run("wl-copy", *(["--primary"] if primary else []), "--type", kind, data=data)

    def clear(self) -> None:
        """Empty the clipboard."""
        self._run("wl-copy", "--clear")

    def clipboard(self, kind: str = "text/plain", *, primary: bool = False) -> bytes:
        """What the clipboard holds as `kind`; empty where nothing does."""
        words = ["wl-paste", "--no-newline", *(["--primary"] if primary else []), "--type", kind]
        return subprocess.run(words, env=self.environ, capture_output=True, timeout=10).stdout

    def types(self) -> set[str]:
        """The types that the clipboard has."""
        words = ["wl-paste", "--list-types"]
        return set(subprocess.run(words, env=self.environ, capture_output=True, text=True).stdout.split())

    def spawn(
        self,
        *words: str,
        stderr: Any = subprocess.DEVNULL,
        stdout: Any = None,
        extra: Mapping[str, str] | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start a program at this desk; it ends with the desk. What it says goes with its complaints."""
        process = subprocess.Popen(
            words,
            env={**self.environ, **(extra or {})},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=stdout or stderr,
            stderr=stderr,
        )
        self._stack.callback(stop, process)
        return process

    def open_window(self, title: str, *words: str, extra: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start a program and wait until its window has the focus."""
        process = self.spawn(*words, extra=extra)

        def there() -> bool:
            window = self.focused()
            return title in (window.get("name") or "") and bool(window.get("pid"))

        until(there, lambda: f"{title} has the focus; {self.focused()}")
        return process

    def _run(self, *words: str, data: bytes | None = None) -> bytes:
        capture = None if words[0] == "wl-copy" else subprocess.PIPE
        return subprocess.run(
            words,
            env=self.environ,
            input=data,
            stdout=capture or subprocess.DEVNULL,  # wl-copy goes on in the background and would hold a pipe open
            stderr=subprocess.DEVNULL,
            timeout=10,
            check=True,
        ).stdout


class LabwcWindowsDesk(WaylandDesk):
    """labwc instead of sway: windows alone, known by their titles. It has no XWayland."""

    def close(self, window: subprocess.Popen[bytes]) -> None:
        """End a window's program, and wait until the window is gone: each has one here."""
        listed = len(self._list_windows())
        stop(window)
        until(lambda: len(self._list_windows()) < listed, "it is gone")

    def focused(self) -> dict[str, Any]:
        """The title of the focused window; empty where none has the focus."""
        names = [line.partition(": ")[2] for line in self._list_windows("state:active")]
        return {"name": names[0], "pid": True} if names else {}

    def _start(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        config = self.folder / "labwc"
        config.mkdir()
        (config / "rc.xml").write_text('<?xml version="1.0"?><labwc_config></labwc_config>')
        (config / "autostart").write_text(TELL.format(folder=self.folder) + "\n")
        (config / "environment").write_text("")
        return self.spawn("labwc", "-C", str(config), stderr=log, extra={**HEADLESS, **NO_XWAYLAND})

    def _plug_keyboard(self) -> None:
        self.spawn("wtype", "-s", "100000000")

    def _list_windows(self, *which: str) -> list[str]:
        """What labwc tells of the windows, a line each; its tool fails where there is none."""
        words = ["wlrctl", "toplevel", "list", *which]
        return subprocess.run(words, env=self.environ, capture_output=True, text=True).stdout.splitlines()
