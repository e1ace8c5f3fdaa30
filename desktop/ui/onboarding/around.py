"""Open and close the onboarding window: automatically on the first start, and again on request."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtWidgets import QApplication

from desktop.core.errors import Problem
from desktop.ui.bridge import Actions, Bridge
from desktop.ui.onboarding.window import FirstRunWindow
from desktop.ui.tray import tray_available

logger = logging.getLogger(__name__)


class Around:
    """Opens one onboarding window at a time, and closes it when the application ends.

    While it is open, a second start of the application brings it to the front. When it closes, `ensure_settings_file`
    makes sure that the next start is no first one, whatever was chosen. Without a tray the history is shown then,
    unless the user opened the onboarding from another window, which gets the focus back.
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
        """The previous window, kept for a while: callbacks may still be pending for it."""
        self._ends = False

    def first(self) -> None:
        """Open the window on the first start."""
        self._open(again=False)

    def again(self) -> None:
        """Open the window with the current choices, or bring it to the front."""
        if self._window is not None:
            self._window.present()
        else:
            self._open(again=True)

    def close(self) -> None:
        """Close the window because the application ends."""
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
