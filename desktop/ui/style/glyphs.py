"""Draw every picture of the application: no image files, sharp at every scale, in the palette's colours.

A glyph is drawn into a square box; lengths are fractions of its side, so one drawing serves the pill and a 64-pixel
icon (`desktop.ui.style.icons`). Five bars in the pill are the level meter.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QLinearGradient, QPainter, QPainterPath, QPen

STROKE = 0.09
BAR = 0.125
MIN_BAR_HEIGHT = 0.14
SILENT_BARS = (MIN_BAR_HEIGHT,) * 5
"""Heights of five silent bars, as fractions of the box."""

type DrawGlyph = Callable[[QPainter, QRectF, QColor], None]
"""A glyph that needs only a box and a colour."""


def bars(painter: QPainter, box: QRectF, heights: Sequence[float], colour: QColor, width: float = BAR) -> None:
    """Draw upright bars of `heights`, fractions of the box, around its middle line."""
    side = box.width()
    pitch = (1 - width) / (len(heights) - 1)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    for index, height in enumerate(heights):
        bar = QRectF(0, 0, width * side, max(height, width) * side)
        bar.moveCenter(QPointF(box.left() + (index * pitch + width / 2) * side, box.center().y()))
        painter.drawRoundedRect(bar, bar.width() / 2, bar.width() / 2)


def moving_light(painter: QPainter, box: QRectF, phase: float, colour: QColor, track: QColor) -> None:
    """Draw a line with a light moving to and fro; `phase` in [0, 1) is one period."""
    line = QRectF(0, 0, box.width(), BAR * box.width())
    line.moveCenter(box.center())
    x = line.left() + line.width() * (0.5 - 0.5 * math.cos(phase * math.tau))
    reach = line.width() * 0.38
    light = QLinearGradient(x - reach, 0, x + reach, 0)
    light.setColorAt(0, track)
    light.setColorAt(0.5, colour)
    light.setColorAt(1, track)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(light))
    painter.drawRoundedRect(line, line.height() / 2, line.height() / 2)


def ring(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """Draw a hollow ring."""
    painter.setPen(_create_pen(box, colour))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inset = box.width() * 0.16
    painter.drawEllipse(box.adjusted(inset, inset, -inset, -inset))


def tick(painter: QPainter, box: QRectF, colour: QColor, progress: float = 1.0) -> None:
    """Draw a tick up to `progress`, a fraction of its length."""
    _draw_stroke(painter, box, colour, ((0.14, 0.53), (0.40, 0.78), (0.88, 0.26)), progress)


def arrow(painter: QPainter, box: QRectF, colour: QColor, progress: float = 1.0) -> None:
    """Draw an arrow to the right up to `progress`, a fraction of its length."""
    _draw_stroke(painter, box, colour, ((0.12, 0.5), (0.86, 0.5)), progress)
    _draw_stroke(painter, box, colour, ((0.58, 0.24), (0.86, 0.5), (0.58, 0.76)), progress)


def cross(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """Draw a cross."""
    _draw_stroke(painter, box, colour, ((0.24, 0.24), (0.76, 0.76)))
    _draw_stroke(painter, box, colour, ((0.76, 0.24), (0.24, 0.76)))


def slash(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """Draw a diagonal line, to cross out what is below."""
    _draw_stroke(painter, box, colour, ((0.12, 0.88), (0.88, 0.12)))


def up(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """Draw an angle that points up."""
    _draw_stroke(painter, box, colour, ((0.26, 0.60), (0.5, 0.36), (0.74, 0.60)))


def down(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """Draw an angle that points down."""
    _draw_stroke(painter, box, colour, ((0.26, 0.40), (0.5, 0.64), (0.74, 0.40)))


def dots(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """Draw a silent meter: five dots."""
    bars(painter, box, SILENT_BARS, colour)


def alert(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """Draw a ring with an exclamation mark."""
    painter.setPen(_create_pen(box, colour))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inset = box.width() * 0.06
    painter.drawEllipse(box.adjusted(inset, inset, -inset, -inset))
    _draw_stroke(painter, box, colour, ((0.5, 0.29), (0.5, 0.54)))
    _draw_stroke(painter, box, colour, ((0.5, 0.715), (0.5, 0.72)))


def clipboard(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """Draw a clipboard with two lines of text."""
    side = box.width()
    painter.setPen(_create_pen(box, colour))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    board = QRectF(box.left() + 0.2 * side, box.top() + 0.18 * side, 0.6 * side, 0.72 * side)
    painter.drawRoundedRect(board, 0.1 * side, 0.1 * side)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    clip = QRectF(box.left() + 0.36 * side, box.top() + 0.08 * side, 0.28 * side, 0.18 * side)
    painter.drawRoundedRect(clip, 0.06 * side, 0.06 * side)
    _draw_stroke(painter, box, colour, ((0.37, 0.52), (0.63, 0.52)))
    _draw_stroke(painter, box, colour, ((0.37, 0.70), (0.54, 0.70)))


def magnifier(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """Draw a magnifying glass."""
    side = box.width()
    painter.setPen(_create_pen(box, colour))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QRectF(box.left() + 0.16 * side, box.top() + 0.16 * side, 0.48 * side, 0.48 * side))
    _draw_stroke(painter, box, colour, ((0.58, 0.58), (0.84, 0.84)))


def play(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """Draw a triangle that points right."""
    painter.setPen(_create_pen(box, colour))
    painter.setBrush(colour)
    side = box.width()
    corners = ((0.18, 0.08), (0.92, 0.5), (0.18, 0.92))
    painter.drawPolygon([QPointF(box.left() + x * side, box.top() + y * side) for x, y in corners])


def pause_bars(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """Draw two bars: pause playback."""
    side = box.width()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    for left in (0.08, 0.62):
        painter.drawRoundedRect(QRectF(box.left() + left * side, box.top(), 0.3 * side, side), 0.08 * side, 0.08 * side)


def globe(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """Draw a globe: data leaves the machine."""
    side, middle = box.width(), box.center()
    painter.setPen(_create_pen(box, colour))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(middle, 0.42 * side, 0.42 * side)
    painter.drawEllipse(middle, 0.18 * side, 0.42 * side)
    _draw_stroke(painter, box, colour, ((0.08, 0.5), (0.92, 0.5)))


def speech(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """Draw five bars of different heights: speech."""
    bars(painter, box, (0.28, 0.62, 0.92, 0.52, 0.22), colour)


def microphone(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """Draw a microphone on its stand."""
    side = box.width()
    painter.setPen(_create_pen(box, colour))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(_sub_box(box, 0.36, 0.08, 0.28, 0.48), 0.14 * side, 0.14 * side)
    painter.drawArc(_sub_box(box, 0.2, 0.16, 0.6, 0.56), 180 * 16, 180 * 16)
    _draw_stroke(painter, box, colour, ((0.5, 0.72), (0.5, 0.9)))
    _draw_stroke(painter, box, colour, ((0.34, 0.9), (0.66, 0.9)))


def keyboard(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """Draw a keyboard."""
    painter.setPen(_create_pen(box, colour))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(_sub_box(box, 0.06, 0.22, 0.88, 0.56), 0.1 * box.width(), 0.1 * box.width())
    for x in (0.26, 0.5, 0.74):
        _draw_stroke(painter, box, colour, ((x, 0.4), (x, 0.405)))
    _draw_stroke(painter, box, colour, ((0.32, 0.6), (0.68, 0.6)))


def lines(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """Draw lines of text."""
    for y, end in ((0.22, 0.9), (0.5, 0.9), (0.78, 0.58)):
        _draw_stroke(painter, box, colour, ((0.1, y), (end, y)))


def book(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """Draw a book: vocabulary."""
    side = box.width()
    painter.setPen(_create_pen(box, colour))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(_sub_box(box, 0.18, 0.08, 0.64, 0.84), 0.08 * side, 0.08 * side)
    _draw_stroke(painter, box, colour, ((0.36, 0.08), (0.36, 0.92)))
    _draw_stroke(painter, box, colour, ((0.5, 0.32), (0.68, 0.32)))


def wave(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """Draw a sine curve: emotion."""
    turn = [(x / 24, 0.5 - 0.32 * math.sin(x / 24 * math.tau)) for x in range(2, 23)]
    _draw_stroke(painter, box, colour, turn)


def clock(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """Draw a clock: history."""
    painter.setPen(_create_pen(box, colour))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(box.center(), 0.42 * box.width(), 0.42 * box.width())
    _draw_stroke(painter, box, colour, ((0.5, 0.26), (0.5, 0.52), (0.68, 0.62)))


def layers(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """Draw two stacked layers: models."""
    _draw_stroke(painter, box, colour, ((0.5, 0.1), (0.92, 0.34), (0.5, 0.58), (0.08, 0.34), (0.5, 0.1)))
    _draw_stroke(painter, box, colour, ((0.08, 0.62), (0.5, 0.88), (0.92, 0.62)))


def columns(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """Draw three columns on a line: a comparison."""
    _draw_stroke(painter, box, colour, ((0.08, 0.9), (0.92, 0.9)))
    for x, top in ((0.22, 0.56), (0.5, 0.14), (0.78, 0.38)):
        _draw_stroke(painter, box, colour, ((x, 0.9), (x, top)))


def note(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """Draw a musical note: sounds."""
    _draw_stroke(painter, box, colour, ((0.42, 0.78), (0.42, 0.14), (0.84, 0.24)))
    painter.setBrush(colour)
    painter.drawEllipse(_sub_box(box, 0.16, 0.66, 0.26, 0.22))


def half_disc(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """Draw a half-filled ring: light and dark."""
    painter.setPen(_create_pen(box, colour))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    whole = _sub_box(box, 0.1, 0.1, 0.8, 0.8)
    painter.drawEllipse(whole)
    painter.setBrush(colour)
    painter.drawPie(whole, 90 * 16, 180 * 16)


def power(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """Draw a power symbol: start."""
    painter.setPen(_create_pen(box, colour))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawArc(_sub_box(box, 0.12, 0.16, 0.76, 0.76), 125 * 16, 290 * 16)
    _draw_stroke(painter, box, colour, ((0.5, 0.06), (0.5, 0.46)))


def about(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """Draw a ring with an i."""
    painter.setPen(_create_pen(box, colour))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(box.center(), 0.42 * box.width(), 0.42 * box.width())
    _draw_stroke(painter, box, colour, ((0.5, 0.46), (0.5, 0.72)))
    _draw_stroke(painter, box, colour, ((0.5, 0.285), (0.5, 0.29)))


def _sub_box(box: QRectF, left: float, top: float, width: float, height: float) -> QRectF:
    """Return a part of the box, given in fractions of it."""
    return QRectF(
        box.left() + left * box.width(), box.top() + top * box.height(), width * box.width(), height * box.height()
    )


def _create_pen(box: QRectF, colour: QColor) -> QPen:
    return QPen(
        QBrush(colour), STROKE * box.width(), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    )


def _draw_stroke(
    painter: QPainter, box: QRectF, colour: QColor, points: Sequence[tuple[float, float]], progress: float = 1.0
) -> None:
    """Draw the line through `points`, fractions of the box, up to `progress`, a fraction of its length."""
    corners = [QPointF(box.left() + x * box.width(), box.top() + y * box.height()) for x, y in points]
    lengths = [math.dist(a.toTuple(), b.toTuple()) for a, b in pairwise(corners)]
    left = progress * sum(lengths)
    path = QPainterPath(corners[0])
    for (start, end), length in zip(pairwise(corners), lengths, strict=True):
        part = min(1.0, left / length)
        if part > 0:
            path.lineTo(start + (end - start) * part)
        left -= length
    painter.setPen(_create_pen(box, colour))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
