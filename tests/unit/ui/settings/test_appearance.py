"""The pages of sounds and of appearance: what each control sets, and what it says."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QSlider

from desktop.core.errors import UserError
from desktop.ui.settings.appearance import AppearancePage
from desktop.ui.settings.history import HistoryPage
from desktop.ui.settings.sound_field import SoundFileField
from desktop.ui.settings.sounds import SoundsPage
from desktop.ui.settings.window import SettingsWindow
from tests.support.ui.fake_audio import FakeAudio

LOST = UserError(
    "reported-message", title="This file is not there any more.", advice="Our own sound is played. Choose another one."
)


@pytest.fixture
def speaker() -> FakeAudio:
    return FakeAudio()


@pytest.fixture
def in_the_way() -> list[UserError | None]:
    """What is in the way of the start with the session."""
    return [None]


@pytest.fixture
def window(engine, qtbot, speaker: FakeAudio, in_the_way: list[UserError | None]) -> SettingsWindow:
    def autostart(then) -> None:
        then(in_the_way[0])

    made = SettingsWindow(engine.app(audio=speaker, apply_autostart=autostart))
    qtbot.addWidget(made)
    made.present()
    return made


def control(window: SettingsWindow, key: str):
    return window.form.rows[key].control


def pick(picker: QComboBox, value: str) -> None:
    picker.setCurrentIndex(picker.findData(value))
    picker.activated.emit(picker.currentIndex())


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("audio.cue", "on"),
        ("look.theme", "dark"),
        ("look.contrast", "high"),
        ("look.motion", "off"),
        ("look.language", "zh_CN"),
        ("look.scale", "150"),
        ("look.pill", "compact"),
        ("look.pill", "off"),
        ("look.pill_place", "top"),
        ("startup.autostart", "on"),
    ],
)
def test_what_is_picked_is_set(window: SettingsWindow, engine, key: str, value: str) -> None:
    pick(control(window, key), value)
    assert engine.asked == [f"set {key} {value}"]


def test_the_volume_is_set_by_keys_and_shown(window: SettingsWindow, engine) -> None:
    percent = control(window, "audio.cue_volume")
    slider = percent.findChild(QSlider)
    assert slider.value() == 50
    slider.setValue(80)
    assert engine.asked == ["set audio.cue_volume 80"]
    assert slider.accessibleName() == "Volume"


@pytest.mark.parametrize("kind", ["start", "stop", "cancel", "error"])
def test_a_sound_of_ones_own_is_chosen_and_tried(window: SettingsWindow, engine, speaker: FakeAudio, kind: str) -> None:
    field = control(window, f"audio.cue_{kind}")
    line = field.findChild(QLineEdit)
    line.setText("/home/me/bell.wav")
    line.editingFinished.emit()
    assert engine.asked == [f"set audio.cue_{kind} /home/me/bell.wav"]
    field.play.click()
    assert speaker.cues == [kind]


def test_unplayable_sound_file_reported_in_row(window: SettingsWindow, speaker: FakeAudio) -> None:
    speaker.wrong["stop"] = LOST
    line = control(window, "audio.cue_stop").findChild(QLineEdit)
    line.setText("/home/me/bell.wav")
    line.editingFinished.emit()
    row = window.form.rows["audio.cue_stop"]
    assert row._problem.text() == str(LOST)
    speaker.wrong.clear()
    line.setText("")
    line.editingFinished.emit()
    assert row._problem.isHidden()


def test_sound_file_chosen_in_nonblocking_dialog(window: SettingsWindow, engine) -> None:
    window.show_page(SoundsPage)
    field = control(window, "audio.cue_start")
    assert isinstance(field, SoundFileField)
    field._browse.click()
    dialogue = window.findChild(QFileDialog)
    assert dialogue.isVisible()
    dialogue.fileSelected.emit("/home/me/bell.ogg")
    dialogue.close()
    assert engine.asked == ["set audio.cue_start /home/me/bell.ogg"]


def test_what_is_in_the_way_of_the_start_is_said(window: SettingsWindow, in_the_way: list[UserError | None]) -> None:
    window.show_page(AppearancePage)
    in_the_way[0] = UserError(
        "reported-message", title="Intone cannot be made to start with the session.", advice="Permission denied: /x"
    )
    pick(control(window, "startup.autostart"), "on")
    assert window.form.rows["startup.autostart"]._problem.text() == str(in_the_way[0])


def test_encryption_problem_shown_and_choice_reverted(engine, qtbot) -> None:
    problem = UserError(
        "reported-message", title="No keyring is here to keep keys in.", advice="Start a Secret Service."
    )

    def sealed(then) -> None:
        if engine.settings.history.encrypted == "on":
            engine.reset_setting("history.encrypted")
            then(problem)

    window = SettingsWindow(engine.app(check_encryption=sealed))
    qtbot.addWidget(window)
    window.present()
    window.show_page(HistoryPage)
    pick(control(window, "history.encrypted"), "on")
    assert window.form.rows["history.encrypted"]._problem.text() == str(problem)
    assert control(window, "history.encrypted").currentText() == "Off"
