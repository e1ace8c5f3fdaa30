"""The history as a list of a hundred thousand rows, of which only the few near the ones that are seen are here.

The first page comes first, and is shown. Then the places of all the others come (`history.places`): ids and days, a
megabyte, so that the list has its whole length at once, and a row is fetched when it is drawn. What was fetched is let
go again when enough else was seen, so memory stays flat however far one scrolls.

There is one search on its way at most. What is typed meanwhile is asked when it has answered, and only the last of it;
so nothing piles up behind a slow one, and its answer, which nobody wants any more, is dropped.
"""

from __future__ import annotations

import operator
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal

from desktop.history import Places, Row, Wanted
from desktop.problems import Problem
from desktop.ui import tokens, words
from desktop.ui.days import Days
from desktop.ui.rows import Rows

PAGE = 100
"""Rows that are fetched at once."""

KEPT = 10 * PAGE
"""Rows that are kept here at most."""

LATER_MS = 250
"""How long after a search the places of all it found are asked for: whoever goes on typing does not want them."""

ROW = Qt.ItemDataRole.UserRole
"""The `Row` itself, None while it is being fetched."""
DAY = Qt.ItemDataRole.UserRole + 1
"""The day whose newest row it is, None for others."""

_FIRST_WORDS = 120

type Index = QModelIndex | QPersistentModelIndex


def shown_text(row: Row) -> str:
    """What a row is known by: its text as it was corrected or pasted, what was heard of it where it came to no text,
    or why there is nothing."""
    return row.edited or row.text or row.raw_text or row.note


class HistoryModel(QAbstractListModel):
    """The rows that were asked for, newest first.

    `answered` comes when they are there, or have changed in number, `failed` with the problem where they cannot be had.
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
        """Show the rows that are `wanted`, in place of what is shown, once they are there."""
        self.wanted = wanted
        self._later.stop()
        if not self._asking:
            self._asking = True
            self._ask.find(wanted, PAGE, lambda found: self._begin(wanted, found))

    def refresh(self) -> None:
        """Take in what has come since, at the front; ask anew where that is not enough."""
        wanted = self.wanted
        if not self._asking:
            self._ask.find(wanted, PAGE, lambda found: self._renew(wanted, found))

    def put(self, row: Row) -> None:
        """Take in what has become of `row`."""
        index = self.find(row.id)
        if index.isValid():
            self._here[row.id] = row
            self.dataChanged.emit(index, index)

    def hide(self, ids: Sequence[int]) -> None:
        """Leave out these rows, though they are still there. Those that were left out before come back with the next
        answer."""
        self._hidden = frozenset(ids)
        self._drop(ids)

    def find(self, id: int) -> QModelIndex:
        """Where the row with this id is; an invalid index where it is not among these."""
        at = bisect_left(self._ids, -id, key=operator.neg)
        there = at < len(self._ids) and self._ids[at] == id
        return self.index(at) if there else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """How many rows were found."""
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row, its words, or the day that begins with it."""
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
        """All the others are known now."""
        if wanted != self.wanted or self._asking or isinstance(places, Problem):
            return
        if self._hidden and not self._hidden.isdisjoint(places.ids):
            places = _without(places, self._hidden)
        known = len(self._ids)
        if places.ids[:known] != self._ids:  # a row came or went in between
            self.ask(wanted)
        elif len(places.ids) > known:
            self.beginInsertRows(QModelIndex(), known, len(places.ids) - 1)
            self._ids = places.ids
            self.days.extend(places)
            self.endInsertRows()
            self.answered.emit()

    def _fetch(self) -> None:
        """Have the rows around the one that was missed last."""
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
        if len(rows) < len(ids):  # they were deleted elsewhere
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
