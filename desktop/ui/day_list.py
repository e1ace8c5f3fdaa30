"""The list of dictations: two lines each under their day, drawn by hand, each place computed when it is asked for.

Qt's own list lays out every row before it shows the last, and anew whenever some come: with a hundred thousand of two
heights, that is seconds. Here `Days` knows every place, so nothing is laid out. It stays a `QListView`, since as such
it has its keys, its selection and its place in the tree of a screen reader.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    Qt,
)
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.history import Row
from desktop.ports import Outcome
from desktop.ui import sides, signs, tokens, words
from desktop.ui.history_model import DAY, ROW, HistoryModel

type Index = QModelIndex | QPersistentModelIndex


class DayList(QListView):
    """Shows a `HistoryModel`."""

    def __init__(self, model: HistoryModel) -> None:
        super().__init__()
        self._rows = model
        self._height = 0
        self.setModel(model)
        self.setItemDelegate(RowPainter(self))
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)

    def doItemsLayout(self) -> None:
        """There is nothing to lay out."""
        QAbstractItemView.doItemsLayout(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show more or less of it."""
        QAbstractItemView.resizeEvent(self, event)

    def updateGeometries(self) -> None:
        """Tell the scroll bar how long the list is."""
        bar, seen = self.verticalScrollBar(), self.viewport().height()
        bar.setSingleStep(tokens.ROW_HEIGHT // 2)
        bar.setPageStep(seen)
        self._height = self._rows.days.height
        bar.setRange(0, max(0, self._height - seen))

    def rowsInserted(self, parent: Index, start: int, end: int) -> None:
        """Stay with the rows that are seen when newer ones come above them."""
        super().rowsInserted(parent, start, end)
        bar, longer = self.verticalScrollBar(), self._rows.days.height - self._height
        self.updateGeometries()
        if start == 0 and bar.value() > 0:
            bar.setValue(bar.value() + longer)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Draw what is seen now."""
        self.viewport().update()

    def verticalOffset(self) -> int:
        """How far it is scrolled, in pixels."""
        return self.verticalScrollBar().value()

    def horizontalOffset(self) -> int:
        """Never any."""
        return 0

    def visualRect(self, index: Index) -> QRect:
        """Where the row is in the window, with its day's name."""
        if not index.isValid():
            return QRect()
        days, at = self._rows.days, index.row()
        return QRect(0, days.top(at) - self.verticalOffset(), self.viewport().width(), days.extent(at))

    def indexAt(self, point: QPoint) -> QModelIndex:
        """The row at a point of the window."""
        at = self._rows.days.at(point.y() + self.verticalOffset())
        return QModelIndex() if at is None else self._rows.index(at)

    def scrollTo(self, index: Index, hint: QListView.ScrollHint = QListView.ScrollHint.EnsureVisible) -> None:
        """Bring the row into sight."""
        self.updateGeometries()  # rows may have come since
        place, seen, bar = self.visualRect(index), self.viewport().height(), self.verticalScrollBar()
        if hint == QListView.ScrollHint.PositionAtCenter:
            bar.setValue(bar.value() + place.center().y() - seen // 2)
        elif place.top() < 0 or hint == QListView.ScrollHint.PositionAtTop:
            bar.setValue(bar.value() + place.top())
        elif place.bottom() > seen:
            bar.setValue(bar.value() + place.bottom() - seen)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Where a key goes from the current row."""
        last = self._rows.rowCount() - 1
        current = self.currentIndex().row()
        page = max(1, self.viewport().height() // tokens.ROW_HEIGHT - 1)
        moves = QAbstractItemView.CursorAction
        steps = {
            moves.MoveUp: current - 1,
            moves.MovePrevious: current - 1,
            moves.MoveDown: current + 1,
            moves.MoveNext: current + 1,
            moves.MovePageUp: current - page,
            moves.MovePageDown: current + page,
            moves.MoveHome: 0,
            moves.MoveEnd: last,
        }
        if last < 0 or action not in steps:
            return self.currentIndex()
        return self._rows.index(min(max(steps[action], 0), last))

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Choose the row at the rectangle's beginning: there is one at most."""
        index = self.indexAt(rect.topLeft())
        self.selectionModel().select(QItemSelection(index, index) if index.isValid() else QItemSelection(), command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """Where the chosen row is."""
        region = QRegion()
        for index in selection.indexes():
            region += QRegion(self.visualRect(index))
        return region

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows that are seen."""
        top = self.indexAt(QPoint(0, max(0, event.rect().top())))
        if not top.isValid():
            return
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        state, hovered = option.state, self.indexAt(self.viewport().mapFromGlobal(self.cursor().pos()))
        over = self.viewport().underMouse()
        painter = QPainter(self.viewport())
        for at in range(top.row(), self._rows.rowCount()):
            index = self._rows.index(at)
            option.rect = self.visualRect(index)
            if option.rect.top() > event.rect().bottom():
                break
            option.state = state
            if self.selectionModel().isSelected(index):
                option.state |= QStyle.StateFlag.State_Selected
            if over and index == hovered:
                option.state |= QStyle.StateFlag.State_MouseOver
            self.itemDelegate().paint(painter, option, index)
        painter.end()


class RowPainter(QStyledItemDelegate):
    """Draws a row: its first words, when and where, how it sounded, and above the first of a day that day's name."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the row at `index`; a row that is still being fetched is empty for a moment."""
        palette = tokens.palette()
        place = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if (day := index.data(DAY)) is not None:
            heading = QRectF(place).adjusted(tokens.PAD, 0, 0, 0)
            heading.setHeight(tokens.DAY_HEIGHT - tokens.UNIT)
            label = words.day(day, datetime.now().astimezone().date())
            small = tokens.font(tokens.SMALL_PX, heading=True, numbers=True)
            sides.line(painter, sides.flip(heading, place), label, small, palette.faint, low=True)
            place.setTop(place.top() + tokens.DAY_HEIGHT)
        card = sides.flip(place.adjusted(0, 1, -tokens.UNIT, -1), place)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            outlined = chosen and tokens.contrasting()
            painter.setPen(QPen(QColor(palette.text), 1) if outlined else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.line if chosen else palette.raised))
            painter.drawRoundedRect(card, tokens.FIELD_RADIUS, tokens.FIELD_RADIUS)
        row: Row | None = index.data(ROW)
        if row is not None:
            inside = card.adjusted(tokens.PAD, tokens.GAP, -tokens.PAD, -tokens.GAP)
            _draw(painter, inside, row, index.data(), palette.text, palette.quiet if chosen else palette.faint)
        painter.restore()


def _draw(painter: QPainter, inside: QRectF, row: Row, first: Any, colour: str, quiet: str) -> None:
    upper = QRectF(inside.left(), inside.top(), inside.width(), inside.height() / 2)
    lower = upper.translated(0, upper.height())
    sides.line(painter, upper, first, tokens.font(numbers=True), colour)
    box = QRectF(0, 0, tokens.SIGN, tokens.SIGN)
    box.moveCenter(lower.center())
    box.moveRight(inside.right())
    if label := words.heard_in(row):
        signs.sign(painter, sides.flip(box, lower), label)
    room = sides.flip(lower.adjusted(0, 0, -2 * tokens.SIGN, 0), lower)
    sides.line(painter, room, _where(row), tokens.font(tokens.SMALL_PX, numbers=True), quiet)


def _where(row: Row) -> str:
    how = "" if row.delivery is Outcome.INSERTED else words.delivered(row.delivery)
    return "  ·  ".join(part for part in (words.clock(row.started_at), row.app, how) if part)
