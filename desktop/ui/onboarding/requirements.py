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

from desktop.ui.controllers.app import AppController
from desktop.ui.onboarding.drawing import StatusIcon
from desktop.ui.onboarding.page import OnboardingStep, RemedyView, create_label
from desktop.ui.style import tokens
from desktop.ui.widgets.cards import create_card

if TYPE_CHECKING:  # importing the doctor is expensive
    from desktop.doctor.checks import Finding


class RequirementsStep(OnboardingStep):
    """List what is missing on this machine and how to fix it.

    `check` starts the checks; `satisfied` is emitted when the visible step finds that nothing is missing.
    """

    satisfied = Signal()

    def __init__(self, app: AppController) -> None:
        super().__init__(
            app,
            self.tr("What is missing"),
            self.tr("It keeps Intone from working as it should. Mend it now, or go on and do it later."),
        )
        self._findings: Sequence[Finding] | None = None
        self._cards: list[QWidget] = []
        self._is_rechecking = False
        self.icon, self.status_label = StatusIcon(), create_label("")
        self.recheck_button = QPushButton(self.tr("Check again"))
        self.recheck_button.clicked.connect(self._recheck)
        foot = QWidget()
        line = QHBoxLayout(foot)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(tokens.GAP)
        line.addWidget(self.icon)
        line.addWidget(self.status_label, 1)
        line.addWidget(self.recheck_button)
        self.add_widgets(foot)

    @property
    def is_needed(self) -> bool:
        """Whether something is missing, or the result is not known yet."""
        return self._findings is None or bool(self._findings)

    @property
    def initial_focus(self) -> QWidget:
        """The button that checks again."""
        return self.recheck_button

    def check(self) -> None:
        """Check this machine."""
        self.recheck_button.setEnabled(False)
        self._show_status("", self.tr("Looking at this machine"))
        self._app.services.find_missing(self._show_findings)

    def _recheck(self) -> None:
        self._is_rechecking = True
        self.check()

    def _show_findings(self, findings: Sequence[Finding]) -> None:
        self.recheck_button.setEnabled(True)
        self._findings = findings
        for old in self._cards:
            old.hide()
            self.column.removeWidget(old)
            old.deleteLater()
        self._cards = [create_card(RemedyView(finding.message)) for finding in findings]
        for index, card in enumerate(self._cards):
            self.column.insertWidget(3 + index, card)  # below the heading, its description and its problem
        if findings:
            self._show_status("alert", self.tr("Mend it, then check again."))
        else:
            self._show_status("well", self.tr("Nothing is missing any more."))
        for before, after in pairwise([*self.findChildren(QPushButton, "copy"), self.recheck_button]):
            self.setTabOrder(before, after)
        if self._is_rechecking and self.isVisible():
            self.recheck_button.setFocus()
        elif not findings and self.isVisible():
            self.satisfied.emit()
        self._is_rechecking = False

    def _show_status(self, kind: str, sentence: str) -> None:
        self.icon.set_kind(kind)
        self.status_label.setText(sentence)
