"""Test the chosen engine on a spoken sentence or the newest recording, and show the text and its latency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout

from desktop.core.errors import Problem
from desktop.ui import wording as words
from desktop.ui.controllers.services import Services
from desktop.ui.i18n import sentence
from desktop.ui.style import tokens
from desktop.ui.widgets.announcing import announce
from desktop.ui.widgets.form import Row
from desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from desktop.app.trying import Trial


class TrialRow(Row):
    """The row with the test. `draw` shows who receives the speech."""

    def __init__(self, services: Services) -> None:
        super().__init__(self.tr("Test"), "", below=True)
        self._services = services
        self.speak = QPushButton(self.tr("Say something"))
        self.give = QPushButton(self.tr("Use the newest recording"))
        self.text = Label(wraps=True)
        self.text.setFont(tokens.font(tokens.READ_PX))
        self.facts = Label(wraps=True)
        self.facts.setProperty("role", "quiet")
        self.speak.clicked.connect(lambda: self._try(spoken=True))
        self.give.clicked.connect(lambda: self._try(spoken=False))
        buttons = QHBoxLayout()
        buttons.setSpacing(tokens.GAP)
        for button in (self.speak, self.give):
            button.setAccessibleName(f"{self.tr('Test')}: {button.text()}")
            buttons.addWidget(button)
        buttons.addStretch(1)
        inside = QVBoxLayout()
        inside.setSpacing(tokens.UNIT)
        inside.addLayout(buttons)
        inside.addWidget(self.text)
        inside.addWidget(self.facts)
        self.beneath(inside)
        self._say("", "")

    def draw(self, host: str) -> None:
        """Describe where the speech goes: to `host`, or nowhere when it is empty."""
        self.leaves(host)
        if host:
            self.sentence.setText(
                self.tr("What you say, or the recording, goes to {0} as in a dictation.").format(host)
            )
        else:
            self.sentence.setText(self.tr("Hears a sentence as in a dictation. Nothing is kept of it."))

    def _try(self, *, spoken: bool) -> None:
        self._busy(True)
        self.tell("")
        opening = self.tr("Opening the microphone") if spoken else self.tr("Giving it the recording")
        self._say("", opening)
        self._services.try_engine(spoken, self._heard, self._show)

    def _heard(self) -> None:
        self._say("", self.tr("Say a sentence now."))

    def _show(self, found: Trial | Problem) -> None:
        self._busy(False)
        if isinstance(found, Problem):
            self._say("", "")
            self.tell(str(found))
            said = sentence(str(found))
        elif not found.text:
            said = self.tr("Nothing was heard. Is the microphone muted?")
            self._say("", said)
        else:
            said = found.text
            self._say(found.text, " · ".join(_facts(found)))
        announce(self, said)

    def _busy(self, busy: bool) -> None:
        for button in (self.speak, self.give):
            button.setEnabled(not busy)

    def _say(self, text: str, facts: str) -> None:
        self.text.setText(text)
        self.facts.setText(facts)
        self.text.setVisible(bool(text))
        self.facts.setVisible(bool(facts))


def _facts(trial: Trial) -> list[str]:
    """Return latency, length of speech, engine, and what left the machine."""
    after = words.translate("trial", "{0} ms after the end").format(round(trial.release_ms))
    speech = words.translate("trial", "{0} of speech").format(words.seconds(trial.spoken_s))
    who = words.engine_name(trial.engine, trial.model)
    sent = [words.sent(part) for part in trial.sent] or [words.translate("trial", "nothing left this machine")]
    return [fact for fact in (after, speech, who, *sent, sentence(trial.note)) if fact]
