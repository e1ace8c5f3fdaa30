"""Model of a history of a hundred thousand rows, with only those near the visible ones in memory.

The first page is loaded and shown. Then the index of all rows (`history.list_index`: ids and days, a megabyte) gives
the list its full length; a row is loaded when it is drawn. Old rows leave the cache, so memory stays flat. At most one
search runs: text typed meanwhile is searched when it has returned, only the latest of it, and the stale result is
dropped.
"""

from __future__ import annotations

import operator
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal

from desktop.core.errors import Problem
from desktop.history.list_index import Places, Wanted
from desktop.history.row import Row
from desktop.ui import wording as words
from desktop.ui.controllers.rows import Rows
from desktop.ui.history.days import Days
from desktop.ui.style import tokens

PAGE = 100
"""Rows loaded at once."""

KEPT = 10 * PAGE
"""Maximum number of rows in the cache."""

LATER_MS = 250
"""Milliseconds after a search until its full index is loaded: not needed while the user types on."""

ROW = Qt.ItemDataRole.UserRole
"""Role of the `Row`, None while it is being loaded."""
DAY = Qt.ItemDataRole.UserRole + 1
"""Role of the day that begins with the row, None for other rows."""

_FIRST_WORDS = 120

type Index = QModelIndex | QPersistentModelIndex


def shown_text(row: Row) -> str:
    """Return the text to display: corrected, else pasted, else raw, else the note that explains why there is none."""
    return row.edited or row.text or row.raw_text or row.note


