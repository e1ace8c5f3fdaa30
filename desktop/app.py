"""The composition root of the tray app: the engine on its thread, the windows on this one, and their start and end.

Order of the start: the lock (a second start shows the first one's history), the display, the tray (something to see
within a second), and behind it, while Qt already draws, the engine, which loads the model, and the windows; on the
first run, while there is no settings file, the one that shows around. What only those need is imported then: it takes
as long as all that comes before. Order of the end: the engine is told to, windows go, and it ends its dictations, gives
the clipboard back and stops the model's process.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from concurrent.futures import CancelledError
from functools import cache, partial
from typing import TYPE_CHECKING

from anyio.from_thread import start_blocking_portal
from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication

from desktop import control, credentials, logs, settings
from desktop.paths import Paths, paths
from desktop.problems import Problem
from desktop.settings_tree import Look, Settings
from desktop.state import Shown
from desktop.ui import tokens
from desktop.ui.asking import asking
from desktop.ui.bridge import Actions, Bridge
from desktop.ui.insertion import insert
from desktop.ui.translation import speak
from desktop.ui.tray import Tray, tray_available

if TYPE_CHECKING:
    from desktop.engine import Engine
    from desktop.ui.doctor_window import DoctorWindow
    from desktop.ui.first_run.around import Around
    from desktop.ui.pill import Pill

logger = logging.getLogger(__name__)


class _Face:
    """`showing.Face` by windows: each call is handed to the main thread."""

    def __init__(self, bridge: Bridge, windows: dict[str, Callable[[], None]], wear: Callable[[Look], None]) -> None:
        self._bridge = bridge
        self._windows = windows
        self._wear = wear

    def show(self, shown: Shown) -> None:
        self._bridge.show(shown)

    def open_history(self) -> None:
        self._bridge.call(self._windows["front"])

    def chosen(self, settings: Settings) -> None:
        self._bridge.call(partial(self._wear, settings.look))

    def remembered(self) -> None:
        self._bridge.call(self._windows["refresh"])

    def quit(self) -> None:
        self._bridge.call(QApplication.quit)

    async def insert(self, text: str, window: int) -> bool:
        return await self._bridge.on_main(partial(insert, text, window))


def main() -> int:
    """Run the tray app until it is quit; return the exit status. Raises `Problem` when it cannot start."""
    credentials.withhold()
    here = paths()
    logs.setup(here)
    lock = control.acquire(here)
    if lock is None:
        control.ask(here, "show")
        print("Intone is already running; its history is open.", file=sys.stderr)
        return 0
    with lock:
        _require_display()
        return _run(here)


class _Behind:
    """What comes behind the tray: the engine on its own thread, and the windows. Nothing is asked of it before."""

    def __init__(self, here: Paths, bridge: Bridge) -> None:
        self.here = here
        self.bridge = bridge
        self.engine: Engine | None = None
        self.windows: dict[str, Callable[[], None]] = {}
        self.close: Callable[[], None] | None = None
        self.pill: Pill | None = None
        self.changed: Callable[[], None] = lambda: None

    async def live(self, make_windows: Callable[[], None]) -> None:
        """Import and make the engine, have the windows made, and live until the engine is stopped."""
        from desktop.engine import Engine

        self.engine = Engine(self.here, _Face(self.bridge, self.windows, self.wear))
        await self.bridge.on_main(make_windows)
        await self.engine.run()

    def post(self, work: Callable[[Engine], object]) -> None:
        """Have `work` done on the engine's loop."""
        if self.engine is not None:
            self.engine.post(work, self.engine)

    def wear(self, look: Look) -> None:
        """Look as was chosen, at once. On the main thread."""
        tokens.choose(look)
        if self.pill is not None:
            self.pill.choose(look)

    def open(self, window: str) -> None:
        """Bring up a window."""
        if window in self.windows:
            self.windows[window]()


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
            running = portal.start_task_soon(behind.live, partial(_make_windows, behind, actions, first_run))
            running.add_done_callback(lambda done: bridge.call(qt.quit))
            qt.exec()
            if behind.close is None or behind.engine is None:
                running.cancel()
            else:
                portal.call(behind.engine.stop)
                behind.close()
            tray.close()
            running.result()
        except CancelledError:
            pass  # quit before the engine had begun
        except Problem:
            raise
        except Exception:
            logger.exception("the engine failed")
            print("Intone had to stop: something went wrong in it. Its log says what.", file=sys.stderr)
            return 1
        finally:
            del wakeup
    return 0


def _make_windows(behind: _Behind, actions: Actions, first_run: bool) -> None:
    from desktop.pill_places import Places
    from desktop.ui.history_window import HistoryWindow
    from desktop.ui.mood_window import MoodWindow
    from desktop.ui.pill import Pill
    from desktop.ui.settings.window import SettingsWindow
    from desktop.ui.settings_watch import SettingsWatch
    from desktop.ui.without_tray import WithoutTray

    @cache
    def diagnosis() -> DoctorWindow:
        """Made when it is first asked for: mostly nothing is wrong."""
        from desktop.ui.doctor_window import DoctorWindow

        return DoctorWindow(actions)

    save = partial(_in_thread, behind)
    pill = behind.pill = Pill(actions, Places(behind.here.pill, save))
    pill.choose(actions.settings().look)
    history, preferences = HistoryWindow(actions), SettingsWindow(actions)
    mood = MoodWindow(actions)

    def refresh() -> None:
        history.refresh()
        mood.refresh()

    behind.windows.update(
        history=history.present, settings=preferences.present, mood=mood.present, refresh=refresh, front=history.present
    )
    behind.windows["doctor"] = lambda: diagnosis().present()
    watch = SettingsWatch(behind.here.settings)
    watch.setParent(preferences)
    watch.written.connect(lambda: behind.post(lambda engine: engine.settings_written()))
    watch.written.connect(preferences.refresh)
    for surface in (pill, history, preferences, mood):
        behind.bridge.shown.connect(surface.draw)

    if not tray_available():
        history.stand_in(WithoutTray(actions, os.environ.get("XDG_CURRENT_DESKTOP", "")))

    @cache
    def around() -> Around:
        """Made when it is first asked for: most starts are not the first one."""
        from desktop.ui.first_run.around import Around

        return Around(actions, behind.bridge, behind.windows, partial(settings.begin, behind.here.settings))

    behind.windows["around"] = lambda: around().again()
    if first_run:
        around().first()
    elif not tray_available():
        history.present()

    def close() -> None:
        if around.cache_info().currsize:
            around().close()
        for surface in (pill, history, preferences, mood):
            surface.close()
        if diagnosis.cache_info().currsize:
            diagnosis().close()

    behind.close = close


def _in_thread(behind: _Behind, work: Callable[[], None]) -> None:
    behind.post(lambda engine: engine.spawn_in_thread(work, lambda done: None))


def _scale(look: Look) -> None:
    """Be as large as was chosen. Qt reads it once, when it begins; what the environment says goes over it."""
    if look.scale != "system" and "QT_SCALE_FACTOR" not in os.environ:
        os.environ["QT_SCALE_FACTOR"] = str(int(look.scale) / 100)
        os.environ.setdefault("QT_FONT_DPI", "96")  # the desk's own factor, which is another than the screen's


def _require_display() -> None:
    """Raise `Problem` where Qt would abort: no display, or one that does not answer.

    In a Wayland session the windows go through XWayland, which alone lets the pill choose its place and take no focus.
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
    """Quit at SIGTERM and SIGINT. Python's handlers wait for Python to run, so a socket wakes Qt's loop."""
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
