"""The composition root of the tray app: the engine on its thread, the windows on this one, and their start and end.

Order of the start: the lock (a second start shows the first one's history), the display, the tray (something to see
within a second), and behind it, while Qt already draws, the engine, which loads the model, and the windows. What only
those need is imported then: it takes as long as all that comes before. Order of the end: the engine is told to, windows
go, and it ends its dictations, gives the clipboard back and stops the model's process.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from anyio.from_thread import start_blocking_portal
from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication

from desktop import control, credentials, logs, model_shelf, past, settings
from desktop.history import Row
from desktop.insights import Insights
from desktop.paths import Paths, paths
from desktop.problems import Problem
from desktop.state import Shown
from desktop.ui import tokens
from desktop.ui.bridge import Actions, Bridge, Choice
from desktop.ui.insertion import insert
from desktop.ui.tray import Tray, tray_available

if TYPE_CHECKING:
    from desktop.engine import Engine
    from desktop.history.voices import Known
    from desktop.ui.settings.window import SettingsWindow

logger = logging.getLogger(__name__)


class _Face:
    """`showing.Face` by windows: each call is handed to the main thread."""

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

    async def live(self, make_windows: Callable[[], None]) -> None:
        """Import and make the engine, have the windows made, and live until the engine is stopped."""
        from desktop.engine import Engine

        self.engine = Engine(self.here, _Face(self.bridge, self.windows))
        await self.bridge.on_main(make_windows)
        await self.engine.run()

    def post(self, work: Callable[[Engine], object]) -> None:
        """Have `work` done on the engine's loop."""
        if self.engine is not None:
            self.engine.post(work, self.engine)

    def open(self, window: str) -> None:
        """Bring up a window."""
        if window in self.windows:
            self.windows[window]()


def _run(here: Paths) -> int:
    first_start = not here.settings.exists() and not here.history.exists()
    qt = QApplication(["intone"])
    qt.setApplicationName("Intone")
    qt.setDesktopFileName("intone")
    qt.setQuitOnLastWindowClosed(False)
    tokens.apply(qt)
    bridge = Bridge()
    behind = _Behind(here, bridge)
    actions = _actions(behind)
    tray = Tray(actions)
    bridge.shown.connect(tray.draw)
    wakeup = _quit_on_signals(qt)
    with start_blocking_portal("asyncio") as portal:
        try:
            running = portal.start_task_soon(behind.live, partial(_make_windows, behind, actions, first_start))
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


def _make_windows(behind: _Behind, actions: Actions, first_start: bool) -> None:
    from desktop.ui.history_window import HistoryWindow
    from desktop.ui.mood_window import MoodWindow
    from desktop.ui.pill import Pill
    from desktop.ui.settings.window import SettingsWindow

    pill, history, preferences = Pill(actions), HistoryWindow(actions), SettingsWindow(actions)
    mood = MoodWindow(actions)

    def refresh() -> None:
        history.refresh()
        mood.refresh()

    behind.windows.update(history=history.present, settings=preferences.present, mood=mood.present, refresh=refresh)
    for surface in (pill, history, preferences, mood):
        behind.bridge.shown.connect(surface.draw)

    def close() -> None:
        for surface in (pill, history, preferences, mood):
            surface.close()

    behind.close = close
    if first_start:
        _present_once_deaf(behind.bridge, preferences)
    if not tray_available():
        history.present()


def _present_once_deaf(bridge: Bridge, preferences: SettingsWindow) -> None:
    """Bring up the settings, whose status line says what to do, where no key can be heard (a Wayland session)."""

    def look(shown: Shown) -> None:
        if shown.health.hotkey is not None:
            bridge.shown.disconnect(look)
            preferences.present()

    bridge.shown.connect(look)