class HistoryModel(QAbstractListModel):
    """The rows that match the query, newest first.

    `rows_changed` is emitted when they are loaded or their number changes, `failed` with the error when they cannot be
    loaded.
    """

    answered = Signal()
    failed = Signal(object)

    def __init__(self, rows: Rows) -> None:
        super().__init__()
        self._ask = rows
        self.wanted = Wanted()
        self.days = Days(Places(), tokens.ROW_HEIGHT, tokens.DAY_HEIGHT)
        self._ids: array[int] = array("q")
        self._here: dict[int, Row] = {}
        self._hidden = frozenset[int]()
        self._asking = False
        self._fetching = False
        self._wish = -1
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._fetch)
        self._later = QTimer(self, singleShot=True, interval=LATER_MS)
        self._later.timeout.connect(self._ask_places)

    def ask(self, wanted: Wanted) -> None:
        """Replace the rows with those that match `wanted`, once they are loaded."""
        self.wanted = wanted
        self._later.stop()
        if not self._asking:
            self._asking = True
            self._ask.find(wanted, PAGE, lambda found: self._begin(wanted, found))

    def refresh(self) -> None:
        """Insert new rows at the front; search again when that is not enough."""
        wanted = self.wanted
        if not self._asking:
            self._ask.find(wanted, PAGE, lambda found: self._renew(wanted, found))

    def put(self, row: Row) -> None:
        """Replace `row` after a change."""
        index = self.find(row.id)
        if index.isValid():
            self._here[row.id] = row
            self.dataChanged.emit(index, index)

    def hide(self, ids: Sequence[int]) -> None:
        """Hide these rows without deleting them; rows hidden before return with the next result."""
        self._hidden = frozenset(ids)
        self._drop(ids)

    def find(self, id: int) -> QModelIndex:
        """Return the index of the row with this id; invalid when it is not in the list."""
        at = bisect_left(self._ids, -id, key=operator.neg)
        there = at < len(self._ids) and self._ids[at] == id
        return self.index(at) if there else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of rows found."""
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the row, its text, or the day that begins with it."""
        at = index.row()
        if role == DAY:
            return self.days.day(at) if self.days.begins(at) else None
        if role not in (ROW, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        row = self._here.get(self._ids[at])
        if row is None:
            self._wish = at
            self._soon.start()
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return " ".join(shown_text(row)[:_FIRST_WORDS].split())
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{words.clock(row.started_at)}, {shown_text(row)}"
            case _:
                return row

    def _begin(self, wanted: Wanted, found: Sequence[Row] | Problem) -> None:
        self._asking = False
        if wanted != self.wanted:
            self.ask(self.wanted)
            return
        rows = [] if isinstance(found, Problem) else self._seen(found)
        self.beginResetModel()
        self._ids = array("q", (row.id for row in rows))
        self._here = {row.id: row for row in rows}
        self.days = Days(_places(rows), tokens.ROW_HEIGHT, tokens.DAY_HEIGHT)
        self.endResetModel()
        if isinstance(found, Problem):
            self.failed.emit(found)
            return
        self.answered.emit()
        if len(found) == PAGE and wanted.words:
            self._later.start()
        elif len(found) == PAGE:
            self._ask_places()

    def _ask_places(self) -> None:
        wanted = self.wanted
        self._ask.places(wanted, lambda places: self._extend(wanted, places))

    def _extend(self, wanted: Wanted, places: Places | Problem) -> None:
        """Add the rows behind the first page, by their index."""
        if wanted != self.wanted or self._asking or isinstance(places, Problem):
            return
        if self._hidden and not self._hidden.isdisjoint(places.ids):
            places = _without(places, self._hidden)
        known = len(self._ids)
        if places.ids[:known] != self._ids:  # a row was added or deleted meanwhile
            self.ask(wanted)
        elif len(places.ids) > known:
            self.beginInsertRows(QModelIndex(), known, len(places.ids) - 1)
            self._ids = places.ids
            self.days.extend(places)
            self.endInsertRows()
            self.answered.emit()

    def _fetch(self) -> None:
        """Load the rows around the one that was missing last."""
        if self._fetching or not 0 <= self._wish < len(self._ids):
            return
        first = max(0, self._wish - PAGE // 2)
        ids = [id for id in self._ids[first : first + PAGE] if id not in self._here]
        if ids:
            self._fetching = True
            self._ask.some(ids, lambda rows: self._fill(ids, rows))

    def _fill(self, ids: Sequence[int], rows: Sequence[Row] | Problem) -> None:
        self._fetching = False
        if isinstance(rows, Problem):
            self.failed.emit(rows)
            return
        self._here |= {row.id: row for row in rows}
        for id in list(self._here)[: max(0, len(self._here) - KEPT)]:
            del self._here[id]
        if len(rows) < len(ids):  # the others were deleted elsewhere
            self._drop(set(ids) - {row.id for row in rows})
        changed = [index for id in (ids[0], ids[-1]) if (index := self.find(id)).isValid()]
        if changed:
            self.dataChanged.emit(changed[0], changed[-1])
        self._soon.start()

    def _renew(self, wanted: Wanted, found: Sequence[Row] | Problem) -> None:
        if wanted != self.wanted or self._asking or isinstance(found, Problem):
            return
        rows = self._seen(found)
        newest = self._ids[0] if self._ids else 0
        new = [row for row in rows if row.id > newest]
        old = rows[len(new) :]
        if (new and not old) or [row.id for row in old] != list(self._ids[: len(old)]) or (not found and self._ids):
            self.ask(wanted)
            return
        for row in old:
            if self._here.get(row.id) != row:
                self.put(row)
        if new:
            self._prepend(new)

    def _prepend(self, new: Sequence[Row]) -> None:
        self.beginInsertRows(QModelIndex(), 0, len(new) - 1)
        self._ids = array("q", (row.id for row in new)) + self._ids
        self._here |= {row.id: row for row in new}
        for row in reversed(new):
            self.days.prepend(_day(row))
        self.endInsertRows()
        self.answered.emit()

    def _drop(self, ids: Sequence[int] | set[int]) -> None:
        for id in ids:
            index = self.find(id)
            if index.isValid():
                at = index.row()
                self.beginRemoveRows(QModelIndex(), at, at)
                del self._ids[at]
                self._here.pop(id, None)
                self.days.remove(at)
                self.endRemoveRows()
        self.answered.emit()

    def _seen(self, rows: Sequence[Row]) -> list[Row]:
        return [row for row in rows if row.id not in self._hidden]


def _places(rows: Sequence[Row]) -> Places:
    found = Places(array("q", (row.id for row in rows)))
    for at, row in enumerate(rows):
        if not found.days or found.days[-1] != _day(row):
            found.starts.append(at)
            found.days.append(_day(row))
    return found


def _without(places: Places, hidden: frozenset[int]) -> Places:
    days = Days(places, 1, 0)
    left = Places(array("q", (id for id in places.ids if id not in hidden)))
    for at, id in reversed(list(enumerate(places.ids))):
        if id in hidden:
            days.remove(at)
    for at in days.starts:
        left.starts.append(at)
        left.days.append(days.day(at))
    return left


def _day(row: Row) -> date:
    return row.started_at.astimezone().date()
