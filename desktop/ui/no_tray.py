"""Replace the tray where the desktop shows none: access to settings and quit, and how to get a tray.

Shown at the head of the history window; hidden when a tray appears.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from desktop.core.errors import apt
from desktop.ui.bridge import Actions
from desktop.ui.style import rtl as sides
from desktop.ui.style import tokens
from desktop.ui.tray import LOOK_MS, tray_available
from desktop.ui.widgets.form import named
from desktop.ui.widgets.label import Label

translate = QCoreApplication.translate

GNOME_EXTENSION = "gnome-shell-extension-appindicator"


def how(desktops: str) -> str:
    """Return how to get a tray on the desktop named by `XDG_CURRENT_DESKTOP`."""
    there = desktops.lower().split(":")
    if "gnome" in there:
        return translate(
            "without_tray",
            "GNOME shows tray icons with the extension AppIndicator: {0} (Fedora: sudo dnf install {1}). Then log in "
            "again and switch it on in Extensions.",
        ).format(apt(GNOME_EXTENSION), GNOME_EXTENSION)
    if "kde" in there:
        return translate("without_tray", "Add the widget System Tray to a panel.")
    if "xfce" in there:
        return translate("without_tray", "Add the Status Tray Plugin to a panel.")
    if "sway" in there or "hyprland" in there:
        return translate("without_tray", "Add the module tray to Waybar.")
    return translate("without_tray", "Add a tray to the panel, or start one such as stalonetray.")


class WithoutTray(QFrame):
    """The notice. Checks for a tray until there is one."""

    def __init__(self, actions: Actions, desktops: str) -> None:
        super().__init__()
        named(self, "notice")
        self.words = Label(self.tr("Nobody shows tray icons here.") + " " + how(desktops))
        self.words.setWordWrap(True)
        self.words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        line = QHBoxLayout(self)
        sides.margins(line, tokens.WIDE, tokens.GAP, tokens.GAP, tokens.GAP)
        line.setSpacing(tokens.GAP)
        line.addWidget(self.words, 1)
        for label, do in ((self.tr("Settings"), actions.show_settings), (self.tr("Quit Intone"), actions.quit)):
            button = QPushButton(label)
            button.setAccessibleName(label)
            button.clicked.connect(lambda _, do=do: do())
            line.addWidget(button)
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self.look)
        self._look.start()

    def look(self) -> None:
        """Hide the notice if there is a tray."""
        if tray_available():
            self._look.stop()
            self.hide()
