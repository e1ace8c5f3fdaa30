"""The first run's window: how one goes through it, and that everybody can."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QPlainTextEdit, QWidget

from desktop.ui.onboarding.hotkey import Key
from desktop.ui.onboarding.microphone import Microphone
from desktop.ui.onboarding.model import Model
from desktop.ui.onboarding.privacy import Keeping
from desktop.ui.onboarding.requirements import Missing
from desktop.ui.onboarding.try_it import Trying
from desktop.ui.onboarding.welcome import Welcome
from desktop.ui.onboarding.window import FirstRunWindow
from tests.support.ui.first_steps import NO_PLUGIN, NO_TRAY, Card, Machine, at, press
from tests.unit.ui.conftest import Engine


def test_return_walks_all_pages_and_changes_nothing(
    first_run: FirstRunWindow, machine: Machine, engine: Engine, ended: list[str], qtbot
) -> None:
    machine.missing = [NO_TRAY]
    seen = [type(first_run.page)]
    while not isinstance(first_run.page, Trying):
        press(qtbot, Qt.Key.Key_Return)
        seen.append(type(first_run.page))
    assert QApplication.focusWidget() is first_run.page.box
    press(qtbot, Qt.Key.Key_Tab)
    while not ended:
        seen += [type(first_run.page)] if type(first_run.page) is not seen[-1] else []
        press(qtbot, Qt.Key.Key_Return)
    assert seen == [Welcome, Microphone, Missing, Model, Key, Trying, Keeping]
    assert (first_run.isVisible(), engine.asked) == (False, [])


def test_return_in_the_box_is_a_new_line(first_run: FirstRunWindow, qtbot) -> None:
    page = at(first_run, Trying)
    press(qtbot, Qt.Key.Key_Return)
    assert (first_run.page, page.box.toPlainText()) == (page, "\n")


def test_one_can_go_back(first_run: FirstRunWindow, qtbot) -> None:
    assert first_run.back.isHidden()
    at(first_run, Model)
    for page in (Microphone, Welcome):
        qtbot.mouseClick(first_run.back, Qt.MouseButton.LeftButton)
        assert type(first_run.page) is page
    at(first_run, Model)
    qtbot.keyClick(first_run, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert type(first_run.page) is Microphone


@pytest.mark.parametrize("page", [Welcome, Microphone, Model, Key, Trying])
def test_the_rest_can_be_left_out_everywhere(first_run: FirstRunWindow, ended: list[str], page, qtbot) -> None:
    at(first_run, page)
    qtbot.mouseClick(first_run.skip, Qt.MouseButton.LeftButton)
    assert (first_run.isVisible(), ended) == (False, ["ended"])


def test_the_last_page_has_nothing_to_leave_out(first_run: FirstRunWindow) -> None:
    at(first_run, Keeping)
    assert (first_run.skip.isHidden(), first_run.on.text()) == (True, "Done")


def test_to_close_it_is_to_end_it_and_esc_is_not(first_run: FirstRunWindow, ended: list[str], qtbot) -> None:
    press(qtbot, Qt.Key.Key_Escape)
    assert ended == []
    qtbot.keyClick(first_run, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    first_run.close()
    assert ended == ["ended"]


def test_pages_and_controls_named_for_screen_reader(first_run: FirstRunWindow, machine: Machine) -> None:
    machine.missing = [NO_PLUGIN]
    machine.advised = Card()
    at(first_run, Keeping)
    for page in first_run.pages:
        assert page.accessibleName()
    for kind in (QAbstractButton, QComboBox, QPlainTextEdit):
        for control in first_run.findChildren(kind):
            assert control.accessibleName() or (isinstance(control, QAbstractButton) and control.text())


def test_every_control_is_reached_by_tab(first_run: FirstRunWindow, machine: Machine, qtbot) -> None:
    machine.missing = [NO_PLUGIN]
    machine.advised = Card()
    for page in first_run.pages:
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


def test_it_fits_a_small_screen(first_run: FirstRunWindow) -> None:
    for page in first_run.pages:
        at(first_run, type(page)) if page.needed else None
        assert first_run.minimumSizeHint().width() <= 1024
        assert first_run.minimumSizeHint().height() <= 640


def test_long_page_on_small_screen_scrolls_by_keys(first_run: FirstRunWindow, qtbot) -> None:
    page = at(first_run, Keeping)
    first_run.resize(first_run.minimumSizeHint())
    press(qtbot, Qt.Key.Key_PageDown)
    assert page.verticalScrollBar().value() > 0
    press(qtbot, Qt.Key.Key_PageUp)
    assert page.verticalScrollBar().value() == 0


def test_the_settings_of_a_first_run_are_begun_once(tmp_path: Path) -> None:
    from desktop.settings import store as settings

    file = tmp_path / "config" / "settings.toml"
    settings.begin(file)
    assert file.read_text() == ""
    settings.put(file, "hotkey.talk", "f9")
    settings.begin(file)
    assert settings.load(file).settings.hotkey.talk == ("f9",)
