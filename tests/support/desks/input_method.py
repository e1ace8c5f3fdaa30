"""The user's choice whether Intone may be a window's input method, on a desk where the app runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.desk import BUSY_S, until
from tests.support.desks.session import DesktopSession

SETTING = "paste.input_method"


def choose_input_method(desk: DesktopSession, choice: str) -> None:
    """Change the setting, and wait until a choice of "off" is in force."""
    done = desk.intone("settings", "set", SETTING, choice)
    assert done.returncode == 0, done.stderr
    if choice == "off":
        until(lambda: is_off(desk.intone("status").stdout), "the input method is off", BUSY_S)


def is_off(status: str) -> bool:
    """Whether `intone status` answers, and not that texts go in by the input method."""
    return bool(status) and "input method" not in status


@contextmanager
def by_clipboard(desk: DesktopSession) -> Iterator[None]:
    """Have texts go by the clipboard until the block ends, as where there is no input method."""
    choose_input_method(desk, "off")
    try:
        yield
    finally:
        choose_input_method(desk, "auto")
