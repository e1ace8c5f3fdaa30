"""Say in the history window that no key leads to text in a window, and lead to the page that mends it.

The page also opens by itself, once: where the app starts without a talk key before the first run was finished, as with
settings that a command has written before the first start. Who has finished it is not asked again: they may talk by
commands. The decision is `opens_key_page`.
"""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from desktop.core.state import AppState, Health
from desktop.ui.controllers.app import AppController
from desktop.ui.i18n import title_text
from desktop.ui.style import tokens
from desktop.ui.widgets.form import with_object_name
from desktop.ui.widgets.label import PlainLabel


def opens_key_page(health: Health, is_first_run_finished: bool) -> bool:
    """Return whether the page of the talk key opens by itself."""
    return health.is_talk_key_missing and not is_first_run_finished


class NoKeyNotice(QFrame):
    """The notice, hidden while a key leads to text."""

    def __init__(self, app: AppController) -> None:
        super().__init__()
        with_object_name(self, "notice")
        self.words = PlainLabel()
        self.words.setWordWrap(True)
        self.button = QPushButton(self.tr("What to do"))
        self.button.clicked.connect(lambda: app.open_window("talk_key"))
        line = QHBoxLayout(self)
        line.setContentsMargins(tokens.WIDE, tokens.GAP, tokens.GAP, tokens.GAP)
        line.setSpacing(tokens.GAP)
        line.addWidget(self.words, 1)
        line.addWidget(self.button)
        self.hide()

    def draw(self, app_state: AppState) -> None:
        """Follow the app's state."""
        problem = app_state.health.missing_way
        self.words.setText(title_text(problem) if problem is not None else "")
        self.setVisible(problem is not None)
