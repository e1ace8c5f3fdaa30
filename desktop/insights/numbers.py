"""What there is to know about many dictations, and the little arithmetic that SQL is no place for: pure.

An emotion is counted as what was told of it: a person's correction over the engine's label, and `UNSURE` where the
engine held back, which is not the same as a neutral one. Where none was looked for, none is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby, pairwise
from typing import Any

from desktop.ports import LABELS

TYPING_WPM = 40
"""How many words a minute one would have typed. Volunteers copy 52 (Dhakal et al., CHI 2018, 168,000 people); who
thinks up what is written manages 19, and 33 copying (Karat et al., CHI 1999). In between, and what is usually
taken."""

UNSURE = "unsure"
KINDS = (*LABELS, UNSURE)
"""What is counted, in the order of every tally: the labels, and those dictations of which nothing could be told."""

STAGES = ("release_to_text", "decode", "paste")
"""What is waited for: from the key's release to the sent paste, of it the recognizer's work, and the paste itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A day, an hour or an application (`key`): how many dictations, how many words in how many seconds of speech, and
    how they sounded: how many of each of `KINDS`, and the means over those, in [-1, 1]. None where there were none."""

    key: str
    dictations: int
    said: int = 0
    duration_s: float = 0.0
    kinds: tuple[int, ...] = (0,) * len(KINDS)
    valence: float | None = None
    arousal: float | None = None

    @property
    def judged(self) -> int:
        """Of how many it was told how they sounded."""
        return sum(self.kinds)

    @property
    def words_per_minute(self) -> float | None:
        """How fast was spoken."""
        return self.said * 60 / self.duration_s if self.said and self.duration_s else None

    def json(self) -> dict[str, Any]:
        """It for programs."""
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
    """How long a stage took: half of `count` dictations at most `p50_ms`, 95 of 100 at most `p95_ms`."""

    stage: str
    count: int
    p50_ms: int
    p95_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Insights:
    """Everything, over one period. `total` is all of it as one tally, `saved_s` how much longer typing what arrived
    would have taken than speaking it and waiting for it (negative where it would not), `corrected` how many emotions a
    person set right, `calibrating` whether the voice of the newest dictation was not known yet. Streaks are days in a
    row, over the whole history; the current one may end yesterday, since today is not over."""

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
        """It for programs."""
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
    """How many days in a row have a dictation, up to today or yesterday, and how many the longest row ever had. `days`
    may come in any order and more than once; what lies ahead of `today` (a clock that was set back) counts no more
    than any other day."""
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
    """The stage's percentiles by nearest rank, from how often each number of milliseconds was met; None of nothing."""
    total = sum(counts.values())
    if not total:
        return None
    return Wait(stage, total, *(_at(counts, share * total) for share in (0.5, 0.95)))


def merged(key: str, tallies: Sequence[Tally]) -> Tally:
    """Several tallies as one."""
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
    """Days, in order, as weeks, each by its Monday."""

    def monday(tally: Tally) -> date:
        day = date.fromisoformat(tally.key)
        return day - timedelta(days=day.weekday())

    return tuple(merged(week.isoformat(), list(group)) for week, group in groupby(days, monday))


def most(tallies: Sequence[Tally], count: int, rest: str) -> tuple[Tally, ...]:
    """The first `count` of `tallies`, and all others as one that is called `rest`."""
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
