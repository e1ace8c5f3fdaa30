"""A notice above the pages that lists lines of the settings file that are not in force.

The rest of the file is in force, so an ignored line would go unnoticed otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from desktop.core.paths import paths
from desktop.ui.i18n import sentence
from desktop.ui.style import rtl as sides
from desktop.ui.style import tokens
from desktop.ui.widgets.announcing import announce
from desktop.ui.widgets.form import named
from desktop.ui.widgets.label import Label

SHOWN = 3
"""Lines shown at most; more would push the pages away."""


class Dropped(QFrame):
    """The notice; hidden while the whole file is in force."""

    def __init__(self) -> None:
        super().__init__()
        named(self, "notice")
        self.words = Label()
        self.words.setWordWrap(True)
        self.button = QPushButton(self.tr("Open the file"))
        self.button.setAccessibleName(self.button.text())
        self.button.clicked.connect(self._open)
        line = QHBoxLayout(self)
        sides.margins(line, tokens.WIDE, tokens.GAP, tokens.GAP, tokens.GAP)
        line.addWidget(self.words, 1)
        line.addWidget(self.button)
        self.hide()

    def tell(self, sentences: Sequence[str]) -> None:
        """Show `sentences`, one for each invalid line; hide the notice when there are none."""
        said = [sentence(one) for one in sentences[:SHOWN]]
        if len(sentences) > SHOWN:
            said.append(self.tr("And {0} more.").format(len(sentences) - SHOWN))
        lead = self.tr("Not everything in settings.toml is in force:")
        words = "\n".join([lead, *said])
        if sentences and words != self.words.text():
            announce(self, words)
        self.words.setText(words)
        self.setVisible(bool(sentences))

    def _open(self) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(paths().settings))):
            self.words.setText(self.tr("No program here opens it. It is {0}").format(paths().settings))
