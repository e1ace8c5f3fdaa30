"""Paste texts into the window that has the focus, by the app's paster, and write how each ended.

`python.exe -m tests.support.windows.pastes RESULT TEXTS_FILE [SECONDS]`: so many seconds after the keys of the
first paste, the process is killed. Each result has all that was on the clipboard afterwards.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Timer
from time import monotonic
from typing import Any

from desktop.core.interfaces import UserActivity
from desktop.paste.delayed import windows_restorer
from desktop.paste.delayed.windows import WindowsPaster
from desktop.paste.request import PasteOptions
from tests.support.windows.clipboard import read

STARTED_S = 60.0
"""How long the process that gives the clipboard back may take to start."""


def die() -> None:
    kernel32 = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]
    kernel32.TerminateProcess(ctypes.c_size_t(-1 % 2**64), 1)  # -1 is this process


async def paste(texts: Sequence[str], kill_after_s: float | None = None) -> list[dict[str, Any]]:
    paster = WindowsPaster(UserActivity())
    paster.options = PasteOptions(join="none")
    paster.start(asyncio.get_running_loop())
    done = []
    if kill_after_s is not None:  # the restorer has started long ago, where a user dictates
        windows_restorer.SEND_TIMEOUT_S = STARTED_S
    kill = Timer(kill_after_s, die).start if kill_after_s is not None else lambda: None
    try:
        for text in texts:
            began = monotonic()
            target = await paster.find_target()
            result = await paster.paste(text, target, kill)
            notes = [note.code for note in result.notes]
            took_s = round(monotonic() - began, 3)
            told = {"outcome": result.outcome, "notes": notes, "app": target.app, "took_s": took_s}
            done.append({**told, "clipboard": read()})
    finally:
        paster.close()
    return done


if __name__ == "__main__":
    texts = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    done = asyncio.run(paste(texts, *map(float, sys.argv[3:])))
    Path(sys.argv[1]).write_text(json.dumps(done), encoding="utf-8")
