"""Open and close the onboarding window: automatically on the first start, and again on request."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtWidgets import QApplication

from desktop.core.errors import UserError
from desktop.ui.bridge import Bridge, WindowActions
from desktop.ui.onboarding.window import OnboardingWindow
from desktop.ui.tray import is_tray_available

logger = logging.getLogger(__name__)


class Onboarding:
    """Opens one onboarding window at a time, and closes it when the application ends.

    While it is open, a second start of the application brings it to the front. When it closes, `ensure_settings_file`
    makes sure that the next start is no first one, whatever was chosen. Without a tray the history is shown then,
    unless the user opened the onboarding from another window, which gets the focus back.
    """

    def __init__(
        self,
        actions: WindowActions,
        bridge: Bridge,
        window_callbacks: dict[str, Callable[[], None]],
        ensure_settings_file: Callable[[], None],
    ) -> None:
        self._actions = actions
        self._bridge = bridge
        self._window_callbacks = window_callbacks
        self._ensure_settings_file = ensure_settings_file
        self._window: OnboardingWindow | None = None
        self._closed_window: OnboardingWindow | None = None
        """The previous window, kept for a while: callbacks may still be pending for it."""
        self._is_app_ending = False

    def show_first_time(self) -> None:
        """Open the window on the first start."""
        self._open_window(is_repeat=False)

    def show_again(self) -> None:
        """Open the window with the current choices, or bring it to the front."""
        if self._window is not None:
            self._window.present()
        else:
            self._open_window(is_repeat=True)

    def close(self) -> None:
        """Close the window because the application ends."""
        self._is_app_ending = True
        if self._window is not None:
            self._window.close()

    def _open_window(self, is_repeat: bool) -> None:
        window_callbacks = self._window_callbacks
        refresh, front = window_callbacks["refresh"], window_callbacks["front"]
        previous_window = QApplication.activeWindow()

        def on_closed() -> None:
            self._bridge.state_changed.disconnect(window.draw)
            window_callbacks.update(front=front, refresh=refresh)
            self._window, self._closed_window = None, window
            try:
                self._ensure_settings_file()
            except UserError as problem:
                logger.warning("the next start is a first one again: %s", problem)
            if self._is_app_ending:
                return
            if previous_window is not None and previous_window.isVisible():
                previous_window.activateWindow()
            elif not is_tray_available():
                window_callbacks["history"]()

        def refresh_all() -> None:
            refresh()
            window.refresh()

        window = self._window = OnboardingWindow(self._actions, on_closed, is_tray_available(), is_repeat)
        self._bridge.state_changed.connect(window.draw)
        window_callbacks.update(front=window.present, refresh=refresh_all)
        window.present()
        window.draw(self._bridge.last_state)
