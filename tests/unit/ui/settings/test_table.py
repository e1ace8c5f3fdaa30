"""Each control of the settings sets its setting, and each setting has a test of what it does."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from desktop.settings.schema import Settings
from desktop.settings.store import get_setting, list_keys
from desktop.settings.systems import has_effect
from desktop.ui.settings.engine_cards import EngineSelector
from desktop.ui.settings.window import SettingsWindow
from desktop.ui.widgets.combo import OptionPicker
from desktop.ui.widgets.form import TextField
from tests.support.ui.settings_table import TABLE, WITHOUT_CONTROL, Line

TESTS = Path(__file__).parents[3]


HERE = [line for line in TABLE if has_effect(line.key, sys.platform)]
"""Settings that change something on this system; the windows show no other."""


@pytest.fixture
def window(engine, qtbot) -> SettingsWindow:
    made = SettingsWindow(engine.app())
    qtbot.addWidget(made)
    made.present()
    return made


def choose(window: SettingsWindow, key: str, value: str) -> None:
    """Use the control as a user does; a key is pressed in `settings/test_window.py`."""
    control = window.form.rows[key].control
    match control:
        case OptionPicker():
            place = control.findData(value)
            assert place >= 0, f"{key} cannot be {value} here"
            control.setCurrentIndex(place)
            control.activated.emit(place)
        case TextField():
            control.setText(value)
            control.editingFinished.emit()
        case EngineSelector():
            control.cards[value].click()
        case _:
            control.chosen.emit(value)


@pytest.mark.parametrize("section", dict.fromkeys(line.key.partition(".")[0] for line in HERE))
def test_control_sets_setting_and_resets_to_default(window: SettingsWindow, engine, section: str) -> None:
    for line in HERE:
        if line.key.startswith(f"{section}."):
            engine.asked.clear()
            choose(window, line.key, line.value)
            assert engine.asked == [f"set {line.key} {line.value}"]
            assert get_setting(engine.settings, line.key) == line.value
            row = window.form.rows[line.key]
            assert not row.reset_button.isHidden()
            row.reset_button.click()
            assert engine.asked[1:] == [f"reset {line.key}"]
            assert get_setting(engine.settings, line.key) == get_setting(Settings(), line.key)
            assert row.reset_button.isHidden()


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line.key)
def test_what_the_setting_does_has_a_test(line: Line) -> None:
    file, _, name = line.proof.partition("::")
    assert f"def {name}(" in (TESTS / file).read_text()


def test_table_has_every_setting_or_a_reason(window: SettingsWindow) -> None:
    assert sorted([*(line.key for line in TABLE), *WITHOUT_CONTROL]) == sorted(list_keys())
    assert set(window.form.rows) == {line.key for line in HERE}
