"""Buttons that are painted here, in the colours of the current theme: one with a glyph, and a check box."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QStyle, QStyleOptionButton

from desktop.ui.style import glyphs, tokens
from desktop.ui.widgets.label import set_tool_tip

_CORNER_RADIUS, _TICK_WIDTH = 3.0, 1.8


class GlyphButton(QAbstractButton):
    """A small button with a glyph.

    `name` is the accessible name and the tooltip. `is_accented` marks the likeliest action.
    """

    def __init__(self, draw: glyphs.DrawGlyph, name: str, *, is_accented: bool = False) -> None:
        super().__init__()
        self._draw = draw
        self._accent = is_accented
        self.setAccessibleName(name)
        set_tool_tip(self, name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Return a square as high as a field, less its padding."""
        side = tokens.FIELD_HEIGHT - tokens.UNIT
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the glyph, and a frame on focus or hover."""
        palette = tokens.current_palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus() or (self.underMouse() and self.isEnabled()):
            painter.setPen(QPen(QColor(palette.accent if self.hasFocus() else palette.edge), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(frame, tokens.FIELD_RADIUS, tokens.FIELD_RADIUS)
        colour = palette.edge if not self.isEnabled() else palette.accent if self._accent else palette.quiet
        side = tokens.WIDE
        box = QRectF(0, 0, side, side)
        box.moveCenter(QRectF(self.rect()).center())
        self._draw(painter, box, QColor(colour))
        painter.end()


class TickBox(QCheckBox):
    """A check box with its label. The style's own box has an edge that is invisible in dark themes."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the label by the style, and the box over the style's."""
        super().paintEvent(event)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        rect = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        palette, box = tokens.current_palette(), QRectF(rect)
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
