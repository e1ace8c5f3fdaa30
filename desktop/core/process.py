"""How the app starts its own processes, so that they run this code and no other.

`PYTHON -m` looks in the current directory first, where anyone could put a folder named `desktop`: hence `-P` in every
such command. With it a checkout that is not installed would not be found, so `child_environ` adds its path.
"""

from __future__ import annotations

import asyncio
import os
import sys
import sysconfig
from collections.abc import AsyncIterator
from pathlib import Path

PACKAGE_ROOT = Path(__file__).parents[2]
"""The folder of our packages."""


def child_environ(**extra: str) -> dict[str, str]:
    """Return the environment of a child process with `extra` added; it finds our packages where this process found
    them."""
    installed = getattr(sys, "frozen", False) or str(PACKAGE_ROOT) in map(sysconfig.get_path, ("purelib", "platlib"))
    paths = [str(PACKAGE_ROOT)] if not installed else []
    paths += filter(None, [os.environ.get("PYTHONPATH")])
    path = {"PYTHONPATH": os.pathsep.join(paths)} if paths else {}
    return {**os.environ, **path, **extra}


async def read_lines(output: asyncio.StreamReader) -> AsyncIterator[str]:
    """Yield the lines of a process's output until it ends.

    A line that is longer than the reader takes (64 KiB) is skipped: a reader that stopped there would block the process
    as well, at a full pipe.
    """
    while True:
        try:
            line = await output.readline()
        except ValueError:
            continue
        if not line:
            return
        yield line.decode(errors="replace").strip()
