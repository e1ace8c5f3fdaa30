"""Draw the pill's shape, its shadow, and an outline where the shadow does not set it off."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from desktop.ui.style import tokens
from desktop.ui.style.palettes import Palette


def paint_body(painter: QPainter, body: QRectF, palette: Palette, *, is_blended: bool) -> None:
    """Draw the pill's background into `body`, with a shadow when a compositor blends it (`is_blended`)."""
    if is_blended:
        _draw_shadow(painter, body, palette.shadow)
    else:
        painter.fillRect(body, QColor(palette.raised))
    painter.setBrush(QColor(palette.raised))
    lined = not is_blended or not tokens.is_dark() or tokens.is_high_contrast()
    painter.setPen(QPen(QColor(palette.edge), 1) if lined else Qt.PenStyle.NoPen)
    painter.drawPath(_outline(body.adjusted(0.5, 0.5, -0.5, -0.5)))


def compute_mask_rows(width: int, height: int, scale: float) -> list[tuple[int, int, int, int]]:
    """Return the mask of an unblended window in native pixels: one rectangle (left, top, width, height) a line.

    Anything coarser does not look round.
    """
    radius = min(height, tokens.PILL_HEIGHT * scale) / 2
    rows = []
    for line in range(height):
        from_arc = max(0.0, radius - min(line + 0.5, height - line - 0.5))
        inset = round(radius - math.sqrt(radius**2 - from_arc**2))
        rows.append((inset, line, width - 2 * inset, 1))
    return rows


def _outline(body: QRectF, beyond: int = 0) -> QPainterPath:
    """Return the pill's shape around `body`, enlarged by `beyond`."""
    radius = min(body.height(), tokens.PILL_HEIGHT) / 2 + beyond
    path = QPainterPath()
    path.addRoundedRect(body.adjusted(-beyond, -beyond, beyond, beyond), radius, radius)
    return path


def _draw_shadow(painter: QPainter, body: QRectF, depth: int) -> None:
    """Draw a soft shadow of rings that fade with the square of their distance."""
    painter.setPen(Qt.PenStyle.NoPen)
    reach = tokens.PILL_SHADOW - tokens.PILL_DROP
    for ring in range(reach, 0, -1):
        painter.setBrush(QColor(0, 0, 0, round(depth * 2 * (1 - ring / (reach + 1)) / reach)))
        painter.drawPath(_outline(body.translated(0, tokens.PILL_DROP), ring))
