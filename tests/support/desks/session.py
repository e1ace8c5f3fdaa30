"""A desktop's session without its compositor: a user with a home, buses of its own, and sound.

The session bus starts what belongs to the desktop and nothing else that is installed; the system bus starts nothing, as
on a machine without logind. Every program of the session has its runtime folder in its environment, and is ended by it.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self

from desktop import APP_ID
from tests.support.desk import BUSY_S, RunningApp, until
from tests.support.desks.account import Account
from tests.support.desks.bus import DeskBus
from tests.support.desks.pipewire import PipeWire
from tests.support.desks.windows import DeskWindow, browser_command, command_of, served_pages
from tests.support.session_bus import write_bus_config

TEXT = "text/plain"

OWN = ("Intone", "intone", APP_ID)
"""What desktops know the app's windows by: class or instance of an X window, the identity of a Wayland one."""

BROWSER_FLAGS = {"GNOME_ACCESSIBILITY": "--force-renderer-accessibility"}
"""What Chromium needs as well, beside a variable of the environment, to be on the accessibility bus with its pages."""

PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"

ENDING_S = 5.0
"""How long a session's programs have to end before they are killed."""

IDLE_S = 20.0
"""How long the app gets to be idle where a dictation went wrong, and what did is to be told."""

COMM_LENGTH = 15
"""So many characters of a program's name the kernel keeps for a process."""


