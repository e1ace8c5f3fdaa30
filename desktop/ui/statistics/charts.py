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

from desktop.ui.statistics.axes import (
    AXIS_WIDTH_PX,
    column_centres,
    compute_ticks,
    draw_axis_labels,
    draw_gridline,
    draw_text,
    split_at_gaps,
)
from desktop.ui.statistics.stacked_charts import FADED_SHARE, draw_legend, draw_segment, iterate_stack
from desktop.ui.style import tokens

LABELS_HEIGHT_PX = 24
"""Height for the labels below, in pixels."""
LEGEND_HEIGHT_PX = 28
MAX_BAR_WIDTH_PX = 34
"""Maximum width of a bar."""
DOT_PX = 2.5
CAPTION_PX = 20


class Plot(Protocol):
    """A plot that can be painted."""

    def paint(self, painter: QPainter, room: QRectF) -> None:
        """Paint the plot into `room`."""


@dataclass(frozen=True, slots=True)
class LinePanel:
    """A line over time.

    `values` (None where there is none) and their `trend`; `ticks` are the axis numbers, lowest first; `is_signed`: 0 is
    in the middle. `high_label` and `low_label` name the ends; `reference_line` is a value with a named line of its own.
    """

    values: tuple[float | None, ...]
    trend: tuple[float | None, ...]
    ticks: tuple[float, ...]
    high_label: str
    low_label: str = ""
    is_signed: bool = False
    reference_line: tuple[float, str] | None = None


@dataclass(frozen=True, slots=True)
class LineChart:
    """Panels one above the other over the same days, named by `labels`."""

    labels: tuple[str, ...]
    panels: tuple[LinePanel, ...]

    def paint(self, painter: QPainter, room: QRectF) -> None:
        """Paint the chart into `room`."""
        inner = room.adjusted(AXIS_WIDTH_PX, 0, 0, -LABELS_HEIGHT_PX)
        height = inner.height() / len(self.panels)
        xs = column_centres(inner, len(self.labels))
        for index, panel in enumerate(self.panels):
            top = inner.top() + index * height
            _draw_panel(
                painter, QRectF(inner.left(), top + tokens.GAP, inner.width(), height - 2 * tokens.PAD), panel, xs
            )
        draw_axis_labels(
            painter, QRectF(inner.left(), inner.bottom(), inner.width(), LABELS_HEIGHT_PX), self.labels, xs
        )


@dataclass(frozen=True, slots=True)
class ColumnChart:
    """Upright bars of stacked counts of `EMOTION_KINDS`."""

    labels: tuple[str, ...]
    stacks: tuple[tuple[int, ...], ...]

    def paint(self, painter: QPainter, room: QRectF) -> None:
        """Paint the chart into `room`."""
        draw_legend(painter, QRectF(room.left(), room.top(), room.width(), LEGEND_HEIGHT_PX), self.stacks)
        inner = room.adjusted(AXIS_WIDTH_PX, LEGEND_HEIGHT_PX + tokens.GAP, 0, -LABELS_HEIGHT_PX)
        ticks = compute_ticks(max((sum(stack) for stack in self.stacks), default=0))
        maximum = ticks[-1]
        for value in ticks:
            draw_gridline(painter, inner, inner.bottom() - inner.height() * value / maximum, f"{value:.0f}")
        xs = column_centres(inner, len(self.labels))
        width = min(MAX_BAR_WIDTH_PX, inner.width() / max(len(xs), 1) * 0.72)
        for x, stack in zip(xs, self.stacks, strict=True):
            bottom = inner.bottom()
            for kind, count in iterate_stack(stack):
                height = inner.height() * count / maximum
                draw_segment(painter, QRectF(x - width / 2, bottom - height, width, height), kind)
                bottom -= height
        draw_axis_labels(
            painter, QRectF(inner.left(), inner.bottom(), inner.width(), LABELS_HEIGHT_PX), self.labels, xs
        )


@dataclass(frozen=True, slots=True)
class BarChart:
    """Horizontal bars of stacked counts of `EMOTION_KINDS`, each with its name before and its sum behind."""

    labels: tuple[str, ...]
    stacks: tuple[tuple[int, ...], ...]

    def paint(self, painter: QPainter, room: QRectF) -> None:
        """Paint the chart into `room`."""
        names_width = min(room.width() * 0.25, 180.0)
        draw_legend(painter, QRectF(room.left(), room.top(), room.width(), LEGEND_HEIGHT_PX), self.stacks)
        inner = room.adjusted(names_width, LEGEND_HEIGHT_PX + tokens.GAP, -AXIS_WIDTH_PX, 0)
        maximum = max((sum(stack) for stack in self.stacks), default=0) or 1
        pitch = min(inner.height() / max(len(self.stacks), 1), 44.0)
        for index, (label, stack) in enumerate(zip(self.labels, self.stacks, strict=True)):
            line = QRectF(inner.left(), inner.top() + index * pitch, inner.width(), pitch)
            before = QRectF(room.left(), line.top(), names_width - tokens.PAD, pitch)
            draw_text(painter, before, label, tokens.current_palette().text, Qt.AlignmentFlag.AlignRight)
            left, height = line.left(), min(pitch * 0.6, 24.0)
            for kind, count in iterate_stack(stack):
                width = line.width() * count / maximum
                draw_segment(painter, QRectF(left, line.center().y() - height / 2, width, height), kind)
                left += width
            behind = QRectF(left + tokens.GAP, line.top(), room.right() - left, pitch)
            draw_text(painter, behind, f"{sum(stack):,}", tokens.current_palette().quiet, Qt.AlignmentFlag.AlignLeft)


