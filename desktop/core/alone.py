"""Restrict this process and its children to their user: private files, no core dumps.

Called first, before anything is opened or started, since both settings are inherited and cannot be applied later.

A core dump would hold the last words, the audio and the keys. The limit is one byte and not zero, because the kernel
pipes a core to a collecting program (systemd-coredump, apport) whatever the limit is, unless it is exactly one. Marking
the process as not "dumpable" would do as well, but then the desktop's portals could not look up its identity, and would
refuse keys and pasting.
"""

from __future__ import annotations

import os
import sys

CORE_LIMIT_BYTES = 1
"""Bytes: `man 5 core`, "Piping core dumps to a program", and fs/coredump.c."""


def restrict_to_user() -> None:
    """Create files for this user alone, and dump no core."""
    os.umask(0o077)
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (CORE_LIMIT_BYTES, CORE_LIMIT_BYTES))
