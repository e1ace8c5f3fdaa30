"""Recognize windows that the history never keeps by default: password managers, password prompts, private browsing.

Users do not think of `history.exclude` before the first time they needed it. The list is data (`sensitive.toml`). A
private window is known by the end of its title, which is the browser's own and not the page's; Chrome, Chromium and
Brave do not say it there on X11, and theirs are kept like any other until the user excludes them.
"""

from __future__ import annotations

import functools
import tomllib
from importlib.resources import files
from typing import Any

from desktop.paste.apps import is_one_of


def is_sensitive(app: str, title: str) -> bool:
    """Return whether a window of the application `app` with this title is for secrets, or a browser's private one."""
    table = _table()
    if is_prompt(app) or is_one_of(app, table["apps"].split()):
        return True
    if not is_one_of(app, table["browsers"].split()):
        return False
    said = title.replace("\u200b", "").casefold().strip()  # Edge has a zero-width space in its name
    before_the_name = said.rpartition(" - ")[0]
    return said.removesuffix(")").endswith(tuple(table["ends"])) or before_the_name.endswith(tuple(table["marks"]))


def is_prompt(app: str) -> bool:
    """Return whether `app` is a program that only asks for passwords."""
    return is_one_of(app, _table()["prompts"].split())


@functools.cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("desktop.history").joinpath("sensitive.toml").read_text(encoding="utf-8"))
