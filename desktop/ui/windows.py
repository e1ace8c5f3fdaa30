"""The windows behind the tray, and in which order they are made.

The pill is first, since it is all that a dictation needs. The others follow a step at a time, each in a turn in which
Qt has nothing else to do: made at one go they held up the pill of a key that is pressed meanwhile, for 0.3 s on an idle
machine and a second on a busy one, as it is when a session begins. Who opens a window that is not made yet has it made
at once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QWidget

from desktop import settings
from desktop.asked.answering import Post
from desktop.paths import Paths
from desktop.pill_places import Places
from desktop.ui.bridge import Actions, Bridge
from desktop.ui.history_window import HistoryWindow
from desktop.ui.mood_window import MoodWindow
from desktop.ui.pill import Pill
from desktop.ui.settings.window import SettingsWindow
from desktop.ui.settings_watch import SettingsWatch
from desktop.ui.tray import tray_available
from desktop.ui.without_tray import WithoutTray

if TYPE_CHECKING:
    from desktop.ui.doctor_window import DoctorWindow
    from desktop.ui.first_run.around import Around


class Windows:
    """All of them, on the main thread. `openers` brings one up by its name; "front" is the one that a second start
    shows, and "refresh" has them take up what the history has now. `made` are those that there are, by their names."""

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
            """Made when it is first asked for: mostly nothing is wrong."""
            from desktop.ui.doctor_window import DoctorWindow

            return DoctorWindow(actions)

        @cache
        def around() -> Around:
            """Made when it is first asked for: most starts are not the first one."""
            from desktop.ui.first_run.around import Around

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
        """Whether there is something left to be made."""
        return self._turns.isActive()

    def close(self) -> None:
        """Close them, as the app ends."""
        self._turns.stop()
        if self._around.cache_info().currsize:
            self._around().close()
        surfaces: list[QWidget] = [self.pill, *self.made.values()]
        if self._diagnosis.cache_info().currsize:
            surfaces.append(self._diagnosis())
        for surface in surfaces:
            surface.close()
            surface.deleteLater()
        # While Qt is whole: what goes with the interpreter, in whatever order that has, may go after it.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def _make(self, first_run: bool) -> Iterator[None]:
        """What a person sees at once comes first, and what is opened least often last."""
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
