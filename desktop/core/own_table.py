"""Read a TOML file that the user writes by hand. It may be missing, and an error in it costs no dictation."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any


def read_user_table(path: Path, warnings: list[str]) -> dict[str, Any]:
    """Return the contents of the file at `path`; empty where it is missing or cannot be read.

    `warnings` gets a sentence where it cannot be read. Never raises.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        warnings.append(f"{path.name} cannot be read: {error}.")
        return {}
