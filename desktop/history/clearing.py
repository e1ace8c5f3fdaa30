"""Store when the whole history was deleted last, so that nothing spoken before comes back.

Deleting cannot reach two things itself: a recording that a crash left, and a dictation that waits in memory for its
row. Both are dropped if they began before the clearing. A dictation that was running then, from the press until it has
its row, ends after the clearing and stays: nothing that is being said is lost.

A clock may be set back between the two, so the file holds an id besides its time: what began when that id was known
began after the clearing, whatever the clock said.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from desktop.core.files import write_file
from desktop.core.paths import make_private_dir

ID_BYTES = 8

MAX_BYTES = 64
"""Bytes of the file that are read."""


@dataclass(frozen=True, slots=True)
class HistoryClearing:
    """A clearing: `id` is unique, empty if an older Intone wrote it; `at_s` is in seconds since the epoch."""

    id: str
    at_s: float


def clearing_file(path: Path) -> Path:
    """Return the file whose modification time is the last clearing of the history at `path`."""
    return path.with_name(f"{path.stem}.cleared")


def last_clearing(path: Path) -> HistoryClearing | None:
    """Return the last clearing of the history at `path`; None if there was none, or it cannot be read."""
    try:
        with clearing_file(path).open("rb") as file:
            id = file.read(MAX_BYTES).decode("ascii", "ignore").strip()
            return HistoryClearing(id, os.fstat(file.fileno()).st_mtime)
    except OSError:
        return None


def note_clearing(path: Path) -> None:
    """Store that the history at `path` is cleared now. Call it before anything is deleted. Raises `OSError`."""
    file = clearing_file(path)
    make_private_dir(file.parent)
    try:
        write_file(file, secrets.token_hex(ID_BYTES))
    except OSError:  # on a full disk only the time can be written
        file.touch(mode=0o600)
        os.truncate(file, 0)


def is_before_clearing(started_at: datetime, known_id: str, clearing: HistoryClearing | None) -> bool:
    """Return whether a dictation that started at `started_at` started before `clearing`; `known_id` is the id of the
    newest clearing known at its start, empty if unknown."""
    if clearing is None or (known_id and known_id == clearing.id):
        return False
    return started_at.timestamp() < clearing.at_s
