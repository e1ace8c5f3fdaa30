"""Draw and name the emotions: each has a shape, a hue and a name, so none depends on colour alone.

The names describe how a dictation sounded, not what the user feels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen

from desktop.ui.style import tokens

UNSURE = "unsure"
"""Kind of a dictation whose emotion was undecided."""


def emotion_name(kind: str) -> str:
    """Return the name of a label of `models.emotion.labels.LABELS`, or of `unsure`."""
    translate = QCoreApplication.translate
    return {
        "neutral": translate("signs", "Even"),
        "joy": translate("signs", "Joyful"),
        "sadness": translate("signs", "Sad"),
        "anger": translate("signs", "Angry"),
        "fear": translate("signs", "Fearful"),
        "surprise": translate("signs", "Surprised"),
        "disgust": translate("signs", "Disgusted"),
        UNSURE: translate("signs", "Not sure"),
    }[kind]


def draw_emotion_sign(painter: QPainter, box: QRectF, kind: str, colour: QColor | None = None) -> None:
    """Draw the sign of `kind` into the square `box`, in its own hue unless `colour` is given. `unsure` is hollow."""
    painter.save()
    colour = colour or tokens.emotion_colour(kind)
    if kind == UNSURE:
        inset = box.width() * 0.2
        painter.setPen(QPen(QBrush(colour), box.width() * 0.14))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(box.adjusted(inset, inset, -inset, -inset))
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPath(sign_path(kind, box))
    painter.restore()


def sign_path(kind: str, box: QRectF) -> QPainterPath:
    """Return the outline of a label's sign in `box`."""
    side, middle = box.width(), box.center()
    path = QPainterPath()
    match kind:
        case "neutral":
            path.addEllipse(middle, side * 0.26, side * 0.26)
        case "joy":
            path.addEllipse(middle, side * 0.44, side * 0.44)
        case "anger":
            path.addRoundedRect(
                box.adjusted(side * 0.1, side * 0.1, -side * 0.1, -side * 0.1), side * 0.08, side * 0.08
            )
        case "surprise":
            radii = (0.52, 0.23) * 5
            _polygon(path, middle, [side * radius for radius in radii])
        case "fear":
            _polygon(path, middle + QPointF(0, side * 0.1), [side * 0.54] * 3)
        case "disgust":
            _polygon(path, middle, [side * 0.48] * 6)
        case "sadness":
            top = QPointF(middle.x(), box.top() + side * 0.02)
            low, wide = box.top() + side * 0.96, side * 0.5
            path.moveTo(top)
            path.cubicTo(
                QPointF(middle.x() + wide * 0.5, box.top() + side * 0.36),
                QPointF(middle.x() + wide * 1.3, low),
                QPointF(middle.x(), low),
            )
            path.cubicTo(
                QPointF(middle.x() - wide * 1.3, low), QPointF(middle.x() - wide * 0.5, box.top() + side * 0.36), top
            )
        case _:
            raise ValueError(kind)
    return path


def _polygon(path: QPainterPath, middle: QPointF, radii: Sequence[float]) -> None:
    """Add a polygon with corners at equal angles, the first at the top."""
    for index, radius in enumerate(radii):
        angle = math.tau * index / len(radii) - math.pi / 2
        corner = middle + QPointF(math.cos(angle) * radius, math.sin(angle) * radius)
        if index:
            path.lineTo(corner)
        else:
            path.moveTo(corner)
    path.closeSubpath()
