"""The test of the chosen engine: one says something, or gives it the newest recording, and sees what a dictation would
have got and how soon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout

from desktop.problems import Problem
from desktop.ui import tokens, words
from desktop.ui.announcing import announce
from desktop.ui.fields import Row
from desktop.ui.plain import Label
from desktop.ui.services import Services
from desktop.ui.translation import sentence

if TYPE_CHECKING:
    from desktop.asked.trying import Trial


class TrialRow(Row):
    """The row with the test. `draw` says who will get what is said."""

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
        """Say what becomes of the speech, which goes to `host` where that is not empty."""
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
    """How soon the text was there, of how much speech, by whom, and what left the machine for it."""
    after = words.translate("trial", "{0} ms after the end").format(round(trial.release_ms))
    speech = words.translate("trial", "{0} of speech").format(words.seconds(trial.spoken_s))
    who = words.engine_name(trial.engine, trial.model)
    sent = [words.sent(part) for part in trial.sent] or [words.translate("trial", "nothing left this machine")]
    return [fact for fact in (after, speech, who, *sent, sentence(trial.note)) if fact]
