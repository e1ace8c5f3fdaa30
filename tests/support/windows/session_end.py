"""End the session for the app that runs, as Windows does: all its windows are asked, then told.

`python.exe -m tests.support.windows.session_end RESULT`. The result has what each kind of window answers to the
question whether the session may end, and whether the window of `desktop.platforms.windows.session_window` held its end
until the process had ended.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from ctypes import byref, c_size_t, c_uint32, create_unicode_buffer
from pathlib import Path

from desktop.platforms.windows import api
from desktop.platforms.windows.session_messages import WM_ENDSESSION, WM_QUERYENDSESSION
from desktop.platforms.windows.session_window import CLASS_NAME

ENDSESSION_LOGOFF, ANSWER_MS = 0x80000000, 30_000


def list_windows() -> Iterator[tuple[int, int, str]]:
    """Yield each top-level window, its process and its class."""
    window = 0
    while window := api.find_window(0, window, None, None):
        process, name = c_uint32(), create_unicode_buffer(256)
        api.window_thread(window, byref(process))
        api.class_name(window, name, len(name))
        yield window, process.value, name.value


def send(window: int, message: int, ends: int) -> int | None:
    """Send a message; return the answer, None where the window is gone or gives none."""
    answer = c_size_t()
    logoff = ENDSESSION_LOGOFF - (1 << 32)  # as the signed number that the parameter is
    done = api.send_message(window, message, ends, logoff, 0, ANSWER_MS, byref(answer))
    return answer.value if done else None


def main(result: Path) -> None:
    windows = list(list_windows())
    app = next(process for _, process, name in windows if name == CLASS_NAME)
    own = sorted((name == CLASS_NAME, window, name) for window, process, name in windows if process == app)
    asked = {name: send(window, WM_QUERYENDSESSION, 0) for _, window, name in own}
    told = {name: send(window, WM_ENDSESSION, 1) for _, window, name in own}  # the session's window last
    result.write_text(json.dumps({"asked": asked, "is_held": told[CLASS_NAME] is None}), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
