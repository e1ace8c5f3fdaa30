"""Colours that can be read by everybody, and what was chosen over what the system says."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import QEvent, QRectF
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QApplication

from desktop.history.statistics import EMOTION_KINDS
from desktop.settings.schema import LookSettings
from desktop.ui import emotions
from desktop.ui.statistics.stacked_charts import FILL_PATTERNS
from desktop.ui.style import tokens
from desktop.ui.style.palettes import DARK, HIGH_DARK, HIGH_LIGHT, LIGHT, Palette
from desktop.ui.widgets.buttons import TickBox

TEXTS = ("text", "quiet", "faint", "accent", "good", "warn", "bad")


@pytest.fixture(autouse=True)
def alone(qapp: QApplication) -> None:
    """The windows of tests before, which are only about to go, would all be dressed too."""
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def contrast(one: str, other: str) -> float:
    """WCAG 2's contrast of two colours, 1 to 21."""

    def luminance(colour: str) -> float:
        parts = (part / 255 for part in QColor(colour).getRgb()[:3])
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("palette", "least"), [(LIGHT, 4.5), (DARK, 4.5), (HIGH_LIGHT, 7.0), (HIGH_DARK, 7.0)], ids=str
)
def test_every_text_can_be_read(palette: Palette, least: float) -> None:
    for ground in (palette.surface, palette.raised):
        assert {name: contrast(getattr(palette, name), ground) >= least for name in TEXTS} == dict.fromkeys(TEXTS, True)
    assert contrast(palette.on_accent, palette.accent) >= least


@pytest.mark.parametrize("palette", [HIGH_LIGHT, HIGH_DARK], ids=["light", "dark"])
def test_high_contrast_edges_and_selection_readable(palette: Palette) -> None:
    assert contrast(palette.edge, palette.raised) >= 3
    assert contrast(palette.text, palette.line) >= 7
    assert contrast(palette.accent, palette.line) >= 4.5


@pytest.mark.parametrize(
    "palette", [LIGHT, DARK, HIGH_LIGHT, HIGH_DARK], ids=["light", "dark", "high light", "high dark"]
)
def test_every_emotion_is_seen(palette: Palette) -> None:
    high = palette in (HIGH_LIGHT, HIGH_DARK)
    for ground, least in ((palette.surface, 7.0), (palette.raised, 7.0), (palette.line, 4.5)) if high else ():
        assert {kind: contrast(hue, ground) >= least for kind, hue in palette.hues.items()} == dict.fromkeys(
            EMOTION_KINDS, True
        )
    for ground in (palette.surface, palette.raised):
        assert min(contrast(hue, ground) for hue in palette.hues.values()) >= 3.6


def test_no_emotion_is_told_by_its_colour_alone() -> None:
    box = QRectF(0, 0, 100, 100)
    shapes = [emotions.sign_path(kind, box) for kind in EMOTION_KINDS if kind != emotions.UNSURE]
    assert all(one != other for one, other in combinations(shapes, 2))
    assert len(set(FILL_PATTERNS.values())) == len(EMOTION_KINDS)
    assert len({emotions.emotion_name(kind) for kind in EMOTION_KINDS}) == len(EMOTION_KINDS)


@pytest.mark.parametrize(
    ("look", "palette"),
    [
        (LookSettings(theme="light"), LIGHT),
        (LookSettings(theme="dark"), DARK),
        (LookSettings(theme="light", contrast="high"), HIGH_LIGHT),
        (LookSettings(theme="dark", contrast="high"), HIGH_DARK),
    ],
)
def test_what_is_chosen_is_worn_at_once(qapp: QApplication, look: LookSettings, palette: Palette) -> None:
    tokens.apply_look(LookSettings(theme="dark" if look.theme == "light" else "light"))
    tokens.apply_look(look)
    assert tokens.current_palette() == palette
    assert qapp.palette().window().color() == QColor(palette.surface)
    assert palette.edge in qapp.styleSheet()


def test_left_to_the_system_it_is_as_before(qapp: QApplication) -> None:
    before = tokens.current_palette()
    tokens.apply_look(LookSettings(theme="dark", contrast="high", motion="off"))
    assert not tokens.is_motion_enabled()
    tokens.apply_look(LookSettings())
    assert tokens.current_palette() == before
    assert tokens.is_motion_enabled()


@pytest.mark.parametrize(
    "look", [LookSettings(theme="dark"), LookSettings(theme="dark", contrast="high"), LookSettings(theme="light")]
)
def test_a_box_to_tick_is_seen_before_it_is_ticked(look: LookSettings, qtbot) -> None:
    tokens.apply_look(look)
    box = TickBox("Lists")
    qtbot.addWidget(box)
    image = box.grab().toImage()
    inside = tokens.current_palette().raised
    edge = max(
        (image.pixelColor(x, box.height() // 2).name() for x in range(box.height())),
        key=lambda seen: contrast(seen, inside),
    )
    assert contrast(edge, inside) >= 3


def test_menus_and_lists_have_the_size_of_all_text(qapp: QApplication) -> None:
    """Windows has fonts of its own for them, which Qt takes over with its colours, and which are smaller."""
    own = QFont(qapp.font())
    own.setPixelSize(9)
    qapp.setFont(own, "QMenu")
    for theme in ("dark", "light"):
        tokens.apply_look(LookSettings(theme=theme))
        assert QApplication.font("QMenu").pixelSize() == tokens.FONT_PX
        qapp.setFont(own, "QMenu")
    tokens.apply_look(LookSettings())
    qapp.setFont(tokens.font())
