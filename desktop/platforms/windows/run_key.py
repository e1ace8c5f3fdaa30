"""Have Windows run the app when the session starts, by a value of the user's Run key; `registry` is `winreg`.

What the Task Manager has switched off stands in another key, which outlives the value.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from desktop.platforms.windows.registry import APPROVED_KEY, RUN_KEY, RUN_NAME, find_program, is_approved


def set_run_value(command: str | None, registry: Any, *, is_chosen: bool = True) -> bool:
    """Have Windows run `command` when the session starts, or nothing with None. Raises `OSError`.

    With `is_chosen` also where the Task Manager had switched that off; returns whether it has not.
    """
    if command is None:
        _delete_value(RUN_KEY, registry)
    else:
        with registry.CreateKeyEx(registry.HKEY_CURRENT_USER, RUN_KEY, 0, registry.KEY_SET_VALUE) as key:
            registry.SetValueEx(key, RUN_NAME, 0, registry.REG_SZ, command)
    if is_chosen:
        _delete_value(APPROVED_KEY, registry)
    return is_approved(_read_value(APPROVED_KEY, registry))


def mend_run_value(
    find_command: Callable[[], str], registry: Any, exists: Callable[[str], bool] = os.path.exists
) -> None:
    """Have Windows run what `find_command` returns in place of a program that is gone. Raises `OSError`."""
    command = _read_value(RUN_KEY, registry)
    if isinstance(command, str) and not exists(find_program(command)):
        set_run_value(find_command(), registry, is_chosen=False)


def _read_value(path: str, registry: Any) -> object:
    """Return our value of a key; None where there is none."""
    user, rights = registry.HKEY_CURRENT_USER, registry.KEY_QUERY_VALUE
    with suppress(FileNotFoundError), registry.OpenKey(user, path, 0, rights) as key:
        return registry.QueryValueEx(key, RUN_NAME)[0]
    return None


def _delete_value(path: str, registry: Any) -> None:
    user, rights = registry.HKEY_CURRENT_USER, registry.KEY_SET_VALUE
    with suppress(FileNotFoundError), registry.OpenKey(user, path, 0, rights) as key:
        registry.DeleteValue(key, RUN_NAME)
