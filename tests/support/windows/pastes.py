"""Paste texts into the window that has the focus, by the app's paster, and write how each ended.

`python.exe -m tests.support.windows.pastes RESULT TEXTS_FILE`.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import Any

from desktop.core.interfaces import UserActivity
from desktop.paste.delayed.windows import WindowsPaster
from desktop.paste.request import PasteOptions


async def paste(texts: Sequence[str]) -> list[dict[str, Any]]:
    paster = WindowsPaster(UserActivity())
    paster.options = PasteOptions(join="none")
    paster.start(asyncio.get_running_loop())
    done = []
    try:
        for text in texts:
            began = monotonic()
            target = await paster.find_target()
            result = await paster.paste(text, target, lambda: None)
            notes = [note.code for note in result.notes]
            done.append(
                {"outcome": result.outcome, "notes": notes, "app": target.app, "took_s": round(monotonic() - began, 3)}
            )
    finally:
        paster.close()
    return done


if __name__ == "__main__":
    texts = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    Path(sys.argv[1]).write_text(json.dumps(asyncio.run(paste(texts))), encoding="utf-8")