class DesktopSession(RunningApp):
    """The session of `account`; a desktop's class starts its compositor in `_start_desktop`.

    Entering it starts the desktop, `start` the app, leaving it ends everything. `new`: Intone was never started here,
    so that it begins with its first run.
    """

    services: ClassVar[Sequence[str]]
    """What the session bus may start, names with `*`."""
    variables: ClassVar[Mapping[str, str]]
    """By which programs know the desktop."""
    toggles: ClassVar[bool] = False
    """Whether the talk key is tapped to begin and to end, not held."""

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
        for folder, mode in ((self.folder, 0o755), (self.home, 0o700), (self.logs, 0o755)):
            self.user.own(folder, mode)
        self._prepare_app()
        try:
            self._log_in()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def log_in_again(self) -> None:
        """End every program of the session and start the desktop anew, with the same home; `start` starts the app."""
        self._stack.close()
        shutil.rmtree(self.runtime, ignore_errors=True)
        self._log_in()

    def _log_in(self) -> None:
        with ExitStack() as stack:
            self._stack, self._served = stack, ""
            stack.callback(self._end_all)
            self.user.own(self.runtime, 0o700)
            self.environ = self._environ()
            self._start_bus("bus", self.services)
            self._start_bus("system_bus", ())
            self.sound = PipeWire(self.runtime, self.spawn)
            stack.callback(self.sound.close)
            self.sound.start()
            self.sound.plug()
            self.bus = stack.enter_context(DeskBus(self.environ["DBUS_SESSION_BUS_ADDRESS"]))
            self._start_desktop()
            self._stack = stack.pop_all()

    def _start_desktop(self) -> None:
        """Start the compositor, and add to `environ` how programs find it."""
        raise NotImplementedError

    # -- what each desktop does its own way -----------------------------------------------------------------------

    def focused_title(self) -> str:
        """The title of the window that has the focus; empty where none has."""
        raise NotImplementedError

    def others(self) -> set[str]:
        """The windows of all programs but the app, as PROGRAM: TITLE, the program by what the desktop knows it by."""
        raise NotImplementedError

    def pills(self) -> Sequence[Any]:
        """The app's pill, where it is seen, as the desktop tells of windows."""
        raise NotImplementedError

    def picture(self, file: Path) -> None:
        """Save what is seen, as PNG."""
        raise NotImplementedError

    def copy(self, data: bytes, kind: str = TEXT) -> None:
        """Put `data` onto the clipboard as another program would, and wait until that is so."""
        raise NotImplementedError

    def clipboard(self, kind: str = TEXT) -> bytes:
        """What the clipboard holds as `kind`; empty where nothing does."""
        raise NotImplementedError

    def begin_talking(self) -> None:
        """Do with the talk key what begins a dictation."""
        raise NotImplementedError

    def end_talking(self) -> None:
        """Do with it what ends the dictation."""
        raise NotImplementedError

    # -- the user -------------------------------------------------------------------------------------------------

    def dictate(self, wav: Path, look: Callable[[], object] = lambda: None) -> dict[str, Any]:
        """Begin, wait until Intone listens, speak, `look`, end; return the row of the dictation once it is over."""
        before = len(self.history())
        with self.talking():
            self.sound.play(wav)
            look()
        self.wait_state("idle", "failed")  # which costs the machine less than to look into the history
        return self.wait_rows(before + 1)[0]

    def hears_key(self, timeout_s: float = 5) -> bool:
        """Begin to talk: whether Intone listens within `timeout_s`. What it heard is thrown away."""
        self.begin_talking()
        try:
            with suppress(AssertionError):
                self.wait_state("listening", timeout_s=timeout_s)
                return True
        finally:
            self._give_up()
        return False

    @contextmanager
    def talking(self) -> Iterator[None]:
        """Do with the talk key what begins a dictation, and once Intone listens the block, and then what ends it.

        After an exception what was heard is thrown away, and the app listens no more.
        """
        self.begin_talking()
        try:
            self.wait_state("listening")
            yield
        except BaseException:
            self._give_up()
            raise
        self.end_talking()

    def _give_up(self) -> None:
        """Throw away what is heard, let a held key go, and give the app time to be idle."""
        self.intone("cancel")
        if not self.toggles:
            self.end_talking()
        with suppress(AssertionError):
            self.wait_state("idle", "failed", timeout_s=IDLE_S)

    def wait_title(self, title: str) -> None:
        """Wait until the title of the window that has the focus begins so."""
        until(
            lambda: self.focused_title().startswith(title),
            lambda: f"{title} is seen, not {self.focused_title()}",
            BUSY_S,
        )

    def restart(self) -> None:
        """Quit the app and start it again, and wait until it is ready."""
        self.quit()
        self.start()
        self.wait_ready()

    def quit(self) -> None:
        """Quit the app, and wait until it has ended."""
        assert self.app is not None
        self.intone("quit")
        self.app.wait(timeout=BUSY_S)

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

    def status(self) -> dict[str, Any]:
        """What the app says of itself, asked as its user: it answers no other."""
        program = self.tree / "tests/support/desks/programs/app_status.py"
        asked = self.run(str(self.user.python), "-I", "-S", str(program), str(self.paths.socket))
        found: dict[str, Any] = json.loads(asked)
        return found

    def run(self, *words: str, data: bytes | None = None, timeout_s: float = BUSY_S) -> bytes:
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
        `extra` is added to its environment.
        """
        title = f"{kind}-{field}-{len(self._logs)}"
        log = self.folder / f"{title}.log"
        log.touch()
        self.user.give(log)
        self._logs[title] = log
        if kind == "chromium":
            flags = [flag for name, flag in BROWSER_FLAGS.items() if name in (extra or {})]
            command = browser_command(
                f"{self._pages()}/{field}/{title}", self.home / "chromium", self.environ["XDG_SESSION_TYPE"], *flags
            )
        else:
            command = command_of(kind, field, title, log, self.user)
        window = DeskWindow(title, log, self.spawn(*command, extra=extra))
        until(
            lambda: self.focused_title() == title,
            lambda: f"{title} has the focus, not {self.focused_title()}\n{self.output(Path(command[0]).name)[-2000:]}",
            BUSY_S,
        )
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
        config = write_bus_config(self.user.own(self.runtime / f"{name}.d"), services, f"unix:path={socket}")
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
            for name in ("settings.toml", "first-run.done"):
                (home / name).touch()
                self.user.give(home / name)

    def kill_service(self, name: str) -> None:
        """Kill the program that owns `name` on the session bus."""
        dbus = "org.freedesktop.DBus"
        (pid,) = self.bus.call(dbus, "/org/freedesktop/DBus", f"{dbus}.GetConnectionUnixProcessID", "s", name)
        os.kill(pid, signal.SIGKILL)

    def _processes(self) -> list[int]:
        """Everything that runs in this session, also what a service has started."""
        mark, found = f"XDG_RUNTIME_DIR={self.runtime}\0".encode(), []
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if mark in (folder / "environ").read_bytes():
                    found.append(int(folder.name))
        return found

    def pids(self, program: str) -> list[int]:
        """The processes of this session that run `program`."""
        return [pid for pid in self._processes() if _name_of(pid) == program[:COMM_LENGTH]]

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
        self._spawned.clear()

    def _running(self) -> bool:
        return any(process.poll() is None for process in self._spawned) or bool(self._processes())


def _name_of(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text().strip()
    return ""
