"""Test the chosen engine on a spoken sentence or the newest recording, and show the text and its latency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout

from desktop.core.engine_names import engine_name
from desktop.core.errors import UserError
from desktop.ui import wording
from desktop.ui.controllers.services import ServicesController
from desktop.ui.i18n import message_text
from desktop.ui.style import tokens
from desktop.ui.widgets.form import SettingRow
from desktop.ui.widgets.label import PlainLabel, announce

if TYPE_CHECKING:
    from desktop.app.trials import EngineTrial


class EngineTrialRow(SettingRow):
    """The row with the test. `draw` shows who receives the speech."""

    def __init__(self, services: ServicesController) -> None:
        super().__init__(self.tr("Test"), "", below=True)
        self._services = services
        self.record_button = QPushButton(self.tr("Say something"))
        self.recording_button = QPushButton(self.tr("Use the newest recording"))
        self.text = PlainLabel(wraps=True)
        self.text.setFont(tokens.font(tokens.READING_PX))
        self.facts = PlainLabel(wraps=True)
        self.facts.setProperty("role", "quiet")
        self.record_button.clicked.connect(lambda: self._try(spoken=True))
        self.recording_button.clicked.connect(lambda: self._try(spoken=False))
        buttons = QHBoxLayout()
        buttons.setSpacing(tokens.GAP)
        for button in (self.record_button, self.recording_button):
            button.setAccessibleName(f"{self.tr('Test')}: {button.text()}")
            buttons.addWidget(button)
        buttons.addStretch(1)
        inside = QVBoxLayout()
        inside.setSpacing(tokens.UNIT)
        inside.addLayout(buttons)
        inside.addWidget(self.text)
        inside.addWidget(self.facts)
        self.add_below(inside)
        self._set_texts("", "")

    def draw(self, host: str) -> None:
        """Describe where the speech goes: to `host`, or nowhere when it is empty."""
        self.show_host(host)
        if host:
            self.sentence.setText(
                self.tr("What you say, or the recording, goes to {0} as in a dictation.").format(host)
            )
        else:
            self.sentence.setText(self.tr("Hears a sentence as in a dictation. Nothing is kept of it."))

    def _try(self, *, spoken: bool) -> None:
        self._set_busy(True)
        self.show_problem("")
        opening = self.tr("Opening the microphone") if spoken else self.tr("Giving it the recording")
        self._set_texts("", opening)
        self._services.try_engine(spoken, self._on_microphone_open, self._show_result)

    def _on_microphone_open(self) -> None:
        self._set_texts("", self.tr("Say a sentence now."))

    def _show_result(self, result: EngineTrial | UserError) -> None:
        self._set_busy(False)
        if isinstance(result, UserError):
            self._set_texts("", "")
            self.show_problem(result)
            announcement = message_text(result)
        elif not result.text:
            announcement = self.tr("Nothing was heard. Is the microphone muted?")
            self._set_texts("", announcement)
        else:
            announcement = result.text
            self._set_texts(result.text, " · ".join(_trial_facts(result)))
        announce(self, announcement)

    def _set_busy(self, busy: bool) -> None:
        for button in (self.record_button, self.recording_button):
            button.setEnabled(not busy)

    def _set_texts(self, text: str, facts: str) -> None:
        self.text.setText(text)
        self.facts.setText(facts)
        self.text.setVisible(bool(text))
        self.facts.setVisible(bool(facts))


def _trial_facts(trial: EngineTrial) -> list[str]:
    """Return latency, length of speech, engine, and what left the machine."""
    after = wording.translate("trial", "{0} ms after the end").format(round(trial.release_ms))
    speech = wording.translate("trial", "{0} of speech").format(wording.duration_text(trial.speech_s))
    engine = engine_name(trial.engine, trial.model)
    sent = [wording.sent_text(part) for part in trial.sent] or [wording.translate("trial", "nothing left this machine")]
    return [fact for fact in (after, speech, engine, *sent, message_text(trial.notes)) if fact]
