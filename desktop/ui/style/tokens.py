"""Colours, distances, fonts and motion: the only place with such literals, for one look everywhere.

Two palettes follow the system's colour scheme or, where the platform has none (a bare window manager), the lightness of
the application's background. Text colours have a contrast of at least 4.5:1 on `surface` and `raised`. Two more
palettes have 7:1 and visible edges. The look settings override the system (`apply_look`).
"""

from __future__ import annotations

from dataclasses import asdict
from functools import cache

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette, QStyleHints
from PySide6.QtWidgets import QApplication, QStyle

from desktop.settings.schema import LookSettings
from desktop.ui.style import stylesheet
from desktop.ui.style.palettes import DARK, HIGH_DARK, HIGH_LIGHT, LIGHT, Palette

TRAY = "#85888F"
TRAY_ACCENT = "#E2604A"
TRAY_BAD = "#E0574D"
"""Tray colours: at least 3:1 on black and on white, because an icon cannot know the panel's colour."""

DIMMED_OPACITY = 0.45
"""Opacity of the tray icon while dictation is unavailable."""

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
PILL_MIN_WIDTH = 112
PILL_COMPACT_WIDTH = 54
"""The glyph alone, with equal space beside and above."""
PILL_MARGIN = 24
PILL_SHADOW = 16
PILL_DROP = 3
PILL_GLYPH = 22
PILL_FADE = 32

FONT_PX = 13
SMALL_PX = 12
TITLE_PX = 20
READING_PX = 15
LEADING = 1.45

MOTION_MS = 150
FRAME_MS = 16
PROGRESS_PERIOD_MS = 1_400
"""Milliseconds of one period of the moving line."""

FIELD_WIDTH = 248
FIELD_HEIGHT = 32
BUTTON_WIDTH = 88
SIDE_WIDTH = 192
SECTION_HEIGHT = 36
LIST_WIDTH = 336
FILTER_HEIGHT = 28
SIGN_SIZE = 12
LINK_HEIGHT = 20
GLOBE_SIZE = 14
RING_SIZE = 16
CARD_MIN_WIDTH = 160
CARD_WIDTH = 260
SECTION_GLYPH = 18
HIGHLIGHT_SHARE = 0.28
"""Share of the accent behind a matched search word."""
METER_HEIGHT = 6
METER_WIDTH = 72
METER_STEPS = 1_000
"""Steps of a bar in one piece."""
WAVE_HEIGHT = 44
LEVEL_HEIGHT = 10
BAR_PITCH = 3
BAR_WIDTH = 2
ROW_HEIGHT = 56
DAY_HEIGHT = 36
SETTINGS_SIZE = (920, 600)
HISTORY_SIZE = (960, 600)
STATISTICS_SIZE = (960, 620)
DOCTOR_SIZE = (760, 600)
READER_HEIGHT = 280
FIRST_RUN_SIZE = (720, 600)
APP_SIGN_SIZE = 48
KEYCAP_WIDTH = 132
KEYCAP_HEIGHT = 64
SWITCH_WIDTH = 46
SWITCH_HEIGHT = 28
TRY_IT_HEIGHT = 128
PICTURE_SIZE = (1120, 560)
"""Pixels of a saved plot before scaling by `PICTURE_SCALE`."""
PICTURE_SCALE = 2

_LENGTHS = {
    "radius": RADIUS,
    "field": FIELD_RADIUS,
    "unit": UNIT,
    "gap": GAP,
    "pad": PAD,
    "vast": VAST,
    "small": SMALL_PX,
}
"""Lengths that the style sheet uses."""

_look = LookSettings()
_is_desktop_dark: bool | None = None
"""Whether the desktop is dark when the platform names no scheme: measured before the windows get their own palette."""


@cache
def _style_hints() -> QStyleHints:
    """Return the style hints, cached for good.

    PySide treats their accessibility object as deleted with the last reference.
    """
    return QGuiApplication.styleHints()


def apply_look(look: LookSettings) -> None:
    """Apply the look settings at once."""
    global _look, _is_desktop_dark
    if _look.theme == "system":
        _is_desktop_dark = is_dark()
    before, _look = (current_palette(), is_dark()), look
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return
    hints = _style_hints()
    if look.theme == "system":
        hints.unsetColorScheme()
    else:  # for what the platform draws: window frames, file dialogs
        hints.setColorScheme(Qt.ColorScheme.Dark if look.theme == "dark" else Qt.ColorScheme.Light)
    if (current_palette(), is_dark()) != before:
        _apply_palette(app)


