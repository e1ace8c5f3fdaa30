"""What is missing on this machine, each with what mends it. The page is passed over when nothing is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.ui import tokens
from desktop.ui.bridge import Actions
from desktop.ui.fields import named
from desktop.ui.first_run.drawn import Picture
from desktop.ui.first_run.page import FirstPage, label
from desktop.ui.settings.page import card

if TYPE_CHECKING:  # the doctor looks at much
    from desktop.doctor import Finding

_COMMANDS = ("sudo ", "systemctl ", "intone ")


class Missing(FirstPage):
    """The page. `look` asks for the findings; until they are there, it is passed over as well as when all is well."""

    def __init__(self, actions: Actions) -> None:
        super().__init__(
            actions,
            self.tr("What is missing"),
            self.tr("It keeps Intone from working as it should. Mend it now, or go on and do it later."),
        )
        self._known: Sequence[Finding] | None = None
        self._cards: list[QWidget] = []
        self.picture, self.said = Picture(), label("")
        self.again = QPushButton(self.tr("Check again"))
        self.again.clicked.connect(self.look)
        foot = QWidget()
        line = QHBoxLayout(foot)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(tokens.GAP)
        line.addWidget(self.picture)
        line.addWidget(self.said, 1)
        line.addWidget(self.again)
        self.fill(foot)

    @property
    def needed(self) -> bool:
        """Whether something is missing."""
        return bool(self._known)

    def look(self) -> None:
        """Have this machine looked at."""
        if self._actions.first_look is not None:
            self.again.setEnabled(False)
            self._tell("", self.tr("Looking at this machine"))
            self._actions.first_look(self._show)

    def _show(self, findings: Sequence[Finding]) -> None:
        had_focus = self.again.hasFocus() or self.isAncestorOf(self.focusWidget() or self)
        self.again.setEnabled(True)
        self._known = findings
        for old in self._cards:
            self.column.removeWidget(old)
            old.deleteLater()
        self._cards = [card(_Finding(finding)) for finding in findings]
        for place, made in enumerate(self._cards):
            self.column.insertWidget(2 + place, made)  # below the heading and its sentence
        if findings:
            self._tell("alert", self.tr("Mend it, then check again."))
        else:
            self._tell("well", self.tr("Nothing is missing any more."))
        if self.isVisible() and had_focus:
            self.again.setFocus()

    def _tell(self, kind: str, sentence: str) -> None:
        self.picture.put(kind)
        self.said.setText(sentence)


class _Finding(QWidget):
    """What was found, and what mends it: a command can be copied."""

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        self.setAccessibleName(finding.detail)
        self.setAccessibleDescription(finding.remedy)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.WIDE, tokens.PAD, tokens.WIDE, tokens.PAD)
        column.setSpacing(tokens.GAP)
        column.addWidget(label(finding.detail))
        if not finding.remedy.startswith(_COMMANDS):
            column.addWidget(label(finding.remedy, "quiet"))
            return
        command = named(label(finding.remedy), "command")
        command.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        command.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        copy = QPushButton(self.tr("Copy"))
        copy.setAccessibleName(self.tr("Copy the command"))
        copy.setAccessibleDescription(finding.remedy)
        copy.clicked.connect(lambda: QApplication.clipboard().setText(finding.remedy))
        line = QHBoxLayout()
        line.setSpacing(tokens.GAP)
        line.addWidget(command, 1)
        line.addWidget(copy)
        column.addLayout(line)
