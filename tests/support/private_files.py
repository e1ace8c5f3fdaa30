"""Whether files are their user's alone, as each system says it."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

from desktop.core.permissions import restrict_to_owner


def is_private(path: Path) -> bool:
    """Whether a file has mode 0600 and a folder 0700; in Windows, which has access lists, the app's own word."""
    if sys.platform == "win32":
        return restrict_to_owner(path)
    return stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)
