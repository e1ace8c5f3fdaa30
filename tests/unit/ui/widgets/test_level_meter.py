"""The level of the microphone as one sees it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor

from desktop.settings.schema import LookSettings
from desktop.ui.style import tokens
from desktop.ui.widgets.level_meter import LevelMeter


@pytest.fixture
def meter(qtbot) -> LevelMeter:
    made = LevelMeter()
    qtbot.addWidget(made)
    made.resize(200, 10)
    made.show()
    return made


def share(meter: LevelMeter, colour: str) -> float:
    """How much of the bar's middle line has this colour."""
    picture = meter.grab().toImage()
    line = [picture.pixelColor(x, picture.height() // 2) for x in range(picture.width())]
    return sum(seen == QColor(colour) for seen in line) / len(line)


def falls(meter: LevelMeter) -> bool:
    return any(timer.isActive() for timer in meter.findChildren(QTimer))


def test_the_louder_the_longer(meter: LevelMeter) -> None:
    shares = []
    for level in (0.0, 0.3, 0.9):
        meter.show_silence()
        meter.show_level(level)
        shares.append(share(meter, tokens.current_palette().accent))
    assert shares == pytest.approx([0, 0.3, 0.9], abs=0.06)


def test_what_is_too_loud_warns(meter: LevelMeter) -> None:
    meter.show_level(1.0)
    assert share(meter, tokens.current_palette().warn) > 0.9


def test_it_falls_to_nothing_and_then_rests(meter: LevelMeter, qtbot) -> None:
    meter.show_level(0.8)
    assert falls(meter)
    qtbot.waitUntil(lambda: not falls(meter))
    assert meter.level == 0


def test_unseen_nothing_runs(meter: LevelMeter) -> None:
    meter.show_level(0.8)
    meter.hide()
    meter.show_level(0.8)
    assert not falls(meter)


def test_meter_without_motion_shows_last_level(meter: LevelMeter, qtbot) -> None:
    tokens.apply_look(LookSettings(motion="off"))
    meter.show_level(0.8)
    meter.show_level(0.22)
    assert not falls(meter)
    assert meter.level == 0.2


def test_a_screen_reader_knows_its_name_and_its_value(meter: LevelMeter) -> None:
    meter.show_level(0.5)
    assert meter.accessibleName() == "Level of the microphone"
    assert (meter.minimum(), meter.value(), meter.maximum()) == (0, 5, 10)
