"""Mirror what is painted by hand when windows are read from right to left.

Qt mirrors its layouts, and Arabic and Hebrew within a line. Time axes are not mirrored: a recording, and the plots over
days.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGuiApplication, QPainter
from PySide6.QtWidgets import QLayout


def is_right_to_left() -> bool:
    """Return whether windows are read from right to left."""
    return QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft


def mirror_rect(place: QRectF, within: QRectF) -> QRectF:
    """Return `place`, mirrored inside `within` when windows are right to left."""
    if not is_right_to_left():
        return place
    return QRectF(within.left() + within.right() - place.right(), place.top(), place.width(), place.height())


def set_margins(layout: QLayout, begin: int, top: int, end: int, bottom: int) -> None:
    """Set margins that follow the reading direction, which Qt does not do.

    `begin` is left when reading left to right.
    """
    left, right = (end, begin) if is_right_to_left() else (begin, end)
    layout.setContentsMargins(left, top, right, bottom)


def draw_text_line(painter: QPainter, room: QRectF, text: str, font: QFont, colour: str, *, low: bool = False) -> None:
    """Draw one line of `text` at the start of `room`, elided, at the bottom if `low`.

    Its letters run as their script does: English text stays left to right in an Arabic window.
    """
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    along = Qt.AlignmentFlag.AlignRight if is_right_to_left() else Qt.AlignmentFlag.AlignLeft
    up = Qt.AlignmentFlag.AlignBottom if low else Qt.AlignmentFlag.AlignVCenter
    cut = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, along | up | Qt.AlignmentFlag.AlignAbsolute, cut)


def forward_arrow() -> str:
    """Return an arrow that points in the reading direction."""
    return "←" if is_right_to_left() else "→"
