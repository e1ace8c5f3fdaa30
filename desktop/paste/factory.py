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
    from desktop.paste.input_method.paster import InputMethodPaster
    from desktop.paste.input_method.route import CommitRoute
    from desktop.paste.session_paster import SessionPaster
    from desktop.paste.x11.paster import X11Paster


def open_paster(
    environ: Mapping[str, str],
    activity: UserActivity,
    insert: Callable[[str, int], Awaitable[bool]],
    paths: Paths,
    on_problem: Callable[[PasteError | None], None] = lambda problem: None,
    is_prompt: Callable[[str], bool] = lambda app: False,
    on_input_method: Callable[[bool], None] = lambda is_used: None,
) -> InputMethodPaster | WindowsPaster | MacPaster:
    """Return the paster for the session that `environ` describes, to be started.

    `insert(text, window)` puts a text into a field of our own windows where these are X windows, as in a Wayland
    session with XWayland. The session decides, not what is installed: a desktop on X11 may have every Wayland tool.
    `on_problem(problem)` is called on the loop with why texts stay on the clipboard, and with None when that is over.
    `is_prompt(app)` returns whether a program only asks for passwords. On Linux the session's input method is the
    first rung where there is one, and this paster the one below; `on_input_method(is_used)` is called on the loop when
    that changes.
    """
    if sys.platform == "win32":
        from desktop.paste.delayed.windows import WindowsPaster

        return WindowsPaster(activity, insert)
    if sys.platform == "darwin":
        from desktop.paste.delayed.macos import MacPaster

        return MacPaster(activity)
    from desktop.paste.input_method.factory import open_input_method
    from desktop.paste.input_method.paster import InputMethodPaster
    from desktop.paste.input_method.route import CommitRoute

    method = open_input_method(environ)
    route = CommitRoute(method, is_prompt)
    if environ.get("WAYLAND_DISPLAY"):
        from desktop.paste.input_method.wayland import WaylandInputMethod
        from desktop.paste.wayland.paster import WaylandPaster

        left_at = activity.last_left_at
        below: SessionPaster = WaylandPaster(
            *(environ, paths.remote_desktop, insert, left_at, on_problem, is_prompt),
            input_method=method if isinstance(method, WaylandInputMethod) else None,
        )
    else:
        below = _open_x11_paster(environ, activity, insert, route)
    return InputMethodPaster(below, route, activity, on_input_method)


def may_undo(environ: Mapping[str, str]) -> bool:
    """Return whether insertions can be undone without an input method in the session that `environ` describes, at least
    in some windows."""
    return sys.platform == "win32" or (sys.platform == "linux" and not environ.get("WAYLAND_DISPLAY"))


def _open_x11_paster(
    environ: Mapping[str, str],
    activity: UserActivity,
    insert: Callable[[str, int], Awaitable[bool]],
    route: CommitRoute,
) -> X11Paster:
    from desktop.paste.x11.paster import X11Paster

    display, can_restore = environ.get("DISPLAY"), hasattr(os, "memfd_create")
    return X11Paster(display, activity, insert, restores_after_crash=can_restore, may_prefetch=route.may_prefetch)
