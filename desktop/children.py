"""What the app's own processes are started with, so that they run this code and nobody else's.

`PYTHON -m` looks in the current directory first, and whoever can put a folder named `desktop` there would have it run:
hence `-P`, in every such command. It leaves a checkout that is not installed to be found, which `environ` sees to.
"""

from __future__ import annotations

import asyncio
import os
import sys
import sysconfig
from collections.abc import AsyncIterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
"""Where our packages lie."""


def environ(**more: str) -> dict[str, str]:
    """The environment of such a process, and `more`: it looks for our packages where this process has found them."""
    installed = getattr(sys, "frozen", False) or str(ROOT) in map(sysconfig.get_path, ("purelib", "platlib"))
    paths = [str(ROOT)] if not installed else []
    paths += filter(None, [os.environ.get("PYTHONPATH")])
    known = {"PYTHONPATH": os.pathsep.join(paths)} if paths else {}
    return {**os.environ, **known, **more}


async def lines(output: asyncio.StreamReader) -> AsyncIterator[str]:
    """The lines of a process's output until it ends. One that is longer than the reader takes (64 KiB) is left out: a
    reader that stops there would stop the process as well, at a full pipe."""
    while True:
        try:
            line = await output.readline()
        except ValueError:
            continue
        if not line:
            return
        yield line.decode(errors="replace").strip()
