"""Write what stands in Windows' registry after each change of the start with Windows.

`python.exe -m tests.support.windows.autostart RESULT`. The result has, for each step, the command that Windows would
run and whether the Task Manager lets it, and under `refused` the code of the problem that is raised.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from desktop.core.errors import UserError
from desktop.platforms.autostart import carry_over_autostart, set_autostart
from desktop.platforms.windows.registry import APPROVED_KEY, RUN_KEY, RUN_NAME, find_autostart, read_value

SWITCHED_OFF = bytes((3, 0, 0, 0))
GONE = r'"C:\old place\Intone Dictation.exe"'


def write_value(path: str, kind: str, value: object) -> None:
    """Write our value of a key, as the Task Manager and an earlier Intone do."""
    winreg: Any = import_module("winreg")
    with winreg.CreateKeyEx(winreg.HKEY_CURRENT_USER, path, 0, winreg.KEY_SET_VALUE) as key:
        winreg.SetValueEx(key, RUN_NAME, 0, getattr(winreg, kind), value)


def main(result: Path) -> None:
    steps: dict[str, object] = {}

    def note(step: str) -> None:
        steps[step] = find_autostart(read_value)

    set_autostart(False)
    note("off")
    set_autostart(True)
    note("on")
    write_value(APPROVED_KEY, "REG_BINARY", SWITCHED_OFF)
    try:
        set_autostart(True, is_chosen=False)
    except UserError as problem:
        steps["refused"] = problem.message.code
    note("switched off in the Task Manager")
    write_value(RUN_KEY, "REG_SZ", GONE)
    carry_over_autostart()
    note("gone, and not wanted")
    carry_over_autostart(is_wanted=True)
    note("gone, and wanted")
    set_autostart(True)
    note("on again")
    set_autostart(False)
    note("off again")
    result.write_text(json.dumps(steps), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
