"""Read values of the Windows registry, and what they mean for the app. What they mean is pure."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, Literal

type Hive = Literal["HKEY_CURRENT_USER", "HKEY_LOCAL_MACHINE"]

type Value = str | int | bytes | None
"""A text, a number, or bytes; None where there is no such value or it may not be read."""

type ReadValue = Callable[[Hive, str, str], Value]
"""Returns a value by its hive, key and name."""

USER: Hive = "HKEY_CURRENT_USER"
MACHINE: Hive = "HKEY_LOCAL_MACHINE"

RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
RUN_NAME = "intone"

_STARTUP_APPROVED_KEY = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
_FILE_SYSTEM_KEY = r"SYSTEM\CurrentControlSet\Control\FileSystem"


def read_value(hive: Hive, key: str, name: str) -> Value:
    """Return the value called `name` of a key; None where there is none or it may not be read."""
    winreg: Any = import_module("winreg")
    try:
        with winreg.OpenKey(getattr(winreg, hive), key) as opened:
            value = winreg.QueryValueEx(opened, name)[0]
    except OSError:
        return None
    return value if isinstance(value, str | int | bytes) else None


def find_autostart(read: ReadValue) -> tuple[str, bool]:
    """Return the command that starts the app at the login, empty for none, and whether the Task Manager lets it.

    There a first byte that is odd means that the user has disabled it.
    """
    command = read(USER, RUN_KEY, RUN_NAME)
    approved = read(USER, _STARTUP_APPROVED_KEY, RUN_NAME)
    is_disabled = isinstance(approved, bytes) and bool(approved) and approved[0] % 2 == 1
    return command if isinstance(command, str) else "", not is_disabled


def allows_long_paths(read: ReadValue) -> bool:
    """Return whether programs that say that they can, as Python does, may use paths of more than 259 characters."""
    return read(MACHINE, _FILE_SYSTEM_KEY, "LongPathsEnabled") == 1
