"""How the first run's window stands among the others, and what follows when it is closed."""

from __future__ import annotations

import logging
from collections.abc import Callable

from desktop.problems import Problem
from desktop.ui.bridge import Actions, Bridge
from desktop.ui.first_run.window import FirstRunWindow
from desktop.ui.tray import tray_available

logger = logging.getLogger(__name__)


def show_around(
    actions: Actions, bridge: Bridge, windows: dict[str, Callable[[], None]], begin: Callable[[], None]
) -> Callable[[], None]:
    """Open the window; what is returned closes it as the app ends.

    While it is open it is what a second start brings to the front. Once it is closed, `begin` has the next start not be
    a first one, whatever was chosen, and where there is no tray the history is the app's face.
    """
    refresh, front = windows["refresh"], windows["front"]
    ends = False

    def ended() -> None:
        bridge.shown.disconnect(first.draw)
        windows.update(front=front, refresh=refresh)
        try:
            begin()
        except Problem as problem:
            logger.warning("the next start is a first one again: %s", problem)
        if not (ends or tray_available()):
            windows["history"]()

    def refresh_all() -> None:
        refresh()
        first.refresh()

    def close() -> None:
        nonlocal ends
        ends = True
        first.close()

    first = FirstRunWindow(actions, ended, tray_available())
    bridge.shown.connect(first.draw)
    windows.update(front=first.present, refresh=refresh_all)
    first.present()
    return close
