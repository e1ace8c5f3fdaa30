"""Paint what several widgets share: a line of text and the track of a bar."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from desktop.ui.style import tokens


def draw_text_line(painter: QPainter, room: QRectF, text: str, font: QFont, colour: str, *, low: bool = False) -> None:
    """Draw one line of `text` at the left of `room`, elided, at the bottom if `low`.

    Its letters run as their script does: Hebrew or Arabic text runs from right to left, but begins at the left too.
    """
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    vertical = Qt.AlignmentFlag.AlignBottom if low else Qt.AlignmentFlag.AlignVCenter
    elided = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignLeft | vertical | Qt.AlignmentFlag.AlignAbsolute, elided)


def draw_track(painter: QPainter, room: QRectF) -> None:
    """Draw the track of a bar, outlined in high contrast. Leaves the painter without a pen."""
    if tokens.is_high_contrast():
        painter.setPen(QPen(QColor(tokens.current_palette().edge), 1))
        room = room.adjusted(0.5, 0.5, -0.5, -0.5)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tokens.current_palette().line))
    painter.drawRoundedRect(room, room.height() / 2, room.height() / 2)
    painter.setPen(Qt.PenStyle.NoPen)
