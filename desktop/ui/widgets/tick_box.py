"""A painted check box: the style's own box has an edge that is invisible in dark themes."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QStyle, QStyleOptionButton

from desktop.ui.style import tokens

_CORNER_RADIUS, _TICK_WIDTH = 3.0, 1.8


class TickBox(QCheckBox):
    """A check box with its label."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the label by the style, and the box over the style's."""
        super().paintEvent(event)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        place = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        palette, box = tokens.current_palette(), QRectF(place)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(box, QColor(palette.raised))
        painter.setPen(QPen(QColor(palette.faint), 1))
        painter.setBrush(QColor(palette.raised))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), _CORNER_RADIUS, _CORNER_RADIUS)
        if self.isChecked():
            pen = QPen(QColor(palette.accent), _TICK_WIDTH, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            corners = ((0.24, 0.52), (0.43, 0.71), (0.78, 0.31))
            painter.drawPolyline([QPointF(box.x() + x * box.width(), box.y() + y * box.height()) for x, y in corners])
        painter.end()
