"""Write a line for each event of the hotkeys, until this process is ended.

`python.exe -m tests.support.windows.keys RESULT TALK_KEY...`. The first line is "ready".
"""

from __future__ import annotations

import sys
from pathlib import Path
from threading import Event

from desktop.core.keys import build_bindings
from desktop.hotkeys.listener import open_hotkeys


def main(result: Path, *talk: str) -> None:
    with result.open("w", encoding="utf-8", buffering=1) as out:
        bindings = build_bindings({"talk": talk, "undo": ("ctrl+alt+z",), "cancel": ("esc",)})
        hotkeys = open_hotkeys(
            bindings,
            lambda event, action: print(event.name, action.value, file=out, flush=True),
            lambda problem: print("problem", problem, file=out, flush=True) if problem else None,
        )
        hotkeys.set_cancel_enabled(True)
        print("ready", file=out, flush=True)
        Event().wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
