"""Start and end the tray app: the engine on its own thread, the windows on this one.

Start: the lock (a second start shows the first one's history), the display, the tray (visible within a second), then,
while Qt already draws, the engine, which loads the model, and the windows; on the first run, while no settings file
exists, also the onboarding window. What only those need is imported on the engine's thread: it takes as long as
everything before it, and the tray must respond meanwhile. End: the engine is asked to stop, windows close, and the
engine ends its dictations, restores the clipboard and stops the model's process.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from concurrent.futures import CancelledError
from functools import partial
from typing import TYPE_CHECKING

from anyio.from_thread import start_blocking_portal
from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication

from desktop.app import ipc as control
from desktop.core import log as logs
from desktop.core.errors import Problem
from desktop.core.paths import Paths, paths
from desktop.core.permissions import narrow_all
from desktop.core.state import Shown
from desktop.core.thrift import thrifty
from desktop.encryption import keyring as seal_key
from desktop.settings import store as settings
from desktop.settings.schema import Look, Settings
from desktop.ui.bridge import Actions, Bridge
from desktop.ui.controllers.actions import asking
from desktop.ui.i18n import speak
from desktop.ui.style import tokens
from desktop.ui.text_input import insert
from desktop.ui.tray import Tray

if TYPE_CHECKING:
    from desktop.app.engine import Engine
    from desktop.ui.window_manager import Windows

logger = logging.getLogger(__name__)


class _Face:
    """`Frontend` by Qt windows: each call is forwarded to the main thread."""

    def __init__(self, bridge: Bridge, open: Callable[[str], None], wear: Callable[[Look], None]) -> None:
        self._bridge = bridge
        self._open = open
        self._wear = wear

    def show(self, shown: Shown) -> None:
        self._bridge.show(shown)

    def open_history(self) -> None:
        self._bridge.call(partial(self._open, "front"))

    def chosen(self, settings: Settings) -> None:
        self._bridge.call(partial(self._wear, settings.look))

    def remembered(self) -> None:
        self._bridge.call(partial(self._open, "refresh"))

    def quit(self) -> None:
        self._bridge.call(QApplication.quit)

    async def insert(self, text: str, window: int) -> bool:
        return await self._bridge.on_main(partial(insert, text, window))


def main() -> int:
    """Run the tray app until it quits; return the exit status. Raises `UserError` when it cannot start."""
    seal_key.hold_up_nobody()
    thrifty()
    here = paths()
    logs.setup(here)
    lock = control.acquire(here)
    if lock is None:
        control.ask(here, "show")
        print("Intone is already running; its history is open.", file=sys.stderr)
        return 0
    with lock:
        for path in narrow_all(here):
            logger.warning("other users may read %s: its mode cannot be changed", path)
        _require_display()
        return _run(here)


class _Behind:
    """What starts after the tray: the engine on its own thread, and the windows.

    Until then requests to the engine are dropped; requests to open a window wait for it.
    """

    def __init__(self, here: Paths, bridge: Bridge) -> None:
        self.here = here
        self.bridge = bridge
        self.engine: Engine | None = None
        self.windows: Windows | None = None
        self.changed: Callable[[], None] = lambda: None
        self._wanted: list[str] = []

    async def live(self, actions: Actions, first_run: bool) -> None:
        """Import and create the engine and the windows, and run until the engine is stopped."""
        from desktop.app.engine import Engine
        from desktop.ui.window_manager import Windows

        def make_windows() -> None:
            self.windows = Windows(self.here, actions, self.bridge, self.post, first_run=first_run)
            for name in self._wanted:
                self.open(name)

        self.engine = Engine(self.here, _Face(self.bridge, self.open, self.wear))
        await self.bridge.on_main(make_windows)
        await self.engine.run()

    def post(self, work: Callable[[Engine], object]) -> None:
        """Schedule `work` on the engine's loop."""
        if self.engine is not None:
            self.engine.post(work, self.engine)

    def wear(self, look: Look) -> None:
        """Apply the chosen appearance at once. Call on the main thread."""
        tokens.choose(look)
        if self.windows is not None:
            self.windows.pill.choose(look)

    def open(self, window: str) -> None:
        """Bring up a window. Call on the main thread."""
        if self.windows is None:
            self._wanted.append(window)
        else:
            self.windows.openers[window]()


def _run(here: Paths) -> int:
    first_run = not here.settings.exists()
    look = settings.load(here.settings).settings.look
    _scale(look)
    qt = QApplication(["intone"])
    qt.setApplicationName("Intone")
    qt.setDesktopFileName("intone")
    qt.setQuitOnLastWindowClosed(False)
    speak(qt, look.language)
    tokens.choose(look)
    tokens.apply(qt)
    bridge = Bridge()
    behind = _Behind(here, bridge)
    actions = asking(here, behind.post, bridge.call, behind.open, lambda: behind.changed())
    tray = Tray(actions)
    behind.changed = tray.refresh
    bridge.shown.connect(tray.draw)
    wakeup = _quit_on_signals(qt)
    with start_blocking_portal("asyncio") as portal:
        try:
            running = portal.start_task_soon(behind.live, actions, first_run)
            running.add_done_callback(lambda done: bridge.call(qt.quit))
            qt.exec()
            if behind.windows is None or behind.engine is None:
                running.cancel()
            else:
                portal.call(behind.engine.stop)
                behind.windows.close()
            tray.close()
            running.result()
        except CancelledError:
            pass  # quit before the engine had started
        except Problem:
            raise
        except Exception:
            logger.exception("the engine failed")
            print("Intone had to stop: something went wrong in it. Its log says what.", file=sys.stderr)
            return 1
        finally:
            del wakeup
    return 0


def _scale(look: Look) -> None:
    """Apply the chosen scale. Qt reads it once, at its start; the environment takes precedence."""
    if look.scale != "system" and "QT_SCALE_FACTOR" not in os.environ:
        os.environ["QT_SCALE_FACTOR"] = str(int(look.scale) / 100)
        os.environ.setdefault("QT_FONT_DPI", "96")  # the desktop's own factor, which differs from the screen's


def _require_display() -> None:
    """Raise `UserError` where Qt would abort: no display, or one that does not answer.

    In a Wayland session the windows use XWayland, which alone lets the pill choose its place and take no focus.
    """
    if sys.platform != "linux":
        return
    if not os.environ.get("DISPLAY"):
        raise Problem("There is no display for Intone's windows.", "Start it from a desktop session.")
    os.environ.setdefault("QT_QPA_PLATFORM", "xcb")
    from Xlib.display import Display
    from Xlib.error import DisplayError

    try:
        Display().close()
    except (DisplayError, OSError) as error:
        raise Problem("The display does not answer.", "Check DISPLAY and whether you may use it.") from error


def _quit_on_signals(qt: QApplication) -> QSocketNotifier:
    """Quit at SIGTERM and SIGINT. Python's handlers run only in Python code, so a socket wakes Qt's loop."""
    ours, theirs = socket.socketpair()
    for end in (ours, theirs):
        end.setblocking(False)
    signal.set_wakeup_fd(theirs.fileno())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: qt.quit())
    notifier = QSocketNotifier(ours.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda: ours.recv(64))
    notifier.destroyed.connect(lambda: (ours, theirs))
    return notifier
