"""A button beside a command that repairs something: it copies the command, or does what it does.

What opens a page of Windows' settings is opened; everything else is for a terminal, where the user sees what it does.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QPushButton

from desktop.ui.widgets.label import set_tool_tip

translate = QCoreApplication.translate

SETTINGS_COMMAND = "start ms-settings:"
"""How a command that opens a page of Windows' settings begins."""


class CommandButton(QPushButton):
    """The button of `command`, with these texts where it copies it; `open_url` opens an address."""

    def __init__(
        self,
        command: str,
        label: str,
        accessible_name: str,
        open_url: Callable[[QUrl], object] = QDesktopServices.openUrl,
    ) -> None:
        super().__init__(label)
        self.setAccessibleName(accessible_name)
        set_tool_tip(self, command)
        if not command.startswith(SETTINGS_COMMAND):
            self.clicked.connect(lambda: QGuiApplication.clipboard().setText(command))
            return
        page = QUrl(command.removeprefix("start "))
        self.setText(translate("command", "Open"))
        self.setAccessibleName(translate("command", "Open the page of Windows' settings"))
        self.clicked.connect(lambda: open_url(page))
