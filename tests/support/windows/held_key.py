"""Hold a key, whose press repeats as Windows repeats it, and let it go.

`python.exe -m tests.support.windows.held_key RESULT CODE TIMES`, with the virtual code of a key. Under Wine a modifier
that X holds does not repeat. The result has how many of the presses Windows accepted, and whether the key was down.
"""

from __future__ import annotations

import json
import sys
from ctypes import byref, sizeof
from pathlib import Path
from threading import Event

from desktop.platforms.windows import api
from desktop.platforms.windows.key_codes import CODES
from desktop.platforms.windows.keyboard import is_key_down
from desktop.platforms.windows.structures import AnyInput, KeyInput, WindowsInput

REPEAT_S = 0.033
"""Windows' shortest time between two repeats."""

EXTENDED = (CODES["ctrl_r"], CODES["alt_r"])
"""The keys that have the flag of the right one."""


def send(code: int, flags: int = 0) -> bool:
    """Have Windows get a press or a release of the key; return whether it accepts it."""
    flags |= api.KEYEVENTF_EXTENDEDKEY if code in EXTENDED else 0
    key = KeyInput(code, api.map_key(code, api.MAPVK_VK_TO_VSC, 0), flags, 0, 0)
    change = WindowsInput(kind=api.INPUT_KEYBOARD, of=AnyInput(key=key))
    return bool(api.send_input(1, byref(change), sizeof(WindowsInput)))


def main(result: Path, code: int, times: int) -> None:
    pause = Event()
    accepted = 0
    for _ in range(times):
        accepted += send(code)
        pause.wait(REPEAT_S)
    was_down = is_key_down(code)
    send(code, api.KEYEVENTF_KEYUP)
    result.write_text(json.dumps({"accepted": accepted, "was_down": was_down}), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
