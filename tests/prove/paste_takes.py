"""A paster of the code that is imported, told what to paste line by line.

It imports nothing of the tests, since it also runs with the code of an older commit.
"""

from __future__ import annotations

import asyncio
import json
import sys
from time import monotonic
from typing import Any

from desktop.paste.x11.paster import X11Paster


async def main() -> None:
    """For each line of standard input: paste it into the window with the focus, and print times (monotonic)."""
    paster = X11Paster(restores_after_crash=True)
    paster.start(asyncio.get_running_loop())
    try:
        while text := (await asyncio.to_thread(sys.stdin.readline)).rstrip("\n"):
            took: dict[str, Any] = {"released": monotonic()}
            delivery = await paster.paste(text, await paster.find_target(), lambda: None)
            took |= {"known": monotonic(), "outcome": delivery.outcome}
            sys.stdout.write(json.dumps(took) + "\n")
            sys.stdout.flush()
    finally:
        paster.close()


asyncio.run(main())
