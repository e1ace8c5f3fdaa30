"""Model of a history of a hundred thousand rows, with only those near the visible ones in memory.

The first page is loaded and shown. Then the index of all rows (`desktop.history.list_index`: ids and days, a megabyte)
gives the list its full length; a row is loaded when it is drawn. Old rows leave the cache, so memory stays flat. At
most one search runs: text typed meanwhile is searched when it has returned, only the latest of it, and the stale result
is dropped.
"""

from __future__ import annotations

import operator
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal

from desktop.core.errors import UserError
from desktop.history.list_index import HistoryListIndex, HistoryQuery
from desktop.history.rows import HistoryRow, local_time
from desktop.ui import wording
from desktop.ui.controllers.history import HistoryController
from desktop.ui.history.day_layout import DayLayout
from desktop.ui.i18n import message_text
from desktop.ui.style import tokens

PAGE_ROWS = 100
"""Rows loaded at once."""

MAX_CACHED_ROWS = 10 * PAGE_ROWS
"""Maximum number of rows in the cache."""

INDEX_DELAY_MS = 250
"""Milliseconds after a search until its full index is loaded: not needed while the user types on."""

ROW_ROLE = Qt.ItemDataRole.UserRole
"""Role of the `HistoryRow`, None while it is being loaded."""
DAY_ROLE = Qt.ItemDataRole.UserRole + 1
"""Role of the day that begins with the row, None for other rows."""

_PREVIEW_CHARS = 120

type Index = QModelIndex | QPersistentModelIndex


def display_text(row: HistoryRow) -> str:
    """Return the text to display: corrected, else pasted, else raw, else the notes that explain why there is none."""
    return row.latest_text or message_text(row.notes)


