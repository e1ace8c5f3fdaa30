"""Query the statistics: a few grouped queries that read no text.

Percentiles come from the count of each whole millisecond, which is exact and needs only a few hundred rows, where
sorting would need every dictation's.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from sqlite3 import Connection, Row
from typing import Any

from desktop.core.types import LABELS, NEAR_NEUTRAL, Outcome
from desktop.history.schema import opened
from desktop.history.statistics import KINDS, STAGES, TYPING_WPM, Insights, Tally, merged, streaks, wait

ARRIVED = (Outcome.INSERTED, Outcome.UNCONFIRMED, Outcome.COPIED)
"""Outcomes that saved the user the typing."""

_COLUMNS = {"release_to_text": "release_ms", "decode": "decode_ms", "paste": "paste_ms"}

_KINDS = ", ".join(
    [f"count(*) FILTER (WHERE label = '{label}' AND NOT abstained) AS {label}" for label in LABELS]
    + ["count(*) FILTER (WHERE label IS NOT NULL AND abstained) AS unsure"]
)


def _near(column: str) -> str:
    """Return a SQL expression for valence or arousal, held near 0 for the label neutral. Rows of older versions have
    the value from before the label was decided, so that polite words counted as joy."""
    return f"CASE WHEN label = 'neutral' THEN max(-{NEAR_NEUTRAL}, min({NEAR_NEUTRAL}, {column})) ELSE {column} END"


_TALLY = f"""
    count(*) AS dictations,
    coalesce(sum(said) FILTER (WHERE duration_s > 0), 0) AS said,
    coalesce(sum(duration_s) FILTER (WHERE said > 0), 0.0) AS duration_s,
    avg({_near("valence")}) AS valence,
    avg({_near("arousal")}) AS arousal,
    {_KINDS}
"""
_OF_DAYS = f"""
    sum(corrected) AS corrected,
    coalesce(sum(written * 60.0 / {TYPING_WPM} - duration_s - coalesce(release_ms, 0) / 1000.0) FILTER (
        WHERE written > 0 AND delivery IN ({", ".join(f"'{ending}'" for ending in ARRIVED)})
    ), 0.0) AS saved_s
"""


def insights(path: Path, today: date, since: datetime | None = None) -> Insights:
    """Return the statistics of the dictations in the history at `path` that began at `since` or later; `today` is the
    user's date. Blocks, for a fifth of a second with 100,000 dictations; raises `HistoryError`."""
    where = "TRUE"
    values: dict[str, object] = {}
    if since is not None:
        # No clock is a day off UTC, so that the days, by which the table is ordered, narrow it down first.
        values |= {"day": (since.astimezone(UTC) - timedelta(days=1)).date().isoformat(), "since": since.timestamp()}
        where = "day >= :day AND started_s >= :since"
    with opened(path) as connection:
        connection.execute("BEGIN")  # one snapshot for all queries

        def rows(*keys: str, more: str = "") -> list[Row]:
            by = ", ".join(keys)
            sql = f"SELECT {by}, {_TALLY} {more} FROM figures WHERE {where} GROUP BY {by} ORDER BY {by}"
            return connection.execute(sql, values).fetchall()

        of_days, places = rows("day", more=f", {_OF_DAYS}"), rows("hour", "app")
        days = tuple(_tally(row, "day") for row in of_days)
        streak, longest = streaks(_days(connection) if since else map(_date, days), today)
        return Insights(
            total=merged("", days) if days else Tally(key="", dictations=0),
            days=days,
            hours=_by("hour", places),
            apps=tuple(sorted(_by("app", places), key=lambda app: -app.dictations)),
            waits=tuple(
                found
                for stage in STAGES
                if (found := wait(stage, _counts(connection, _COLUMNS[stage], where, values))) is not None
            ),
            saved_s=sum(row["saved_s"] for row in of_days),
            corrected=sum(row["corrected"] for row in of_days),
            calibrating=_calibrating(connection),
            streak_days=streak,
            longest_streak_days=longest,
        )


def _by(key: str, rows: list[Row]) -> tuple[Tally, ...]:
    """Merge the rows of each value of the column `key` into a tally, in its order."""
    found: dict[Any, list[Tally]] = {}
    for row in rows:
        found.setdefault(row[key], []).append(_tally(row, key))
    return tuple(merged(str(value), found[value]) for value in sorted(found))


def _tally(row: Row, key: str) -> Tally:
    return Tally(
        key=str(row[key]),
        dictations=row["dictations"],
        said=row["said"],
        duration_s=row["duration_s"],
        kinds=tuple(row[kind] for kind in KINDS),
        valence=row["valence"],
        arousal=row["arousal"],
    )


def _date(tally: Tally) -> date:
    return date.fromisoformat(tally.key)


def _days(connection: Connection) -> list[date]:
    return [date.fromisoformat(day) for (day,) in connection.execute("SELECT DISTINCT day FROM figures")]


def _counts(connection: Connection, column: str, where: str, values: dict[str, object]) -> dict[int, int]:
    """Return how often each number of milliseconds occurred. The column's index has all of them in order; a part of the
    time is found faster by day, so a `+` keeps SQLite from that index."""
    by = f"+{column}" if values else column
    sql = f"SELECT {column}, count(*) FROM figures WHERE {by} IS NOT NULL AND {where} GROUP BY {by}"
    return dict(connection.execute(sql, values).fetchall())


def _calibrating(connection: Connection) -> bool:
    sql = "SELECT calibrating FROM figures WHERE label IS NOT NULL ORDER BY day DESC, id DESC LIMIT 1"
    newest = connection.execute(sql).fetchone()
    return bool(newest and newest[0])
