"""Draw the list of dictations grouped by day, two lines each, computing every position on demand.

Qt's list lays out every row before it shows the last, and again when rows arrive: seconds for a hundred thousand rows
of two heights. `DayLayout` knows every position, so nothing is laid out. It remains a `QListView` for its keys, its
selection and its role for screen readers.
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

from desktop.core.types import Outcome
from desktop.history.rows import HistoryRow
from desktop.ui import emotions, wording
from desktop.ui.history.model import DAY_ROLE, ROW_ROLE, HistoryModel
from desktop.ui.style import painting, tokens

type Index = QModelIndex | QPersistentModelIndex


class HistoryListView(QListView):
    """Shows a `HistoryModel`."""

    def __init__(self, model: HistoryModel) -> None:
        super().__init__()
        self._model = model
        self._height = 0
        self.setModel(model)
        self.setItemDelegate(HistoryRowDelegate(self))
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)

    def doItemsLayout(self) -> None:
        """Skip Qt's layout: positions come from `DayLayout`."""
        QAbstractItemView.doItemsLayout(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Handle a resize without a layout."""
        QAbstractItemView.resizeEvent(self, event)

    def updateGeometries(self) -> None:
        """Set the scroll bar's range to the length of the list."""
        bar, page_height = self.verticalScrollBar(), self.viewport().height()
        bar.setSingleStep(tokens.ROW_HEIGHT // 2)
        bar.setPageStep(page_height)
        self._height = self._model.days.height
        bar.setRange(0, max(0, self._height - page_height))

    def rowsInserted(self, parent: Index, start: int, end: int) -> None:
        """Keep the visible rows in place when newer ones are inserted above them."""
        super().rowsInserted(parent, start, end)
        bar, added_height = self.verticalScrollBar(), self._model.days.height - self._height
        self.updateGeometries()
        if start == 0 and bar.value() > 0:
            bar.setValue(bar.value() + added_height)

    def select_index(self, index: QModelIndex) -> None:
        """Select this row alone and make it the current one."""
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Redraw the viewport."""
        self.viewport().update()

    def verticalOffset(self) -> int:
        """Return the scroll position in pixels."""
        return self.verticalScrollBar().value()

    def horizontalOffset(self) -> int:
        """Return 0: the list does not scroll sideways."""
        return 0

    def visualRect(self, index: Index) -> QRect:
        """Return the row's rectangle in the viewport, including its day heading."""
        if not index.isValid():
            return QRect()
        days, row = self._model.days, index.row()
        return QRect(0, days.row_top(row) - self.verticalOffset(), self.viewport().width(), days.row_height(row))

    def indexAt(self, point: QPoint) -> QModelIndex:
        """Return the row at a point of the viewport."""
        row = self._model.days.row_at(point.y() + self.verticalOffset())
        return QModelIndex() if row is None else self._model.index(row)

    def scrollTo(self, index: Index, hint: QListView.ScrollHint = QListView.ScrollHint.EnsureVisible) -> None:
        """Scroll the row into view."""
        self.updateGeometries()  # rows may have been inserted since
        rect, page_height, bar = self.visualRect(index), self.viewport().height(), self.verticalScrollBar()
        if hint == QListView.ScrollHint.PositionAtCenter:
            bar.setValue(bar.value() + rect.center().y() - page_height // 2)
        elif rect.top() < 0 or hint == QListView.ScrollHint.PositionAtTop:
            bar.setValue(bar.value() + rect.top())
        elif rect.bottom() > page_height:
            bar.setValue(bar.value() + rect.bottom() - page_height)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Return the row that a navigation key moves to."""
        last = self._model.rowCount() - 1
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
        return self._model.index(min(max(steps[action], 0), last))

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Select the row at the rectangle's top: at most one is selected."""
        index = self.indexAt(rect.topLeft())
        self.selectionModel().select(QItemSelection(index, index) if index.isValid() else QItemSelection(), command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """Return the region of the selected row."""
        region = QRegion()
        for index in selection.indexes():
            region += QRegion(self.visualRect(index))
        return region

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the visible rows."""
        top = self.indexAt(QPoint(0, max(0, event.rect().top())))
        if not top.isValid():
            return
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        state, hovered = option.state, self.indexAt(self.viewport().mapFromGlobal(self.cursor().pos()))
        is_hovered = self.viewport().underMouse()
        painter = QPainter(self.viewport())
        for row in range(top.row(), self._model.rowCount()):
            index = self._model.index(row)
            option.rect = self.visualRect(index)
            if option.rect.top() > event.rect().bottom():
                break
            option.state = state
            if self.selectionModel().isSelected(index):
                option.state |= QStyle.StateFlag.State_Selected
            if is_hovered and index == hovered:
                option.state |= QStyle.StateFlag.State_MouseOver
            self.itemDelegate().paint(painter, option, index)
        painter.end()


class HistoryRowDelegate(QStyledItemDelegate):
    """Draws a row: first words, time and application, emotion, and the day above the first row of each day."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the row at `index`; a row that is still being loaded stays empty."""
        palette = tokens.current_palette()
        rect = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if (day := index.data(DAY_ROLE)) is not None:
            heading = QRectF(rect).adjusted(tokens.PAD, 0, 0, 0)
            heading.setHeight(tokens.DAY_HEIGHT - tokens.UNIT)
            label = wording.day_heading(day, datetime.now().astimezone().date())
            small = tokens.font(tokens.SMALL_PX, heading=True, numbers=True)
            painting.draw_text_line(painter, heading, label, small, palette.faint, low=True)
            rect.setTop(rect.top() + tokens.DAY_HEIGHT)
        card = rect.adjusted(0, 1, -tokens.UNIT, -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            outlined = chosen and tokens.is_high_contrast()
            painter.setPen(QPen(QColor(palette.text), 1) if outlined else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.line if chosen else palette.raised))
            painter.drawRoundedRect(card, tokens.FIELD_RADIUS, tokens.FIELD_RADIUS)
        row: HistoryRow | None = index.data(ROW_ROLE)
        if row is not None:
            inside = card.adjusted(tokens.PAD, tokens.GAP, -tokens.PAD, -tokens.GAP)
            _draw_row(painter, inside, row, index.data(), palette.text, palette.quiet if chosen else palette.faint)
        painter.restore()


def _draw_row(painter: QPainter, inside: QRectF, row: HistoryRow, preview: Any, colour: str, quiet: str) -> None:
    upper = QRectF(inside.left(), inside.top(), inside.width(), inside.height() / 2)
    lower = upper.translated(0, upper.height())
    painting.draw_text_line(painter, upper, preview, tokens.font(numbers=True), colour)
    box = QRectF(0, 0, tokens.SIGN_SIZE, tokens.SIGN_SIZE)
    box.moveCenter(lower.center())
    box.moveRight(inside.right())
    if label := wording.emotion_label(row):
        emotions.draw_emotion_sign(painter, box, label)
    room = lower.adjusted(0, 0, -2 * tokens.SIGN_SIZE, 0)
    painting.draw_text_line(painter, room, _describe_row(row), tokens.font(tokens.SMALL_PX, numbers=True), quiet)


def _describe_row(row: HistoryRow) -> str:
    outcome = "" if row.delivery is Outcome.INSERTED else wording.row_outcome_text(row.delivery)
    return "  ·  ".join(part for part in (wording.time_of_day(row.started_at), row.app, outcome) if part)
