"""Query the statistics: a few grouped queries that read no text.

Percentiles come from the count of each whole millisecond, which is exact and needs only a few hundred rows, where
sorting would need every dictation's.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from sqlite3 import Connection, Row
from typing import Any

from desktop.core.types import EMOTION_LABELS, NEAR_NEUTRAL, Outcome
from desktop.history.schema import open_history
from desktop.history.statistics import (
    EMOTION_KINDS,
    LATENCY_STAGES,
    TYPING_WPM,
    HistoryStatistics,
    Tally,
    compute_latency,
    count_streaks,
    merge_tallies,
)

DELIVERED_OUTCOMES = (Outcome.INSERTED, Outcome.UNCONFIRMED, Outcome.COPIED)
"""Outcomes that saved the user the typing."""

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
        WHERE written > 0 AND delivery IN ({", ".join(f"'{ending}'" for ending in DELIVERED_OUTCOMES)})
    ), 0.0) AS saved_s
"""


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
                found
                for stage in LATENCY_STAGES
                if (
                    found := compute_latency(
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
    found: dict[Any, list[Tally]] = {}
    for row in rows:
        found.setdefault(row[key], []).append(_parse_tally(row, key))
    return tuple(merge_tallies(str(value), found[value]) for value in sorted(found))


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
