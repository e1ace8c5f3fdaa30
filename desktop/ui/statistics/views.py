"""Show a page of the statistics: as a plot, as a table, and as a picture to save."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap, QResizeEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from desktop.ui.statistics.axes import text_width
from desktop.ui.statistics.charts import Plot
from desktop.ui.statistics.pages import StatisticsPage
from desktop.ui.style import tokens


class PlotCanvas(QWidget):
    """Canvas of a plot; an image with a description for screen readers."""

    def __init__(self) -> None:
        super().__init__()
        self._plot: Plot | None = None
        self.setMinimumSize(320, 200)

    def show_page(self, page: StatisticsPage) -> None:
        """Show the plot of `page`."""
        self._plot = page.plot
        self.setAccessibleName(page.title)
        self.setAccessibleDescription(page.sentence)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the plot."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._plot is not None:
            self._plot.paint(painter, QRectF(self.rect()))
        painter.end()


class PlotTableView(QTableView):
    """Table of a plot's numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.setFont(tokens.font(numbers=True))
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setHighlightSections(False)

    def show_page(self, page: StatisticsPage) -> None:
        """Show the table of `page`."""
        self.setAccessibleName(page.title)
        self.setAccessibleDescription(page.sentence)
        model = QStandardItemModel(0, len(page.table.header), self)
        model.setHorizontalHeaderLabels(page.table.header)
        for row in page.table.rows:
            items = [QStandardItem(text) for text in row]
            for item in items[1:]:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            model.appendRow(items)
        for column in range(model.columnCount()):
            alignment = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
            model.horizontalHeaderItem(column).setTextAlignment(alignment | Qt.AlignmentFlag.AlignVCenter)
        old = self.model()
        self.setModel(model)
        self._distribute_columns()
        if old is not None:
            old.deleteLater()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Distribute the column widths again."""
        super().resizeEvent(event)
        self._distribute_columns()

    def _distribute_columns(self) -> None:
        """Make the number columns equally wide if all headers fit, else as wide as needed plus an equal share."""
        header, model = self.horizontalHeader(), self.model()
        if model is None:
            return
        columns = range(model.columnCount())
        heads = [model.headerData(column, Qt.Orientation.Horizontal) for column in columns]
        first, *others = [
            max(round(text_width(head)) + 2 * tokens.UNIT + 2, self.sizeHintForColumn(index))
            for index, head in enumerate(heads)
        ]
        room = self.viewport().width()
        if first + len(others) * max(others, default=0) <= room:
            header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
            header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
            return
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        spare = max(0, room - first - sum(others)) // (len(others) + 1)
        for column, needed in enumerate((first, *others)):
            header.resizeSection(column, needed + spare)


def render_picture(page: StatisticsPage, period: str) -> QPixmap:
    """Return the plot of `page` with its title and caption; `period` is the name of the time range."""
    width, height = tokens.PICTURE_SIZE
    picture = QPixmap(width * tokens.PICTURE_SCALE, height * tokens.PICTURE_SCALE)
    picture.setDevicePixelRatio(tokens.PICTURE_SCALE)
    palette = tokens.current_palette()
    picture.fill(QColor(palette.raised))
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    room = QRectF(0, 0, width, height).adjusted(tokens.VAST, tokens.VAST, -tokens.VAST, -tokens.VAST)
    painter.setFont(tokens.font(tokens.TITLE_PX, heading=True))
    painter.setPen(QColor(palette.text))
    painter.drawText(room, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, f"{page.title} · {period}")
    painter.setFont(tokens.font(tokens.SMALL_PX))
    painter.setPen(QColor(palette.quiet))
    caption_rect = QRectF(room.left(), room.bottom() - 2 * tokens.VAST, room.width(), 2 * tokens.VAST)
    flags = int(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap)
    painter.drawText(caption_rect, flags, page.sentence)
    if page.plot is not None:
        page.plot.paint(painter, room.adjusted(0, 2 * tokens.VAST, 0, -3 * tokens.VAST))
    painter.end()
    return picture
