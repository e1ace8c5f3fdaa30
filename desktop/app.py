"""The composition root of the tray app: the engine on its thread, the windows on this one, and their start and end.

Order of the start: the lock (a second start shows the first one's history), the display, the tray (something to see
within a second), then the engine, which loads the model behind it. Order of the end: windows first, then the engine,
which ends its dictations, gives the clipboard back and stops the model's process.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from functools import partial

from anyio.from_thread import start_blocking_portal
from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication

from desktop import control, logs, settings
from desktop.engine import Engine
from desktop.history import Row
from desktop.microphone import devices
from desktop.paths import Paths, paths
from desktop.problems import Problem
from desktop.recognizers.local_model import AUTO
from desktop.state import Shown
from desktop.ui import tokens
from desktop.ui.bridge import Actions, Bridge, Choice
from desktop.ui.history_window import HistoryWindow
from desktop.ui.pill import Pill
from desktop.ui.settings_window import SettingsWindow
from desktop.ui.tray import Tray, tray_available
from models.store import Store

logger = logging.getLogger(__name__)


class _Face:
    """`engine.Face` by windows: each call is handed to the main thread."""

    def __init__(self, bridge: Bridge, windows: dict[str, Callable[[], None]]) -> None:
        self._bridge = bridge
        self._windows = windows

    def show(self, shown: Shown) -> None:
        self._bridge.show(shown)

    def open_history(self) -> None:
        self._bridge.call(self._windows["history"])

    def remembered(self) -> None:
        self._bridge.call(self._windows["refresh"])

    def quit(self) -> None:
        self._bridge.call(QApplication.quit)


def main() -> int:
    """Run the tray app until it is quit; return the exit status. Raises `Problem` when it cannot start."""
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


def _run(here: Paths) -> int:
    first_start = not here.settings.exists() and not here.history.exists()
    qt = QApplication(["intone"])
    qt.setApplicationName("Intone")
    qt.setDesktopFileName("intone")
    qt.setQuitOnLastWindowClosed(False)
    tokens.apply(qt)
    bridge = Bridge()
    windows: dict[str, Callable[[], None]] = {}
    engine = Engine(here, _Face(bridge, windows))
    actions = _actions(engine, bridge, windows)
    pill = Pill(actions)
    tray = Tray(actions)
    history = HistoryWindow(actions)
    preferences = SettingsWindow(actions)
    windows.update(history=history.present, settings=preferences.present, refresh=history.refresh)
    for surface in (pill, tray, history, preferences):
        bridge.shown.connect(surface.draw)
    if first_start:
        _present_once_deaf(bridge, preferences)
    wakeup = _quit_on_signals(qt)
    with start_blocking_portal("asyncio") as portal:
        try:
            running, _ = portal.start_task(engine.run)
            running.add_done_callback(lambda done: bridge.call(qt.quit))
            if not tray_available():
                history.present()
            qt.exec()
            engine.post(engine.stop)
            for surface in (pill, history, preferences):
                surface.close()
            tray.close()
            running.result()
        except Problem:
            raise
        except Exception:
            logger.exception("the engine failed")
            print("Intone had to stop: something went wrong in it. Its log says what.", file=sys.stderr)
            return 1
        finally:
            del wakeup
    return 0


def _present_once_deaf(bridge: Bridge, preferences: SettingsWindow) -> None:
    """Bring up the settings, whose status line says what to do, where no key can be heard (a Wayland session)."""

    def look(shown: Shown) -> None:
        if shown.health.hotkey is not None:
            bridge.shown.disconnect(look)
            preferences.present()

    bridge.shown.connect(look)


def _actions(engine: Engine, bridge: Bridge, windows: dict[str, Callable[[], None]]) -> Actions:
    """What the windows may ask for, each handed to the engine's loop."""
    here = engine.paths

    def set_setting(key: str, value: str) -> None:
        settings.put(here.settings, key, value)
        engine.post(engine.reload)

    def reset_setting(key: str) -> None:
        settings.reset(here.settings, key)
        engine.post(engine.reload)

    def later[T](work: Callable[[], T], then: Callable[[T], None]) -> None:
        """Do `work` in a worker thread and give its result to `then` on the main thread."""
        engine.post(engine.spawn_in_thread, work, lambda found: bridge.call(partial(then, found)))

    def rows(query: str, before: int | None, limit: int, then: Callable[[Sequence[Row]], None]) -> None:
        find = partial(engine.history.search, query) if query.strip() else engine.history.rows
        later(lambda: find(limit=limit, before_id=before), then)

    def copy_last() -> None:
        def copy(rows: Sequence[Row]) -> None:
            text = next((row.text for row in rows if row.text), None)
            if text is not None:
                QApplication.clipboard().setText(text)

        later(engine.history.rows, copy)

    return Actions(
        toggle=lambda: engine.post(engine.toggle),
        cancel=lambda: engine.post(engine.cancel),
        retry=lambda: engine.post(engine.finish),
        undo_cancel=lambda: engine.post(engine.finish),
        paste_last=lambda: engine.post(engine.paste_last),
        copy_last=copy_last,
        quit=QApplication.quit,
        show_history=lambda: windows["history"](),
        show_settings=lambda: windows["settings"](),
        set_setting=set_setting,
        reset_setting=reset_setting,
        settings=lambda: settings.load(here.settings).settings,
        history=rows,
        models=lambda then: later(lambda: _models(here), then),
        devices=lambda then: later(_devices, then),
    )


def _models(here: Paths) -> list[Choice]:
    store = Store(here.models)
    installed = set(store.installed())
    automatic = Choice(AUTO, "Automatic", "the best for this machine")
    return [automatic, *(Choice(name, name, "installed" if name in installed else "") for name in store.models)]


def _devices() -> list[Choice]:
    try:
        found = devices()
    except Problem:
        found = []
    return [Choice("", "System default"), *(Choice(device.id, device.name) for device in found)]


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
