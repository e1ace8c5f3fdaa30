"""The pictures at the left of the pill."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from desktop.ui.pill.content import Glyph
from desktop.ui.pill.glyph import AnimatedGlyph
from desktop.ui.style.palettes import DARK

SIDE = 32


def shape_of(glyph: Glyph) -> bytes:
    """Where the finished glyph is drawn, whatever its colour: the pixels' alpha."""
    picture = QImage(SIDE, SIDE, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(0)
    animated = AnimatedGlyph()
    animated.set_glyph(glyph)
    animated.finish()
    painter = QPainter(picture)
    animated.paint(painter, QRectF(0, 0, SIDE, SIDE), DARK)
    painter.end()
    return bytes(picture.convertToFormat(QImage.Format.Format_Alpha8).constBits())


def test_glyphs_of_outcomes_differ_without_colour() -> None:
    outcomes = [Glyph.TICK, Glyph.SENT, Glyph.CLIPBOARD, Glyph.CROSS, Glyph.ALERT]
    assert len({shape_of(glyph) for glyph in outcomes}) == len(outcomes)
