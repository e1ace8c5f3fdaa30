"""What the button beside a repairing command does."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QGuiApplication

from desktop.ui.widgets.command_button import CommandButton


def test_command_is_copied(qtbot) -> None:
    opened: list[QUrl] = []
    button = CommandButton("intone models pull base", "Copy", "Copy: it", opened.append)
    qtbot.addWidget(button)
    button.click()
    assert (button.text(), button.accessibleName()) == ("Copy", "Copy: it")
    assert (QGuiApplication.clipboard().text(), opened) == ("intone models pull base", [])


def test_page_of_windows_settings_is_opened(qtbot) -> None:
    opened: list[QUrl] = []
    button = CommandButton("start ms-settings:privacy-microphone", "Copy", "Copy: it", opened.append)
    qtbot.addWidget(button)
    QGuiApplication.clipboard().setText("mine")
    button.click()
    assert (button.text(), button.accessibleName()) == ("Open", "Open the page of Windows' settings")
    assert (QGuiApplication.clipboard().text(), opened) == ("mine", [QUrl("ms-settings:privacy-microphone")])
