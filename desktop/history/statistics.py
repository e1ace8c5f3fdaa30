"""Compute the statistics of the history: a few grouped queries that read no text, and arithmetic that does not fit SQL.

An emotion is counted by its effective label: the user's correction over the detected one, and `UNSURE_LABEL` if the
detector abstained, which is not the same as neutral. A dictation without a detected emotion is not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, pairwise
from pathlib import Path
from sqlite3 import Connection, Row
from typing import Any

from desktop.core.types import DELIVERED_OUTCOMES, EMOTION_LABELS, NEAR_NEUTRAL
from desktop.history.schema import open_history

TYPING_WPM = 40
"""Typing speed that speaking is compared with, in words a minute. Volunteers copy 52 (Dhakal et al., CHI 2018, 168,000
people); people who compose manage 19, and 33 copying (Karat et al., CHI 1999). In between, and the usual assumption."""

UNSURE_LABEL = "unsure"
EMOTION_KINDS = (*EMOTION_LABELS, UNSURE_LABEL)
"""What is counted, in the order of every tally: the labels, and the dictations without a clear emotion."""

LATENCY_STAGES = ("release_to_text", "decode", "paste")
"""The stages whose latency is measured: from the key's release to the sent paste, of it the recognizer's work, and the
paste itself."""

_STAGE_COLUMNS = {"release_to_text": "release_ms", "decode": "decode_ms", "paste": "paste_ms"}

_EMOTION_COUNTS_SQL = ", ".join(
    [f"count(*) FILTER (WHERE label = '{label}' AND NOT abstained) AS {label}" for label in EMOTION_LABELS]
    + ["count(*) FILTER (WHERE label IS NOT NULL AND abstained) AS unsure"]
)


def _near_neutral_sql(column: str) -> str:
    """Return a SQL expression for valence or arousal, held near 0 for the label neutral. Rows of older versions have
    the value from before the label was decided, so that polite words counted as joy."""
    return f"CASE WHEN label = 'neutral' THEN max(-{NEAR_NEUTRAL}, min({NEAR_NEUTRAL}, {column})) ELSE {column} END"


_TALLY_SQL = f"""
    count(*) AS dictations,
    coalesce(sum(said) FILTER (WHERE duration_s > 0), 0) AS said,
    coalesce(sum(duration_s) FILTER (WHERE said > 0), 0.0) AS duration_s,
    avg({_near_neutral_sql("valence")}) AS valence,
    avg({_near_neutral_sql("arousal")}) AS arousal,
    {_EMOTION_COUNTS_SQL}
"""
_DAY_SQL = f"""
    sum(corrected) AS corrected,
    coalesce(sum(written * 60.0 / {TYPING_WPM} - duration_s - coalesce(release_ms, 0) / 1000.0) FILTER (
        WHERE written > 0 AND delivery IN ({", ".join(f"'{outcome}'" for outcome in DELIVERED_OUTCOMES)})
    ), 0.0) AS saved_s
