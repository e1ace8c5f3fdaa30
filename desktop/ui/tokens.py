"""Colours, distances, type and motion: the only place with such literals, so that one look runs through all of it.

Two `palettes`, told apart by the system's colour scheme, or, where the platform names none (a bare window manager), by
how dark the application's own background is. Contrast of every text colour on `surface` and `raised` is at least 4.5:1.
Two more are for who needs 7:1, and edges that are seen. The settings go over the system (`choose`).
"""

from __future__ import annotations

from dataclasses import asdict
from functools import cache

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette, QStyleHints
from PySide6.QtWidgets import QApplication, QStyle

from desktop.settings_tree import Look
from desktop.ui.palettes import DARK as DARK
from desktop.ui.palettes import HIGH_DARK as HIGH_DARK
from desktop.ui.palettes import HIGH_LIGHT as HIGH_LIGHT
from desktop.ui.palettes import HUES_DARK, HUES_LIGHT
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
    return QColor((HUES_DARK if dark() else HUES_LIGHT)[kind])


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
    sheet = _SHEET.replace("solid {line}", "solid {edge}").replace("border-color: {line}", "border-color: {edge}")
    if QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft:
        sheet += _MIRRORED
    app.setStyleSheet(sheet.format_map(asdict(colours) | _LENGTHS))


