"""The onboarding step that lists what is missing on this machine and how to fix it; skipped when nothing is.

The checks run during the step before. A user who gets here first waits for a moment, and the window continues by itself
when nothing is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop.ui.bridge import Actions
from desktop.ui.onboarding.drawing import Picture
from desktop.ui.onboarding.page import FirstPage, label
from desktop.ui.onboarding.remedy import Remedy
from desktop.ui.style import tokens
from desktop.ui.widgets.cards import card

if TYPE_CHECKING:  # importing the doctor is expensive
    from desktop.doctor.checks import Finding


class Missing(FirstPage):
    """The step.

    `check` starts the checks; `satisfied` is emitted when the visible step finds that nothing is missing.
    """

    passed = Signal()

    def __init__(self, actions: Actions) -> None:
        super().__init__(
            actions,
            self.tr("What is missing"),
            self.tr("It keeps Intone from working as it should. Mend it now, or go on and do it later."),
        )
        self._known: Sequence[Finding] | None = None if actions.first_look is not None else ()
        self._cards: list[QWidget] = []
        self._asked = False
        self.picture, self.said = Picture(), label("")
        self.again = QPushButton(self.tr("Check again"))
        self.again.clicked.connect(self._look_again)
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
        """Whether something is missing, or the result is not known yet."""
        return self._known is None or bool(self._known)

    @property
    def first(self) -> QWidget:
        """The button that checks again."""
        return self.again

    def look(self) -> None:
        """Check this machine."""
        if self._actions.first_look is not None:
            self.again.setEnabled(False)
            self._tell("", self.tr("Looking at this machine"))
            self._actions.first_look(self._show)

    def _look_again(self) -> None:
        self._asked = True
        self.look()

    def _show(self, findings: Sequence[Finding]) -> None:
        self.again.setEnabled(True)
        self._known = findings
        for old in self._cards:
            old.hide()
            self.column.removeWidget(old)
            old.deleteLater()
        self._cards = [card(Remedy(finding.detail, finding.remedy)) for finding in findings]
        for place, made in enumerate(self._cards):
            self.column.insertWidget(3 + place, made)  # below the heading, its description and its problem
        if findings:
            self._tell("alert", self.tr("Mend it, then check again."))
        else:
            self._tell("well", self.tr("Nothing is missing any more."))
        for before, after in pairwise([*self.findChildren(QPushButton, "copy"), self.again]):
            self.setTabOrder(before, after)
        if self._asked and self.isVisible():
            self.again.setFocus()
        elif not findings and self.isVisible():
            self.passed.emit()
        self._asked = False

    def _tell(self, kind: str, sentence: str) -> None:
        self.picture.put(kind)
        self.said.setText(sentence)
