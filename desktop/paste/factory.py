"""Open the paster for the current session."""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from desktop.core.errors import PasteError

if TYPE_CHECKING:
    from desktop.core.interfaces import UserActivity
    from desktop.core.paths import Paths
    from desktop.paste.delayed.macos import MacPaster
    from desktop.paste.delayed.windows import WindowsPaster
    from desktop.paste.wayland.paster import WaylandPaster
    from desktop.paste.x11.paster import X11Paster


def open_paster(
    environ: Mapping[str, str],
    activity: UserActivity,
    insert: Callable[[str, int], Awaitable[bool]],
    paths: Paths,
    on_problem: Callable[[PasteError | None], None] = lambda problem: None,
    is_prompt: Callable[[str], bool] = lambda app: False,
) -> X11Paster | WaylandPaster | WindowsPaster | MacPaster:
    """Return the paster for the session that `environ` describes, to be started.

    `insert(text, window)` puts a text into a field of our own windows where these are X windows, as in a Wayland
    session with XWayland. The session decides, not what is installed: a desktop on X11 may have every Wayland tool.
    `on_problem(problem)` is called on the loop with why texts stay on the clipboard, and with None when that is over.
    `is_prompt(app)` returns whether a program only asks for passwords.
    """
    if sys.platform == "win32":
        from desktop.paste.delayed.windows import WindowsPaster

        return WindowsPaster(activity)
    if sys.platform == "darwin":
        from desktop.paste.delayed.macos import MacPaster

        return MacPaster(activity)
    if environ.get("WAYLAND_DISPLAY"):
        from desktop.paste.input_method.wayland import find_input_method
        from desktop.paste.wayland.paster import WaylandPaster

        return WaylandPaster(
            environ,
            paths.remote_desktop,
            insert,
            activity.last_left_at,
            on_problem,
            is_prompt,
            input_method=find_input_method(environ),
        )
    from desktop.paste.x11.paster import X11Paster

    return X11Paster(environ.get("DISPLAY"), activity, insert, restores_after_crash=hasattr(os, "memfd_create"))
