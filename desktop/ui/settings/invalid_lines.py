"""A notice above the pages that lists lines of the settings file that are not in force.

The rest of the file is in force, so an ignored line would go unnoticed otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from desktop.core.messages import Message
from desktop.core.paths import find_paths
from desktop.ui.i18n import message_text
from desktop.ui.style import tokens
from desktop.ui.widgets.form import with_object_name
from desktop.ui.widgets.label import PlainLabel, announce

MAX_SHOWN_LINES = 3
"""Lines shown at most; more would push the pages away."""


class InvalidLinesNotice(QFrame):
    """The notice; hidden while the whole file is in force."""

    def __init__(self) -> None:
        super().__init__()
        with_object_name(self, "notice")
        self.label = PlainLabel()
        self.label.setWordWrap(True)
        self.button = QPushButton(self.tr("Open the file"))
        self.button.setAccessibleName(self.button.text())
        self.button.clicked.connect(self._open_file)
        line = QHBoxLayout(self)
        line.setContentsMargins(tokens.WIDE, tokens.GAP, tokens.GAP, tokens.GAP)
        line.addWidget(self.label, 1)
        line.addWidget(self.button)
        self.hide()

    def show_lines(self, messages: Sequence[Message]) -> None:
        """Show `messages`, one for each invalid line; hide the notice when there are none."""
        lines = [message_text(message) for message in messages[:MAX_SHOWN_LINES]]
        if len(messages) > MAX_SHOWN_LINES:
            lines.append(self.tr("And {0} more.").format(len(messages) - MAX_SHOWN_LINES))
        lead = self.tr("Not everything in settings.toml is in force:")
        text = "\n".join([lead, *lines])
        if messages and text != self.label.text():
            announce(self, text)
        self.label.setText(text)
        self.setVisible(bool(messages))

    def _open_file(self) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(find_paths().settings))):
            self.label.setText(self.tr("No program here opens it. It is {0}").format(find_paths().settings))