@dataclass(frozen=True, slots=True)
class LatencyChart:
    """Latency of each stage: a thick bar to the median, a thin one to the 95th percentile."""

    labels: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    median_label: str
    p95_label: str

    def paint(self, painter: QPainter, room: QRectF) -> None:
        """Paint the chart into `room`."""
        palette = tokens.current_palette()
        names_width = min(room.width() * 0.25, 180.0)
        inner = room.adjusted(names_width, LEGEND_HEIGHT_PX + tokens.GAP, -AXIS_WIDTH_PX, -LABELS_HEIGHT_PX)
        ticks = compute_ticks(max((p95 for _, p95 in self.spans), default=0))
        maximum = ticks[-1]
        for value in ticks:
            x = inner.left() + inner.width() * value / maximum
            painter.setPen(QColor(palette.line))
            painter.drawLine(QPointF(x, inner.top()), QPointF(x, inner.bottom()))
            under = QRectF(x - 40, inner.bottom(), 80, LABELS_HEIGHT_PX)
            draw_text(painter, under, f"{value:.0f} ms", palette.faint, Qt.AlignmentFlag.AlignHCenter)
        pitch = min(inner.height() / max(len(self.spans), 1), 84.0)
        for index, (label, (p50, p95)) in enumerate(zip(self.labels, self.spans, strict=True)):
            line = QRectF(inner.left(), inner.top() + index * pitch, inner.width(), pitch)
            before = QRectF(room.left(), line.top(), names_width - tokens.PAD, pitch)
            draw_text(painter, before, label, palette.text, Qt.AlignmentFlag.AlignRight)
            middle = line.center().y()
            median_x, p95_x = (line.left() + line.width() * value / maximum for value in (p50, p95))
            painter.setPen(QPen(QColor(palette.accent), 2))
            painter.drawLine(QPointF(line.left(), middle), QPointF(p95_x, middle))
            painter.drawLine(QPointF(p95_x, middle - 7), QPointF(p95_x, middle + 7))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.accent))
            painter.drawRoundedRect(QRectF(line.left(), middle - 8, median_x - line.left(), 16), 3, 3)
            behind = QRectF(p95_x + tokens.GAP, line.top(), room.right() - p95_x, pitch)
            draw_text(painter, behind, f"{p95} ms", palette.quiet, Qt.AlignmentFlag.AlignLeft)
            above = QRectF(line.left(), line.top(), max(80.0, median_x - line.left()), pitch / 2 - 10)
            alignment = Qt.AlignmentFlag.AlignRight if median_x - line.left() > 80 else Qt.AlignmentFlag.AlignLeft
            draw_text(painter, above, f"{p50} ms", palette.text, alignment, low=True)
        key = QRectF(inner.left(), room.top(), inner.width(), LEGEND_HEIGHT_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.accent))
        painter.drawRoundedRect(QRectF(key.left(), key.center().y() - 5, 22, 10), 3, 3)
        label_width = draw_text(
            painter, key.adjusted(30, 0, 0, 0), self.median_label, palette.quiet, Qt.AlignmentFlag.AlignLeft
        )
        x = key.left() + 30 + label_width + tokens.VAST
        painter.setPen(QPen(QColor(palette.accent), 2))
        painter.drawLine(QPointF(x, key.center().y()), QPointF(x + 22, key.center().y()))
        painter.drawLine(QPointF(x + 22, key.center().y() - 5), QPointF(x + 22, key.center().y() + 5))
        behind = QRectF(x + 30, key.top(), key.right() - x, key.height())
        draw_text(painter, behind, self.p95_label, palette.quiet, Qt.AlignmentFlag.AlignLeft)


def _draw_panel(painter: QPainter, room: QRectF, panel: LinePanel, xs: Sequence[float]) -> None:
    palette = tokens.current_palette()
    above = room.adjusted(tokens.GAP, 2, 0, 0)
    if not panel.is_signed:  # the line may be anywhere below
        room = room.adjusted(0, CAPTION_PX, 0, 0)
        above = above.adjusted(-tokens.GAP, -CAPTION_PX / 4, 0, 0)
    minimum, maximum = panel.ticks[0], panel.ticks[-1]

    def y(value: float) -> float:
        return room.bottom() - room.height() * (min(max(value, minimum), maximum) - minimum) / (maximum - minimum)

    for value in panel.ticks:
        label = f"{value:+.2g}" if panel.is_signed and value else f"{value:.3g}"
        draw_gridline(painter, room, y(value), label.replace("-", "\u2212"))
    accent = QColor(palette.accent)
    points = [(x, y(value)) for x, value in zip(xs, panel.values, strict=True) if value is not None]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(accent if tokens.is_high_contrast() else tokens.blend_with_raised(accent, FADED_SHARE))
    for x, height in points:
        painter.drawEllipse(QPointF(x, height), DOT_PX, DOT_PX)
    for run in split_at_gaps(xs, panel.trend):
        line = QPainterPath(QPointF(run[0][0], y(run[0][1])))
        for x, value in run[1:]:
            line.lineTo(x, y(value))
        if panel.is_signed:
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
    if panel.reference_line is not None:
        value, name = panel.reference_line
        painter.setPen(QPen(QColor(palette.faint), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(room.left(), y(value)), QPointF(room.right(), y(value)))
        over = QRectF(room.left() + tokens.GAP, y(value) - 20, room.width() - tokens.PAD, 18)
        draw_text(painter, over, name, palette.quiet, Qt.AlignmentFlag.AlignRight)
    above.setHeight(CAPTION_PX - 2)
    draw_text(painter, above, panel.high_label, palette.quiet, Qt.AlignmentFlag.AlignLeft)
    draw_text(
        painter, above.translated(0, room.height() - 22), panel.low_label, palette.quiet, Qt.AlignmentFlag.AlignLeft
    )
