"""A desktop's session without its compositor: a user with a home, buses of its own, and sound.

The session bus starts what belongs to the desktop and nothing else that is installed; the system bus starts nothing, as
on a machine without logind. Every program of the session has its runtime folder in its environment, and is ended by it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self

from tests.support.desk import RunningApp, until
from tests.support.desks.account import Account
from tests.support.desks.bus import DeskBus
from tests.support.desks.pipewire import PipeWire
from tests.support.desks.windows import DeskWindow, browser_command, command_of, served_pages
from tests.support.session_bus import write_bus_config

BROWSER_FLAGS = {"GNOME_ACCESSIBILITY": "--force-renderer-accessibility"}
"""What Chromium needs as well, beside a variable of the environment, to be on the accessibility bus with its pages."""

PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"

ENDING_S = 5.0
"""How long a session's programs have to end before they are killed."""


class DesktopSession(RunningApp):
    """The session of `account`; a desktop's class starts its compositor in `_start_desktop`.

    Entering it starts the desktop, `start` the app, leaving it ends everything. `new`: Intone was never started here,
    so that it begins with its first run.
    """

    services: ClassVar[Sequence[str]]
    """What the session bus may start, names with `*`."""
    variables: ClassVar[Mapping[str, str]]
    """By which programs know the desktop."""

    def __init__(self, account: Account, *, new: bool = False) -> None:
        super().__init__()
        self._new = new
        self.user = account
        self.account, self.tree = account.options, account.tree
        self.program = (str(account.python), "-m", "desktop")
        self.folder = Path(tempfile.mkdtemp(prefix="desk-"))
        self.home, self.runtime, self.logs = self.folder / "home", self.folder / "run", self.folder / "logs"
        self.log = self.logs / "app.log"
        self.sound: PipeWire
        self.bus: DeskBus
        self._logs: dict[str, Path] = {}
        self._served = ""
        self._spawned: list[subprocess.Popen[bytes]] = []
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._stack = stack
            stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
            stack.callback(self._end_all)
            for folder, mode in ((self.folder, 0o755), (self.home, 0o700), (self.runtime, 0o700), (self.logs, 0o755)):
                self.user.own(folder, mode)
            self.environ = self._environ()
            self._start_bus("bus", self.services)
            self._start_bus("system_bus", ())
            self.sound = PipeWire(self.runtime, self.spawn)
            stack.callback(self.sound.close)
            self._prepare_app()
            self.sound.start()
            self.sound.plug()
            self.bus = stack.enter_context(DeskBus(self.environ["DBUS_SESSION_BUS_ADDRESS"]))
            self._start_desktop()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _start_desktop(self) -> None:
        """Start the compositor, and add to `environ` how programs find it."""
        raise NotImplementedError

    def focused_title(self) -> str:
        """The title of the window that has the focus; empty where none has."""
        raise NotImplementedError

    # -- programs -------------------------------------------------------------------------------------------------

    def spawn(self, *words: str, stderr: Any = None, extra: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start a program of the user, which ends with the session. Its output is in `logs` by its name."""
        with (self.logs / f"{Path(words[0]).name}.log").open("ab") as log:
            process = subprocess.Popen(
                words,
                env={**self.environ, **(extra or {})},
                cwd=self.tree,
                stdin=subprocess.DEVNULL,
                stdout=stderr or log,
                stderr=stderr or log,
                start_new_session=True,
                **self.account,
            )
        self._spawned.append(process)
        return process

    def run(self, *words: str, data: bytes | None = None, timeout_s: float = 20) -> bytes:
        """Run a program of the user to its end, and return what it prints."""
        return subprocess.run(
            words,
            env=self.environ,
            cwd=self.tree,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=timeout_s,
            check=True,
            **self.account,
        ).stdout

    def open(self, kind: str, field: str = "text", extra: Mapping[str, str] | None = None) -> DeskWindow:
        """Open a window with an empty field, and return it once it has the focus.

        `kind` is gtk4, gtk3, qt, chromium, or a terminal of `desks.windows.TERMINALS`; `field` "text" or "password".
        """
        title = f"{kind}-{field}-{len(self._logs)}"
        log = self.folder / f"{title}.log"
        log.touch()
        self.user.give(log)
        self._logs[title] = log
        if kind == "chromium":
            flags = [flag for name, flag in BROWSER_FLAGS.items() if name in (extra or {})]
            command = browser_command(f"{self._pages()}/{field}/{title}", self.home / "chromium", *flags)
        else:
            command = command_of(kind, field, title, log, self.user)
        window = DeskWindow(title, log, self.spawn(*command, extra=extra))
        until(lambda: self.focused_title() == title, lambda: f"{title} has the focus, not {self.focused_title()}", 60)
        window.wait("ready")
        return window

    def _pages(self) -> str:
        """The address of the pages for the browser, served from the first on."""
        self._served = self._served or self._stack.enter_context(served_pages(self._logs))
        return self._served

    def output(self, name: str) -> str:
        """What the program `name` has printed."""
        file = self.logs / f"{name}.log"
        return file.read_text(errors="replace") if file.exists() else ""

    # -- the session ----------------------------------------------------------------------------------------------

    def _environ(self) -> dict[str, str]:
        kept = ("LD_LIBRARY_PATH", "PYTHONWARNINGS")
        return {
            **{name: os.environ[name] for name in kept if name in os.environ},
            "PATH": PATH,
            "LANG": "C.UTF-8",
            "USER": self.user.name,
            "HOME": str(self.home),
            "INTONE_HOME": str(self.home / "intone"),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "PYTHONDONTWRITEBYTECODE": "1",
            "XDG_RUNTIME_DIR": str(self.runtime),
            "XDG_CONFIG_DIRS": "/etc/xdg",
            "XDG_DATA_DIRS": "/usr/local/share:/usr/share",
            "XDG_SESSION_TYPE": "wayland",
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.runtime}/bus",
            "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={self.runtime}/system_bus",
            **self.variables,
        }

    def _start_bus(self, name: str, services: Sequence[str]) -> None:
        socket = self.runtime / name
        config = write_bus_config(self.user.own(self.folder / f"{name}.d"), services, f"unix:path={socket}")
        self.spawn("dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile")
        until(socket.exists, lambda: f"the {name} is there\n{self.output('dbus-daemon')}")

    def tell_services(self, *names: str) -> None:
        """Have what the session bus starts from now on know of these variables."""
        self.run("dbus-update-activation-environment", *(f"{name}={self.environ[name]}" for name in names))

    def _prepare_app(self) -> None:
        """Make the app's home, with the models in it."""
        home = self.user.own(self.home / "intone")
        (home / "models").symlink_to(self.user.models)
        if not self._new:
            (home / "settings.toml").touch()
            self.user.give(home / "settings.toml")

    def _processes(self) -> list[int]:
        """Everything that runs in this session, also what a service has started."""
        mark, found = f"XDG_RUNTIME_DIR={self.runtime}\0".encode(), []
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if mark in (folder / "environ").read_bytes():
                    found.append(int(folder.name))
        return found

    def _end_all(self) -> None:
        """End every program of the session, kindly if it lets us."""
        for how in (signal.SIGTERM, signal.SIGKILL):
            for process in self._spawned:
                with suppress(ProcessLookupError):  # with what it started: Chromium writes over its environment
                    os.killpg(process.pid, how)
            for pid in self._processes():
                with suppress(ProcessLookupError):
                    os.kill(pid, how)
            with suppress(AssertionError):
                until(lambda: not self._running(), "the session has ended", ENDING_S)
        for process in self._spawned:
            process.wait()

    def _running(self) -> bool:
        return any(process.poll() is None for process in self._spawned) or bool(self._processes())