"""


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
                latency.stage: {"count": latency.count, "p50": latency.p50_ms, "p95": latency.p95_ms}
                for latency in self.latencies
            },
            "days": [day.to_json() for day in self.days],
            "hours": [hour.to_json() for hour in self.hours],
            "applications": [app.to_json() for app in self.apps],
        }


def compute_statistics(path: Path, today: date, since: datetime | None = None) -> HistoryStatistics:
    """Return the statistics of the dictations in the history at `path` that began at `since` or later; `today` is the
    user's date. Blocks, for a fifth of a second with 100,000 dictations; raises `HistoryError`."""
    where = "TRUE"
    values: dict[str, object] = {}
    if since is not None:
        # No clock is a day off UTC, so that the days, by which the table is ordered, narrow it down first.
        values |= {"day": (since.astimezone(UTC) - timedelta(days=1)).date().isoformat(), "since": since.timestamp()}
        where = "day >= :day AND started_s >= :since"
    with open_history(path) as connection:
        connection.execute("BEGIN")  # one snapshot for all queries

        def select_rows(*keys: str, extra: str = "") -> list[Row]:
            by = ", ".join(keys)
            sql = f"SELECT {by}, {_TALLY_SQL} {extra} FROM figures WHERE {where} GROUP BY {by} ORDER BY {by}"
            return connection.execute(sql, values).fetchall()

        day_rows, hour_app_rows = select_rows("day", extra=f", {_DAY_SQL}"), select_rows("hour", "app")
        days = tuple(_parse_tally(row, "day") for row in day_rows)
        streak, longest = count_streaks(_load_days(connection) if since else map(_tally_date, days), today)
        return HistoryStatistics(
            total=merge_tallies("", days) if days else Tally(key="", dictations=0),
            days=days,
            hours=_tallies_by("hour", hour_app_rows),
            apps=tuple(sorted(_tallies_by("app", hour_app_rows), key=lambda app: -app.dictations)),
            latencies=tuple(
                latency
                for stage in LATENCY_STAGES
                if (
                    latency := compute_latency(
                        stage, _count_milliseconds(connection, _STAGE_COLUMNS[stage], where, values)
                    )
                )
                is not None
            ),
            saved_s=sum(row["saved_s"] for row in day_rows),
            corrected_count=sum(row["corrected"] for row in day_rows),
            is_calibrating=_is_calibrating(connection),
            streak_days=streak,
            longest_streak_days=longest,
        )


def _tallies_by(key: str, rows: list[Row]) -> tuple[Tally, ...]:
    """Merge the rows of each value of the column `key` into a tally, in its order."""
    groups: dict[Any, list[Tally]] = {}
    for row in rows:
        groups.setdefault(row[key], []).append(_parse_tally(row, key))
    return tuple(merge_tallies(str(value), groups[value]) for value in sorted(groups))


def _parse_tally(row: Row, key: str) -> Tally:
    return Tally(
        key=str(row[key]),
        dictations=row["dictations"],
        words=row["said"],
        duration_s=row["duration_s"],
        emotion_counts=tuple(row[kind] for kind in EMOTION_KINDS),
        valence=row["valence"],
        arousal=row["arousal"],
    )


def _tally_date(tally: Tally) -> date:
    return date.fromisoformat(tally.key)


def _load_days(connection: Connection) -> list[date]:
    return [date.fromisoformat(day) for (day,) in connection.execute("SELECT DISTINCT day FROM figures")]


def _count_milliseconds(connection: Connection, column: str, where: str, values: dict[str, object]) -> dict[int, int]:
    """Return how often each number of milliseconds occurred. The column's index has all of them in order; a part of the
    time is found faster by day, so a `+` keeps SQLite from that index."""
    by = f"+{column}" if values else column
    sql = f"SELECT {column}, count(*) FROM figures WHERE {by} IS NOT NULL AND {where} GROUP BY {by}"
    return dict(connection.execute(sql, values).fetchall())


def _is_calibrating(connection: Connection) -> bool:
    sql = "SELECT calibrating FROM figures WHERE label IS NOT NULL ORDER BY day DESC, id DESC LIMIT 1"
    newest = connection.execute(sql).fetchone()
    return bool(newest and newest[0])


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
    """Return the stage's percentiles by nearest rank, from the count of each whole millisecond; None without counts.
    This is exact and needs only a few hundred rows, where sorting would need every dictation's."""
    total = sum(counts.values())
    if not total:
        return None
    return StageLatency(stage, total, *(_value_at_rank(counts, share * total) for share in (0.5, 0.95)))


def _value_at_rank(counts: Mapping[int, int], rank: float) -> int:
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if seen >= rank:
            return value
    raise ValueError("no such rank")


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


def _weighted_mean(parts: Iterable[tuple[float | None, int]]) -> float | None:
    known = [(value, weight) for value, weight in parts if value is not None and weight]
    total = sum(weight for _, weight in known)
    return sum(value * weight for value, weight in known) / total if total else None


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


def _round_optional(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