_LENGTHS = {
    "radius": RADIUS,
    "field": FIELD_RADIUS,
    "unit": UNIT,
    "gap": GAP,
    "pad": PAD,
    "vast": VAST,
    "small": SMALL_PX,
}
_SHEET = """
QLineEdit, QPushButton {{
    background: {raised}; color: {text}; border: 1px solid {line}; border-radius: {field}px;
    padding: {unit}px {pad}px; min-height: 22px;
}}
QLineEdit {{ placeholder-text-color: {faint}; }}
QLineEdit:focus, QPushButton:focus, QPushButton:checked {{ border: 1px solid {accent}; }}
QPushButton:hover {{ background: {surface}; }}
QPushButton:pressed, QPushButton:checked {{ background: {surface}; color: {accent}; }}
QPushButton:disabled {{ color: {faint}; }}
QPushButton[primary="true"] {{ background: {accent}; color: {on_accent}; border-color: {accent}; }}
QPushButton[primary="true"]:disabled {{ background: {line}; color: {faint}; border-color: {line}; }}
QPushButton[primary="true"]:focus {{ border: 2px solid {text}; padding: 3px 11px; }}
QPushButton#flat {{ background: transparent; border-color: transparent; color: {quiet}; }}
QPushButton#flat:hover {{ color: {text}; border-color: {line}; }}
QPushButton#flat:focus {{ border-color: {accent}; color: {text}; }}
QPushButton#flat:disabled {{ color: {faint}; border-color: transparent; }}
QPushButton:checked:focus {{ border: 2px solid {accent}; padding: 3px 11px; }}
QPushButton#danger {{ color: {bad}; }}
QFrame#notice {{ background: {raised}; border: 1px solid {line}; border-radius: {field}px; }}
QFrame#card {{ background: {raised}; border: 1px solid {line}; border-radius: {radius}px; }}
QFrame#rule {{ background: {line}; border: none; }}
QLabel[role="quiet"] {{ color: {quiet}; font-size: {small}px; }}
QLabel[role="bad"] {{ color: {bad}; font-size: {small}px; }}
QLabel[role="empty"] {{ color: {quiet}; }}
QLabel[role="chip"] {{ color: {accent}; font-size: {small}px; }}
QGroupBox#model {{ border: none; margin: 0; padding: 0; }}
QListView {{ background: transparent; border: none; outline: none; }}
QListView#sections::item {{ padding: {gap}px {pad}px; border-radius: {field}px; color: {quiet}; }}
QListView#sections::item:hover {{ color: {text}; }}
QListView#sections::item:selected {{ background: {line}; color: {text}; }}
QListView#sections::item:selected:focus {{ color: {accent}; }}
QPushButton#key {{ text-align: left; }}
QPushButton#link {{
    background: transparent; border: 1px solid transparent; color: {quiet}; font-size: {small}px; text-align: left;
    padding: 0 {unit}px; min-height: 18px; border-radius: {unit}px;
}}
QPushButton#link:hover {{ color: {accent}; }}
QPushButton#link:focus {{ border-color: {accent}; color: {text}; }}
QPlainTextEdit {{
    background: {raised}; color: {text}; border: 1px solid {line}; border-radius: {field}px; padding: {unit}px {gap}px;
}}
QPlainTextEdit:focus {{ border: 1px solid {accent}; }}
QTextEdit#after {{ background: {surface}; border-radius: {field}px; padding: {unit}px {gap}px; }}
QTextBrowser, QTextEdit {{ background: transparent; border: none; color: {text}; }}
QScrollArea, QScrollArea > QWidget > QWidget#page {{ background: transparent; border: none; }}
QScrollArea#reading:focus {{ border: 1px solid {accent}; border-radius: {field}px; }}
QPushButton#chip {{ text-align: left; }}
QPushButton#chip:checked {{ color: {text}; }}
QPlainTextEdit#trying {{
    background: {raised}; color: {text}; border: 1px solid {line}; border-radius: {radius}px; padding: {gap}px;
}}
QPlainTextEdit#trying:focus {{ border: 1px solid {accent}; }}
QLabel#command {{ background: {surface}; border: 1px solid {line}; border-radius: {field}px; padding: {gap}px; }}
QRadioButton {{ spacing: {gap}px; }}
QRadioButton::indicator {{ width: 12px; height: 12px; border: 1px solid {faint}; border-radius: 7px; }}
QRadioButton::indicator:checked {{ width: 6px; height: 6px; border: 4px solid {accent}; background: {raised}; }}
QRadioButton:focus {{ color: {accent}; }}
QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {line}; }}
QSlider::sub-page:horizontal {{ height: 4px; border-radius: 2px; background: {accent}; }}
QSlider::handle:horizontal {{
    width: 12px; height: 12px; margin: -5px 0; border: 1px solid {accent}; border-radius: 7px; background: {raised};
}}
QSlider::handle:horizontal:focus {{ background: {accent}; border-color: {text}; }}
QCheckBox {{ border: 1px solid transparent; border-radius: {unit}px; padding: 1px {unit}px 1px 1px; spacing: {gap}px; }}
QCheckBox:focus {{ border-color: {accent}; }}
QMenu {{ background: {raised}; color: {text}; border: 1px solid {line}; padding: {unit}px; }}
QMenu::item {{ padding: 6px {vast}px 6px {pad}px; border-radius: 5px; }}
QMenu::item:selected {{ background: {line}; color: {text}; }}
QMenu::item:disabled {{ color: {faint}; }}
QMenu::indicator {{ width: 6px; height: 6px; left: 4px; border-radius: 3px; }}
QMenu::indicator:checked {{ background: {accent}; }}
QMenu::separator {{ height: 1px; background: {line}; margin: {unit}px {gap}px; }}
QToolTip {{ background: {raised}; color: {text}; border: 1px solid {line}; padding: {unit}px; }}
QTableView:focus {{ border-color: {accent}; }}
QTableView {{
    background: transparent; border: 1px solid transparent; gridline-color: {line};
    alternate-background-color: {surface};
}}
QTableView::item {{ padding: {unit}px 1px; }}
QHeaderView {{ background: transparent; }}
QHeaderView::section {{
    background: transparent; color: {quiet}; border: none; border-bottom: 1px solid {line};
    padding: {unit}px; font-size: {small}px;
}}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 2px; }}
QScrollBar::handle:vertical {{ background: {line}; border-radius: 3px; min-height: 32px; }}
QScrollBar::handle:vertical:hover {{ background: {faint}; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 2px; }}
QScrollBar::handle:horizontal {{ background: {line}; border-radius: 3px; min-width: 32px; }}
QScrollBar::handle:horizontal:hover {{ background: {faint}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""
_MIRRORED = """
QLabel {{ qproperty-alignment: "AlignRight|AlignAbsolute|AlignVCenter"; }}
QLabel[stands="top"] {{ qproperty-alignment: "AlignRight|AlignAbsolute|AlignTop"; }}
QLabel[stands="middle"] {{ qproperty-alignment: "AlignCenter"; }}
QLabel[stands="end"] {{ qproperty-alignment: "AlignLeft|AlignAbsolute|AlignVCenter"; }}
QSlider::sub-page:horizontal {{ background: {line}; }}
QSlider::add-page:horizontal {{ height: 4px; border-radius: 2px; background: {accent}; }}
"""
"""From right to left Qt would have every label whose words are Latin, or a number, begin at the left, and a slider full
at the wrong side of its handle."""
