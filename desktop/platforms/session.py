"""What the app tells the user's session, and what that tells it. Each system does it in its way."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from desktop import APP_ID


def make_known(environ: Mapping[str, str], command: Sequence[str], *, is_wayland: bool) -> None:
    """Name the app `APP_ID`; call before the first window.

    In a Wayland session by an entry that runs `command`, which portals ask for and Qt names when it starts; on Windows
    for the taskbar, which would otherwise group its windows with those of other programs of Python.
    """
    if sys.platform == "win32":
        from desktop.platforms.windows import api

        api.set_app_id(APP_ID)
    if sys.platform == "linux" and is_wayland:
        from desktop.platforms.linux.desktop_entry import install_desktop_entry

        install_desktop_entry(environ, Path.home(), command)


def lend_foreground() -> None:
    """Let the app that runs already bring a window of its own to the front, as this process may, which the user has
    just started. Windows would let its button in the taskbar blink instead; elsewhere nothing is needed."""
    if sys.platform == "win32":
        from desktop.platforms.windows import api

        api.allow_foreground(api.ASFW_ANY)


async def watch_session(on_away: Callable[[], None], on_awake: Callable[[], None], on_end: Callable[[], None]) -> None:
    """Call `on_away` when the machine is about to sleep or the screen is locked, `on_awake` after a sleep, and `on_end`
    where the session ends without a signal that ends the app.

    Runs until cancelled, or until the system says nothing more. The callbacks are called on the loop of the caller.
    """
    if sys.platform == "win32":
        from desktop.platforms.windows import session_window

        await session_window.watch_session(on_away, on_awake, on_end)
    if sys.platform == "linux":
        from desktop.platforms.linux import logind

        await logind.watch_session(on_away, on_awake)
