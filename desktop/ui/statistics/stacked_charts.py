"""Draw stacked bars of emotions and their legend, distinguished by hue and sign, in high contrast also by pattern."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from desktop.history.statistics import EMOTION_KINDS
from desktop.ui import emotions
from desktop.ui.statistics.axes import draw_text, text_width
from desktop.ui.style import tokens

_SIGN_GAP = 6
"""Pixels from a sign to its name."""
FADED_SHARE = 0.42
"""Share of its colour that a neutral or unsure part keeps."""

STACK_ORDER = ("neutral", "unsure", *(kind for kind in EMOTION_KINDS if kind not in ("neutral", "unsure")))
"""Order from the bottom: neutral and unsure, then the emotions."""

FILL_PATTERNS = {
    "neutral": Qt.BrushStyle.Dense6Pattern,
    "unsure": Qt.BrushStyle.NoBrush,
    "joy": Qt.BrushStyle.SolidPattern,
    "sadness": Qt.BrushStyle.HorPattern,
    "anger": Qt.BrushStyle.VerPattern,
    "fear": Qt.BrushStyle.BDiagPattern,
    "surprise": Qt.BrushStyle.DiagCrossPattern,
    "disgust": Qt.BrushStyle.FDiagPattern,
}
"""Fill pattern of each part in high contrast: a part too small for a sign is not distinguished by colour alone."""


def draw_legend(painter: QPainter, room: QRectF, stacks: Sequence[Sequence[int]]) -> None:
    """Draw the signs and names of the kinds in `stacks`, in a row, closer together when the names are long."""
    kinds = [kind for kind in STACK_ORDER if any(stack[EMOTION_KINDS.index(kind)] for stack in stacks)]
    widths = [tokens.SIGN_SIZE + _SIGN_GAP + text_width(emotions.emotion_name(kind)) for kind in kinds]
    gap = min(tokens.WIDE, max(tokens.UNIT, (room.width() - sum(widths)) / max(1, len(kinds) - 1)))
    x = room.left()
    for kind, width in zip(kinds, widths, strict=True):
        emotions.draw_emotion_sign(
            painter, QRectF(x, room.center().y() - tokens.SIGN_SIZE / 2, tokens.SIGN_SIZE, tokens.SIGN_SIZE), kind
        )
        text_left = x + tokens.SIGN_SIZE + _SIGN_GAP
        name = QRectF(text_left, room.top(), room.right() - text_left + 1, room.height())
        draw_text(
            painter, name, emotions.emotion_name(kind), tokens.current_palette().quiet, Qt.AlignmentFlag.AlignLeft
        )
        x += width + gap


def iterate_stack(stack: Sequence[int]) -> Iterator[tuple[str, int]]:
    """Yield the kinds in a stack from the bottom, with their counts."""
    for kind in STACK_ORDER:
        if count := stack[EMOTION_KINDS.index(kind)]:
            yield kind, count


def draw_segment(painter: QPainter, bar: QRectF, kind: str) -> None:
    """Draw one part of a stack, with its sign if there is room.

    A neutral part is paler; an unsure one is hollow.
    """
    gap = 1.0 if min(bar.width(), bar.height()) > 3 else 0.0
    upright = bar.height() > bar.width()
    inner = bar.adjusted(0, 0, 0 if upright else -gap, 0) if not upright else bar.adjusted(0, gap, 0, 0)
    colour = tokens.emotion_colour(kind)
    radius = min(2.0, inner.height() / 3, inner.width() / 3)
    if tokens.is_high_contrast():
        _draw_patterned_segment(painter, inner, kind, radius)
        return
    if kind == "unsure":
        painter.setPen(QPen(tokens.blend_with_raised(colour, 2 * FADED_SHARE), 1))
        painter.setBrush(QColor(tokens.current_palette().raised))
        painter.drawRoundedRect(inner.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        return
    if kind == "neutral":
        colour = tokens.blend_with_raised(colour, FADED_SHARE)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(inner, radius, radius)
    if kind == "neutral":
        return
    if (sign_rect := _sign_rect(inner)) is not None:
        emotions.draw_emotion_sign(painter, sign_rect, kind, QColor(tokens.current_palette().raised))


def _sign_rect(bar: QRectF) -> QRectF | None:
    """Return the rectangle of the sign in a part; None when it does not fit."""
    side = tokens.SIGN_SIZE - 2
    if bar.width() < side + 4 or bar.height() < side + 4:
        return None
    spot = QRectF(0, 0, side, side)
    spot.moveCenter(bar.center())
    return spot


def _draw_patterned_segment(painter: QPainter, bar: QRectF, kind: str, radius: float) -> None:
    """Draw the part in high contrast: outlined and patterned."""
    colour, ground = tokens.emotion_colour(kind), QColor(tokens.current_palette().raised)
    outline = bar.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(outline, radius, radius)
    painter.setPen(QPen(colour, 1))
    painter.setBrush(QBrush(colour, FILL_PATTERNS[kind]))
    painter.drawRoundedRect(outline, radius, radius)
    if (sign_rect := _sign_rect(bar)) is not None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawEllipse(sign_rect.center(), sign_rect.width() * 0.8, sign_rect.width() * 0.8)
        emotions.draw_emotion_sign(painter, sign_rect, kind, colour)
