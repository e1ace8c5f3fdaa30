"""Store dictations, their text, target and emotion on this machine only: SQLite with a full-text index.

A connection lives for one call. SQLite's connections belong to a thread, and calls come from the engine's workers, the
history window and other processes; there are few of them (one per dictation, one per keystroke in the search field),
and opening takes a millisecond. In return nothing is held between calls: the file may be deleted or replaced under a
running app, and the write-ahead log is folded into it and removed when it is unused.

Rows come newest first, by id: a clock may be set back, ids only grow.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import batched, islice
from pathlib import Path
from typing import TYPE_CHECKING, Unpack, cast

from desktop.core.errors import HistoryError
from desktop.core.messages import PartList
from desktop.core.types import EMOTION_LABELS
from desktop.history import deletion
from desktop.history import list_index as history_list_index
from desktop.history import rows as history_rows
from desktop.history.clearing import note_clearing
from desktop.history.export import OLDEST_FIRST_SUFFIXES, export_rows
from desktop.history.list_index import FilterChoices, HistoryListIndex, HistoryQuery
from desktop.history.rows import ENTRY_FIELDS, HistoryEntry, HistoryRow, RowChanges, to_columns
from desktop.history.schema import WRITE_TIMEOUT_S, history_errors, open_history
from desktop.history.search import NO_FILTER, RowFilter, newest_statement

if TYPE_CHECKING:  # imported where a quotation is looked for
    from desktop.history.quotation import Quotation

DEFAULT_LIMIT = 50
"""Rows returned by default."""


TEXT_COLUMNS = (
    *("raw_text", "text", "edited", "language", "engine", "model", "device", "decode_s", "guards", "delivery", "notes"),
    "changed",
)
"""Columns that change when a recording is transcribed again, without what was sent, which stays sent."""


class HistoryStore:
    """The history in the file at `path`. Every method blocks, suits any thread, and raises `HistoryError`.

    `timeout_s` is how long to wait for another writer.
    """

    def __init__(self, path: Path, timeout_s: float = WRITE_TIMEOUT_S) -> None:
        self._path = path
        self._open = partial(open_history, path, timeout_s)

    def add(self, entry: HistoryEntry) -> HistoryRow:
        """Add a dictation."""
        with self._open() as connection:
            added = connection.execute(*history_rows.insert_statement(entry))
        return HistoryRow(id=added.lastrowid or 0, **{name: getattr(entry, name) for name in ENTRY_FIELDS})

    def add_missing(self, entries: Iterable[HistoryEntry]) -> int:
        """Add all of `entries` that are not in the history yet, in the order given; return how many.

        An entry is in it if a row began in the same millisecond with the same words. All are added in one transaction,
        so give a few hundred at a time: no other writer can write meanwhile.
        """
        known = "SELECT 1 FROM dictation WHERE started_s > ? - 0.001 AND started_s < ? + 0.001 AND raw_text = ?"
        count = 0
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            for entry in entries:
                began = entry.started_at.timestamp()
                if connection.execute(known, (began, began, entry.raw_text)).fetchone() is None:
                    connection.execute(*history_rows.insert_statement(entry))
                    count += 1
            connection.execute("COMMIT")
        return count

    def has_dictation_at(self, started_at: datetime) -> bool:
        """Return whether a dictation began in that millisecond."""
        sql = "SELECT 1 FROM dictation WHERE started_s > ? - 0.001 AND started_s < ? + 0.001"
        with self._open() as connection:
            return connection.execute(sql, (started_at.timestamp(), started_at.timestamp())).fetchone() is not None

    def update(self, id: int, **changes: Unpack[RowChanges]) -> HistoryRow | None:
        """Write changed columns of a dictation and return what can be read of its row; None if it has been deleted
        meanwhile."""
        values = to_columns(changes)
        sets = ", ".join(f"{name} = :{name}" for name in values)
        with self._open() as connection:
            connection.execute(f"UPDATE dictation SET {sets} WHERE id = :id", {**values, "id": id})
        return next(iter(self.rows_with_ids([id])), None)

    def restore(self, row: HistoryRow) -> HistoryRow | None:
        """Write the text of `row`, as read earlier, back with the columns that belong to it; None if it has been
        deleted meanwhile."""
        return self.update(row.id, **cast(RowChanges, {name: getattr(row, name) for name in TEXT_COLUMNS}))

    def correct_text(self, id: int, text: str) -> HistoryRow | None:
        """Store the user's correction of the text; None if there is no such row. The inserted text stays, so that both
        can be compared."""
        return self.update(id, edited=text)

    def accept_text(self, id: int, text: str) -> bool:
        """Store that the row's text is right, if it is still `text` and was not corrected; return whether it is."""
        sql = "UPDATE dictation SET edited = text WHERE id = ? AND text = ? AND edited IS NULL"
        with self._open() as connection:
            return connection.execute(sql, (id, text)).rowcount == 1

    def correct_emotion(self, id: int, label: str | None) -> HistoryRow | None:
        """Store the user's emotion for the dictation, one of `EMOTION_LABELS`, or remove that correction if None. The
        detected emotion stays, so that both can be compared. Return None if there is no such row."""
        if label is not None and label not in EMOTION_LABELS:
            raise HistoryError("emotion-unknown", label=label, labels=PartList(EMOTION_LABELS))
        return self.update(id, emotion_user=label)

    def get(self, id: int) -> HistoryRow | None:
        """Return the row with this id. Raises `HistoryError` if it cannot be read whole: lists have what can be read of
        it."""
        with self._open() as connection:
            record = connection.execute("SELECT * FROM dictation WHERE id = ?", (id,)).fetchone()
        try:
            return None if record is None else history_rows.parse_row(record)
        except history_rows.UNREADABLE_ERRORS as error:
            raise HistoryError("history-row-unreadable", id=id) from error

    def last(self) -> HistoryRow | None:
        """Return the newest row."""
        return next(iter(self.rows(1)), None)

    def rows(
        self,
        limit: int = DEFAULT_LIMIT,
        since: datetime | None = None,
        before_id: int | None = None,
        row_filter: RowFilter = NO_FILTER,
    ) -> list[HistoryRow]:
        """Return the newest rows, at most `limit`, that `row_filter` accepts.

        Only rows that began at `since` or later, and rows older than the row `before_id`.
        """
        return self.search("", limit, since, before_id, row_filter)

    def search(
        self,
        query: str,
        limit: int = DEFAULT_LIMIT,
        since: datetime | None = None,
        before_id: int | None = None,
        row_filter: RowFilter = NO_FILTER,
    ) -> list[HistoryRow]:
        """Return the newest rows in which every word of `query` is the beginning of a word; all rows for a blank
        query."""
        if since is not None:
            row_filter = replace(row_filter, since=max(since, row_filter.since or since))
        statement, values = newest_statement(query, row_filter, before_id, limit)
        with self._open() as connection:
            return [history_rows.parse_readable_row(record) for record in connection.execute(statement, values)]

    def find(self, query: HistoryQuery, limit: int = DEFAULT_LIMIT) -> list[HistoryRow]:
        """Return the newest rows that match the query."""
        return self.search(query.words, limit, row_filter=query.row_filter)

    def find_quotation(self, text: str) -> Quotation | None:
        """Return the row that `text`, perhaps edited since, was dictated in; None if none is like it."""
        from desktop.history.quotation import find_quotation

        with self._open() as connection:
            return find_quotation(connection, text)

    def list_index(self, query: HistoryQuery) -> HistoryListIndex:
        """Return the index of all rows that match the query."""
        with self._open() as connection:
            return history_list_index.build_list_index(connection, query)

    def rows_with_ids(self, ids: Sequence[int]) -> list[HistoryRow]:
        """Return the existing rows with these ids, newest first."""
        sql = f"SELECT * FROM dictation WHERE id IN ({', '.join('?' * len(ids))}) ORDER BY id DESC"
        with self._open() as connection:
            return [history_rows.parse_readable_row(record) for record in connection.execute(sql, tuple(ids))]

    def find_again(self, row: HistoryRow) -> HistoryRow | None:
        """Return what can be read of `row`, as read earlier, by now: in a history that was begun anew its id is another
        row's. None if it has been deleted."""
        tolerance = timedelta(milliseconds=1)

        def pick(candidates: list[HistoryRow]) -> HistoryRow | None:
            return next((found for found in candidates if abs(found.started_at - row.started_at) < tolerance), None)

        return pick(self.rows_with_ids([row.id])) or pick(self.rows(-1, row.started_at - tolerance))

    def filter_choices(self, limit: int = DEFAULT_LIMIT) -> FilterChoices:
        """Return the applications and languages that rows can be filtered by."""
        with self._open() as connection:
            return history_list_index.load_filter_choices(connection, limit)

    def rows_with_corrected_emotion(self) -> list[HistoryRow]:
        """Return the 500 newest rows whose emotion the user corrected, to fit a prior to."""
        sql = "SELECT * FROM dictation WHERE emotion_user IS NOT NULL ORDER BY id DESC LIMIT 500"
        with self._open() as connection:
            return [history_rows.parse_readable_row(record) for record in connection.execute(sql)]

    def export(
        self, file: Path, limit: int | None = None, since: datetime | None = None, row_filter: RowFilter = NO_FILTER
    ) -> int:
        """Write the rows, by default all, to `file` in the format of its suffix; return how many."""
        if since is not None:
            row_filter = replace(row_filter, since=since)
        rows = self._iterate_rows(row_filter)
        if file.suffix.lower() in OLDEST_FIRST_SUFFIXES:
            return export_rows(self._reload_oldest_first(row.id for row in islice(rows, limit)), file)
        return export_rows(islice(rows, limit), file)

    def delete(self, id: int) -> bool:
        """Delete a dictation and its recording; False if there is none."""
        return deletion.delete_rows(self._open, "id = ?", (id,)) == 1

    def clear(self) -> int:
        """Delete everything, also the files kept aside of damaged histories; return how many dictations there were. All
        else that is kept of dictations is deleted by `desktop.history.user_deletion.clear_history`."""
        with history_errors(self._path):
            note_clearing(self._path)
        with self._open() as connection:
            connection.execute("DELETE FROM voice_baseline")
        return deletion.delete_everything(self._open, self._path)

    def delete_emotions(self) -> int:
        """Delete detected and corrected emotions and what was learned of voices; return how many rows had an
        emotion."""
        with self._open() as connection:
            return deletion.delete_all_emotions(connection)

    def expire_text(self, days: int, now: datetime) -> int:
        """Delete the dictations that began `days` or more before `now`, with their recordings; return how many.

        A damaged history that was kept aside is deleted once everything in it is that old.
        """
        count = deletion.expire_text(self._open, days, now)
        deletion.delete_damaged_files(self._path, now - timedelta(days=days))
        return count

    def expire_audio(self, days: int, now: datetime) -> int:
        """Delete the recordings that began `days` or more before `now`, keep their rows; return how many.

        The recording of a dictation that did not end well is the only copy of its words: it stays for `RETRY_DAYS`
        whatever the setting.
        """
        return deletion.expire_audio(self._open, days, now)

    def limit_audio(self, max_bytes: int, now: datetime) -> int:
        """Delete the oldest recordings, keep their rows, until all take at most `max_bytes` bytes; return how many were
        deleted. The recording of a dictation that did not end well counts, but stays for `RETRY_DAYS`."""
        return deletion.limit_audio(self._open, max_bytes, now)

    def recording_paths(self) -> set[Path]:
        """Return every recording that a row names."""
        with self._open() as connection:
            return {path for _, path in deletion.recorded_rows(connection)}

    def _iterate_rows(self, row_filter: RowFilter) -> Iterator[HistoryRow]:
        before_id = None
        while page := self.rows(500, None, before_id, row_filter):
            yield from page
            before_id = page[-1].id

    def _reload_oldest_first(self, ids: Iterable[int]) -> Iterator[HistoryRow]:
        """Yield the rows with these ids from the last to the first, if they still exist."""
        for batch in batched(reversed(array("q", ids)), 500):
            sql = f"SELECT * FROM dictation WHERE id IN ({','.join(map(str, batch))}) ORDER BY id"
            with self._open() as connection:
                records = connection.execute(sql).fetchall()
            yield from map(history_rows.parse_readable_row, records)