class HistoryModel(QAbstractListModel):
    """The rows that match the query, newest first.

    `rows_changed` is emitted when they are loaded or their number changes, `failed` with the error when they cannot be
    loaded. `is_complete`: the list has all rows that were found.
    """

    rows_changed = Signal()
    failed = Signal(object)

    def __init__(self, history: HistoryController) -> None:
        super().__init__()
        self._history = history
        self.query = HistoryQuery()
        self.days = DayLayout(HistoryListIndex(), tokens.ROW_HEIGHT, tokens.DAY_HEIGHT)
        self._ids: array[int] = array("q")
        self._cached_rows: dict[int, HistoryRow] = {}
        self._hidden = frozenset[int]()
        self.is_complete = False
        self._is_searching = False
        self._is_loading = False
        self._missing_row = -1
        self._load_timer = QTimer(self, singleShot=True, interval=0)
        self._load_timer.timeout.connect(self._load_missing)
        self._index_timer = QTimer(self, singleShot=True, interval=INDEX_DELAY_MS)
        self._index_timer.timeout.connect(self._load_index)

    def search(self, query: HistoryQuery) -> None:
        """Replace the rows with those that match `query`, once they are loaded."""
        self.query = query
        self.is_complete = False
        self._index_timer.stop()
        if not self._is_searching:
            self._is_searching = True
            self._history.find_rows(query, PAGE_ROWS, lambda result: self._show_first_page(query, result))

    def refresh(self) -> None:
        """Insert new rows at the front; search again when that is not enough."""
        query = self.query
        if not self._is_searching:
            self._history.find_rows(query, PAGE_ROWS, lambda result: self._merge_newest(query, result))

    def update_row(self, row: HistoryRow) -> None:
        """Replace `row` after a change."""
        index = self.index_of(row.id)
        if index.isValid():
            self._cached_rows[row.id] = row
            self.dataChanged.emit(index, index)

    def hide_rows(self, ids: Sequence[int]) -> None:
        """Hide these rows without deleting them; rows hidden before return with the next result."""
        self._hidden = frozenset(ids)
        self._remove_rows(ids)

    def index_of(self, id: int) -> QModelIndex:
        """Return the index of the row with this id; invalid when it is not in the list."""
        position = bisect_left(self._ids, -id, key=operator.neg)
        exists = position < len(self._ids) and self._ids[position] == id
        return self.index(position) if exists else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of rows found."""
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the row, its text, or the day that begins with it."""
        position = index.row()
        if role == DAY_ROLE:
            return self.days.day(position) if self.days.is_day_start(position) else None
        if role not in (ROW_ROLE, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        row = self._cached_rows.get(self._ids[position])
        if row is None:
            self._missing_row = position
            self._load_timer.start()
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return " ".join(display_text(row)[:_PREVIEW_CHARS].split())
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{wording.time_of_day(row.started_at)}, {display_text(row)}"
            case _:
                return row

    def _show_first_page(self, query: HistoryQuery, result: Sequence[HistoryRow] | UserError) -> None:
        self._is_searching = False
        if query != self.query:
            self.search(self.query)
            return
        rows = [] if isinstance(result, UserError) else self._without_hidden(result)
        self.beginResetModel()
        self._ids = array("q", (row.id for row in rows))
        self._cached_rows = {row.id: row for row in rows}
        self.days = DayLayout(_index_rows(rows), tokens.ROW_HEIGHT, tokens.DAY_HEIGHT)
        self.endResetModel()
        if isinstance(result, UserError):
            self.failed.emit(result)
            return
        self.is_complete = len(result) < PAGE_ROWS
        self.rows_changed.emit()
        if len(result) == PAGE_ROWS and query.words:
            self._index_timer.start()
        elif len(result) == PAGE_ROWS:
            self._load_index()

    def _load_index(self) -> None:
        query = self.query
        self._history.load_index(query, lambda list_index: self._add_index(query, list_index))

    def _add_index(self, query: HistoryQuery, list_index: HistoryListIndex | UserError) -> None:
        """Add the rows behind the first page, by their index."""
        if query != self.query or self._is_searching or isinstance(list_index, UserError):
            return
        if self._hidden and not self._hidden.isdisjoint(list_index.ids):
            list_index = _exclude_rows(list_index, self._hidden)
        count = len(self._ids)
        if list_index.ids[:count] != self._ids:  # a row was added or deleted meanwhile
            self.search(query)
            return
        self.is_complete = True
        if len(list_index.ids) > count:
            self.beginInsertRows(QModelIndex(), count, len(list_index.ids) - 1)
            self._ids = list_index.ids
            self.days.extend(list_index)
            self.endInsertRows()
        self.rows_changed.emit()

    def _load_missing(self) -> None:
        """Load the rows around the one that was missing last."""
        if self._is_loading or not 0 <= self._missing_row < len(self._ids):
            return
        first = max(0, self._missing_row - PAGE_ROWS // 2)
        ids = [id for id in self._ids[first : first + PAGE_ROWS] if id not in self._cached_rows]
        if ids:
            self._is_loading = True
            self._history.load_rows(ids, lambda rows: self._cache_rows(ids, rows))

    def _cache_rows(self, ids: Sequence[int], rows: Sequence[HistoryRow] | UserError) -> None:
        self._is_loading = False
        if isinstance(rows, UserError):
            self.failed.emit(rows)
            return
        self._cached_rows |= {row.id: row for row in rows}
        for id in list(self._cached_rows)[: max(0, len(self._cached_rows) - MAX_CACHED_ROWS)]:
            del self._cached_rows[id]
        if len(rows) < len(ids):  # the others were deleted elsewhere
            self._remove_rows(set(ids) - {row.id for row in rows})
        changed = [index for id in (ids[0], ids[-1]) if (index := self.index_of(id)).isValid()]
        if changed:
            self.dataChanged.emit(changed[0], changed[-1])
        self._load_timer.start()

    def _merge_newest(self, query: HistoryQuery, result: Sequence[HistoryRow] | UserError) -> None:
        if query != self.query or self._is_searching or isinstance(result, UserError):
            return
        rows = self._without_hidden(result)
        newest = self._ids[0] if self._ids else 0
        new = [row for row in rows if row.id > newest]
        old = rows[len(new) :]
        if (new and not old) or [row.id for row in old] != list(self._ids[: len(old)]) or (not result and self._ids):
            self.search(query)
            return
        for row in old:
            if self._cached_rows.get(row.id) != row:
                self.update_row(row)
        if new:
            self._prepend(new)

    def _prepend(self, new: Sequence[HistoryRow]) -> None:
        self.beginInsertRows(QModelIndex(), 0, len(new) - 1)
        self._ids = array("q", (row.id for row in new)) + self._ids
        self._cached_rows |= {row.id: row for row in new}
        for row in reversed(new):
            self.days.prepend(_local_day(row))
        self.endInsertRows()
        self.rows_changed.emit()

    def _remove_rows(self, ids: Sequence[int] | set[int]) -> None:
        for id in ids:
            index = self.index_of(id)
            if index.isValid():
                position = index.row()
                self.beginRemoveRows(QModelIndex(), position, position)
                del self._ids[position]
                self._cached_rows.pop(id, None)
                self.days.remove(position)
                self.endRemoveRows()
        self.rows_changed.emit()

    def _without_hidden(self, rows: Sequence[HistoryRow]) -> list[HistoryRow]:
        return [row for row in rows if row.id not in self._hidden]


def _index_rows(rows: Sequence[HistoryRow]) -> HistoryListIndex:
    list_index = HistoryListIndex(array("q", (row.id for row in rows)))
    for position, row in enumerate(rows):
        if not list_index.days or list_index.days[-1] != _local_day(row):
            list_index.starts.append(position)
            list_index.days.append(_local_day(row))
    return list_index


def _exclude_rows(list_index: HistoryListIndex, hidden: frozenset[int]) -> HistoryListIndex:
    days = DayLayout(list_index, 1, 0)
    remaining = HistoryListIndex(array("q", (id for id in list_index.ids if id not in hidden)))
    for position, id in reversed(list(enumerate(list_index.ids))):
        if id in hidden:
            days.remove(position)
    for position in days.starts:
        remaining.starts.append(position)
        remaining.days.append(days.day(position))
    return remaining


def _local_day(row: HistoryRow) -> date:
    return local_time(row.started_at).date()
