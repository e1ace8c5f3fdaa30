"""Turn a search query and the filters beside it into SQL.

Each word must occur in the text as spoken, pasted or corrected, in the app's name or the window's title. A word is
found by its beginning, so that results come while it is typed, regardless of case and accents; in scripts without
spaces it is found anywhere (`index_terms`). What would be FTS5 syntax is quoted, so that no query is an error. A sign
such as `?` is not indexed; for it the rows themselves are searched.

The index is walked from the newest row, and no further than the requested page: a common word costs no more than a rare
one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from desktop.core.types import Outcome
from desktop.history.terms import character_pairs, make_tag, split_scripts

TEXT_COLUMNS = ("raw_text", "text", "edited", "app", "window")

MAX_QUERY_CHARACTERS = 400
"""Characters of a query that are used: more than is ever typed, and fewer words than SQLite takes in an expression."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFilter:
    """Which rows to return; empty or None matches all.

    `app` and `language` are as the row has them, regardless of case; `emotion` is the effective label (the user's own,
    if there is one); rows began at `since` or later, and before `until`.
    """

    app: str = ""
    emotion: str = ""
    language: str = ""
    delivery: Outcome | None = None
    since: datetime | None = None
    until: datetime | None = None


NO_FILTER = RowFilter()


def select_clause(query: str, row_filter: RowFilter, before_id: int | None) -> tuple[str, list[object]]:
    """Return `FROM ... WHERE ...` for the matching rows, to be ordered by `dictation.id`, and its parameters."""
    source, where, values = "dictation", ["TRUE"], list[object]()
    words = query[:MAX_QUERY_CHARACTERS].replace("\0", " ").split()
    match = [found for word in words for found in _match_expressions(word)] + [
        f'"{token}"' for token in _filter_tags(row_filter)
    ]
    if match:
        source = "words CROSS JOIN dictation ON dictation.id = words.rowid"
        where.append("words MATCH ?")
        values.append(" ".join(match))
    id = "words.rowid" if match else "dictation.id"
    for word in words:
        if not any(sign.isalnum() for sign in word):
            where.append("(" + " OR ".join(f"dictation.{column} LIKE ? ESCAPE '\\'" for column in TEXT_COLUMNS) + ")")
            values += [f"%{re.sub(r'([%_\\])', r'\\\1', word)}%"] * len(TEXT_COLUMNS)
    if before_id is not None:
        where.append(f"{id} < ?")
        values.append(before_id)
    for moment, order, edge in ((row_filter.since, ">=", "min"), (row_filter.until, "<", "max")):
        if moment is not None:  # ids grow and bound the walk; the time decides, as clocks may be set back
            reach = f"SELECT {edge}(id) FROM dictation WHERE started_s {order} ?"
            where += [f"{id} {order[0]}= ({reach})", f"dictation.started_s {order} ?"]
            values += [moment.timestamp()] * 2
    return f"FROM {source} WHERE {' AND '.join(where)}", values


def newest_statement(query: str, row_filter: RowFilter, before_id: int | None, limit: int) -> tuple[str, list[object]]:
    """Return the statement for the newest `limit` matching rows (below 0: all), and its parameters."""
    source, values = select_clause(query, row_filter, before_id)
    order = "words.rowid" if source.startswith("FROM words") else "dictation.id"
    return f"SELECT dictation.* {source} ORDER BY {order} DESC LIMIT ?", [*values, limit]


def _match_expressions(word: str) -> Iterator[str]:
    for at, piece in enumerate(split_scripts(word)):
        if at % 2 and len(piece) > 1:
            yield f'"{" ".join(character_pairs(piece)[:-1])}"'
        elif any(sign.isalnum() for sign in piece):
            yield '"' + piece.replace('"', '""') + '"*'


def _filter_tags(row_filter: RowFilter) -> Iterator[str]:
    delivery = row_filter.delivery.value if row_filter.delivery else ""
    for kind, value in (("a", row_filter.app), ("l", row_filter.language), ("d", delivery), ("e", row_filter.emotion)):
        if value:
            yield make_tag(kind, value)
