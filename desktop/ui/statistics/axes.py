"""Draw axes, labels and elided text for the plots, and compute axis values (pure)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from desktop.ui.style import tokens

AXIS_WIDTH_PX = 52
"""Width for the numbers at the left, in pixels."""


def compute_ticks(maximum: float) -> tuple[float, ...]:
    """Return round numbers from 0 to the first not below `maximum`: two to six."""
    step = 1.0
    while step * 5 < maximum:
        step *= 2.5 if f"{step:.0e}".startswith("2") else 2
    return tuple(step * count for count in range(max(1, math.ceil(maximum / step)) + 1))


def compute_trend(values: Sequence[float | None], weights: Sequence[int], reach: int = 3) -> tuple[float | None, ...]:
    """Return the weighted mean of the values within `reach` of each; None without values nearby."""

    def near(index: int) -> float | None:
        window = range(max(0, index - reach), min(len(values), index + reach + 1))
        weighted = [
            (value, weights[other]) for other in window if (value := values[other]) is not None and weights[other]
        ]
        total = sum(weight for _, weight in weighted)
        return sum(value * weight for value, weight in weighted) / total if total else None

    return tuple(near(index) for index in range(len(values)))


def split_at_gaps(xs: Sequence[float], values: Sequence[float | None]) -> Iterator[list[tuple[float, float]]]:
    """Yield the unbroken stretches of a line."""
    run: list[tuple[float, float]] = []
    for x, value in zip(xs, values, strict=True):
        if value is not None:
            run.append((x, value))
        elif run:
            yield run
            run = []
    if run:
        yield run


def column_centres(room: QRectF, count: int) -> list[float]:
    """Return the x of the centres of `count` columns."""
    pitch = room.width() / max(count, 1)
    return [room.left() + pitch * (index + 0.5) for index in range(count)]


def draw_gridline(painter: QPainter, room: QRectF, y: float, label: str) -> None:
    """Draw a faint line across `room` at `y`, with its number before it."""
    palette = tokens.current_palette()
    painter.setPen(QColor(palette.line))
    painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
    before = QRectF(room.left() - AXIS_WIDTH_PX, y - 9, AXIS_WIDTH_PX - tokens.GAP, 18)
    draw_text(painter, before, label, palette.faint, Qt.AlignmentFlag.AlignRight)


def draw_axis_labels(painter: QPainter, room: QRectF, labels: Sequence[str], xs: Sequence[float]) -> None:
    """Draw as many of `labels` as fit without touching; the last one always."""
    font = tokens.font(tokens.SMALL_PX, numbers=True)
    widest = max((QFontMetricsF(font).horizontalAdvance(label) for label in labels), default=0.0) + tokens.PAD
    step = max(1, -(-int(widest) * len(labels) // max(int(room.width()), 1)))
    free = room.right() + widest
    for index in range(len(labels) - 1, -1, -step):
        rect = QRectF(xs[index] - widest / 2, room.top(), widest, room.height())
        over = max(0.0, rect.right() - room.right())
        rect.translate(-over, 0)
        if rect.left() >= room.left() - AXIS_WIDTH_PX and rect.right() <= free:
            alignment = Qt.AlignmentFlag.AlignRight if over else Qt.AlignmentFlag.AlignHCenter
            draw_text(painter, rect, labels[index], tokens.current_palette().faint, alignment)
            free = rect.left() + 1


def text_width(text: str) -> float:
    """Return the width of a line of text."""
    return QFontMetricsF(tokens.font(tokens.SMALL_PX, numbers=True)).horizontalAdvance(text)


def draw_text(
    painter: QPainter, room: QRectF, text: str, colour: str, alignment: Qt.AlignmentFlag, *, low: bool = False
) -> float:
    """Draw a line of text and return its width."""
    font = tokens.font(tokens.SMALL_PX, numbers=True)
    painter.setFont(font)
    painter.setPen(QColor(colour))
    metrics = QFontMetricsF(font)
    elided = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, alignment | (Qt.AlignmentFlag.AlignBottom if low else Qt.AlignmentFlag.AlignVCenter), elided)
    return metrics.horizontalAdvance(elided)
