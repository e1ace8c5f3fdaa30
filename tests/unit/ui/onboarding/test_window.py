"""The first run's window: how one goes through it, and that everybody can."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QPlainTextEdit, QWidget

from desktop.ui.onboarding.hotkey import HotkeyStep
from desktop.ui.onboarding.microphone import MicrophoneStep
from desktop.ui.onboarding.model import ModelStep
from desktop.ui.onboarding.privacy import PrivacyStep
from desktop.ui.onboarding.requirements import RequirementsStep
from desktop.ui.onboarding.try_it import TryItStep
from desktop.ui.onboarding.welcome import WelcomeStep
from desktop.ui.onboarding.window import OnboardingWindow
from tests.support.ui.first_steps import NO_PLUGIN, NO_TRAY, Card, Machine, at, press, repeat
from tests.unit.ui.conftest import Engine


def test_return_walks_all_pages_and_changes_nothing(
    first_run: OnboardingWindow, machine: Machine, engine: Engine, ended: list[str], qtbot
) -> None:
    machine.missing = [NO_TRAY]
    seen = [type(first_run.current_step)]
    while not isinstance(first_run.current_step, TryItStep):
        press(qtbot, Qt.Key.Key_Return)
        seen.append(type(first_run.current_step))
    assert QApplication.focusWidget() is first_run.current_step.text_box
    press(qtbot, Qt.Key.Key_Tab)
    while not ended:
        seen += [type(first_run.current_step)] if type(first_run.current_step) is not seen[-1] else []
        press(qtbot, Qt.Key.Key_Return)
    assert seen == [WelcomeStep, MicrophoneStep, RequirementsStep, ModelStep, HotkeyStep, TryItStep, PrivacyStep]
    assert (first_run.isVisible(), engine.asked) == (False, [])


def test_a_key_that_is_held_turns_one_page(first_run: OnboardingWindow, qtbot) -> None:
    press(qtbot, Qt.Key.Key_Return)
    for _ in range(3):
        repeat(Qt.Key.Key_Return)
    assert type(first_run.current_step) is MicrophoneStep
    press(qtbot, Qt.Key.Key_Return)
    assert type(first_run.current_step) is ModelStep


def test_return_in_the_box_is_a_new_line(first_run: OnboardingWindow, qtbot) -> None:
    page = at(first_run, TryItStep)
    press(qtbot, Qt.Key.Key_Return)
    assert (first_run.current_step, page.text_box.toPlainText()) == (page, "\n")


def test_one_can_go_back(first_run: OnboardingWindow, qtbot) -> None:
    assert first_run.back_button.isHidden()
    at(first_run, ModelStep)
    for page in (MicrophoneStep, WelcomeStep):
        qtbot.mouseClick(first_run.back_button, Qt.MouseButton.LeftButton)
        assert type(first_run.current_step) is page
    at(first_run, ModelStep)
    qtbot.keyClick(first_run, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert type(first_run.current_step) is MicrophoneStep


@pytest.mark.parametrize("page", [WelcomeStep, MicrophoneStep, ModelStep, HotkeyStep, TryItStep])
def test_the_rest_can_be_left_out_everywhere(first_run: OnboardingWindow, ended: list[str], page, qtbot) -> None:
    at(first_run, page)
    qtbot.mouseClick(first_run.skip_button, Qt.MouseButton.LeftButton)
    assert (first_run.isVisible(), ended) == (False, ["ended"])


def test_the_last_page_has_nothing_to_leave_out(first_run: OnboardingWindow) -> None:
    at(first_run, PrivacyStep)
    assert (first_run.skip_button.isHidden(), first_run.continue_button.text()) == (True, "Done")


def test_to_close_it_is_to_end_it_and_esc_is_not(first_run: OnboardingWindow, ended: list[str], qtbot) -> None:
    press(qtbot, Qt.Key.Key_Escape)
    assert ended == []
    qtbot.keyClick(first_run, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    first_run.close()
    assert ended == ["ended"]


def test_pages_and_controls_named_for_screen_reader(first_run: OnboardingWindow, machine: Machine) -> None:
    machine.missing = [NO_PLUGIN]
    machine.advised = Card()
    at(first_run, PrivacyStep)
    for page in first_run.steps:
        assert page.accessibleName()
    for kind in (QAbstractButton, QComboBox, QPlainTextEdit):
        for control in first_run.findChildren(kind):
            assert control.accessibleName() or (isinstance(control, QAbstractButton) and control.text())


def test_every_control_is_reached_by_tab(first_run: OnboardingWindow, machine: Machine, qtbot) -> None:
    machine.missing = [NO_PLUGIN]
    machine.advised = Card()
    for page in first_run.steps:
        at(first_run, type(page))
        controls = {
            control
            for kind in (QAbstractButton, QComboBox, QPlainTextEdit)
            for control in first_run.findChildren(kind)
            if control.isVisible() and control.isEnabled() and control.focusPolicy() & Qt.FocusPolicy.TabFocus
        }
        reached = set()
        for _ in range(len(controls) + 2):
            press(qtbot, Qt.Key.Key_Tab)
            reached.add(QApplication.focusWidget())
        radio = {button for button in controls if button in getattr(page, "_group", _NONE).buttons()}
        assert controls - reached <= radio, f"arrows go between these: {page.title}"


class _Nothing:
    def buttons(self) -> list[QWidget]:
        return []


_NONE = _Nothing()


def test_it_fits_a_small_screen(first_run: OnboardingWindow) -> None:
    for page in first_run.steps:
        at(first_run, type(page)) if page.is_needed else None
        assert first_run.minimumSizeHint().width() <= 1024
        assert first_run.minimumSizeHint().height() <= 640


def test_long_page_on_small_screen_scrolls_by_keys(first_run: OnboardingWindow, qtbot) -> None:
    page = at(first_run, PrivacyStep)
    first_run.resize(first_run.minimumSizeHint())
    press(qtbot, Qt.Key.Key_PageDown)
    assert page.verticalScrollBar().value() > 0
    press(qtbot, Qt.Key.Key_PageUp)
    assert page.verticalScrollBar().value() == 0


def test_the_settings_of_a_first_run_are_begun_once(tmp_path: Path) -> None:
    from desktop.settings import store

    file = tmp_path / "config" / "settings.toml"
    store.ensure_file(file)
    assert file.read_text() == ""
    store.write_setting(file, "hotkey.talk", "f9")
    store.ensure_file(file)
    assert store.load_settings(file).settings.hotkey.talk == ("f9",)
