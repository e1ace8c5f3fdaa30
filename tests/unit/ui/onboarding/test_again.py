"""The first run once more: what was chosen is shown and stays, and the previous window returns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication, QPushButton

from desktop.core.state import AppState
from desktop.ui.bridge import Bridge
from desktop.ui.onboarding.hotkey import HotkeyStep
from desktop.ui.onboarding.model import ModelStep
from desktop.ui.onboarding.privacy import PrivacyStep
from desktop.ui.onboarding.welcome import WelcomeStep
from desktop.ui.onboarding.window import Onboarding, OnboardingWindow
from desktop.ui.settings.about import AboutPage
from desktop.ui.settings.window import SettingsWindow
from desktop.ui.tray import TrayIcon
from tests.support.ui.first_steps import WELL, Card, Machine, at
from tests.unit.ui.conftest import Engine


@pytest.fixture
def begun() -> list[str]:
    """What the end of it has brought about."""
    return []


@pytest.fixture
def settings(engine: Engine, machine: Machine, begun: list[str], qtbot) -> Iterator[SettingsWindow]:
    """The focused settings window of a user who has chosen before; the first run opens from it."""
    for key, value in (
        ("recognizer.language", "de"),
        ("recognizer.model", "tiny.en"),
        ("hotkey.talk", "f9"),
        ("history.keep_audio_days", "30"),
        ("emotion.engine", "llm"),
    ):
        engine.set_setting(key, value)
    engine.asked.clear()
    machine.advised = Card()
    bridge = Bridge()
    bridge.last_state = AppState(health=replace(WELL, model="tiny.en"))
    windows: dict[str, Callable[[], None]] = {
        "front": lambda: begun.append("front"),
        "history": lambda: begun.append("history"),
    }
    around = Onboarding(machine.app(engine), bridge, windows, lambda: begun.append("begun"))
    made = SettingsWindow(engine.app(open_window=lambda name: around.show_again()))
    made.around = around
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.present()
    yield made
    around.close()


def opened(settings: SettingsWindow, qtbot) -> OnboardingWindow:
    """The first run, as the settings open it."""
    settings.show_page(AboutPage)
    again = next(one for one in settings.findChildren(QPushButton) if one.text() == "Set up again…")
    again.click()
    window = settings.around._window
    qtbot.waitActive(window)
    return window


def test_who_only_looks_through_it_changes_nothing(settings, engine: Engine, begun: list[str], qtbot) -> None:
    window = opened(settings, qtbot)
    chosen = engine.settings
    assert at(window, WelcomeStep).language_buttons["de"].isChecked()
    model = at(window, ModelStep)
    assert (model.offer_card.isHidden(), model.small_button.isChecked(), model.small_button.text()) == (
        False,
        True,
        "Stay with Whisper tiny.en",
    )
    assert at(window, HotkeyStep).keycap.accessibleName() == "F9"
    at(window, PrivacyStep)
    window.go_forward()
    assert (engine.asked, engine.settings) == ([], chosen)
    assert begun == ["begun"]
    qtbot.waitActive(settings)


def test_a_model_that_one_chooses_then_is_taken(settings, engine: Engine, qtbot) -> None:
    window = opened(settings, qtbot)
    at(window, ModelStep).better_button.click()
    window.go_forward()
    assert engine.asked == ["set recognizer.model small"]


def test_what_is_switched_off_and_on_is_what_it_was(settings, engine: Engine, qtbot) -> None:
    page = at(opened(settings, qtbot), PrivacyStep)
    for switch in (page.audio, page.emotion):
        switch.click()
        switch.click()
    assert engine.asked[1::2] == ["set history.keep_audio_days 30", "set emotion.engine llm"]


def test_asked_for_twice_it_is_one_window(settings, qtbot) -> None:
    window = opened(settings, qtbot)
    assert opened(settings, qtbot) is window
    window.close()
    assert opened(settings, qtbot) is not window


def test_without_tray_history_opens_after_first_run(settings, begun: list[str], qtbot) -> None:
    settings.hide()
    QApplication.processEvents()
    settings.around.show_again()
    settings.around._window.close()
    assert begun == ["begun", "history"]


def test_the_trays_menu_has_it(engine: Engine) -> None:
    tray = TrayIcon(engine.app())
    next(action for action in tray.menu.actions() if action.text() == "Set up again…").trigger()
    assert engine.asked == ["open onboarding"]
    tray.close()
