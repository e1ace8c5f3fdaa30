"""Replace the tray where the desktop shows none: access to settings and quit, and how to get a tray.

Shown at the head of the history window; hidden when a tray appears.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from desktop.core.errors import apt_command
from desktop.ui.controllers.app import AppController
from desktop.ui.style import tokens
from desktop.ui.tray import TRAY_CHECK_MS, is_tray_available
from desktop.ui.widgets.form import with_object_name
from desktop.ui.widgets.label import PlainLabel

translate = QCoreApplication.translate

GNOME_EXTENSION = "gnome-shell-extension-appindicator"


def find_desktops(system: str, environ: Mapping[str, str]) -> str:
    """Return the names of the desktop as in `XDG_CURRENT_DESKTOP`, by `system` (as `sys.platform`) and environment."""
    return "Windows" if system == "win32" else environ.get("XDG_CURRENT_DESKTOP", "")


def tray_instructions(desktops: str) -> str:
    """Return how to get a tray on the desktop of these names."""
    desktop_names = desktops.lower().split(":")
    if "windows" in desktop_names:
        return translate("without_tray", "Restart Windows Explorer in the Task Manager: it has the taskbar.")
    if "gnome" in desktop_names:
        return translate(
            "without_tray",
            "GNOME shows tray icons with the extension AppIndicator: {0} (Fedora: sudo dnf install {1}). Then log in "
            "again and switch it on in Extensions.",
        ).format(apt_command(GNOME_EXTENSION), GNOME_EXTENSION)
    if "kde" in desktop_names:
        return translate("without_tray", "Add the widget System Tray to a panel.")
    if "xfce" in desktop_names:
        return translate("without_tray", "Add the Status Tray Plugin to a panel.")
    if "sway" in desktop_names or "hyprland" in desktop_names:
        return translate("without_tray", "Add the module tray to Waybar.")
    return translate("without_tray", "Add a tray to the panel, or start one such as stalonetray.")


class NoTrayNotice(QFrame):
    """The notice. Checks for a tray until there is one."""

    def __init__(self, app: AppController, desktops: str) -> None:
        super().__init__()
        with_object_name(self, "notice")
        self.words = PlainLabel(self.tr("No program shows tray icons here.") + " " + tray_instructions(desktops))
        self.words.setWordWrap(True)
        self.words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        line = QHBoxLayout(self)
        line.setContentsMargins(tokens.WIDE, tokens.GAP, tokens.GAP, tokens.GAP)
        line.setSpacing(tokens.GAP)
        line.addWidget(self.words, 1)
        for label, callback in (
            (self.tr("Settings"), lambda: app.open_window("settings")),
            (self.tr("Quit Intone"), app.quit),
        ):
            button = QPushButton(label)
            button.setAccessibleName(label)
            button.clicked.connect(lambda _, callback=callback: callback())
            line.addWidget(button)
        self._check_timer = QTimer(self, interval=TRAY_CHECK_MS)
        self._check_timer.timeout.connect(self.check_tray)
        self._check_timer.start()

    def check_tray(self) -> None:
        """Hide the notice if there is a tray."""
        if is_tray_available():
            self._check_timer.stop()
            self.hide()