def _actions(behind: _Behind) -> Actions:
    """What the windows may ask for, each handed to the engine's loop."""
    here, post = behind.here, behind.post

    def set_setting(key: str, value: str) -> None:
        settings.put(here.settings, key, value)
        post(lambda engine: engine.reload())

    def reset_setting(key: str) -> None:
        settings.reset(here.settings, key)
        post(lambda engine: engine.reload())

    def later[T](work: Callable[[Engine], T], then: Callable[[T], None]) -> None:
        """Do `work` in a worker thread and give its result to `then` on the main thread."""
        call = behind.bridge.call
        post(lambda engine: engine.spawn_in_thread(lambda: work(engine), lambda found: call(partial(then, found))))

    def copy_last() -> None:
        def copy(rows: Sequence[Row]) -> None:
            text = next((row.text for row in rows if row.text), None)
            if text is not None:
                QApplication.clipboard().setText(text)

        later(lambda engine: engine.history.rows(), copy)

    return Actions(
        toggle=lambda: post(lambda engine: engine.toggle()),
        cancel=lambda: post(lambda engine: engine.cancel()),
        retry=lambda: post(lambda engine: engine.finish()),
        undo_cancel=lambda: post(lambda engine: engine.finish()),
        learn=lambda: post(lambda engine: engine.learn()),
        undo=lambda: post(lambda engine: engine.undo()),
        swap=lambda: post(lambda engine: engine.swap()),
        paste_raw=lambda: post(lambda engine: engine.paste_last(raw=True)),
        paste_last=lambda: post(lambda engine: engine.paste_last()),
        switch_emotion=lambda: post(lambda engine: engine.switch_emotion()),
        copy_last=copy_last,
        quit=QApplication.quit,
        show_history=lambda: behind.open("history"),
        show_settings=lambda: behind.open("settings"),
        show_mood=lambda: behind.open("mood"),
        set_setting=set_setting,
        reset_setting=reset_setting,
        record_key=lambda active: post(lambda engine: engine.record_key(active)),
        settings=lambda: settings.load(here.settings).settings,
        rows=past.rows(here, post, behind.bridge.call),
        models=lambda then: later(lambda engine: _models(here), then),
        language_models=lambda then: later(lambda engine: _language_models(here), then),
        devices=lambda then: later(lambda engine: _devices(), then),
        forget_emotions=lambda then: later(lambda engine: _forget_emotions(engine), then),
        voice=lambda then: later(lambda engine: _voice(here), then),
        fetching=model_shelf.fetching(here, post, behind.bridge.call),
        insights=lambda since, then: later(lambda engine: _insights(here, since), then),
    )


def _insights(here: Paths, since: datetime | None) -> Insights | Problem:
    """The history, added up; what is wrong with it where that cannot be."""
    from desktop.insights import insights

    try:
        return insights(here.history, datetime.now().astimezone().date(), since)
    except Problem as problem:
        return problem


def _forget_emotions(engine: Engine) -> int | Problem:
    """Forget how everything sounded; how many dictations had been noted."""
    try:
        return engine.forget_emotions()
    except Problem as problem:
        return problem


def _voice(here: Paths) -> Known | None:
    """What is known of the voice that was heard last."""
    from desktop.history.voices import StoredVoices

    try:
        return StoredVoices(here.history).newest()
    except Problem:
        return None


def _models(here: Paths) -> list[Choice]:
    """The models of speech."""
    from desktop.settings_tree import AUTO
    from models.store import Store

    store = Store(here.models)
    installed = set(store.installed())
    automatic = Choice(AUTO, "Automatic", "the best for this machine")
    return [automatic, *(Choice(name, name, "installed" if name in installed else "") for name in store.models)]


def _language_models(here: Paths) -> list[Choice]:
    """Those that are on this machine: one that is missing is not fetched by choosing it."""
    from desktop.settings_tree import AUTO
    from models.catalogue import catalogue
    from models.store import Store

    installed = Store(here.models, catalogue("language")).installed()
    return [Choice(AUTO, "Automatic"), *(Choice(name, name, "on this machine") for name in installed)]


def _devices() -> list[Choice]:
    from desktop.microphone import devices

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
