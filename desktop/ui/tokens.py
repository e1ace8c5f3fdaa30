"""Colours, distances, type and motion: the only place with such literals, so that one look runs through all of it.

Two `palettes`, told apart by the system's colour scheme, or, where the platform names none (a bare window manager), by
how dark the application's own background is. Contrast of every text colour on `surface` and `raised` is at least 4.5:1.
Two more are for who needs 7:1, and edges that are seen. The settings go over the system (`choose`).
"""

from __future__ import annotations

from dataclasses import asdict
from functools import cache

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPainter, QPalette, QPen, QStyleHints
from PySide6.QtWidgets import QApplication, QStyle

from desktop.settings.tree import Look
from desktop.ui import sheet
from desktop.ui.palettes import DARK as DARK
from desktop.ui.palettes import HIGH_DARK as HIGH_DARK
from desktop.ui.palettes import HIGH_LIGHT as HIGH_LIGHT
from desktop.ui.palettes import LIGHT as LIGHT
from desktop.ui.palettes import Palette as Palette

TRAY = "#85888F"
TRAY_ACCENT = "#E2604A"
TRAY_BAD = "#E0574D"
"""A panel's own colour is not known to its icons: these are told from black and from white alike (3:1 and more)."""

DIMMED = 0.45
"""The tray's glyph while nothing can be dictated."""

UNIT = 4
GAP = 2 * UNIT
PAD = 3 * UNIT
WIDE = 4 * UNIT
VAST = 6 * UNIT
RADIUS = 10
FIELD_RADIUS = 7

PILL_HEIGHT = 44
PILL_LINE = 18
PILL_WIDTH = 560
PILL_LEAST = 112
PILL_COMPACT = 54
"""The glyph alone, with as much beside it as above."""
PILL_EDGE = 24
PILL_SHADOW = 16
PILL_DROP = 3
PILL_GLYPH = 22
PILL_FADE = 32

FONT_PX = 13
SMALL_PX = 12
TITLE_PX = 20
READ_PX = 15
LEADING = 1.45

MOTION_MS = 150
FRAME_MS = 16
BREATH_MS = 1_400
"""One travel of the working line there and back."""

FIELD_WIDTH = 248
FIELD_HEIGHT = 32
BUTTON_WIDTH = 88
SIDE_WIDTH = 192
SECTION_HEIGHT = 36
LIST_WIDTH = 336
FILTER_HEIGHT = 28
SIGN = 12
LINK_HEIGHT = 20
GLOBE = 14
RING = 16
CARD_LEAST = 160
CARD_WIDE = 260
SECTION_GLYPH = 18
MARK = 0.28
"""How much of the accent is under a word that was searched for."""
METER_HEIGHT = 6
METER_WIDTH = 72
METER_STEPS = 1_000
"""A bar in one piece counts so many."""
WAVE_HEIGHT = 44
LEVEL_HEIGHT = 10
BAR_PITCH = 3
BAR_THICK = 2
ROW_HEIGHT = 56
DAY_HEIGHT = 36
SETTINGS_SIZE = (920, 600)
HISTORY_SIZE = (960, 600)
MOOD_SIZE = (960, 620)
DOCTOR_SIZE = (760, 600)
READER_HEIGHT = 280
FIRST_RUN_SIZE = (720, 600)
SIGN_OF_APP = 48
KEYCAP_WIDTH = 132
KEYCAP_HEIGHT = 64
SWITCH_WIDTH = 46
SWITCH_HEIGHT = 28
TRYING_HEIGHT = 128
PICTURE_SIZE = (1120, 560)
"""A plot that is saved, before it is made sharper by `PICTURE_SCALE`."""
PICTURE_SCALE = 2


_chosen = Look()
_unnamed: bool | None = None
"""Whether the desk is dark where the platform names no scheme: seen before the windows wear one of their own."""


@cache
def _hints() -> QStyleHints:
    """One for good: with the last reference to it PySide takes what it has for accessibility as deleted."""
    return QGuiApplication.styleHints()


def choose(look: Look) -> None:
    """Look as the settings say, at once."""
    global _chosen, _unnamed
    if _chosen.theme == "system":
        _unnamed = dark()
    before, _chosen = (palette(), dark()), look
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return
    hints = _hints()
    if look.theme == "system":
        hints.unsetColorScheme()
    else:  # for what the platform draws: a window's frame, a file dialogue
        hints.setColorScheme(Qt.ColorScheme.Dark if look.theme == "dark" else Qt.ColorScheme.Light)
    if (palette(), dark()) != before:
        _dress(app)


def dark() -> bool:
    """Whether the windows are dark, as the desk is unless something else was chosen."""
    if _chosen.theme != "system":
        return _chosen.theme == "dark"
    scheme = _hints().colorScheme()
    if scheme == Qt.ColorScheme.Unknown:
        if _unnamed is not None:
            return _unnamed
        return QGuiApplication.palette().window().color().lightness() < QColor("gray").lightness()
    return scheme == Qt.ColorScheme.Dark


