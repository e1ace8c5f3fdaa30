"""Paint the plots of the statistics: lines over days, stacked bars, and latencies.

Each plot is a value that paints itself into any rectangle, so the window and a saved picture are the same drawing,
sharp at every scale. QtCharts is GPL, and four plots need no library.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from desktop.ui.statistics.mood_axes import AXIS_PX, beneath, centres, gridline, runs, ticks, write
from desktop.ui.statistics.mood_stacks import QUIET, legend, part, stacked
from desktop.ui.style import tokens

LABELS_PX = 24
"""Height for the labels below, in pixels."""
LEGEND_PX = 28
BAR_PX = 34
"""Maximum width of a bar."""
DOT_PX = 2.5
CAPTION_PX = 20


class Plot(Protocol):
    """A plot that can be painted."""

    def paint(self, painter: QPainter, room: QRectF) -> None:
        """Paint the plot into `room`."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A line over time.

    `values` (None where there is none) and their `trend`; `marks` are the axis numbers, lowest first; `signed` puts 0
    in the middle. `high` and `low` label the ends; `mark` is a value with a named line of its own.
    """

    values: tuple[float | None, ...]
    trend: tuple[float | None, ...]
    marks: tuple[float, ...]
    high: str
    low: str = ""
    signed: bool = False
    mark: tuple[float, str] | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """Panels one above the other over the same days, named by `labels`."""

    labels: tuple[str, ...]
    panels: tuple[Panel, ...]

    def paint(self, painter: QPainter, room: QRectF) -> None:
        """Paint the chart into `room`."""
        inner = room.adjusted(AXIS_PX, 0, 0, -LABELS_PX)
        share = inner.height() / len(self.panels)
        xs = centres(inner, len(self.labels))
        for place, panel in enumerate(self.panels):
            top = inner.top() + place * share
            _panel(painter, QRectF(inner.left(), top + tokens.GAP, inner.width(), share - 2 * tokens.PAD), panel, xs)
        beneath(painter, QRectF(inner.left(), inner.bottom(), inner.width(), LABELS_PX), self.labels, xs)


@dataclass(frozen=True, slots=True)
class Columns:
    """Upright bars of stacked counts of `KINDS`."""

    labels: tuple[str, ...]
    stacks: tuple[tuple[int, ...], ...]

    def paint(self, painter: QPainter, room: QRectF) -> None:
        """Paint the chart into `room`."""
        legend(painter, QRectF(room.left(), room.top(), room.width(), LEGEND_PX), self.stacks)
        inner = room.adjusted(AXIS_PX, LEGEND_PX + tokens.GAP, 0, -LABELS_PX)
        marks = ticks(max((sum(stack) for stack in self.stacks), default=0))
        most = marks[-1]
        for value in marks:
            gridline(painter, inner, inner.bottom() - inner.height() * value / most, f"{value:.0f}")
        xs = centres(inner, len(self.labels))
        width = min(BAR_PX, inner.width() / max(len(xs), 1) * 0.72)
        for x, stack in zip(xs, self.stacks, strict=True):
            bottom = inner.bottom()
            for kind, count in stacked(stack):
                height = inner.height() * count / most
                part(painter, QRectF(x - width / 2, bottom - height, width, height), kind)
                bottom -= height
        beneath(painter, QRectF(inner.left(), inner.bottom(), inner.width(), LABELS_PX), self.labels, xs)


@dataclass(frozen=True, slots=True)
class Strips:
    """Horizontal bars of stacked counts of `KINDS`, each with its name before and its sum behind."""

    labels: tuple[str, ...]
    stacks: tuple[tuple[int, ...], ...]

    def paint(self, painter: QPainter, room: QRectF) -> None:
        """Paint the chart into `room`."""
        names = min(room.width() * 0.25, 180.0)
        legend(painter, QRectF(room.left(), room.top(), room.width(), LEGEND_PX), self.stacks)
        inner = room.adjusted(names, LEGEND_PX + tokens.GAP, -AXIS_PX, 0)
        most = max((sum(stack) for stack in self.stacks), default=0) or 1
        pitch = min(inner.height() / max(len(self.stacks), 1), 44.0)
        for place, (label, stack) in enumerate(zip(self.labels, self.stacks, strict=True)):
            line = QRectF(inner.left(), inner.top() + place * pitch, inner.width(), pitch)
            before = QRectF(room.left(), line.top(), names - tokens.PAD, pitch)
            write(painter, before, label, tokens.palette().text, Qt.AlignmentFlag.AlignRight)
            left, height = line.left(), min(pitch * 0.6, 24.0)
            for kind, count in stacked(stack):
                width = line.width() * count / most
                part(painter, QRectF(left, line.center().y() - height / 2, width, height), kind)
                left += width
            behind = QRectF(left + tokens.GAP, line.top(), room.right() - left, pitch)
            write(painter, behind, f"{sum(stack):,}", tokens.palette().quiet, Qt.AlignmentFlag.AlignLeft)


@dataclass(frozen=True, slots=True)
class Spans:
    """Latency of each stage: a thick bar to the median, a thin one to the 95th percentile."""

    labels: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    half: str
    most: str

    def paint(self, painter: QPainter, room: QRectF) -> None:
        """Paint the chart into `room`."""
        palette = tokens.palette()
        names = min(room.width() * 0.25, 180.0)
        inner = room.adjusted(names, LEGEND_PX + tokens.GAP, -AXIS_PX, -LABELS_PX)
        marks = ticks(max((p95 for _, p95 in self.spans), default=0))
        ends = marks[-1]
        for value in marks:
            x = inner.left() + inner.width() * value / ends
            painter.setPen(QColor(palette.line))
            painter.drawLine(QPointF(x, inner.top()), QPointF(x, inner.bottom()))
            under = QRectF(x - 40, inner.bottom(), 80, LABELS_PX)
            write(painter, under, f"{value:.0f} ms", palette.faint, Qt.AlignmentFlag.AlignHCenter)
        pitch = min(inner.height() / max(len(self.spans), 1), 84.0)
        for place, (label, (p50, p95)) in enumerate(zip(self.labels, self.spans, strict=True)):
            line = QRectF(inner.left(), inner.top() + place * pitch, inner.width(), pitch)
            before = QRectF(room.left(), line.top(), names - tokens.PAD, pitch)
            write(painter, before, label, palette.text, Qt.AlignmentFlag.AlignRight)
            middle = line.center().y()
            to_half, to_most = (line.left() + line.width() * value / ends for value in (p50, p95))
            painter.setPen(QPen(QColor(palette.accent), 2))
            painter.drawLine(QPointF(line.left(), middle), QPointF(to_most, middle))
            painter.drawLine(QPointF(to_most, middle - 7), QPointF(to_most, middle + 7))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.accent))
            painter.drawRoundedRect(QRectF(line.left(), middle - 8, to_half - line.left(), 16), 3, 3)
            behind = QRectF(to_most + tokens.GAP, line.top(), room.right() - to_most, pitch)
            write(painter, behind, f"{p95} ms", palette.quiet, Qt.AlignmentFlag.AlignLeft)
            above = QRectF(line.left(), line.top(), max(80.0, to_half - line.left()), pitch / 2 - 10)
            along = Qt.AlignmentFlag.AlignRight if to_half - line.left() > 80 else Qt.AlignmentFlag.AlignLeft
            write(painter, above, f"{p50} ms", palette.text, along, low=True)
        key = QRectF(inner.left(), room.top(), inner.width(), LEGEND_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.accent))
        painter.drawRoundedRect(QRectF(key.left(), key.center().y() - 5, 22, 10), 3, 3)
        used = write(painter, key.adjusted(30, 0, 0, 0), self.half, palette.quiet, Qt.AlignmentFlag.AlignLeft)
        x = key.left() + 30 + used + tokens.VAST
        painter.setPen(QPen(QColor(palette.accent), 2))
        painter.drawLine(QPointF(x, key.center().y()), QPointF(x + 22, key.center().y()))
        painter.drawLine(QPointF(x + 22, key.center().y() - 5), QPointF(x + 22, key.center().y() + 5))
        behind = QRectF(x + 30, key.top(), key.right() - x, key.height())
        write(painter, behind, self.most, palette.quiet, Qt.AlignmentFlag.AlignLeft)


def _panel(painter: QPainter, room: QRectF, panel: Panel, xs: Sequence[float]) -> None:
    palette = tokens.palette()
    above = room.adjusted(tokens.GAP, 2, 0, 0)
    if not panel.signed:  # the line may be anywhere below
        room = room.adjusted(0, CAPTION_PX, 0, 0)
        above = above.adjusted(-tokens.GAP, -CAPTION_PX / 4, 0, 0)
    least, most = panel.marks[0], panel.marks[-1]

    def y(value: float) -> float:
        return room.bottom() - room.height() * (min(max(value, least), most) - least) / (most - least)

    for value in panel.marks:
        label = f"{value:+.2g}" if panel.signed and value else f"{value:.3g}"
        gridline(painter, room, y(value), label.replace("-", "\u2212"))
    accent = QColor(palette.accent)
    known = [(x, y(value)) for x, value in zip(xs, panel.values, strict=True) if value is not None]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(accent if tokens.contrasting() else tokens.faded(accent, QUIET))
    for x, height in known:
        painter.drawEllipse(QPointF(x, height), DOT_PX, DOT_PX)
    for run in runs(xs, panel.trend):
        line = QPainterPath(QPointF(run[0][0], y(run[0][1])))
        for x, value in run[1:]:
            line.lineTo(x, y(value))
        if panel.signed:
            area = QPainterPath(line)
            area.lineTo(run[-1][0], y(0.0))
            area.lineTo(run[0][0], y(0.0))
            area.closeSubpath()
            shade = QColor(accent)
            shade.setAlphaF(0.10)
            painter.fillPath(area, shade)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(accent, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.drawPath(line)
    if panel.mark is not None:
        value, name = panel.mark
        painter.setPen(QPen(QColor(palette.faint), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(room.left(), y(value)), QPointF(room.right(), y(value)))
        over = QRectF(room.left() + tokens.GAP, y(value) - 20, room.width() - tokens.PAD, 18)
        write(painter, over, name, palette.quiet, Qt.AlignmentFlag.AlignRight)
    above.setHeight(CAPTION_PX - 2)
    write(painter, above, panel.high, palette.quiet, Qt.AlignmentFlag.AlignLeft)
    write(painter, above.translated(0, room.height() - 22), panel.low, palette.quiet, Qt.AlignmentFlag.AlignLeft)
