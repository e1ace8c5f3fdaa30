"""How a dictation sounded, as a small sign: a shape and a colour each, since colour alone is not seen by all.

Drawn into a square box, as `glyphs` are.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPolygonF

from desktop.history import Row
from desktop.ui import tokens


def label_of(row: Row) -> str:
    """What is shown of how the row sounded: a label, "unsure" where nothing was likely enough, empty where nobody
    judged."""
    if row.emotion is None:
        return ""
    return "unsure" if row.emotion.abstained else row.emotion.label


def sign(painter: QPainter, box: QRectF, label: str) -> None:
    """The sign of `label` in its colour; nothing where there is none."""
    if label not in tokens.HUES:
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tokens.hue(label)))
    painter.drawPath(_path(box, label))


def _path(box: QRectF, label: str) -> QPainterPath:
    path = QPainterPath()
    side, middle = box.width(), box.center()
    match label:
        case "neutral":
            path.addEllipse(middle, side * 0.22, side * 0.22)
        case "joy":
            path.addEllipse(box)
        case "anger":
            inset = side * 0.07
            path.addRoundedRect(box.adjusted(inset, inset, -inset, -inset), side * 0.1, side * 0.1)
        case "sadness":
            path.moveTo(middle.x(), box.top())
            path.cubicTo(box.right(), middle.y(), box.right() - 0.04 * side, box.bottom(), middle.x(), box.bottom())
            path.cubicTo(box.left() + 0.04 * side, box.bottom(), box.left(), middle.y(), middle.x(), box.top())
        case "surprise":
            path.addPolygon(_corners(box, 10, (0.56, 0.25)))
        case "fear":
            path.addPolygon(_corners(box.translated(0, side * 0.1), 3, (0.58,)))
        case "disgust":
            path.addPolygon(_corners(box, 6, (0.54,)))
    path.closeSubpath()
    return path


def _corners(box: QRectF, count: int, radii: tuple[float, ...]) -> QPolygonF:
    """A polygon about the middle, its first corner at the top; the radii take turns, as parts of the side."""
    corners = []
    for number in range(count):
        angle = math.tau * number / count - math.pi / 2
        reach = radii[number % len(radii)] * box.width()
        corners.append(box.center() + QPointF(reach * math.cos(angle), reach * math.sin(angle)))
    return QPolygonF(corners)
