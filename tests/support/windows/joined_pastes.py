"""Paste texts one after another, joined by what the app knows of the user's keys and clicks.

`python.exe -m tests.support.windows.joined_pastes RESULT TEXT...`. Each text waits until a line is in RESULT.next for
it, and also for a key or a click of the user where the line is "after input"; then it is a line of RESULT with its
outcome.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event

from desktop.core.interfaces import UserActivity
from desktop.core.keys import build_bindings
from desktop.hotkeys.listener import open_hotkeys
from desktop.paste.delayed.windows import WindowsPaster
from desktop.paste.request import PasteOptions

POLL_S = 0.05


def wait_line(file: Path, index: int) -> str:
    """Return a line of the file once it is complete."""
    while not file.exists() or file.read_text(encoding="utf-8").count("\n") <= index:
        Event().wait(POLL_S)
    return file.read_text(encoding="utf-8").splitlines()[index]


def wait_input(last_input_at: Callable[[], float], earlier: float) -> None:
    """Wait until there was input after `earlier`."""
    while last_input_at() == earlier:
        Event().wait(POLL_S)


async def main(result: Path, *texts: str) -> None:
    hotkeys = open_hotkeys(build_bindings({"talk": ("f9",)}), lambda event, action: None, lambda problem: None)
    paster = WindowsPaster(UserActivity(last_input_at=hotkeys.last_input_at))
    paster.options = PasteOptions(join="auto")
    paster.start(asyncio.get_running_loop())
    following = result.with_suffix(".next")
    with result.open("w", encoding="utf-8", buffering=1) as out:
        earlier = hotkeys.last_input_at()
        print("ready", file=out, flush=True)
        for index, text in enumerate(texts):
            if await asyncio.to_thread(wait_line, following, index) == "after input":
                await asyncio.to_thread(wait_input, hotkeys.last_input_at, earlier)
            pasted = await paster.paste(text, await paster.find_target(), lambda: None)
            earlier = hotkeys.last_input_at()
            print(pasted.outcome, file=out, flush=True)
    paster.close()
    hotkeys.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), *sys.argv[2:]))
