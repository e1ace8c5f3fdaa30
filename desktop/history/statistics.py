"""Statistics of many dictations, and the arithmetic that does not fit SQL; pure.

An emotion is counted by its effective label: the user's correction over the detected one, and `UNSURE_LABEL` if the
detector abstained, which is not the same as neutral. A dictation without a detected emotion is not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby, pairwise
from typing import Any

from desktop.core.types import LABELS

TYPING_WPM = 40
"""Typing speed that speaking is compared with, in words a minute. Volunteers copy 52 (Dhakal et al., CHI 2018, 168,000
people); people who compose manage 19, and 33 copying (Karat et al., CHI 1999). In between, and the usual assumption."""

UNSURE = "unsure"
KINDS = (*LABELS, UNSURE)
"""What is counted, in the order of every tally: the labels, and the dictations without a clear emotion."""

STAGES = ("release_to_text", "decode", "paste")
"""The latencies: from the key's release to the sent paste, of it the recognizer's work, and the paste itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The sums of a day, an hour or an application (`key`): dictations, words, seconds of speech, how many of each of
    `EMOTION_KINDS`, and the means of valence and arousal over those, in [-1, 1], None if there are none."""

    key: str
    dictations: int
    said: int = 0
    duration_s: float = 0.0
    kinds: tuple[int, ...] = (0,) * len(KINDS)
    valence: float | None = None
    arousal: float | None = None

    @property
    def judged(self) -> int:
        """Number of dictations with a detected emotion."""
        return sum(self.kinds)

    @property
    def words_per_minute(self) -> float | None:
        """Speed of speech."""
        return self.said * 60 / self.duration_s if self.said and self.duration_s else None

    def json(self) -> dict[str, Any]:
        """Return the tally for programs."""
        return {
            "key": self.key,
            "dictations": self.dictations,
            "words": self.said,
            "speech_s": round(self.duration_s, 1),
            "words_per_minute": _rounded(self.words_per_minute, 1),
            "emotions": dict(zip(KINDS, self.kinds, strict=True)),
            "valence": _rounded(self.valence, 3),
            "arousal": _rounded(self.arousal, 3),
        }


@dataclass(frozen=True, slots=True)
class Wait:
    """The latency of a stage: half of `count` dictations took at most `p50_ms`, 95 of 100 at most `p95_ms`."""

    stage: str
    count: int
    p50_ms: int
    p95_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Insights:
    """The statistics of one period. `total` is all of it as one tally, `saved_s` how much longer typing the delivered
    text would have taken than speaking it and waiting for it (negative if less), `corrected_count` how many emotions
    the user corrected, `is_calibrating` whether the voice of the newest dictation was not known yet. Streaks are days
    in a row, over the whole history; the current one may end yesterday, because today is not over."""

    total: Tally
    days: tuple[Tally, ...] = ()
    hours: tuple[Tally, ...] = ()
    apps: tuple[Tally, ...] = ()
    waits: tuple[Wait, ...] = ()
    saved_s: float = 0.0
    corrected: int = 0
    calibrating: bool = False
    streak_days: int = 0
    longest_streak_days: int = 0

    def json(self) -> dict[str, Any]:
        """Return the statistics for programs."""
        total = self.total.json()
        del total["key"]
        return {
            **total,
            "corrected": self.corrected,
            "calibrating": self.calibrating,
            "saved_s": round(self.saved_s),
            "typing_wpm": TYPING_WPM,
            "streak_days": self.streak_days,
            "longest_streak_days": self.longest_streak_days,
            "latency_ms": {
                wait.stage: {"count": wait.count, "p50": wait.p50_ms, "p95": wait.p95_ms} for wait in self.waits
            },
            "days": [day.json() for day in self.days],
            "hours": [hour.json() for hour in self.hours],
            "applications": [app.json() for app in self.apps],
        }


def streaks(days: Iterable[date], today: date) -> tuple[int, int]:
    """Return how many days in a row have a dictation, up to today or yesterday, and the longest such row ever. `days`
    may come in any order and repeat; days after `today` (a clock that was set back) count like any other."""
    known = sorted(set(days))
    longest = run = 0
    lengths: dict[date, int] = {}
    for before, day in pairwise([None, *known]):
        run = run + 1 if before is not None and day == before + timedelta(days=1) else 1
        longest = max(longest, run)
        if day is not None:
            lengths[day] = run
    return lengths.get(today) or lengths.get(today - timedelta(days=1), 0), longest


def wait(stage: str, counts: Mapping[int, int]) -> Wait | None:
    """Return the stage's percentiles by nearest rank, from the count of each number of milliseconds; None without
    counts."""
    total = sum(counts.values())
    if not total:
        return None
    return Wait(stage, total, *(_at(counts, share * total) for share in (0.5, 0.95)))


def merged(key: str, tallies: Sequence[Tally]) -> Tally:
    """Return several tallies as one."""
    return Tally(
        key=key,
        dictations=sum(tally.dictations for tally in tallies),
        said=sum(tally.said for tally in tallies),
        duration_s=sum(tally.duration_s for tally in tallies),
        kinds=tuple(map(sum, zip(*(tally.kinds for tally in tallies), strict=True))) or (0,) * len(KINDS),
        valence=_mean((tally.valence, tally.judged) for tally in tallies),
        arousal=_mean((tally.arousal, tally.judged) for tally in tallies),
    )


def by_week(days: Iterable[Tally]) -> tuple[Tally, ...]:
    """Return weeks, each named by its Monday, from days in order."""

    def monday(tally: Tally) -> date:
        day = date.fromisoformat(tally.key)
        return day - timedelta(days=day.weekday())

    return tuple(merged(week.isoformat(), list(group)) for week, group in groupby(days, monday))


def most(tallies: Sequence[Tally], count: int, rest: str) -> tuple[Tally, ...]:
    """Return at most `count` tallies; if there are more, the last one merges all others under the name `rest_key`."""
    if len(tallies) <= count:
        return tuple(tallies)
    return (*tallies[: count - 1], replace(merged(rest, tallies[count - 1 :]), key=rest))


def _at(counts: Mapping[int, int], rank: float) -> int:
    met = 0
    for value in sorted(counts):
        met += counts[value]
        if met >= rank:
            return value
    raise ValueError("no such rank")


def _mean(parts: Iterable[tuple[float | None, int]]) -> float | None:
    known = [(value, weight) for value, weight in parts if value is not None and weight]
    total = sum(weight for _, weight in known)
    return sum(value * weight for value, weight in known) / total if total else None


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
