"""Switch the layout of this program as its user does, and read it as the app does.

`python.exe -m tests.support.windows.layouts RESULT SEED TIMES`. The result has for each switch what layout was asked
for, the handle that the thread has then, and what the reader says. Wine (10) tells the layout of the asking thread
alone, so that the reader and the program that is switched are one here, and keeps the language of the user's locale in
each handle: only the keys are switched.
"""

from __future__ import annotations

import asyncio
import json
import sys
from ctypes import c_int, c_size_t, c_uint32, c_wchar_p
from pathlib import Path
from random import Random
from time import perf_counter

from desktop.layouts.windows import WindowsReader
from desktop.platforms.windows import api
from tests.support.windows.notepad import user32

LAYOUTS = {"00000409": "en-US", "00000405": "cs-CZ", "00000407": "de-DE", "00000419": "ru-RU"}
"""By the names under which Windows loads them."""

ACTIVATE = 1
OVERLAPPED, VISIBLE = 0x00CF0000, 0x10000000
DIALOG = "#32770"

user32.LoadKeyboardLayoutW.restype = user32.ActivateKeyboardLayout.restype = api.keyboard_layout.restype
user32.CreateWindowExW.restype = c_size_t
user32.CreateWindowExW.argtypes = (c_uint32, c_wchar_p, c_wchar_p, c_uint32, *(c_int,) * 4, *(c_size_t,) * 4)
user32.SetForegroundWindow.argtypes = (c_size_t,)


def main(result: Path, seed: int, times: int) -> None:
    """Open a window, which comes to the front, switch so often, and write what came of it."""
    draw, takes = Random(seed), []
    window = user32.CreateWindowExW(0, DIALOG, "layouts", OVERLAPPED | VISIBLE, 60, 60, 400, 300, 0, 0, 0, 0)
    user32.SetForegroundWindow(window)
    for _ in range(times):
        name = draw.choice(list(LAYOUTS))
        user32.LoadKeyboardLayoutW(name, ACTIVATE)
        began = perf_counter()
        found = asyncio.run(WindowsReader().read())
        took_ms = 1000 * (perf_counter() - began)
        active = f"{api.keyboard_layout(0):08x}"
        takes.append(
            {"wanted": LAYOUTS[name], "active": active, "found": found.name if found else "", "took_ms": took_ms}
        )
    result.write_text(json.dumps(takes), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
