"""Create the windows behind the tray, in order.

The pill comes first: a dictation needs only it. The others follow in steps, each when Qt is idle: created at once they
delayed the pill of a key pressed meanwhile by 0.3 s on an idle machine and a second on a busy one, as at the start of a
session. Opening a window that does not exist yet creates it at once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QWidget

from desktop.app.callbacks import Post
from desktop.core.paths import Paths
from desktop.settings import store as settings
from desktop.ui.bridge import Actions, Bridge
from desktop.ui.history.window import HistoryWindow
from desktop.ui.no_tray import WithoutTray
from desktop.ui.pill.pill_places import Places
from desktop.ui.pill.window import Pill
from desktop.ui.settings.settings_watch import SettingsWatch
from desktop.ui.settings.window import SettingsWindow
from desktop.ui.statistics.window import MoodWindow
from desktop.ui.tray import tray_available

if TYPE_CHECKING:
    from desktop.ui.doctor_window import DoctorWindow
    from desktop.ui.onboarding.around import Around


class Windows:
    """All windows; use on the main thread.

    `openers` shows a window by name; "front" is the one for a second start, and "refresh" updates the windows from the
    history. `made` holds the existing windows by name.
    """

    def __init__(self, here: Paths, actions: Actions, bridge: Bridge, post: Post, *, first_run: bool) -> None:
        self._actions = actions
        self._bridge = bridge
        self._post = post
        self.made: dict[str, HistoryWindow | MoodWindow | SettingsWindow] = {}
        self.pill = Pill(actions, Places(here.pill, self._in_thread))
        self.pill.choose(actions.settings().look)
        bridge.shown.connect(self.pill.draw)

        @cache
        def diagnosis() -> DoctorWindow:
            """Create the doctor window on first use."""
            from desktop.ui.doctor_window import DoctorWindow

            return DoctorWindow(actions)

        @cache
        def around() -> Around:
            """Create the onboarding on first use."""
            from desktop.ui.onboarding.around import Around

            return Around(actions, bridge, self.openers, partial(settings.begin, here.settings))

        self._diagnosis, self._around = diagnosis, around
        self.openers: dict[str, Callable[[], None]] = {
            **{name: partial(self._present, name) for name in ("history", "mood", "settings")},
            "front": partial(self._present, "history"),
            "doctor": lambda: diagnosis().present(),
            "around": lambda: around().again(),
            "refresh": self._refresh,
        }
        self._watch = SettingsWatch(here.settings)
        self._watch.written.connect(lambda: post(lambda engine: engine.settings_written()))
        self._steps = self._make(first_run)
        self._turns = QTimer(interval=0)
        self._turns.timeout.connect(self._step)
        self._turns.start()

    @property
    def making(self) -> bool:
        """Whether windows remain to be created."""
        return self._turns.isActive()

    def close(self) -> None:
        """Close all windows when the application ends."""
        self._turns.stop()
        if self._around.cache_info().currsize:
            self._around().close()
        surfaces: list[QWidget] = [self.pill, *self.made.values()]
        if self._diagnosis.cache_info().currsize:
            surfaces.append(self._diagnosis())
        for surface in surfaces:
            surface.close()
            surface.deleteLater()
        # Delete while Qt is whole: the interpreter's exit deletes in any order.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def _make(self, first_run: bool) -> Iterator[None]:
        """Create the windows step by step: first what is seen at once, last what is opened least."""
        actions = self._actions
        if first_run:
            self._around().first()
            yield
        history = HistoryWindow(actions)
        if not tray_available():
            history.stand_in(WithoutTray(actions, os.environ.get("XDG_CURRENT_DESKTOP", "")))
        self._has("history", history)
        if not (first_run or tray_available()):
            history.present()
        yield
        self._has("mood", MoodWindow(actions))
        yield
        preferences = SettingsWindow(actions)
        self._watch.written.connect(preferences.refresh)
        self._has("settings", preferences)
        yield
        yield from preferences.fill()

    def _has(self, name: str, window: HistoryWindow | MoodWindow | SettingsWindow) -> None:
        self.made[name] = window
        window.draw(self._bridge.last)
        self._bridge.shown.connect(window.draw)

    def _step(self) -> None:
        if next(self._steps, self) is self:
            self._turns.stop()

    def _present(self, name: str) -> None:
        while name not in self.made:
            next(self._steps)
        self.made[name].present()

    def _refresh(self) -> None:
        for window in self.made.values():
            if not isinstance(window, SettingsWindow):
                window.refresh()

    def _in_thread(self, work: Callable[[], None]) -> None:
        self._post(lambda engine: engine.spawn_in_thread(work, lambda done: None))
