"""`python -m tests.support.killed_calls FILE`: mute the user in calls by the app's own muter until killed.

`muted` is written to standard output once the programs that record are muted.
"""

from __future__ import annotations

import sys
from pathlib import Path

import anyio

from desktop.app.factory import create_call_muter
from desktop.audio.calls.muter import CallMutes


async def main(file: Path) -> None:
    def say(mutes: CallMutes) -> None:
        if mutes.programs:
            sys.stdout.write("muted\n")
            sys.stdout.flush()

    muter = create_call_muter(file, say)
    assert muter is not None
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(muter.run)
        async with muter.muting():
            await anyio.sleep_forever()


if __name__ == "__main__":
    anyio.run(main, Path(sys.argv[1]))
