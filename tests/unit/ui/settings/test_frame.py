"""The frame of the settings: searching all sections, defaults, a file that is not all in force or is edited by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QListWidget

from desktop.settings import store
from desktop.ui.settings.history import HistoryPage
from desktop.ui.settings.watcher import SETTLE_MS, SettingsWatcher
from desktop.ui.settings.window import SettingsWindow


@pytest.fixture
def window(engine, qtbot) -> SettingsWindow:
    made = SettingsWindow(engine.app())
    qtbot.addWidget(made)
    made.present()
    return made


def sections(window: SettingsWindow) -> list[str]:
    listed = window.findChild(QListWidget)
    return [listed.item(at).text() for at in range(listed.count()) if not listed.item(at).isHidden()]


def shown(window: SettingsWindow) -> set[str]:
    return {key for key, row in window.form.rows.items() if not row.isHidden()}


def test_search_filters_all_sections_and_marks_words(window: SettingsWindow) -> None:
    before = shown(window)
    window.search_field.setText("text RECORDING")
    assert sections(window) == ["History"]
    assert shown(window) == {
        "history.keep_audio_days",
        "history.keep_text_days",
        "history.max_audio_mb",
        "history.encrypted",
        "history.private",
    }
    assert "<span" in window.form.rows["history.max_audio_mb"].sentence.text()
    window.search_field.clear()
    assert shown(window) == before
    assert "<span" not in window.form.rows["history.max_audio_mb"].sentence.text()
    assert "About" in sections(window)


def test_search_finds_setting_by_key_and_choices(window: SettingsWindow) -> None:
    window.search_field.setText("network.http")
    assert shown(window) == {"network.http"}
    window.search_field.setText("deepgram live")
    assert "recognizer.engine" in shown(window)


def test_search_without_result_says_so_esc_clears(window: SettingsWindow, qtbot) -> None:
    window.search_field.setText("xyzzy")
    assert sections(window) == []
    assert window._stack.currentWidget().text() == "No setting has these words."
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.search_field.text() == ""
    assert window.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_enter_goes_to_the_first_that_was_found(window: SettingsWindow, qtbot) -> None:
    qtbot.keyClicks(window.search_field, "private mode")
    qtbot.keyClick(window.search_field, Qt.Key.Key_Return)
    assert window.focusWidget() is window.form.rows["history.private"].control


def test_ctrl_f_focuses_search_down_the_sections(window: SettingsWindow, qtbot) -> None:
    window.form.rows["recognizer.language"].control.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.focusWidget() is window.search_field
    qtbot.keyClick(window.search_field, Qt.Key.Key_Down)
    assert isinstance(window.focusWidget(), QListWidget)


def test_search_stays_while_result_is_changed(window: SettingsWindow, qtbot, engine) -> None:
    window.search_field.setText("private mode")
    picker = window.form.rows["history.private"].control
    picker.setCurrentIndex(1)
    picker.activated.emit(1)
    assert engine.asked == ["set history.private on"]
    assert shown(window) == {"history.private"}


@pytest.mark.parametrize("key", ["recognizer.language", "engines.openai.model"])
def test_default_of_a_text_field_is_said_in_words(window: SettingsWindow, engine, key: str) -> None:
    engine.set_setting(key, "de")
    window.refresh()
    assert window.form.rows[key].reset_button.text() == "Default: Automatic  ·  Reset"


def test_changed_setting_marked_and_reset_by_key(window: SettingsWindow, qtbot, engine) -> None:
    row = window.form.rows["history.keep_audio_days"]
    assert row.reset_button.isHidden()
    engine.set_setting("history.keep_audio_days", "30")
    window.refresh()
    window.show_page(HistoryPage)
    assert row.reset_button.text() == "Default: 7 days  ·  Reset"
    row.reset_button.setFocus()
    qtbot.keyClick(row.reset_button, Qt.Key.Key_Space)
    assert engine.asked[-1] == "reset history.keep_audio_days"
    assert row.reset_button.isHidden()
    assert row.control.currentText() == "7 days"
    assert window.focusWidget() is row.control, "the button that had the focus has gone"


def test_what_is_not_in_force_is_named_and_the_rest_is(engine, qtbot, tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('[recognizer]\nlanguage = "ger"\n[history]\nkeep_audio_days = 30\n')
    loaded = store.load_settings(file)
    engine.settings = loaded.settings
    window = SettingsWindow(engine.app())
    qtbot.addWidget(window)
    window.present()
    assert "recognizer.language cannot be ger." in window.invalid_lines.label.text()
    assert window.form.rows["history.keep_audio_days"].control.currentText() == "30 days"
    file.write_text("[history]\nkeep_audio_days = 30\n")
    window.refresh()
    assert window.invalid_lines.isHidden()


def test_text_being_written_survives_file_change(window: SettingsWindow, qtbot, engine) -> None:
    engine.set_setting("recognizer.language", "de")
    window.refresh()
    language = window.form.rows["recognizer.language"].control.codes
    language.setFocus()
    language.selectAll()
    qtbot.keyClicks(language, "de, e")
    engine.set_setting("history.private", "on")
    window.refresh()
    assert language.text() == "de, e"
    assert window.form.rows["history.private"].control.currentText() == "On"


@pytest.mark.parametrize("there", [True, False])
def test_file_written_or_replaced_is_noticed(qtbot, tmp_path: Path, there: bool) -> None:
    file = tmp_path / "settings.toml"
    if there:
        file.write_text("")
    watch = SettingsWatcher(file)
    with qtbot.waitSignal(watch.changed):
        file.write_text('[history]\nprivate = "on"\n')
    with qtbot.waitSignal(watch.changed):
        store.write_setting(file, "history.private", "off")
    with qtbot.waitSignal(watch.changed):
        file.write_text("")
    with qtbot.waitSignal(watch.changed):
        file.unlink()


def test_another_file_beside_it_is_no_news(qtbot, tmp_path: Path) -> None:
    watch = SettingsWatcher(tmp_path / "settings.toml")
    with qtbot.waitSignal(watch.checked), qtbot.assertNotEmitted(watch.changed):
        (tmp_path / "history.db").write_text("x")


def test_change_noticed_while_other_files_come_and_go(qtbot, tmp_path: Path) -> None:
    file, other = tmp_path / "settings.toml", tmp_path / "history.db-wal"
    watch, busy = SettingsWatcher(file), QTimer(interval=SETTLE_MS // 4)
    busy.timeout.connect(lambda: other.unlink() if other.exists() else other.touch())
    busy.start()
    with qtbot.waitSignal(watch.changed):
        file.write_text('[history]\nprivate = "on"\n')
