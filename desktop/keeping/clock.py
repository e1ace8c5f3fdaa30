"""Whether the clock is to be believed before what is old is deleted.

A clock can be wrong by months for an hour: a battery that is empty, two systems on one machine, a time server that
answers late. What is deleted in that hour is gone. So it is kept when the clock was last looked at, and after a leap,
forwards or back, nothing is deleted until the new time has gone on for a day of looks, or the old one is there again. A
machine that was off for weeks looks the same, and expires a day late. Looks are few and far between on a machine that
is seldom on, so one that comes long after the last counts too, but little: several wrong times in a row would otherwise
be taken for one that goes on.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import astuple, dataclass
from math import isfinite
from pathlib import Path

from desktop.paths import private

logger = logging.getLogger(__name__)

PLAUSIBLE_S = 18 * 3600.0
"""From one look to the next: a night and the hours around it."""

DAY_S = 24 * 3600.0
"""For so long a new time has to go on."""

SELDOM_S = 6 * 3600.0
"""What a look counts that comes later than is plausible."""

OFTEN_S = 3600.0
"""How often a look is written down."""

MOST = 200
"""Bytes of the file that are read."""


@dataclass(frozen=True, slots=True)
class Looks:
    """What earlier looks have found, in seconds since the epoch: `good` is the last time that was believed. While there
    is a doubt, `doubted` is the time of the last look, and `sure_s` how long the new time has gone on."""

    good: float | None = None
    doubted: float | None = None
    sure_s: float = 0.0

    @property
    def believed(self) -> bool:
        """Whether what is old by this time may be deleted."""
        return self.good is not None and self.doubted is None


def look(before: Looks, now: float) -> Looks:
    """What is known after a look that finds `now`."""
    if before.good is not None and abs(now - before.good) <= PLAUSIBLE_S:
        return Looks(now)
    if before.doubted is None or now < before.doubted:
        return Looks(before.good, now)
    step = now - before.doubted
    sure_s = before.sure_s + (step if step <= PLAUSIBLE_S else SELDOM_S)
    return Looks(now) if sure_s >= DAY_S else Looks(before.good, now, sure_s)


class Clock:
    """The looks, kept in `file`. For worker threads; never raises for want of it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._looks: Looks | None = None

    def believed(self, now: float, known: Callable[[], float | None]) -> bool:
        """Look, and say whether `now` (seconds since the epoch) is to be believed. Where no look is known, `known` is
        asked for a time that has been."""
        before = self._looks or _read(self._file)
        if before is None:
            before = Looks(known())
        self._keep(look(before, now))
        return self._looks is not None and self._looks.believed

    def glance(self, now: float) -> None:
        """Look, if it was not just done and there was one before."""
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
    """What was kept; None where that is nothing of ours."""
    try:
        with file.open("rb") as opened:
            good, doubted, sure_s = json.loads(opened.read(MOST))
        looks = Looks(_time(good), _time(doubted), float(sure_s))
        return looks if isfinite(looks.sure_s) else None
    except (OSError, ValueError, TypeError, OverflowError, RecursionError):
        return None


def _time(value: object) -> float | None:
    """Seconds since the epoch, or None. Raises `ValueError`."""
    if value is None:
        return None
    if not isinstance(value, int | float) or not isfinite(value):
        raise ValueError
    return float(value)
