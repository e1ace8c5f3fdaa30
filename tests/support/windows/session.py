"""Write what the app hears of the session, and how its window answers Windows. Each callback starts a task, as the
app's do.

`python.exe -m tests.support.windows.session RESULT`: messages are sent to the window of `watch_session` as Windows
sends them. The result has the callbacks in order, and the answers: 1 and 0 of the window, None for one that is held.
"""

from __future__ import annotations

import json
import sys
from ctypes import byref, c_size_t
from functools import partial
from pathlib import Path
from time import monotonic

import anyio
from anyio import lowlevel, to_thread

from desktop.platforms.session import watch_session
from desktop.platforms.windows import api
from desktop.platforms.windows.session_messages import (
    PBT_APMRESUMEAUTOMATIC,
    PBT_APMSUSPEND,
    WM_ENDSESSION,
    WM_POWERBROADCAST,
    WM_QUERYENDSESSION,
    WM_WTSSESSION_CHANGE,
    WTS_SESSION_LOCK,
    WTS_SESSION_UNLOCK,
)
from desktop.platforms.windows.session_window import CLASS_NAME

ENDSESSION_CLOSEAPP, ENDSESSION_LOGOFF = 0x00000001, 0x80000000

MESSAGES = {
    "sleep": (WM_POWERBROADCAST, PBT_APMSUSPEND, 0),
    "wake-up": (WM_POWERBROADCAST, PBT_APMRESUMEAUTOMATIC, 0),
    "lock": (WM_WTSSESSION_CHANGE, WTS_SESSION_LOCK, 1),
    "unlock": (WM_WTSSESSION_CHANGE, WTS_SESSION_UNLOCK, 1),
    "may it end": (WM_QUERYENDSESSION, 0, ENDSESSION_LOGOFF),
    "it does not": (WM_ENDSESSION, 0, ENDSESSION_LOGOFF),
    "may it end for a new version": (WM_QUERYENDSESSION, 0, ENDSESSION_CLOSEAPP),
    "it ends": (WM_ENDSESSION, 1, ENDSESSION_LOGOFF),
}

TIMEOUT_S, ANSWER_MS, HELD_MS = 60, 30_000, 1_000


async def main(result: Path) -> None:
    heard: list[str] = []
    answers: dict[str, int | None] = {}

    async def note(name: str) -> None:
        heard.append(name)

    async with anyio.create_task_group() as tasks:
        on_away, on_awake, on_end = (partial(tasks.start_soon, note, name) for name in ("away", "awake", "end"))
        tasks.start_soon(watch_session, on_away, on_awake, on_end)
        deadline = monotonic() + TIMEOUT_S
        while not (window := api.find_window(0, 0, CLASS_NAME, None)) and monotonic() < deadline:
            await lowlevel.checkpoint()
        for name, message in MESSAGES.items():
            answer = c_size_t()
            timeout_ms = HELD_MS if name == "it ends" else ANSWER_MS
            done = await to_thread.run_sync(api.send_message, window, *message, 0, timeout_ms, byref(answer))
            answers[name] = answer.value if done else None
        result.write_text(json.dumps({"heard": heard, "answers": answers}), encoding="utf-8")
        tasks.cancel_scope.cancel()


if __name__ == "__main__":
    anyio.run(main, Path(sys.argv[1]))
