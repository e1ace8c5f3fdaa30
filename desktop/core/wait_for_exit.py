"""`MODULE ARGUMENT...`: wait for the end of a pipe on standard input, then run `MODULE`; a byte on the pipe cancels it.

A file of its own that imports nothing, because it waits for as long as the app runs: a bare interpreter (`-I -S`) takes
3 MB. In a bundle there is none, and the bundled program waits.
"""

from __future__ import annotations

import os
import sys


def wait_command(module: str, *arguments: str) -> list[str]:
    """Return the command that starts a waiting process; it needs `desktop.core.process.child_environ`."""
    python = ["-m", __name__] if getattr(sys, "frozen", False) else ["-I", "-S", __file__]
    return [sys.executable, *python, module, *arguments]


def main(module: str, *arguments: str) -> None:
    """Wait for the end of standard input and become `module` then; return where a byte came first."""
    if not os.read(0, 1):
        os.execv(sys.executable, [sys.executable, "-P", "-m", module, *arguments])  # noqa: S606 (no shell is needed)


if __name__ == "__main__":
    main(*sys.argv[1:])
