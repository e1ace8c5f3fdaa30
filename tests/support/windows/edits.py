"""Paste, undo and edit in the window that has the focus, by the app's paster, and write what each step came to.

`python.exe -m tests.support.windows.edits RESULT STEPS_FILE`. A step is a list: `["paste", text]`, `["around", before,
after]`, `["undo"]`, `["swap", other]`, `["select", begin, end]` in the focused control, `["selection"]`, `["edit",
text]` of what is selected, or `["field"]`: what is read to notice a correction.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from desktop.core.interfaces import UserActivity
from desktop.core.types import PasteResult
from desktop.paste.delayed.windows import WindowsPaster
from desktop.paste.delayed.windows_field_reader import WindowsFieldReader
from desktop.paste.request import PasteOptions
from desktop.platforms.windows.focus import find_focused_control, find_foreground_window

EM_SETSEL = 0x00B1

user32 = ctypes.WinDLL("user32")  # type: ignore[attr-defined,unused-ignore]
user32.SendMessageW.argtypes = (ctypes.c_ssize_t, ctypes.c_uint32, ctypes.c_size_t, ctypes.c_ssize_t)


async def run(steps: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    paster = WindowsPaster(UserActivity())
    paster.options = PasteOptions(join="none")
    paster.start(asyncio.get_running_loop())
    try:
        return [await do(paster, step) for step in steps]
    finally:
        paster.close()


async def do(paster: WindowsPaster, step: Sequence[Any]) -> dict[str, Any]:
    target = await paster.find_target()
    match step:
        case ["paste", str(text)]:
            return told(await paster.paste(text, target, nothing))
        case ["around", str(before), str(after)]:
            return told(await paster.paste_around(before, after, target, nothing))
        case ["undo"]:
            return told(await paster.undo_paste((), nothing))
        case ["swap", str(spoken), str(other)]:
            return told(await paster.undo_paste((spoken, other), nothing))
        case ["select", int(begin), int(end)]:
            user32.SendMessageW(find_focused_control(find_foreground_window().handle), EM_SETSEL, begin, end)
            return {}
        case ["selection"]:
            selection = await paster.copy_selection(await paster.read_selection(), target)
            return {"text": selection.text, "notes": [note.code for note in selection.refusal]}
        case ["field"]:
            assert target.field is not None
            return {"text": await WindowsFieldReader().read_field(target.field.address)}
        case ["edit", str(text)]:
            selection = await paster.copy_selection(await paster.read_selection(), target)
            return told(await paster.replace_selection(selection, text, target, nothing))
        case _:
            raise ValueError(step)


def nothing() -> None: ...


def told(result: PasteResult) -> dict[str, Any]:
    return {"outcome": result.outcome, "notes": [note.code for note in result.notes]}


if __name__ == "__main__":
    steps = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    Path(sys.argv[1]).write_text(json.dumps(asyncio.run(run(steps))), encoding="utf-8")