def is_dark() -> bool:
    """Return whether windows are dark: as chosen, else like the desktop."""
    if _look.theme != "system":
        return _look.theme == "dark"
    scheme = _style_hints().colorScheme()
    if scheme == Qt.ColorScheme.Unknown:
        if _is_desktop_dark is not None:
            return _is_desktop_dark
        return QGuiApplication.palette().window().color().lightness() < QColor("gray").lightness()
    return scheme == Qt.ColorScheme.Dark


def is_high_contrast() -> bool:
    """Return whether high contrast is chosen or preferred by the system."""
    preference = _style_hints().accessibility().contrastPreference()
    return _look.contrast == "high" or preference == Qt.ContrastPreference.HighContrast


def current_palette() -> Palette:
    """Return the current palette."""
    if is_high_contrast():
        return HIGH_DARK if is_dark() else HIGH_LIGHT
    return DARK if is_dark() else LIGHT


def emotion_colour(kind: str) -> QColor:
    """Return the colour of an emotion label or of `unsure`."""
    return QColor(current_palette().hues[kind])


def fit_to_screen(size: tuple[int, int]) -> QSize:
    """Return a window size that fits the screen beside a frame and a title bar."""
    screen = QGuiApplication.primaryScreen()
    room = screen.availableSize() if screen is not None else QSize(*size)
    return QSize(*size).boundedTo(QSize(room.width() - 2 * UNIT, room.height() - SECTION_HEIGHT))


def is_motion_enabled() -> bool:
    """Return whether animations are on: by the settings, the system, and the style.

    KDE sets the style's animation duration to 0.
    """
    if _look.motion == "off":
        return False
    reduced = _style_hints().accessibility().motionPreference() == Qt.MotionPreference.ReducedMotion
    return not reduced and QApplication.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0


def blend_with_raised(colour: QColor, share: float) -> QColor:
    """Return an opaque mix of `colour` (by `share`) and `raised`."""
    ground = QColor(current_palette().raised)
    mixed = (
        round(share * channel + (1 - share) * ground_channel)
        for channel, ground_channel in zip(
            (colour.red(), colour.green(), colour.blue()), (ground.red(), ground.green(), ground.blue()), strict=True
        )
    )
    return QColor(*mixed)


def font(px: int = FONT_PX, *, heading: bool = False, numbers: bool = False) -> QFont:
    """Return the system's font at `px`: one weight for text, one for headings, tabular figures for `numbers`."""
    text_font = QFont(QGuiApplication.font())
    text_font.setPixelSize(px)
    text_font.setWeight(QFont.Weight.DemiBold if heading else QFont.Weight.Normal)
    if numbers:
        text_font.setFeature(QFont.Tag("tnum"), 1)
    return text_font


def fixed_font() -> QFont:
    """Return the system's monospace font, for tables."""
    monospace = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    monospace.setPixelSize(SMALL_PX)
    return monospace


def apply_style(app: QApplication) -> None:
    """Apply the style to `app`, now and when the desktop's colour scheme or contrast changes."""
    app.setStyle("Fusion")
    hints = _style_hints()
    hints.colorSchemeChanged.connect(lambda: _apply_palette(app))
    hints.accessibility().contrastPreferenceChanged.connect(lambda: _apply_palette(app))
    _apply_palette(app)


def _apply_palette(app: QApplication) -> None:
    theme = current_palette()
    roles = {
        QPalette.ColorRole.Window: theme.surface,
        QPalette.ColorRole.Base: theme.raised,
        QPalette.ColorRole.AlternateBase: theme.surface,
        QPalette.ColorRole.Button: theme.raised,
        QPalette.ColorRole.ToolTipBase: theme.raised,
        QPalette.ColorRole.WindowText: theme.text,
        QPalette.ColorRole.Text: theme.text,
        QPalette.ColorRole.ButtonText: theme.text,
        QPalette.ColorRole.ToolTipText: theme.text,
        QPalette.ColorRole.PlaceholderText: theme.faint,
        QPalette.ColorRole.Highlight: theme.accent,
        QPalette.ColorRole.Accent: theme.accent,
        QPalette.ColorRole.HighlightedText: theme.on_accent,
        QPalette.ColorRole.Link: theme.accent,
    }
    palette = QPalette(QColor(theme.surface))
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.faint))
    app.setPalette(palette)
    style_sheet = stylesheet.STYLE_SHEET.replace("solid {line}", "solid {edge}").replace(
        "border-color: {line}", "border-color: {edge}"
    )
    if is_high_contrast():
        style_sheet += stylesheet.HIGH_CONTRAST_SHEET
    app.setStyleSheet(style_sheet.format_map(asdict(theme) | _LENGTHS))
    app.setFont(font())  # last: before, Qt may take over Windows' fonts of menus and lists
