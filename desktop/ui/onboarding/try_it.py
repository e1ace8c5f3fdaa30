"""The onboarding step with a text box for the first dictation; it shows how long the text took.

Where no hotkey works, a button starts and stops the dictation, so that the user sees it work before fixing anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QWidget

from desktop.core.errors import UserError
from desktop.core.state import (
    AppState,
    CallMuteOffered,
    CorrectionOffered,
    Done,
    Failed,
    Idle,
    LanguageSwitched,
    Listening,
    ReplacementNotice,
    Starting,
)
from desktop.core.types import Outcome
from desktop.history.list_index import HistoryQuery
from desktop.history.rows import HistoryRow
from desktop.ui import wording
from desktop.ui.controllers.app import AppController
from desktop.ui.i18n import message_text
from desktop.ui.onboarding.drawing import StatusIcon
from desktop.ui.onboarding.page import OnboardingStep, create_label
from desktop.ui.style import tokens
from desktop.ui.widgets.form import with_object_name

_UNRELATED = Idle | LanguageSwitched | ReplacementNotice | CorrectionOffered | CallMuteOffered
"""The states that say nothing of the dictation that is tried."""


class TryItStep(OnboardingStep):
    """Dictate a first text."""

    def __init__(self, app: AppController) -> None:
        super().__init__(app, self.tr("Your first sentence"), "")
        self._app_state = AppState()
        self._result_text = ""
        self.text_box = with_object_name(QPlainTextEdit(), "trying")
        self.text_box.setAccessibleName(self.tr("A box to dictate into"))
        self.text_box.setMinimumHeight(tokens.TRY_IT_HEIGHT)
        self.text_box.setFont(tokens.font(tokens.READING_PX))
        self.text_box.setTabChangesFocus(True)
        self.icon, self.status_label = StatusIcon(), create_label("")
        foot = QWidget()
        line = QHBoxLayout(foot)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(tokens.GAP)
        line.addWidget(self.icon)
        line.addWidget(self.status_label, 1)
        self.talk_button = QPushButton(self.tr("Start dictation"))
        self.talk_button.clicked.connect(self._toggle_dictation)
        self.talk_button.hide()
        line.addWidget(self.talk_button)
        self.add_widgets(self.text_box, foot, stretch=self.text_box)
        self._update_heading()

    @property
    def initial_focus(self) -> QWidget:
        """The text box."""
        return self.text_box

    def on_enter(self) -> None:
        """Show the current key, which may have changed; an outcome from before is not this sentence's."""
        if not self.text_box.toPlainText():
            self._result_text = ""
        self._update_heading()
        self._update_status()

    def draw(self, app_state: AppState) -> None:
        """Show what happens to the dictation."""
        previous, self._app_state = self._app_state.state, app_state
        self.talk_button.setVisible(app_state.health.is_talk_key_missing)
        is_recording = isinstance(app_state.state, Starting | Listening)
        self.talk_button.setText(self.tr("Stop dictation") if is_recording else self.tr("Start dictation"))
        self._update_heading()
        if app_state.state != previous:
            if isinstance(app_state.state, Done):
                self._result_text = message_text(app_state.state.notes) or wording.outcome_text(app_state.state.outcome)
            elif not isinstance(app_state.state, _UNRELATED):
                self._result_text = ""
        self._update_status()

    def refresh(self) -> None:
        """Load how long the text took."""
        self._app.history.find_rows(HistoryQuery(), 1, self._show_time)

    def _show_time(self, rows: Sequence[HistoryRow] | UserError) -> None:
        if isinstance(rows, UserError) or not rows or rows[0].delivery is not Outcome.INSERTED:
            return
        row = rows[0]
        if row.text and row.text in self.text_box.toPlainText() and row.release_to_text_ms is not None:
            duration = wording.duration_text(max(0.1, row.release_to_text_ms / 1000))
            is_talk_key_missing = self._app_state.health.is_talk_key_missing
            text = (
                self.tr("It was there {0} after the end.")
                if is_talk_key_missing
                else self.tr("It was there {0} after you let go.")
            )
            self._result_text = text.format(duration)
            self._update_status()

    def _toggle_dictation(self) -> None:
        """Start or stop the dictation with the text box focused: the text goes to the focused widget."""
        self.text_box.setFocus()
        self._app.run_command("toggle")

    def _update_heading(self) -> None:
        key = wording.talk_key_name(self._app_state.health, self._app.settings().hotkey.talk)
        description = self.tr("Hold {0}, say a sentence, and let go. It works like this in every window.").format(key)
        if self._app.settings().dictation.continuous == "on":
            description = self.tr(
                "Tap {0}, say a sentence, and pause. Go on speaking, or tap again to end. It works like this in every "
                "window."
            ).format(key)
        if self._app_state.health.is_talk_key_missing:
            description = self.tr(
                "Press the button, say a sentence, and press it again. With a key it works in every window."
            )
        self.set_heading(self.title, description)
        self.text_box.setPlaceholderText(self.tr("What you say will stand here."))

    def _update_status(self) -> None:
        state, health = self._app_state.state, replace(self._app_state.health, paste=None)  # into our own window
        is_talk_key_missing = health.is_talk_key_missing
        if is_talk_key_missing:  # the button beside it makes the problem irrelevant here
            health = replace(health, hotkey=None)
        talk = ",".join(self._app.settings().hotkey.talk)
        is_idle = isinstance(state, Done | _UNRELATED)
        unseen_problem = health.problem if is_idle and not self._result_text else None
        if (problem := state.problem if isinstance(state, Failed) else unseen_problem) is not None:
            self._show_status("alert", message_text(problem))
        elif is_idle and self._result_text:
            self._show_status("well" if self.text_box.toPlainText() else "", self._result_text)
        elif is_talk_key_missing and is_idle and health.is_ready:
            self._show_status("", self.tr("Ready. Press the button and speak."))
        else:
            shown_health = replace(health, progress=None) if health.is_ready else health
            self._show_status("", wording.status_text(replace(self._app_state, health=shown_health), talk))

    def _show_status(self, kind: str, sentence: str) -> None:
        self.icon.set_kind(kind)
        if sentence != self.status_label.text():
            self.status_label.setText(sentence)
