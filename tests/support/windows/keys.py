"""Write a line for each event of the hotkeys, until this process is ended.

`python.exe -m tests.support.windows.keys RESULT TALK_KEY...`. The first line is "ready". What the events mean for a
dictation is in RESULT.intents, line by line.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from desktop.core.keys import Action, build_bindings
from desktop.hotkeys.gesture import GestureEvent
from desktop.hotkeys.gesture_runner import GestureRunner
from desktop.hotkeys.listener import open_hotkeys

OF_DICTATION = (Action.TALK, Action.CANCEL)

MAX_TAP_S = 0.8
"""How long a tap may be: twice the app's own time, for a busy machine."""


async def main(result: Path, *talk: str) -> None:
    loop = asyncio.get_running_loop()
    with (
        result.open("w", encoding="utf-8", buffering=1) as out,
        result.with_suffix(".intents").open("w", encoding="utf-8", buffering=1) as intents,
    ):
        gesture = GestureRunner(lambda intent, at: print(intent.name, file=intents, flush=True), MAX_TAP_S)

        def hear(event: GestureEvent, action: Action) -> None:
            print(event.name, action.value, file=out, flush=True)
            if action in OF_DICTATION:
                loop.call_soon_threadsafe(gesture.handle_key, event)

        hotkeys = open_hotkeys(
            build_bindings({"talk": talk, "undo": ("ctrl+alt+z",), "cancel": ("esc",)}),
            hear,
            lambda problem: print("problem", problem, file=out, flush=True) if problem else None,
        )
        hotkeys.set_cancel_enabled(True)
        print("ready", file=out, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), *sys.argv[2:]))
