"""List the ids and days of all matching rows without the rows: what a list needs to scroll over all of them.

100,000 rows are a hundred megabytes of objects, their ids one. So a window loads the index first, which says how long
its list is and where each day begins, and then the few rows that are visible. The days are those of this machine's
current time zone.
"""

from __future__ import annotations

import sqlite3
from array import array
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from desktop.core.types import Outcome
from desktop.history.search import RowFilter, select_clause


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """Which rows to list: all that have every word of `words` and match the other fields that are not empty.

    `app` is as the row has it, `emotion` a label, `language` a code, `delivery` the value of an `Outcome`.
    """

    words: str = ""
    app: str = ""
    emotion: str = ""
    language: str = ""
    delivery: str = ""

    @property
    def row_filter(self) -> RowFilter:
        """The query without its words."""
        outcome = Outcome(self.delivery) if self.delivery else None
        return RowFilter(app=self.app, emotion=self.emotion, language=self.language, delivery=outcome)


@dataclass(frozen=True, slots=True)
class HistoryListIndex:
    """The ids of rows, newest first, and where each day begins: the rows of `days[n]` begin at index `starts[n]`."""

    ids: array[int] = field(default_factory=lambda: array("q"))
    starts: list[int] = field(default_factory=list)
    days: list[date] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FilterChoices:
    """The applications and languages that rows have, the most frequent first."""

    apps: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


def build_list_index(connection: sqlite3.Connection, query: HistoryQuery) -> HistoryListIndex:
    """Return the index of the matching rows. SQLite lets other threads run at every row, so that a window continues to
    draw."""
    index = HistoryListIndex()
    source, values = select_clause(query.words, query.row_filter, None)
    id = "words.rowid" if source.startswith("FROM words") else "dictation.id"
    connection.row_factory = None
    begins = ends = 0.0
    rows = connection.execute(f"SELECT {id}, dictation.started_s {source} ORDER BY {id} DESC", values)
    for row_id, started_s in rows:
        if not begins <= started_s < ends:
            day = _local_day(started_s)
            begins, ends = _bounds_s(day)
            if not index.days or index.days[-1] != day:
                index.starts.append(len(index.ids))
                index.days.append(day)
        index.ids.append(row_id)
    return index


def load_filter_choices(connection: sqlite3.Connection, limit: int) -> FilterChoices:
    """Return at most `limit` of each."""
    apps, languages = (
        tuple(
            name
            for name, _ in connection.execute(
                f"SELECT {column}, count(*) FROM dictation WHERE {column} <> '' GROUP BY 1 ORDER BY 2 DESC LIMIT ?",
                (limit,),
            )
        )
        for column in ("app", "language")
    )
    return FilterChoices(apps, languages)


def _local_day(started_s: float) -> date:
    """Return the day of that time; 1970-01-01 if a flipped bit has left no valid time."""
    with suppress(ValueError, OverflowError, OSError):
        if 1900 < (day := datetime.fromtimestamp(started_s).date()).year < 9000:
            return day
    return date(1970, 1, 1)


def _bounds_s(day: date) -> tuple[float, float]:
    """Return when that day begins and ends; no time at all about 1970-01-01, before which Windows has no local time."""
    try:
        begin, end = (datetime.combine(one, datetime.min.time()).timestamp() for one in (day, day + timedelta(days=1)))
    except OSError:
        return 0.0, 0.0
    return begin, end
