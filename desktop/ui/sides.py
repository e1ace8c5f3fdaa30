"""Where something stands in windows that are read from right to left: as in a mirror.

Qt turns its layouts round by itself, and Arabic and Hebrew within a line. What is painted by hand is turned here. What
runs as time does is not: a recording, and the plots over days.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGuiApplication, QPainter
from PySide6.QtWidgets import QLayout


def mirrored() -> bool:
    """Whether the windows are read from right to left."""
    return QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft


def flip(place: QRectF, within: QRectF) -> QRectF:
    """`place`, as it is from left to right, or on the other side of `within`."""
    if not mirrored():
        return place
    return QRectF(within.left() + within.right() - place.right(), place.top(), place.width(), place.height())


def margins(layout: QLayout, begin: int, top: int, end: int, bottom: int) -> None:
    """Give `layout` these margins: Qt does not turn them round. `begin` is at the left from left to right."""
    left, right = (end, begin) if mirrored() else (begin, end)
    layout.setContentsMargins(left, top, right, bottom)


def line(painter: QPainter, room: QRectF, text: str, font: QFont, colour: str, *, low: bool = False) -> None:
    """Write one line of `text` where `room` begins, cut with an ellipsis where it does not fit; at the foot of it where
    `low`. Its words run as their own script does: what was said in English stays English in an Arabic window."""
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    along = Qt.AlignmentFlag.AlignRight if mirrored() else Qt.AlignmentFlag.AlignLeft
    up = Qt.AlignmentFlag.AlignBottom if low else Qt.AlignmentFlag.AlignVCenter
    cut = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, along | up | Qt.AlignmentFlag.AlignAbsolute, cut)


def arrow() -> str:
    """What points onwards in a line."""
    return "←" if mirrored() else "→"
