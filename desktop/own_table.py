"""A table that the person writes by hand, in TOML: it need not be there, and what is wrong in it costs no dictation."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any


def read(path: Path, dropped: list[str]) -> dict[str, Any]:
    """What the file at `path` says; nothing where it is not there or cannot be read, for which `dropped` gets a
    sentence. Never raises."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        dropped.append(f"{path.name} cannot be read: {error}.")
        return {}
