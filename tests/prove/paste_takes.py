"""A paster of the code that is imported, told what to paste line by line.

It imports nothing of the tests, since it also runs with the code of an older commit.
"""

from __future__ import annotations

import asyncio
import json
import sys
from time import monotonic
from typing import Any

try:
    from desktop.paste.x11.paster import X11Paster
except ModuleNotFoundError:  # the older commit, whose names differ
    from desktop.paste.x11 import X11Paster as OlderPaster

    def make_paster() -> Any:
        """The older paster, with the methods' newer names."""
        paster: Any = OlderPaster(keeps=True)
        paster.find_target = paster.target
        return paster
else:

    def make_paster() -> Any:
        """The paster of this code."""
        return X11Paster(restores_after_crash=True)


async def main() -> None:
    """For each line of standard input: paste it into the window with the focus, and print times (monotonic)."""
    paster = make_paster()
    paster.start(asyncio.get_running_loop())
    try:
        while text := (await asyncio.to_thread(sys.stdin.readline)).rstrip("\n"):
            took: dict[str, Any] = {"released": monotonic()}
            result = await paster.paste(text, await paster.find_target(), lambda: None)
            took |= {"known": monotonic(), "outcome": result.outcome}
            sys.stdout.write(json.dumps(took) + "\n")
            sys.stdout.flush()
    finally:
        paster.close()


asyncio.run(main())
