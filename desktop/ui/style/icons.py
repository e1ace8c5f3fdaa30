"""Make icons from glyphs: for fields, buttons, the tray and the application, whose sign is three bars."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap

from desktop.ui.style import glyphs, tokens
from desktop.ui.style.palettes import LIGHT

TRAY_BARS = (0.46, 0.84, 0.60)
ICON_SIZES_PX = (16, 22, 24, 32, 48, 64, 128)


def create_icon(draw: glyphs.DrawGlyph, colour: str) -> QIcon:
    """Return a glyph as an icon for a field or a button."""
    icon = QIcon()
    for size in ICON_SIZES_PX:
        picture, painter = _create_canvas(size)
        draw(painter, QRectF(0, 0, size, size), QColor(colour))
        painter.end()
        icon.addPixmap(picture)
    return icon


def create_pixmap(draw: glyphs.DrawGlyph, colour: str, size: int) -> QPixmap:
    """Return a glyph as a picture for a label, `size` pixels wide and high, as sharp as the screens are."""
    ratio = max((screen.devicePixelRatio() for screen in QGuiApplication.screens()), default=1.0)
    picture, painter = _create_canvas(round(size * ratio))
    draw(painter, QRectF(picture.rect()), QColor(colour))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def create_tray_icon(
    *, listening: bool, ready: bool, has_problem: bool, paused: bool = False, colour: bool = True
) -> QIcon:
    """Return the tray icon: three bars.

    In the accent colour while listening, dimmed while dictation is unavailable, crossed out while the hotkeys are
    paused, with a mark when something is wrong. Without `colour` the bars are cut out of a disc while listening and the
    mark is a ring, so that the shape alone shows the state.
    """
    icon = QIcon()
    for size in ICON_SIZES_PX:
        icon.addPixmap(_draw_tray_icon(size, listening, ready, has_problem, paused, colour))
    return icon


def create_app_icon() -> QIcon:
    """Return the application's icon: three bars on a rounded square."""
    icon = QIcon()
    for size in ICON_SIZES_PX:
        icon.addPixmap(_draw_app_icon(size))
    return icon


def _create_canvas(size: int) -> tuple[QPixmap, QPainter]:
    picture = QPixmap(size, size)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return picture, painter


def _draw_tray_icon(size: int, listening: bool, ready: bool, has_problem: bool, paused: bool, colour: bool) -> QPixmap:
    picture, painter = _create_canvas(size)
    inset = size * 0.14
    box = QRectF(inset, inset, size - 2 * inset, size - 2 * inset)
    painter.setOpacity(1.0 if listening or ready else tokens.DIMMED_OPACITY)
    if listening and not colour:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.TRAY))
        painter.drawEllipse(QRectF(0, 0, size, size))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
        inset = size * 0.27
        glyphs.bars(
            painter, QRectF(inset, inset, size - 2 * inset, size - 2 * inset), TRAY_BARS, QColor("black"), width=0.2
        )
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
    else:
        glyphs.bars(painter, box, TRAY_BARS, QColor(tokens.TRAY_ACCENT if listening else tokens.TRAY), width=0.2)
    if paused:
        glyphs.slash(painter, QRectF(0, 0, size, size), QColor(tokens.TRAY))
    if has_problem:
        mark = size * 0.40
        spot = QRectF(size - mark, size - mark, mark, mark)
        painter.setOpacity(1.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
        painter.drawEllipse(spot.adjusted(-size * 0.07, -size * 0.07, 0, 0))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.setBrush(QColor(tokens.TRAY_BAD if colour else tokens.TRAY))
        painter.drawEllipse(spot)
        if not colour:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
            hole = mark * 0.28
            painter.drawEllipse(spot.adjusted(hole, hole, -hole, -hole))
    painter.end()
    return picture


def _draw_app_icon(size: int) -> QPixmap:
    picture, painter = _create_canvas(size)
    margin = size * 0.06
    card = QRectF(margin, margin, size - 2 * margin, size - 2 * margin)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(LIGHT.accent))
    painter.drawRoundedRect(card, size * 0.22, size * 0.22)
    inset = size * 0.19
    glyphs.bars(painter, card.adjusted(inset, inset, -inset, -inset), TRAY_BARS, QColor(LIGHT.on_accent), width=0.2)
    painter.end()
    return picture
