"""Read and write files in the ways that several parts of the app share."""

from __future__ import annotations

import os
import sys
import tomllib
from pathlib import Path
from typing import Any


def read_user_toml(path: Path, warnings: list[str]) -> dict[str, Any]:
    """Return the contents of a TOML file that the user edits; empty where it is missing or cannot be read.

    A sentence is added to `warnings` where it cannot be read. Never raises: an error in it costs no dictation.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        warnings.append(f"{path.name} cannot be read: {error}.")
        return {}


def sync_dir(folder: Path) -> None:
    """Flush the names in `folder` to the disk, as fsync does for files.

    Otherwise a power cut undoes a rename and keeps a deletion that came later. Does nothing on Windows, which has no
    such call and flushes them itself.
    """
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
