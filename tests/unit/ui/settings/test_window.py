"""The settings window, over settings in memory."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton

from desktop.core.errors import RecognizerError, ServiceError, UnavailableKeysError
from desktop.core.keys import parse_binding
from desktop.core.messages import Message
from desktop.core.state import AppState, Health
from desktop.ui.i18n import message_text
from desktop.ui.settings.hotkeys import HotkeysPage
from desktop.ui.settings.key_entry import ServiceKeyRow
from desktop.ui.settings.page import SettingsPage
from desktop.ui.settings.window import SettingsWindow
from desktop.ui.widgets.key_field import HotkeyField, find_key_name


@pytest.fixture
def window(engine, qtbot) -> SettingsWindow:
    made = SettingsWindow(engine.app())
    qtbot.addWidget(made)
    made.present()
    return made


def field(window: SettingsWindow, key: str):
    return window.form.rows[key].control


def texts(window: SettingsWindow) -> list[str]:
    return [label.text() for label in window.findChildren(QLabel) if not label.isHidden()]


def press(field: HotkeyField, key: Qt.Key, scancode: int, held=Qt.KeyboardModifier.NoModifier) -> None:
    field.keyPressEvent(QKeyEvent(QEvent.Type.KeyPress, key, held, scancode, 0, 0))


def release(field: HotkeyField, key: Qt.Key, scancode: int) -> None:
    field.keyReleaseEvent(QKeyEvent(QEvent.Type.KeyRelease, key, Qt.KeyboardModifier.NoModifier, scancode, 0, 0))


def test_it_shows_what_is_in_force(window: SettingsWindow) -> None:
    assert field(window, "hotkey.talk").text() == "Right Ctrl"
    assert field(window, "recognizer.model").currentText() == "Automatic"
    assert field(window, "history.keep_audio_days").currentText() == "7 days"


def test_what_the_history_keeps_can_be_chosen(window: SettingsWindow, engine) -> None:
    kept = {key: field(window, f"history.{key}") for key in ("max_audio_mb", "keep_text_days", "private")}
    assert [picker.currentText() for picker in kept.values()] == ["2 GB", "Until I delete it", "Off"]
    for picker in kept.values():
        picker.setCurrentIndex(1)
        picker.activated.emit(1)
    exclude = field(window, "history.exclude")
    exclude.setText("keepassxc, bitwarden")
    exclude.editingFinished.emit()
    assert engine.asked == [
        "set history.max_audio_mb 2000",
        "set history.keep_text_days 365",
        "set history.private on",
        "set history.exclude keepassxc, bitwarden",
    ]


def test_a_missing_key_is_sent_to_the_pages_that_take_it(window: SettingsWindow) -> None:
    titles = {page.title for page in window.findChildren(SettingsPage) if page.findChildren(ServiceKeyRow)}
    assert titles == {"Speech", "Network"}
    for code in ("service-key-missing", "service-key-refused"):
        assert "in the settings (Speech or Network)" in message_text(ServiceError(code, service="S", name="s"))


def test_unused_gpu_explained_under_status(window: SettingsWindow) -> None:
    note = (Message("cuda-failed", reason=Message("cublas-missing")),)
    window.draw(AppState(health=Health(engine_loaded=True, device="cpu", note=note)))
    assert "CUDA failed: cuBLAS is not installed." in texts(window)


def test_when_the_memory_is_freed_can_be_chosen(window: SettingsWindow, engine) -> None:
    picker = field(window, "recognizer.unload_after_min")
    assert picker.currentText() == "10 minutes"
    picker.setCurrentIndex(0)
    picker.activated.emit(0)
    assert engine.asked == ["set recognizer.unload_after_min 0"]


def test_a_choice_applies_at_once(window: SettingsWindow, engine) -> None:
    picker = field(window, "recognizer.model")
    picker.setCurrentIndex(1)
    picker.activated.emit(1)
    assert engine.asked == ["set recognizer.model base"]


def test_local_polish_offers_only_language_models(window: SettingsWindow, engine) -> None:
    where, which = field(window, "polish.url"), field(window, "polish.model")
    assert [where.itemText(place) for place in range(where.count())] == ["This machine", "OpenAI", "Another address"]
    assert where.currentText() == "OpenAI"
    assert [which.itemData(place) for place in range(which.count())] == ["auto", "smollm2-135m"]
    assert field(window, "recognizer.model").findData("smollm2-135m") == -1
    for picker, place in ((where, 0), (which, 1)):
        picker.setCurrentIndex(place)
        picker.activated.emit(place)
    assert engine.asked == ["set polish.url local", "set polish.model smollm2-135m"]


def test_invalid_value_explained_in_row_and_reverted(window: SettingsWindow, qtbot, engine) -> None:
    choice = field(window, "recognizer.language")
    language = choice.codes
    choice.picker.chosen.emit("codes")
    language.setText("ger")
    qtbot.keyClick(language, Qt.Key.Key_Return)
    assert "recognizer.language cannot be ger. Did you mean de?" in texts(window)
    assert language.text() == ""
    language.setText("de")
    qtbot.keyClick(language, Qt.Key.Key_Return)
    assert engine.asked == ["set recognizer.language de"]
    assert "recognizer.language cannot be ger. Did you mean de?" not in texts(window)


def test_a_device_that_is_not_there_is_still_shown(engine, qtbot) -> None:
    engine.set_setting("audio.device", "gone")
    window = SettingsWindow(engine.app())
    qtbot.addWidget(window)
    window.present()
    assert field(window, "audio.device").values == ("gone",)
    assert "gone (not connected)" in texts(window)


def test_modifier_alone_is_talk_key_on_release(window: SettingsWindow, engine) -> None:
    talk = field(window, "hotkey.talk")
    talk.setChecked(True)
    press(talk, Qt.Key.Key_AltGr, 108)
    assert engine.asked == []
    release(talk, Qt.Key.Key_AltGr, 108)
    assert engine.asked == ["set hotkey.talk alt_r"]
    assert talk.text() == "Right Alt"


def test_a_chord_becomes_the_talk_key_on_its_press(window: SettingsWindow, engine) -> None:
    talk = field(window, "hotkey.talk")
    talk.setChecked(True)
    press(talk, Qt.Key.Key_Control, 37)
    press(talk, Qt.Key.Key_Space, 65, Qt.KeyboardModifier.ControlModifier)
    release(talk, Qt.Key.Key_Control, 37)
    assert engine.asked == ["set hotkey.talk ctrl+space"]


def test_esc_keeps_talk_key_and_can_be_cancel_key(window: SettingsWindow, engine) -> None:
    talk, cancel = field(window, "hotkey.talk"), field(window, "hotkey.cancel")
    talk.setChecked(True)
    press(talk, Qt.Key.Key_Escape, 9)
    assert (talk.text(), engine.asked) == ("Right Ctrl", [])
    engine.set_setting("hotkey.cancel", "f8")
    cancel.set_value("f8")
    cancel.setChecked(True)
    press(cancel, Qt.Key.Key_Escape, 9)
    assert engine.asked[-1] == "set hotkey.cancel esc"


def test_mouse_button_over_field_becomes_talk_key(window: SettingsWindow, qtbot, engine) -> None:
    talk = field(window, "hotkey.talk")
    qtbot.mouseClick(talk, Qt.MouseButton.BackButton)
    assert engine.asked == []
    qtbot.mouseClick(talk, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(talk, Qt.MouseButton.BackButton)
    assert engine.asked == ["set hotkey.talk button8"]
    assert talk.text() == "Back Button"


def test_backspace_leaves_no_key_where_none_is_needed(window: SettingsWindow, qtbot, engine) -> None:
    engine.set_setting("hotkey.undo", "f8")
    undo, talk = field(window, "hotkey.undo"), field(window, "hotkey.talk")
    undo.set_value("f8")
    for control in (undo, talk):
        control.setChecked(True)
        qtbot.keyClick(control, Qt.Key.Key_Backspace)
    assert engine.asked[1:] == ["set hotkey.undo ", "set hotkey.talk backspace"], "the settings refuse the second"
    assert undo.text() == "None"


def test_key_capture_pauses_hotkeys_and_shortcuts(window: SettingsWindow, qtbot, engine) -> None:
    window.show_page(HotkeysPage)
    talk = field(window, "hotkey.talk")
    talk.setChecked(True)
    assert engine.recordings == [True]
    asked = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    talk.event(asked)
    assert asked.isAccepted()
    window.close()
    assert engine.recordings == [True, False]


def test_taken_key_reported_in_row_until_free(window: SettingsWindow) -> None:
    sentence = "F10 is taken by another program. Free it there, or choose another one in the settings."
    f10 = Message("key-taken", key="F10")
    taken = UnavailableKeysError("keys-unavailable", keys={"undo": f10}, problems=f10, advice="")
    window.draw(AppState(health=Health(hotkey=taken)))
    assert sentence in texts(window)
    window.draw(AppState(health=Health()))
    assert sentence not in texts(window)


def test_pressable_keys_have_hotkey_names() -> None:
    held = Qt.KeyboardModifier.ControlModifier
    names = [name for key in Qt.Key if (name := find_key_name(key.value, held)) is not None]
    assert len(names) > 80
    assert [str(parse_binding(name)) for name in names] == names


def test_the_status_is_that_of_the_app(window: SettingsWindow) -> None:
    window.draw(AppState(health=Health(engine=RecognizerError("model-damaged", name="base", file="model.bin"))))
    remedy = "Run `intone models pull base` to fetch it again."
    assert {"Model base is damaged: model.bin is not what was fetched.", remedy} <= set(texts(window))


def test_every_control_is_named_for_a_screen_reader(window: SettingsWindow) -> None:
    for kind in (QComboBox, QLineEdit, QPushButton):
        assert all(control.accessibleName() for control in window.findChildren(kind))


def test_it_fits_a_small_screen(window: SettingsWindow) -> None:
    assert window.minimumSizeHint().width() <= 1024
    assert window.minimumSizeHint().height() <= 640
