"""How the app starts its own processes, so that they run this code and no other.

`PYTHON -m` looks in the current directory first, where anyone could put a folder named `desktop`: hence `-P` in every
such command. With it a checkout that is not installed would not be found, so `child_environ` adds its path.

Restrict this process and its children to their user: private files, no core dumps.

Called first, before anything is opened or started, since both settings are inherited and cannot be applied later.

A core dump would hold the last words, the audio and the keys. The limit is one byte and not zero, because the kernel
pipes a core to a collecting program (systemd-coredump, apport) whatever the limit is, unless it is exactly one. Marking
the process as not "dumpable" would do as well, but then the desktop's portals could not look up its identity, and would
refuse keys and pasting.

Return large freed memory to the system at once.

glibc raises its mmap threshold whenever a mapped block is freed, up to 32 MB: from then on the arrays of a minute of
audio come from heaps, one for each worker thread, and stay there. Detecting emotions for an hour moved this process
between 390 and 540 MB that way; with the threshold held at 1 MB a process that does only that stays at 80 MB instead of
160, at the same speed. The recognizer's process has a setting of its own, in `stt.local.process`.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # every command imports this module, and a key binding must not wait for asyncio
    import asyncio

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


CORE_LIMIT_BYTES = 1
"""Bytes: `man 5 core`, "Piping core dumps to a program", and fs/coredump.c."""


def restrict_to_user() -> None:
    """Create files for this user alone, and dump no core."""
    os.umask(0o077)
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (CORE_LIMIT_BYTES, CORE_LIMIT_BYTES))


M_MMAP_THRESHOLD = -3
"""`mallopt`'s parameter: `man 3 mallopt`."""

LARGE_BYTES = 2**20


def fix_mmap_threshold() -> None:
    """Hold glibc's mmap threshold at `LARGE_BYTES`. Does nothing where the C library is not glibc."""
    import ctypes  # not for the commands of key bindings

    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)
