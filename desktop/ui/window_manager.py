"""Create the windows behind the tray, in order.

The pill comes first: a dictation needs only it. The others follow in steps, each when Qt is idle: created at once they
delayed the pill of a key pressed meanwhile by 0.3 s on an idle machine and a second on a busy one, as at the start of a
session. Opening a window that does not exist yet creates it at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import TYPE_CHECKING

from anyio import to_thread
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QWidget

from desktop.core.paths import Paths
from desktop.core.state import AppState
from desktop.ui.bridge import Bridge
from desktop.ui.controllers.app import AppController
from desktop.ui.controllers.controller import PostToEngine
from desktop.ui.history.window import HistoryWindow
from desktop.ui.no_key import NoKeyNotice, opens_key_page
from desktop.ui.no_tray import NoTrayNotice, find_desktops
from desktop.ui.pill.layer_window import create_pill
from desktop.ui.pill.placement import PillPositions
from desktop.ui.settings.watcher import SettingsWatcher
from desktop.ui.settings.window import SettingsWindow
from desktop.ui.statistics.window import StatisticsWindow
from desktop.ui.tray import is_tray_available
from desktop.ui.widgets.label import escape_markup

if TYPE_CHECKING:
    from desktop.ui.doctor_window import DoctorWindow
    from desktop.ui.onboarding.window import Onboarding


class WindowManager:
    """All windows; use on the main thread.

    `openers` shows a window by name; "front" is the one for a second start, "invalid_lines" the settings at the lines
    of the file that are ignored. `windows` holds the existing windows by name.
    """

    def __init__(
        self,
        paths: Paths,
        app: AppController,
        bridge: Bridge,
        post: PostToEngine,
        *,
        first_run: bool,
        is_quiet: bool = False,
    ) -> None:
        """`is_quiet`: no window comes up by itself, since the user has not started the app."""
        self._app = app
        self._bridge = bridge
        self._post = post
        self.windows: dict[str, HistoryWindow | StatisticsWindow | SettingsWindow] = {}
        self.pill = create_pill(app, PillPositions(paths.pill, self._in_thread), self._notify)
        self.pill.apply_look(app.settings().look)
        bridge.state_changed.connect(self.pill.draw)

        @cache
        def doctor() -> DoctorWindow:
            """Create the doctor window on first use."""
            from desktop.ui.doctor_window import DoctorWindow

            return DoctorWindow(app.services)

        @cache
        def onboarding() -> Onboarding:
            """Create the onboarding on first use."""
            from desktop.ui.onboarding.window import Onboarding

            return Onboarding(app, bridge, self.openers, app.live_settings.finish_first_run)

        self._doctor, self._onboarding = doctor, onboarding
        self.openers: dict[str, Callable[[], None]] = {
            **{name: partial(self._present_window, name) for name in ("history", "mood", "settings")},
            "front": partial(self._present_window, "history"),
            "invalid_lines": self._present_invalid_lines,
            "doctor": lambda: doctor().present(),
            "onboarding": lambda: onboarding().show_again(),
            "talk_key": lambda: onboarding().show_talk_key(),
        }
        self._settings_watcher = SettingsWatcher(paths.settings)
        self._settings_watcher.changed.connect(lambda: post(lambda engine: engine.on_settings_written()))
        self._is_first_run_over = first_run or is_quiet or app.live_settings.is_first_run_finished()
        bridge.state_changed.connect(self._open_key_page)
        self._steps = self._create_windows(first_run, is_quiet)
        self._step_timer = QTimer(interval=0)
        self._step_timer.timeout.connect(self._run_step)
        self._step_timer.start()

    @property
    def is_creating(self) -> bool:
        """Whether windows remain to be created."""
        return self._step_timer.isActive()

    def refresh(self) -> None:
        """Update the windows that show the history."""
        for window in self.windows.values():
            if not isinstance(window, SettingsWindow):
                window.refresh()
        if self._onboarding.cache_info().currsize:
            self._onboarding().refresh()

    def close(self) -> None:
        """Close all windows when the application ends."""
        self._step_timer.stop()
        if self._onboarding.cache_info().currsize:
            self._onboarding().close()
        surfaces: list[QWidget] = [self.pill, *self.windows.values()]
        if self._doctor.cache_info().currsize:
            surfaces.append(self._doctor())
        for surface in surfaces:
            surface.close()
            surface.deleteLater()
        # Delete while Qt is whole: the interpreter's exit deletes in any order.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def _create_windows(self, first_run: bool, is_quiet: bool) -> Iterator[None]:
        """Create the windows step by step: first what is seen at once, last what is opened least."""
        app = self._app
        if first_run:
            self._onboarding().show_first_time()
            yield
        history = HistoryWindow(app)
        if not is_tray_available():
            history.add_header(NoTrayNotice(app, find_desktops(sys.platform, os.environ)))
        no_key = NoKeyNotice(app)
        history.add_header(no_key)
        no_key.draw(self._bridge.last_state)
        self._bridge.state_changed.connect(no_key.draw)
        self._add_window("history", history)
        if not (first_run or is_quiet or is_tray_available()):
            history.present()
        yield
        self._add_window("mood", StatisticsWindow(app))
        yield
        preferences = SettingsWindow(app)
        self._settings_watcher.changed.connect(preferences.refresh)
        self._add_window("settings", preferences)
        yield
        yield from preferences.create_pages()

    def _add_window(self, name: str, window: HistoryWindow | StatisticsWindow | SettingsWindow) -> None:
        self.windows[name] = window
        window.draw(self._bridge.last_state)
        self._bridge.state_changed.connect(window.draw)

    def _open_key_page(self, app_state: AppState) -> None:
        """Open the page of the talk key where no key works and the first run was not finished: once."""
        if opens_key_page(app_state.health, self._is_first_run_over):
            self._is_first_run_over = True
            self.openers["talk_key"]()

    def _run_step(self) -> None:
        if next(self._steps, self) is self:
            self._step_timer.stop()

    def _present_window(self, name: str) -> None:
        while name not in self.windows:
            next(self._steps)
        self.windows[name].present()

    def present_quotation(self, id: int, text: str, is_exact: bool) -> None:
        """Bring up the history window at a row, the words of `text` marked."""
        self._present_window("history")
        window = self.windows["history"]
        assert isinstance(window, HistoryWindow)
        window.show_quotation(id, text, is_exact)

    def _present_invalid_lines(self) -> None:
        self._present_window("settings")
        window = self.windows["settings"]
        assert isinstance(window, SettingsWindow)
        window.show_invalid_lines()

    def _in_thread(self, work: Callable[[], None]) -> None:
        self._post(lambda engine: engine.spawn(partial(to_thread.run_sync, work)))

    def _notify(self, text: str) -> None:
        """Show `text` as a notification of the desktop, where the pill cannot be seen: on Linux alone."""
        if sys.platform != "linux":
            return
        from desktop.platforms.linux.notification import show_notification

        if address := os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
            self._post(lambda engine: engine.spawn(partial(show_notification, address, escape_markup(text))))
