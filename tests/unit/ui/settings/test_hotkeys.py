"""The settings of the keys, over a real file: presets, what is in each other's way, what a key costs, and the trial."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop.core.errors import HotkeyError, UnavailableKeysError
from desktop.core.keys import Action
from desktop.core.state import AppState, Health, Idle, Listening, Starting, Transcribing
from desktop.settings import store
from desktop.ui.settings.hotkeys import HotkeysPage
from desktop.ui.settings.window import SettingsWindow

WELL = Health(engine_loaded=True)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


@pytest.fixture
def window(engine, qtbot, file: Path) -> SettingsWindow:
    app = engine.app(
        settings=lambda: store.load_settings(file).settings,
        set_setting=lambda key, value: store.write_setting(file, key, value),
        find_key_grabber=lambda then: then(
            HotkeyError("host-key-conflict", key="Right Ctrl", program="VirtualBox", suggestion="Pause", name="pause")
        ),
    )
    window = SettingsWindow(app)
    qtbot.addWidget(window)
    window.present()
    window.show_page(HotkeysPage)
    return window


@pytest.fixture
def page(window: SettingsWindow) -> HotkeysPage:
    return next(page for page in window.pages if isinstance(page, HotkeysPage))


def chosen(file: Path) -> tuple[str, ...]:
    return store.load_settings(file).settings.hotkey.talk


def test_every_action_has_a_row(window: SettingsWindow) -> None:
    assert {f"hotkey.{action}" for action in Action} <= set(window.form.rows)


def test_preset_sets_talk_key_at_once_and_is_marked(page: HotkeysPage, file: Path) -> None:
    for key, name in (("button8", "Back Button"), ("f9", "F9"), ("alt_r", "Right Alt"), ("ctrl_r", "Right Ctrl")):
        page.preset_buttons[key].click()
        assert chosen(file) == (key,)
        assert [preset for preset, button in page.preset_buttons.items() if button.isChecked()] == [key]
        assert page.preset_buttons[key].text() == name


def test_conflicting_own_keys_reported_and_unchanged(window: SettingsWindow, page: HotkeysPage, file: Path) -> None:
    store.write_setting(file, "hotkey.undo", "f9")
    page.preset_buttons["f9"].click()
    assert "F9 cannot both talk and undo" in window.form.rows["hotkey.talk"]._problem.text()
    assert chosen(file) == ("ctrl_r",)
    assert page.preset_buttons["ctrl_r"].isChecked()


def test_typing_key_refused_and_shadowed_key_noted(window: SettingsWindow, file: Path) -> None:
    undo = window.form.rows["hotkey.undo"]
    undo.control.chosen.emit("a")
    assert "needed for typing" in undo._problem.text()
    undo.control.chosen.emit("f5")
    assert store.load_settings(file).settings.hotkey.undo == ("f5",)
    assert undo.sentence.text().endswith("F5 reloads in many programs. They no longer get it.")
    undo.control.chosen.emit("pause")
    assert undo.sentence.text() == "Takes the last text out again, if nothing was typed since."


def test_the_line_lights_up_while_the_key_is_heard(window: SettingsWindow, page: HotkeysPage) -> None:
    for state, lit in ((Idle(), False), (Starting(), True), (Listening(), True), (Transcribing(), False)):
        window.draw(AppState(state, WELL))
        assert page.trial.lamp.is_lit is lit
    assert page.trial.label.text() == "Try it: hold Right Ctrl, and this line lights up."
    window.draw(AppState(health=replace(WELL, talk_key="Super+F9")))
    assert page.trial.label.text() == (
        "Try it: hold Super+F9, and this line lights up. "
        "Your desktop keeps this key: change it in the desktop's settings for keys."
    )
    window.draw(AppState(Listening(), WELL))
    assert page.trial.label.text() == "Heard. Let go of Right Ctrl when you are done."


def test_unheard_key_explained_in_trial(window: SettingsWindow, page: HotkeysPage) -> None:
    taken = UnavailableKeysError("key-taken", no_talk_key=True, key="F9")
    window.draw(AppState(health=replace(WELL, hotkey=taken)))
    assert (
        page.trial.label.text()
        == "F9 is taken by another program. Free it there, or choose another one in the settings."
    )
    assert page.trial.problem_label.text().startswith("Right Ctrl lets go of the keyboard in VirtualBox, which runs.")


def test_paused_keys_are_taken_again_from_here(window: SettingsWindow, page: HotkeysPage, engine) -> None:
    window.draw(AppState(health=WELL))
    assert page.trial.resume_button.isHidden()
    window.draw(AppState(health=replace(WELL, paused=True)))
    assert page.trial.label.text() == "The keys are paused."
    page.trial.resume_button.click()
    assert engine.asked == ["resume"]


def test_nothing_is_cut_off_at_the_windows_own_width(window: SettingsWindow) -> None:
    for page in window.pages:
        assert page.widget().minimumSizeHint().width() <= page.viewport().width(), page.title
