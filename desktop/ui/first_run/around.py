"""How the first run's window stands among the others, and what follows when it is closed: for the first time by itself,
and again whenever it is asked for."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtWidgets import QApplication

from desktop.problems import Problem
from desktop.ui.bridge import Actions, Bridge
from desktop.ui.first_run.window import FirstRunWindow
from desktop.ui.tray import tray_available

logger = logging.getLogger(__name__)


class Around:
    """Opens the window, one at a time, and closes it as the app ends.

    While it is open, a second start of the app brings it to the front. When it closes, `begin` sees to it that the next
    start is no first one, whatever was chosen. Without a tray the history is shown then, unless the person opened this
    from another window and is back there.
    """

    def __init__(
        self, actions: Actions, bridge: Bridge, windows: dict[str, Callable[[], None]], begin: Callable[[], None]
    ) -> None:
        self._actions = actions
        self._bridge = bridge
        self._windows = windows
        self._begin = begin
        self._window: FirstRunWindow | None = None
        self._gone: FirstRunWindow | None = None
        """The one before, kept for a while: answers may still be on their way to it."""
        self._ends = False

    def first(self) -> None:
        """Show around who has just begun."""
        self._open(again=False)

    def again(self) -> None:
        """Show what was chosen then; to the front, if that is already so."""
        if self._window is not None:
            self._window.present()
        else:
            self._open(again=True)

    def close(self) -> None:
        """The app ends."""
        self._ends = True
        if self._window is not None:
            self._window.close()

    def _open(self, again: bool) -> None:
        windows = self._windows
        refresh, front = windows["refresh"], windows["front"]
        came_from = QApplication.activeWindow()

        def ended() -> None:
            self._bridge.shown.disconnect(window.draw)
            windows.update(front=front, refresh=refresh)
            self._window, self._gone = None, window
            try:
                self._begin()
            except Problem as problem:
                logger.warning("the next start is a first one again: %s", problem)
            if self._ends:
                return
            if came_from is not None and came_from.isVisible():
                came_from.activateWindow()
            elif not tray_available():
                windows["history"]()

        def refresh_all() -> None:
            refresh()
            window.refresh()

        window = self._window = FirstRunWindow(self._actions, ended, tray_available(), again)
        self._bridge.shown.connect(window.draw)
        windows.update(front=window.present, refresh=refresh_all)
        window.present()
        window.draw(self._bridge.last)
