"""Decide whether the clock can be trusted before old dictations are deleted.

A clock can be wrong by months for an hour: an empty battery, two systems on one machine, a late time server. What is
deleted in that hour is gone. So the time of the last check is stored, and after a jump, forwards or back, nothing is
deleted until the new time has lasted for a day of checks, or the old one is back. A machine that was off for weeks
looks the same, and expires a day late. A machine that is seldom on has few checks, so a check long after the last
counts too, but little: otherwise several wrong times in a row would pass for a lasting one.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import astuple, dataclass
from math import isfinite
from pathlib import Path

from desktop.core.paths import private

logger = logging.getLogger(__name__)

PLAUSIBLE_S = 18 * 3600.0
"""Longest plausible time between two checks, in seconds: a night and the hours around it."""

DAY_S = 24 * 3600.0
"""Seconds in a day, which a new time has to last."""

SELDOM_S = 6 * 3600.0
"""Seconds credited to a check that comes later than is plausible."""

OFTEN_S = 3600.0
"""Seconds between two checks that are stored."""

MOST = 200
"""Bytes of the file that are read."""


@dataclass(frozen=True, slots=True)
class Looks:
    """The result of earlier checks, in seconds since the epoch: `trusted_s` is the last trusted time. During a doubt,
    `doubted_s` is the time of the last check, and `confirmed_s` how long the new time has lasted."""

    good: float | None = None
    doubted: float | None = None
    sure_s: float = 0.0

    @property
    def believed(self) -> bool:
        """Whether what is old by this time may be deleted."""
        return self.good is not None and self.doubted is None


def look(before: Looks, now: float) -> Looks:
    """Return the state after a check at `now`."""
    if before.good is not None and abs(now - before.good) <= PLAUSIBLE_S:
        return Looks(now)
    if before.doubted is None or now < before.doubted:
        return Looks(before.good, now)
    step = now - before.doubted
    sure_s = before.sure_s + (step if step <= PLAUSIBLE_S else SELDOM_S)
    return Looks(now) if sure_s >= DAY_S else Looks(before.good, now, sure_s)


class Clock:
    """The clock checks, stored in `file`. For worker threads; errors of the file are logged, not raised."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._looks: Looks | None = None

    def believed(self, now: float, known: Callable[[], float | None]) -> bool:
        """Check the clock and return whether `now` (seconds since the epoch) can be trusted. Without an earlier check,
        `find_past_time` returns a time that has passed."""
        before = self._looks or _read(self._file)
        if before is None:
            before = Looks(known())
        self._keep(look(before, now))
        return self._looks is not None and self._looks.believed

    def glance(self, now: float) -> None:
        """Check the clock, unless the last check was recent or there was none."""
        before = self._looks
        if before is not None and abs(now - (before.doubted or before.good or 0.0)) >= OFTEN_S:
            self._keep(look(before, now))

    def _keep(self, looks: Looks) -> None:
        self._looks = looks
        try:
            part = private(self._file.parent) / f"{self._file.name}.part"
            part.write_text(json.dumps(astuple(looks)))
            part.replace(self._file)
        except OSError as error:
            logger.warning("when the clock was looked at is not kept: %s", error.strerror)


def _read(file: Path) -> Looks | None:
    """Return the stored state; None if it is invalid."""
    try:
        with file.open("rb") as opened:
            good, doubted, sure_s = json.loads(opened.read(MOST))
        looks = Looks(_time(good), _time(doubted), float(sure_s))
        return looks if isfinite(looks.sure_s) else None
    except (OSError, ValueError, TypeError, OverflowError, RecursionError):
        return None


def _time(value: object) -> float | None:
    """Return seconds since the epoch, or None. Raises `ValueError`."""
    if value is None:
        return None
    if not isinstance(value, int | float) or not isfinite(value):
        raise ValueError
    return float(value)
