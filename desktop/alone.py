"""What this process and its children leave behind is their user's alone: files, and no core dumps.

Called first, before anything is opened or started, since both are inherited and cannot be taken back.

A crash must leave no core: it would hold the last words, the sound and the keys. The limit is one byte and not none,
because the kernel hands a core to a collecting program (systemd-coredump, apport) whatever the limit is, unless it is
exactly one. Telling the kernel that we are not "dumpable" would do as well, but then the desktop's portals could not
look up who we are, and refuse keys and pasting.
"""

from __future__ import annotations

import os
import sys

NO_CORE = 1
"""Bytes: `man 5 core`, "Piping core dumps to a program", and fs/coredump.c."""


def alone() -> None:
    """Make files for this user alone, and dump no core."""
    os.umask(0o077)
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (NO_CORE, NO_CORE))
