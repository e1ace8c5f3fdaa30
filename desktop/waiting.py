"""`MODULE ARGUMENT...`: wait for the end of a pipe on standard input, and become `MODULE` then; a byte says that nobody
is needed any more.

A file of its own, that imports nothing, because it waits for as long as the app runs: a bare interpreter (`-I -S`) has
3 MB of its own. In a bundle there is none, and the bundled program waits.
"""

from __future__ import annotations

import os
import sys


def command(module: str, *arguments: str) -> list[str]:
    """What starts a process that waits; it needs `children.environ`."""
    python = ["-m", __name__] if getattr(sys, "frozen", False) else ["-I", "-S", __file__]
    return [sys.executable, *python, module, *arguments]


def main(module: str, *arguments: str) -> None:
    """Wait."""
    if not os.read(0, 1):
        os.execv(sys.executable, [sys.executable, "-P", "-m", module, *arguments])  # noqa: S606 (no shell is wanted)


if __name__ == "__main__":
    main(*sys.argv[1:])
