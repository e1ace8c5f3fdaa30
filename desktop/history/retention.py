"""Delete by age: what has expired, only when the clock can be trusted, and recordings that no row names.

A clock can be wrong by months for an hour: an empty battery, two systems on one machine, a late time server. What is
deleted in that hour is gone, so nothing is deleted by a clock that has just jumped.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import astuple, dataclass
from datetime import datetime
from math import isfinite
from pathlib import Path

from desktop.core.files import write_file
from desktop.core.locks import remove_file
from desktop.core.paths import make_private_dir
from desktop.history import connection
from desktop.history.deletion import RETRY_DAYS
from desktop.history.schema import start_marker
from desktop.history.store import HistoryStore
from desktop.settings.schema import HistorySettings

logger = logging.getLogger(__name__)

MAX_PLAUSIBLE_GAP_S = 18 * 3600.0
"""Longest plausible time between two checks, in seconds: a night and the hours around it."""

DAY_S = 24 * 3600.0
"""Seconds in a day, which a new time has to last."""

LATE_CHECK_S = 6 * 3600.0
"""Seconds credited to a check that comes later than is plausible."""

STORE_INTERVAL_S = 3600.0
"""Seconds between two checks that are stored."""

MAX_FILE_BYTES = 200
"""Bytes of the file that are read."""

RECORDING_NAME = re.compile(r"\d{8}-\d{6}-\d{6}\.flac(\.part)?")
"""The names of recordings."""

MIN_ORPHAN_AGE_S = 3600.0
"""Seconds that a recording without a row is kept."""


@dataclass(frozen=True, slots=True)
class ClockState:
    """The result of the clock checks so far.

    `trusted_s` is the last trusted time (seconds since the epoch). After a jump of the clock, `untrusted_s` is the time
    of the last check, and `confirmed_s` the seconds for which the new time has lasted.
    """

    trusted_s: float | None = None
    untrusted_s: float | None = None
    confirmed_s: float = 0.0

    @property
    def is_trusted(self) -> bool:
        """Whether what is old by this time may be deleted."""
        return self.trusted_s is not None and self.untrusted_s is None


def check_clock(state: ClockState, now: float) -> ClockState:
    """Return the state after a check at `now`; pure.

    After a jump, forwards or back, nothing is deleted until the new time has lasted for a day of checks, or the old one
    is back. A machine that was off for weeks looks the same, and expires a day late. A machine that is seldom on has
    few checks, so a check long after the last counts too, but little: otherwise several wrong times in a row would pass
    for a lasting one.
    """
    if state.trusted_s is not None and abs(now - state.trusted_s) <= MAX_PLAUSIBLE_GAP_S:
        return ClockState(now)
    if state.untrusted_s is None or now < state.untrusted_s:
        return ClockState(state.trusted_s, now)
    step = now - state.untrusted_s
    confirmed_s = state.confirmed_s + (step if step <= MAX_PLAUSIBLE_GAP_S else LATE_CHECK_S)
    return ClockState(now) if confirmed_s >= DAY_S else ClockState(state.trusted_s, now, confirmed_s)


class ClockGuard:
    """The clock checks, stored in `file`. For worker threads; errors of the file are logged, not raised."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._state: ClockState | None = None

    def is_trusted(self, now: float, find_past_time: Callable[[], float | None]) -> bool:
        """Check the clock and return whether `now` (seconds since the epoch) can be trusted. Without an earlier check,
        `find_past_time` returns a time that has passed."""
        previous = self._state or _load_clock_state(self._file) or ClockState(find_past_time())
        self._save(check_clock(previous, now))
        return self._state is not None and self._state.is_trusted

    def check_if_due(self, now: float) -> None:
        """Check the clock, unless the last check was recent or there was none."""
        state = self._state
        if state is not None and abs(now - (state.untrusted_s or state.trusted_s or 0.0)) >= STORE_INTERVAL_S:
            self._save(check_clock(state, now))

    def _save(self, state: ClockState) -> None:
        self._state = state
        try:
            make_private_dir(self._file.parent)
            write_file(self._file, json.dumps(astuple(state)))
        except OSError as error:
            logger.warning("the clock check could not be saved: %s", error.strerror)


def _load_clock_state(file: Path) -> ClockState | None:
    """Return the stored state; None if it is invalid."""
    try:
        with file.open("rb") as stream:
            trusted_s, untrusted_s, confirmed_s = json.loads(stream.read(MAX_FILE_BYTES))
        state = ClockState(_parse_time(trusted_s), _parse_time(untrusted_s), float(confirmed_s))
        return state if isfinite(state.confirmed_s) else None
    except (OSError, ValueError, TypeError, OverflowError, RecursionError):
        return None


def _parse_time(value: object) -> float | None:
    """Return seconds since the epoch, or None. Raises `ValueError`."""
    if value is None:
        return None
    if not isinstance(value, int | float) or not isfinite(value):
        raise ValueError
    return float(value)


def delete_expired(history: HistoryStore, path: Path, audio: Path, settings: HistorySettings, now: datetime) -> None:
    """Delete the texts and recordings of the `history` at `path` that have expired at `now`, and orphans in the folder
    `audio`. Blocks. Raises `HistoryError`, `OSError`."""
    if settings.keep_text_days:
        history.expire_text(settings.keep_text_days, now)
    history.expire_audio(settings.keep_audio_days, now)
    if settings.max_audio_mb:
        history.limit_audio(settings.max_audio_mb * 1_000_000, now)
    delete_orphans(history, path, audio, now, max(settings.keep_audio_days, RETRY_DAYS))


def delete_orphans(history: HistoryStore, path: Path, audio: Path, now: datetime, keep_days: int) -> None:
    """Delete recordings in the folder `audio` that no row of the `history` at `path` names; recordings are kept for
    `keep_days`. Blocks. Raises `HistoryError`, `OSError`.

    A kill leaves them between a recording and its row, or a deletion and its file. Names are compared, not paths,
    because a folder can have several. A new recording may be about to get its row, and so may all of them while a
    damaged history is being imported. One that is older than the history may have its row in a history that was moved
    away, and stays as long as it would there.

    Raises `OSError` for the first that could not be removed, after the others are removed.
    """
    try:
        with connection.shared_lock(path):  # otherwise the rows might be of a history that has just been begun
            if connection.unread_files(path):
                return
            named = {recording.name for recording in history.recording_paths()}
        begun_s = modified_at_s(start_marker(path)) or 0.0
    except OSError:
        return
    failed = list[OSError]()
    for recording in audio.iterdir() if audio.is_dir() else ():
        if (
            not RECORDING_NAME.fullmatch(recording.name)
            or recording.name in named
            or (recorded_s := modified_at_s(recording)) is None
        ):
            continue
        age_s = now.timestamp() - recorded_s
        if age_s > MIN_ORPHAN_AGE_S and (recorded_s >= begun_s or age_s > keep_days * DAY_S):
            try:
                with suppress(FileNotFoundError):
                    remove_file(recording)
            except OSError as error:
                failed.append(error)
    if failed:
        raise failed[0]


def modified_at_s(file: Path) -> float | None:
    """Return the file's modification time in seconds since the epoch; None if it does not exist. Raises `OSError`."""
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return None
