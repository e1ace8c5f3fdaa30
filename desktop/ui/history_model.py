"""The history as a list: rows come in pages as one scrolls, and are drawn by hand, two lines each under their day.

A hundred thousand rows must not freeze a window, so none is fetched before it is nearly seen, each page begins where
the last one ended (by id, not by a count that grows), and a row is painted, not made of widgets. An answer to a
question that is no longer asked, an older search, is dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.history import Row
from desktop.ports import Outcome
from desktop.ui import tokens, words
from desktop.ui.bridge import Actions

PAGE = 100
ROW = Qt.ItemDataRole.UserRole
"""The `Row` itself."""
NEW_DAY = Qt.ItemDataRole.UserRole + 1
"""Whether the row is the newest of its day."""

_FIRST_WORDS = 120

type Index = QModelIndex | QPersistentModelIndex


def shown_text(row: Row) -> str:
    """What a row is known by: its text, what was heard of it where it came to no text, or why there is nothing."""
    return row.text or row.raw_text or row.note


class HistoryModel(QAbstractListModel):
    """The rows that match `ask`ed words, newest first."""

    answered = Signal()

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._actions = actions
        self._rows: list[Row] = []
        self._query = ""
        self._question = 0
        self._waiting = False
        self._more = True

    @property
    def query(self) -> str:
        """The words that are looked for."""
        return self._query

    def ask(self, query: str) -> None:
        """Show the rows that match `query`, in place of what is shown, once they are there."""
        self._query = query
        self._question += 1
        self._waiting = True
        question = self._question
        self._actions.history(query, None, PAGE, lambda rows: self._begin(question, rows))

    def refresh(self) -> None:
        """Take in what has come since, at the front; ask anew where that is not enough."""
        question = self._question
        self._actions.history(self._query, None, PAGE, lambda rows: self._renew(question, rows))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """How many rows are here."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row, its words, or whether a day begins with it."""
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return " ".join(shown_text(row)[:_FIRST_WORDS].split())
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{words.clock(row.started_at)}, {shown_text(row)}"
            case _ if role == ROW:
                return row
            case _ if role == NEW_DAY:
                before = self._rows[index.row() - 1] if index.row() else None
                return before is None or _day(before) != _day(row)
            case _:
                return None

    def canFetchMore(self, parent: Index) -> bool:
        """Whether older rows are left and none are on their way."""
        return bool(self._rows) and self._more and not self._waiting and not parent.isValid()

    def fetchMore(self, parent: Index) -> None:
        """Ask for the next page."""
        self._waiting = True
        question = self._question
        self._actions.history(self._query, self._rows[-1].id, PAGE, lambda rows: self._append(question, rows))

    def _begin(self, question: int, rows: Sequence[Row]) -> None:
        if question != self._question:
            return
        self.beginResetModel()
        self._rows = list(rows)
        self._waiting = False
        self._more = len(rows) == PAGE
        self.endResetModel()
        self.answered.emit()

    def _append(self, question: int, rows: Sequence[Row]) -> None:
        if question != self._question:
            return
        self._waiting = False
        self._more = len(rows) == PAGE
        if rows:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows.extend(rows)
            self.endInsertRows()

    def _renew(self, question: int, rows: Sequence[Row]) -> None:
        if question != self._question:
            return
        newest = self._rows[0].id if self._rows else 0
        new = [row for row in rows if row.id > newest]
        if len(new) == len(rows) or list(rows[len(new) :]) != self._rows[: len(rows) - len(new)]:
            self._question += 1
            self._begin(self._question, rows)
        elif new:
            self.beginInsertRows(QModelIndex(), 0, len(new) - 1)
            self._rows[:0] = new
            self.endInsertRows()
            after = self.index(len(new))
            self.dataChanged.emit(after, after)
            self.answered.emit()


def _day(row: Row) -> date:
    return row.started_at.astimezone().date()


class RowPainter(QStyledItemDelegate):
    """Draws a row: the time, the first words, and above the first of a day that day's name."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """A row's height, with its day's where one begins."""
        return QSize(0, tokens.ROW_HEIGHT + (tokens.DAY_HEIGHT if index.data(NEW_DAY) else 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the row at `index`."""
        palette = tokens.palette()
        row: Row = index.data(ROW)
        place = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.data(NEW_DAY):
            heading = QRectF(place.left() + tokens.PAD, place.top(), place.width(), tokens.DAY_HEIGHT - tokens.UNIT)
            label = words.day(_day(row), datetime.now().astimezone().date())
            _write(painter, heading, label, tokens.SMALL_PX, palette.faint, heading_=True, low=True)
            place.setTop(place.top() + tokens.DAY_HEIGHT)
        card = place.adjusted(0, 1, 0, -1)
        state = option.state
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            chosen = bool(state & QStyle.StateFlag.State_Selected)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.line if chosen else palette.raised))
            painter.drawRoundedRect(card, tokens.FIELD_RADIUS, tokens.FIELD_RADIUS)
        inside = card.adjusted(tokens.PAD, tokens.GAP, -tokens.PAD, -tokens.GAP)
        upper = QRectF(inside.left(), inside.top(), inside.width(), inside.height() / 2)
        lower = upper.translated(0, upper.height())
        _write(painter, upper, index.data(), tokens.FONT_PX, palette.text)
        quiet = palette.quiet if state & QStyle.StateFlag.State_Selected else palette.faint
        _write(painter, lower, _where(row), tokens.SMALL_PX, quiet)
        painter.restore()


def _where(row: Row) -> str:
    how = "" if row.delivery is Outcome.INSERTED else words.delivered(row.delivery)
    return "  ·  ".join(part for part in (words.clock(row.started_at), row.app, how) if part)


def _write(
    painter: QPainter, room: QRectF, text: str, px: int, colour: str, *, heading_: bool = False, low: bool = False
) -> None:
    font = tokens.font(px, heading=heading_, numbers=True)
    painter.setFont(font)
    painter.setPen(QColor(colour))
    cut = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    up = Qt.AlignmentFlag.AlignBottom if low else Qt.AlignmentFlag.AlignVCenter
    painter.drawText(room, up | Qt.AlignmentFlag.AlignLeft, cut)
