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
"""The user's key whose values are run when the session starts."""

APPROVED_KEY = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
"""Where the Task Manager notes which of them the user has switched off."""

RUN_NAME = "intone"
"""The app's value in both."""

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
    """Return the command that starts the app at the login, empty for none, and whether the Task Manager lets it."""
    command = read(USER, RUN_KEY, RUN_NAME)
    return command if isinstance(command, str) else "", is_approved(read(USER, APPROVED_KEY, RUN_NAME))


def is_approved(value: object) -> bool:
    """Return whether the Task Manager lets a program start, by its value: a first byte that is odd means that the user
    has disabled it."""
    return not (isinstance(value, bytes) and bool(value) and value[0] % 2 == 1)


def find_program(command: str) -> str:
    """Return the program of a command line, which is quoted where its path has blanks."""
    return command[1:].partition('"')[0] if command.startswith('"') else command.partition(" ")[0]


def allows_long_paths(read: ReadValue) -> bool:
    """Return whether programs that say that they can, as Python does, may use paths of more than 259 characters."""
    return read(MACHINE, _FILE_SYSTEM_KEY, "LongPathsEnabled") == 1
