"""Windows that are read from right to left: what is painted by hand stands as in a mirror, and time runs as ever."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QWidget

from desktop.core.state import AppState, Done, Health
from desktop.core.types import Outcome
from desktop.settings.schema import LookSettings
from desktop.ui.bridge import ListOption
from desktop.ui.history.player import WaveformSlider
from desktop.ui.history.window import HistoryWindow
from desktop.ui.onboarding.drawing import DownloadBar, StepDots, ToggleSwitch
from desktop.ui.pill.content import pill_content
from desktop.ui.pill.window import PillWindow
from desktop.ui.settings.sound_field import PercentSlider
from desktop.ui.style import glyphs, icons, tokens
from desktop.ui.style import rtl as sides
from desktop.ui.widgets.combo import OptionPicker

LEFT, RIGHT = Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft


@pytest.fixture
def from_right(qapp: QApplication) -> Iterator[None]:
    """The windows are read from right to left, in the app's own dress."""
    palette = qapp.palette()
    qapp.setLayoutDirection(RIGHT)
    tokens.apply_look(LookSettings(motion="off"))
    tokens._apply_palette(qapp)
    yield
    qapp.setLayoutDirection(LEFT)
    qapp.setStyleSheet("")
    qapp.setPalette(palette)


def both(widget: QWidget, size: QSize) -> tuple[QImage, QImage]:
    """What it looks like from left to right, and from right to left."""
    widget.resize(size)
    widget.ensurePolished()
    seen = []
    for direction in (LEFT, RIGHT):
        QApplication.setLayoutDirection(direction)
        seen.append(widget.grab().toImage())
    return seen[0], seen[1]


def coloured(image: QImage, colour: str) -> list[int]:
    """The columns that have a pixel of just this colour."""
    wanted = QColor(colour)
    rows, columns = range(image.height()), range(image.width())
    return [x for x in columns if any(image.pixelColor(x, y) == wanted for y in rows)]


def in_mirror(image: QImage) -> QImage:
    return image.flipped(Qt.Orientation.Horizontal)


def almost(one: QImage, other: QImage) -> bool:
    """Whether they are the same but for the rounding of edges."""
    near = 0
    for y in range(one.height()):
        for x in range(one.width()):
            near += abs(one.pixelColor(x, y).lightness() - other.pixelColor(x, y).lightness()) < 60
    return near > 0.97 * one.width() * one.height()


@pytest.mark.usefixtures("from_right")
def test_what_is_painted_stands_as_in_a_mirror(qtbot) -> None:
    dots, share, switch = StepDots(5), DownloadBar(), ToggleSwitch()
    dots.set_step(1)
    share.set_progress(1, 4)
    for widget, size in ((dots, dots.size()), (share, QSize(120, 6))):
        qtbot.addWidget(widget)
        left, right = both(widget, size)
        assert left != right
        assert almost(right, in_mirror(left)), type(widget).__name__
    qtbot.addWidget(switch)
    switch.setChecked(True)
    left, right = both(switch, switch.size())
    half = left.width() // 2
    assert max(left.pixelColor(half + 8, y).lightness() for y in range(left.height())) > 250
    assert max(right.pixelColor(half - 8, y).lightness() for y in range(right.height())) > 250


def test_a_picture_of_text_begins_where_text_does(qapp: QApplication) -> None:
    def drawn(direction: Qt.LayoutDirection) -> QImage:
        qapp.setLayoutDirection(direction)
        return icons.create_icon(glyphs.lines, "#000000").pixmap(64, 64).toImage()

    left, right = drawn(LEFT), drawn(RIGHT)
    qapp.setLayoutDirection(LEFT)
    assert left != right
    assert almost(right, in_mirror(left))


@pytest.mark.usefixtures("from_right")
def test_a_recording_runs_to_the_right_as_time_does(qtbot) -> None:
    wave = WaveformSlider()
    qtbot.addWidget(wave)
    wave.set_recording((0.1, 0.9, 0.4, 0.2), 10_000)
    wave.setValue(4_000)
    left, right = both(wave, QSize(200, tokens.WAVE_HEIGHT))
    assert left == right
    qtbot.keyClick(wave, Qt.Key.Key_Right)
    assert wave.value() == 6_000


@pytest.mark.usefixtures("from_right")
def test_rtl_list_opens_left_and_slider_full_at_right(qtbot) -> None:
    picker, percent = OptionPicker(ListOption("a", "")), PercentSlider()  # without a word there is only the arrow
    picker.set_value("a")
    percent.set_value("20")
    for widget in (picker, percent):
        qtbot.addWidget(widget)
        widget.resize(220, 32)
    arrow = coloured(picker.grab().toImage().copy(2, 10, 216, 12), tokens.current_palette().quiet)
    assert arrow
    assert max(arrow) < 110
    percent.show()
    full = coloured(percent._slider.grab().toImage(), tokens.current_palette().accent)
    assert min(full) > percent._slider.width() / 2


@pytest.mark.usefixtures("from_right")
def test_the_pill_begins_at_its_right(engine, qtbot) -> None:
    pill = PillWindow(engine.actions())
    qtbot.addWidget(pill)
    pill.draw(AppState(Done(Outcome.INSERTED, "Hello there, this is a line."), Health(engine_loaded=True)))
    image = pill.grab().toImage()
    tick = coloured(image, tokens.current_palette().good)
    assert min(tick) > image.width() * 0.6
    assert pill_content(AppState(Done(Outcome.INSERTED, "Hello.", new_target="Slack"))).tail == "← Slack"


@pytest.mark.usefixtures("from_right")
def test_rtl_english_not_reversed_labels_at_right(engine, qtbot) -> None:
    from tests.unit.ui.conftest import said

    engine.kept.keep([said("Hello there.")])
    window = HistoryWindow(engine.actions())
    qtbot.addWidget(window)
    window.resize(960, 600)
    with qtbot.waitExposed(window):
        window.show()
    label = QLabel("OpenAI", window)
    label.ensurePolished()
    assert label.alignment() & Qt.AlignmentFlag.AlignRight
    words = coloured(window.list.viewport().grab().toImage(), tokens.current_palette().text)
    assert min(words) > window.list.viewport().width() / 2
    window.notice.show_message("Deleted.")
    assert window.notice.geometry().right() > window.width() - tokens.VAST


def test_margins_are_turned_round_and_places_too(qapp: QApplication) -> None:
    within, place = QRectF(10, 0, 100, 20), QRectF(15, 2, 30, 6)
    layout = QHBoxLayout()
    assert sides.mirror_rect(place, within) == place
    qapp.setLayoutDirection(RIGHT)
    try:
        assert sides.mirror_rect(place, within) == QRectF(75, 2, 30, 6)
        sides.set_margins(layout, 1, 2, 3, 4)
        assert layout.contentsMargins().left() == 3
    finally:
        qapp.setLayoutDirection(LEFT)
