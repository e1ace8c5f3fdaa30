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

from desktop.core.types import EMOTION_LABELS

TYPING_WPM = 40
"""Typing speed that speaking is compared with, in words a minute. Volunteers copy 52 (Dhakal et al., CHI 2018, 168,000
people); people who compose manage 19, and 33 copying (Karat et al., CHI 1999). In between, and the usual assumption."""

UNSURE_LABEL = "unsure"
EMOTION_KINDS = (*EMOTION_LABELS, UNSURE_LABEL)
"""What is counted, in the order of every tally: the labels, and the dictations without a clear emotion."""

LATENCY_STAGES = ("release_to_text", "decode", "paste")
"""The latencies: from the key's release to the sent paste, of it the recognizer's work, and the paste itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The sums of a day, an hour or an application (`key`): dictations, words, seconds of speech, how many of each of
    `EMOTION_KINDS`, and the means of valence and arousal over those, in [-1, 1], None if there are none."""

    key: str
    dictations: int
    words: int = 0
    duration_s: float = 0.0
    emotion_counts: tuple[int, ...] = (0,) * len(EMOTION_KINDS)
    valence: float | None = None
    arousal: float | None = None

    @property
    def emotion_count(self) -> int:
        """Number of dictations with a detected emotion."""
        return sum(self.emotion_counts)

    @property
    def words_per_minute(self) -> float | None:
        """Speed of speech."""
        return self.words * 60 / self.duration_s if self.words and self.duration_s else None

    def to_json(self) -> dict[str, Any]:
        """Return the tally for programs."""
        return {
            "key": self.key,
            "dictations": self.dictations,
            "words": self.words,
            "speech_s": round(self.duration_s, 1),
            "words_per_minute": _round_optional(self.words_per_minute, 1),
            "emotions": dict(zip(EMOTION_KINDS, self.emotion_counts, strict=True)),
            "valence": _round_optional(self.valence, 3),
            "arousal": _round_optional(self.arousal, 3),
        }


@dataclass(frozen=True, slots=True)
class StageLatency:
    """The latency of a stage: half of `count` dictations took at most `p50_ms`, 95 of 100 at most `p95_ms`."""

    stage: str
    count: int
    p50_ms: int
    p95_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryStatistics:
    """The statistics of one period. `total` is all of it as one tally, `saved_s` how much longer typing the delivered
    text would have taken than speaking it and waiting for it (negative if less), `corrected_count` how many emotions
    the user corrected, `is_calibrating` whether the voice of the newest dictation was not known yet. Streaks are days
    in a row, over the whole history; the current one may end yesterday, because today is not over."""

    total: Tally
    days: tuple[Tally, ...] = ()
    hours: tuple[Tally, ...] = ()
    apps: tuple[Tally, ...] = ()
    latencies: tuple[StageLatency, ...] = ()
    saved_s: float = 0.0
    corrected_count: int = 0
    is_calibrating: bool = False
    streak_days: int = 0
    longest_streak_days: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return the statistics for programs."""
        total = self.total.to_json()
        del total["key"]
        return {
            **total,
            "corrected": self.corrected_count,
            "calibrating": self.is_calibrating,
            "saved_s": round(self.saved_s),
            "typing_wpm": TYPING_WPM,
            "streak_days": self.streak_days,
            "longest_streak_days": self.longest_streak_days,
            "latency_ms": {
                wait.stage: {"count": wait.count, "p50": wait.p50_ms, "p95": wait.p95_ms} for wait in self.latencies
            },
            "days": [day.to_json() for day in self.days],
            "hours": [hour.to_json() for hour in self.hours],
            "applications": [app.to_json() for app in self.apps],
        }


def count_streaks(days: Iterable[date], today: date) -> tuple[int, int]:
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


def compute_latency(stage: str, counts: Mapping[int, int]) -> StageLatency | None:
    """Return the stage's percentiles by nearest rank, from the count of each number of milliseconds; None without
    counts."""
    total = sum(counts.values())
    if not total:
        return None
    return StageLatency(stage, total, *(_value_at_rank(counts, share * total) for share in (0.5, 0.95)))


def merge_tallies(key: str, tallies: Sequence[Tally]) -> Tally:
    """Return several tallies as one."""
    return Tally(
        key=key,
        dictations=sum(tally.dictations for tally in tallies),
        words=sum(tally.words for tally in tallies),
        duration_s=sum(tally.duration_s for tally in tallies),
        emotion_counts=tuple(map(sum, zip(*(tally.emotion_counts for tally in tallies), strict=True)))
        or (0,) * len(EMOTION_KINDS),
        valence=_weighted_mean((tally.valence, tally.emotion_count) for tally in tallies),
        arousal=_weighted_mean((tally.arousal, tally.emotion_count) for tally in tallies),
    )


def group_by_week(days: Iterable[Tally]) -> tuple[Tally, ...]:
    """Return weeks, each named by its Monday, from days in order."""

    def monday(tally: Tally) -> date:
        day = date.fromisoformat(tally.key)
        return day - timedelta(days=day.weekday())

    return tuple(merge_tallies(week.isoformat(), list(group)) for week, group in groupby(days, monday))


def limit_tallies(tallies: Sequence[Tally], count: int, rest_key: str) -> tuple[Tally, ...]:
    """Return at most `count` tallies; if there are more, the last one merges all others under the name `rest_key`."""
    if len(tallies) <= count:
        return tuple(tallies)
    return (*tallies[: count - 1], replace(merge_tallies(rest_key, tallies[count - 1 :]), key=rest_key))


def _value_at_rank(counts: Mapping[int, int], rank: float) -> int:
    met = 0
    for value in sorted(counts):
        met += counts[value]
        if met >= rank:
            return value
    raise ValueError("no such rank")


def _weighted_mean(parts: Iterable[tuple[float | None, int]]) -> float | None:
    known = [(value, weight) for value, weight in parts if value is not None and weight]
    total = sum(weight for _, weight in known)
    return sum(value * weight for value, weight in known) / total if total else None


def _round_optional(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
