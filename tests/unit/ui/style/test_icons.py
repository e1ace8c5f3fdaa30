"""The icon that a desktop shows before the app runs is the one that the app paints."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from pytestqt.qtbot import QtBot

from desktop.ui.style import glyphs
from desktop.ui.style.icons import create_app_icon, create_pixmap

ICON = Path(__file__).parents[4] / "packaging/linux/intone.svg"
EDGE = 48
"""How far apart two renderers may be at an edge, of 255."""


@pytest.mark.parametrize("size", [32, 64, 128])
def test_the_drawing_and_the_painting_are_the_same(qtbot: QtBot, size: int) -> None:
    drawn = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    QSvgRenderer(str(ICON)).render(painter)
    painter.end()
    painted = create_app_icon().pixmap(size, size).toImage().convertToFormat(drawn.format())
    assert painted.size() == drawn.size()
    apart = [abs(one - other) for one, other in zip(bytes(drawn.constBits()), bytes(painted.constBits()), strict=True)]
    assert max(apart) <= EDGE
    assert len(set(bytes(drawn.constBits()))) > 4, "something is drawn"


def test_glyph_is_drawn_at_the_size_of_its_label(qtbot: QtBot) -> None:
    picture = create_pixmap(glyphs.tick, "#123456", 14)
    assert picture.deviceIndependentSize().toTuple() == (14.0, 14.0)
    image = picture.toImage()
    drawn = {
        image.pixelColor(x, y).name() for x in range(14) for y in range(14) if image.pixelColor(x, y).alpha() == 255
    }
    assert drawn == {"#123456"}
