"""Delete recordings that no row names: a kill left them between a recording and its row or a deletion and its file.

Names are compared, not paths, because a folder can have several. A new recording may be about to get its row, and so
may all of them while a damaged history is being imported. One that is older than the history may have its row in a
history that was moved away, and stays as long as it would there.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from desktop.history import connection as connecting
from desktop.history.history import HistoryStore
from desktop.history.retention import DAY_S
from desktop.history.schema import start_marker

RECORDING_NAME = re.compile(r"\d{8}-\d{6}-\d{6}\.flac(\.part)?")
"""The names of recordings."""

MIN_ORPHAN_AGE_S = 3600.0
"""Seconds that a recording without a row is kept."""


def delete_orphans(history: HistoryStore, path: Path, audio: Path, now: datetime, keep_days: int) -> None:
    """Delete the orphans in the folder `audio` of the `history` at `path`, where recordings are kept for `keep_days`.
    Blocks. Raises `HistoryError`, `OSError`."""
    try:
        with connecting.shared_lock(path):  # otherwise the rows might be of a history that has just been begun
            if connecting.unread_files(path):
                return
            named = {recording.name for recording in history.recording_paths()}
        begun_s = modified_at_s(start_marker(path)) or 0.0
    except OSError:
        return
    for recording in audio.iterdir() if audio.is_dir() else ():
        if (
            not RECORDING_NAME.fullmatch(recording.name)
            or recording.name in named
            or (at := modified_at_s(recording)) is None
        ):
            continue
        age_s = now.timestamp() - at
        if age_s > MIN_ORPHAN_AGE_S and (at >= begun_s or age_s > keep_days * DAY_S):
            recording.unlink(missing_ok=True)


def modified_at_s(file: Path) -> float | None:
    """Return the file's modification time in seconds since the epoch; None if it does not exist. Raises `OSError`."""
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return None
