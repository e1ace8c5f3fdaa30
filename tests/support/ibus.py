"""An X11 desk with an IBus daemon, and windows that are typed into by it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Self

from Xlib import XK, X
from Xlib.display import Display
from Xlib.error import BadWindow
from Xlib.ext import xtest

from desktop.paste.input_method.ibus.address import find_addresses
from tests.conftest import start_display
from tests.support.desk import BUSY_S, ROOT, stop, until
from tests.support.desks.windows import PROGRAMS, SYSTEM_PYTHON, DeskWindow, browser_command, served_pages
from tests.support.session_bus import session_bus

TOOLKITS = ("gtk4", "gtk3")
"""Whose windows take text by our engine; Qt's would, and do not tell their password fields."""

MODULES = {"GTK_IM_MODULE": "ibus", "QT_IM_MODULE": "ibus", "XMODIFIERS": "@im=ibus"}

DAEMON = ("ibus-daemon", "--panel=disable", "--emoji-extension=disable", "--replace")
"""The daemon without a panel, as GNOME starts it, and without its chooser of emoji, which takes longer than it."""

LIBPINYIN, WUBI, LATIN = "libpinyin", "table:wubi-jidian86", "xkb:us::eng"
"""Engines of a Chinese user, by syllables and by a table; and the one of a plain keyboard."""


class IBusDesk:
    """The desk in `folder`; entering it starts it, leaving it takes everything down."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home, self.runtime = folder / "home", folder / "run"
        self.environ: dict[str, str] = {}
        self._stack = ExitStack()
        self._daemon: subprocess.Popen[bytes] | None = None
        self._titles = 0
        self._x: Any

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self.home.mkdir(parents=True)
            self.runtime.mkdir(mode=0o700)
            server, name = start_display()
            stack.callback(stop, server)
            self.environ = self._environ(name)
            self.environ["DBUS_SESSION_BUS_ADDRESS"] = stack.enter_context(session_bus(self.environ))
            self._x = Display(name)
            stack.callback(self._x.close)
            self._stack = stack.pop_all()
        try:
            self.spawn("openbox")
            until(lambda: self._root("_NET_SUPPORTING_WM_CHECK"), "openbox manages the display", BUSY_S)
            self.start_daemon()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def spawn(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a program at this desk; it ends with the desk."""
        with (self.folder / f"{Path(words[0]).name}.log").open("ab") as log:
            process = subprocess.Popen(
                words, env=self.environ, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self._stack.callback(stop, process)
        return process

    # -- the daemon -----------------------------------------------------------------------------------------------

    def start_daemon(self) -> None:
        """Start the daemon and wait until it answers."""
        self._daemon = self.spawn(*DAEMON)
        until(self.engine_answers, "the daemon answers", BUSY_S)

    def stop_daemon(self, *, kill: bool = False) -> None:
        """End the daemon; killed, it leaves its address behind."""
        assert self._daemon is not None
        if kill:
            self._daemon.kill()
            self._daemon.wait()
        else:
            stop(self._daemon)

    def engine_answers(self) -> bool:
        """Whether the daemon is up."""
        return bool(list(find_addresses(self.environ))) and self.run_ibus("list-engine").returncode == 0

    def engine(self) -> str:
        """The name of the daemon's engine; empty if it has none."""
        result = self.run_ibus("engine")
        return result.stdout.strip() if result.returncode == 0 else ""

    def choose(self, engine: str) -> None:
        """Choose an engine, as a user does in a menu; again where an app that has just ended brings back another."""

        def is_chosen() -> bool:
            self.run_ibus("engine", engine)
            return self.engine() == engine

        until(is_chosen, lambda: f"{engine} is the engine; {self.engine()}", BUSY_S)

    def run_ibus(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `ibus WORDS` at this desk."""
        return subprocess.run(["ibus", *words], env=self.environ, capture_output=True, text=True, timeout=BUSY_S)

    # -- windows and keys -----------------------------------------------------------------------------------------

    @contextmanager
    def window(self, toolkit: str, field: str = "text") -> Iterator[DeskWindow]:
        """A window with the focus in its field, until the block ends."""
        self._titles += 1
        title = f"{toolkit}-{field}-{self._titles}"
        log = self.folder / f"{title}.jsonl"
        log.touch()
        with DeskWindow(title, log, self.spawn(*self._command(toolkit, field, title, log))) as window:
            window.wait("ready")
            until(lambda: self.focused_title() == title, lambda: f"{title} has the focus", BUSY_S)
            yield window

    @contextmanager
    def browser(self, field: str) -> Iterator[DeskWindow]:
        """Chromium on a page with the focus in its field, until the block ends."""
        self._titles += 1
        title = f"chromium-{field}-{self._titles}"
        log = self.folder / f"{title}.jsonl"
        log.touch()
        with served_pages({title: log}) as address:
            page, data = f"{address}/{field}/{title}", self.home / "chromium"
            process = self.spawn(*browser_command(page, data, "x11"))
            with DeskWindow(title, log, process) as window:
                window.wait("ready")
                until(lambda: self.focused_title() == title, lambda: f"{title} has the focus", BUSY_S)
                yield window

    def _command(self, toolkit: str, field: str, title: str, log: Path) -> list[str]:
        if toolkit == "qt":
            return [sys.executable, str(ROOT / PROGRAMS / "qt_window.py"), field, title, str(log)]
        version = {"gtk4": "4.0", "gtk3": "3.0"}[toolkit]
        return [SYSTEM_PYTHON, str(ROOT / PROGRAMS / "gtk_window.py"), version, field, title, str(log)]

    def focused_title(self) -> str:
        """The title of the window that has the focus."""
        for number in self._root("_NET_ACTIVE_WINDOW"):
            window = self._x.create_resource_object("window", number)
            with suppress(BadWindow):  # it has gone meanwhile
                title = window.get_full_property(self._x.intern_atom("_NET_WM_NAME"), X.AnyPropertyType)
                return title.value.decode() if title is not None else ""
        return ""

    def type(self, keys: Iterable[str]) -> None:
        """Type letters, digits and blanks by real keys."""
        for key in keys:
            code = self._x.keysym_to_keycode(XK.string_to_keysym({" ": "space"}.get(key, key)))
            for event in (X.KeyPress, X.KeyRelease):
                xtest.fake_input(self._x, event, code)
                self._x.sync()

    def _root(self, name: str) -> Any:
        found = self._x.screen().root.get_full_property(self._x.intern_atom(name), X.AnyPropertyType)
        return found.value if found is not None else ()

    def _environ(self, display: str) -> dict[str, str]:
        strange = ("WAYLAND", "XDG_", "DBUS", "QT_", "GTK_", "IBUS", "PYTHON")
        return {
            **{key: value for key, value in os.environ.items() if not key.startswith(strange)},
            **MODULES,
            "DISPLAY": display,
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self.runtime),
            "XDG_SESSION_TYPE": "x11",
            "GDK_BACKEND": "x11",
            "LANG": "C.UTF-8",
            "GSETTINGS_BACKEND": "memory",
            "NO_AT_BRIDGE": "1",
            "PYTHONPATH": str(ROOT),
        }
