"""Recordings that no row names go: a kill has left them, between a recording and its row or a deletion and its file.

By their names alone, since a folder can be known by several. What is new may be about to get its row, and so may all of
them while a damaged history is being read. What is older than the history may have its row in one that was moved away,
and stays as long as it would there.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from desktop.history import History, connecting
from desktop.history.schema import begun
from desktop.keeping.clock import DAY_S

OURS = re.compile(r"\d{8}-\d{6}-\d{6}\.flac(\.part)?")
"""The names that recordings are given."""

ORPHAN_S = 3600.0
"""How old a recording without a row is before it goes."""


def sweep(history: History, path: Path, audio: Path, now: datetime, keep_days: int) -> None:
    """Delete those in the folder `audio`, of the `history` at `path`, in which recordings stay for `keep_days`. Blocks.
    Raises `HistoryProblem`, `OSError`."""
    try:
        with connecting.shared(path):  # or the rows might be those of a history that has just been begun
            if connecting.unread(path):
                return
            named = {recording.name for recording in history.recordings()}
        begun_s = written_s(begun(path)) or 0.0
    except OSError:
        return
    for recording in audio.iterdir() if audio.is_dir() else ():
        if not OURS.fullmatch(recording.name) or recording.name in named or (at := written_s(recording)) is None:
            continue
        age_s = now.timestamp() - at
        if age_s > ORPHAN_S and (at >= begun_s or age_s > keep_days * DAY_S):
            recording.unlink(missing_ok=True)


def written_s(file: Path) -> float | None:
    """When it was, in seconds since the epoch; None where there is no such file. Raises `OSError`."""
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return None