def contrasting() -> bool:
    """Whether contrast is to be high."""
    wanted = _hints().accessibility().contrastPreference()
    return _chosen.contrast == "high" or wanted == Qt.ContrastPreference.HighContrast


def palette() -> Palette:
    """The colours of now."""
    if contrasting():
        return HIGH_DARK if dark() else HIGH_LIGHT
    return DARK if dark() else LIGHT


def hue(kind: str) -> QColor:
    """The colour of an emotion's label, or of `unsure`."""
    return QColor(palette().hues[kind])


def size_here(size: tuple[int, int]) -> QSize:
    """A window's size, as far as the screen has room for it beside a frame and a title."""
    screen = QGuiApplication.primaryScreen()
    room = screen.availableSize() if screen is not None else QSize(*size)
    return QSize(*size).boundedTo(QSize(room.width() - 2 * UNIT, room.height() - SECTION_HEIGHT))


def moving() -> bool:
    """Whether the person wants to see motion: what was chosen, what the system says, and what the style does (KDE sets
    its duration to 0).
    """
    if _chosen.motion == "off":
        return False
    reduced = _hints().accessibility().motionPreference() == Qt.MotionPreference.ReducedMotion
    return not reduced and QApplication.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0


def faded(colour: QColor, share: float) -> QColor:
    """So much of `colour` on `raised`, without letting through what lies beneath."""
    ground = QColor(palette().raised)
    mixed = (
        round(share * of + (1 - share) * under)
        for of, under in zip(
            (colour.red(), colour.green(), colour.blue()), (ground.red(), ground.green(), ground.blue()), strict=True
        )
    )
    return QColor(*mixed)


def track(painter: QPainter, room: QRectF) -> None:
    """Draw what a bar runs in; with high contrast its edge is seen. Leave no pen."""
    if contrasting():
        painter.setPen(QPen(QColor(palette().edge), 1))
        room = room.adjusted(0.5, 0.5, -0.5, -0.5)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(palette().line))
    painter.drawRoundedRect(room, room.height() / 2, room.height() / 2)
    painter.setPen(Qt.PenStyle.NoPen)


def font(px: int = FONT_PX, *, heading: bool = False, numbers: bool = False) -> QFont:
    """The system's font at `px`: one weight for text, one for headings, and figures of one width for `numbers`."""
    made = QFont(QGuiApplication.font())
    made.setPixelSize(px)
    made.setWeight(QFont.Weight.DemiBold if heading else QFont.Weight.Normal)
    if numbers:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


def fixed_font() -> QFont:
    """The system's font in which all marks are of one width, for tables."""
    made = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    made.setPixelSize(SMALL_PX)
    return made


def apply(app: QApplication) -> None:
    """Dress `app` in these colours, now and whenever the desk turns dark or light."""
    app.setStyle("Fusion")
    app.setFont(font())
    hints = _hints()
    hints.colorSchemeChanged.connect(lambda: _dress(app))
    hints.accessibility().contrastPreferenceChanged.connect(lambda: _dress(app))
    _dress(app)


def _dress(app: QApplication) -> None:
    colours = palette()
    roles = {
        QPalette.ColorRole.Window: colours.surface,
        QPalette.ColorRole.Base: colours.raised,
        QPalette.ColorRole.AlternateBase: colours.surface,
        QPalette.ColorRole.Button: colours.raised,
        QPalette.ColorRole.ToolTipBase: colours.raised,
        QPalette.ColorRole.WindowText: colours.text,
        QPalette.ColorRole.Text: colours.text,
        QPalette.ColorRole.ButtonText: colours.text,
        QPalette.ColorRole.ToolTipText: colours.text,
        QPalette.ColorRole.PlaceholderText: colours.faint,
        QPalette.ColorRole.Highlight: colours.accent,
        QPalette.ColorRole.Accent: colours.accent,
        QPalette.ColorRole.HighlightedText: colours.on_accent,
        QPalette.ColorRole.Link: colours.accent,
    }
    made = QPalette(QColor(colours.surface))
    for role, colour in roles.items():
        made.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.faint))
    app.setPalette(made)
    worn = sheet.SHEET.replace("solid {line}", "solid {edge}").replace("border-color: {line}", "border-color: {edge}")
    if contrasting():
        worn += sheet.HIGH
    if QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft:
        worn += sheet.MIRRORED
    app.setStyleSheet(worn.format_map(asdict(colours) | _LENGTHS))


_LENGTHS = {
    "radius": RADIUS,
    "field": FIELD_RADIUS,
    "unit": UNIT,
    "gap": GAP,
    "pad": PAD,
    "vast": VAST,
    "small": SMALL_PX,
}
