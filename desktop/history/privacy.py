"""Decide which dictations the history keeps.

Windows for secrets are never kept by default: password managers, password prompts, private browsing. Users do not think
of `history.exclude` before the first time they needed it. The list is data (`sensitive.toml`).
"""

from __future__ import annotations

import functools
from typing import Any

from desktop.core.files import read_package_toml
from desktop.paste.apps import matches_any_app
from desktop.settings.schema import HistorySettings


def is_kept(settings: HistorySettings, app: str, window: str = "") -> bool:
    """Return whether the history keeps dictations into `app`, in the window of that title."""
    if settings.private == "on" or _matches_any_name(app, frozenset(map(str.lower, settings.exclude))):
        return False
    return settings.sensitive == "on" or not is_sensitive_window(app, window)


def is_sensitive_window(app: str, title: str) -> bool:
    """Return whether a window of the application `app` with this title is for secrets, or a browser's private one.

    A private window is known by the end of its title, which is the browser's own and not the page's; Chrome, Chromium
    and Brave do not say it there on X11, and theirs are kept like any other until the user excludes them.
    """
    if is_password_prompt(app) or _matches_any_name(app, _load_names("apps")):
        return True
    if not _matches_any_name(app, _load_names("browsers")):
        return False
    table = _load_sensitive_windows()
    plain_title = title.replace("\u200b", "").casefold().strip()  # Edge has a zero-width space in its name
    page_title = plain_title.rpartition(" - ")[0]
    return plain_title.removesuffix(")").endswith(tuple(table["ends"])) or page_title.endswith(tuple(table["marks"]))


def is_password_prompt(app: str) -> bool:
    """Return whether `app` is a program that only asks for passwords."""
    return _matches_any_name(app, _load_names("prompts"))


def _matches_any_name(app: str, names: frozenset[str]) -> bool:
    """Return whether `app` is among `names`, which are in lower case, as it is or as KDE (by its id) and the
    accessibility bus (by the name that users see) call it."""
    return any(matches_any_app(name, names) for name in (app, app.rpartition(".")[2], app.replace(" ", "-")))


@functools.cache
def _load_names(kind: str) -> frozenset[str]:
    """Return the names of the applications of a kind, in lower case."""
    return frozenset(_load_sensitive_windows()[kind].lower().split())


@functools.cache
def _load_sensitive_windows() -> dict[str, Any]:
    return read_package_toml("desktop.history", "sensitive.toml")
