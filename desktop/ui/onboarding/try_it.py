"""The onboarding step with a text box for the first dictation; it shows how long the text took.

Where no hotkey works, a button starts and stops the dictation, so that the user sees it work before fixing anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QWidget

from desktop.core.errors import Problem
from desktop.core.state import Done, Failed, Idle, Learning, Listening, Shown, Starting, Switched
from desktop.core.types import Outcome
from desktop.history.list_index import Wanted
from desktop.history.row import Row
from desktop.ui import wording as words
from desktop.ui.bridge import Actions
from desktop.ui.i18n import sentence
from desktop.ui.onboarding.drawing import Picture
from desktop.ui.onboarding.page import FirstPage, label
from desktop.ui.style import tokens
from desktop.ui.widgets.form import named


class Trying(FirstPage):
    """The step."""

    def __init__(self, actions: Actions) -> None:
        super().__init__(actions, self.tr("Your first sentence"), "")
        self._shown = Shown()
        self._ended = ""
        self.box = named(QPlainTextEdit(), "trying")
        self.box.setAccessibleName(self.tr("A box to dictate into"))
        self.box.setMinimumHeight(tokens.TRYING_HEIGHT)
        self.box.setFont(tokens.font(tokens.READ_PX))
        self.box.setTabChangesFocus(True)
        self.picture, self.said = Picture(), label("")
        foot = QWidget()
        line = QHBoxLayout(foot)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(tokens.GAP)
        line.addWidget(self.picture)
        line.addWidget(self.said, 1)
        self.talk = QPushButton(self.tr("Start dictation"))
        self.talk.clicked.connect(self._toggle)
        self.talk.hide()
        line.addWidget(self.talk)
        self.fill(self.box, foot, stretch=self.box)
        self._name_key()

    @property
    def first(self) -> QWidget:
        """The text box."""
        return self.box

    def enter(self) -> None:
        """Show the current key, which may have changed."""
        self._name_key()
        self._say()

    def draw(self, shown: Shown) -> None:
        """Show what happens to the dictation."""
        before, self._shown = self._shown.state, shown
        self.talk.setVisible(shown.health.deaf)
        talking = isinstance(shown.state, Starting | Listening)
        self.talk.setText(self.tr("Stop dictation") if talking else self.tr("Start dictation"))
        self._name_key()
        if isinstance(shown.state, Done):
            self._ended = sentence(shown.state.note) or words.outcome(shown.state.outcome)
        elif not isinstance(shown.state, Idle | Switched | Learning) and shown.state != before:
            self._ended = ""
        self._say()

    def refresh(self) -> None:
        """Load how long the text took."""
        self._actions.rows.find(Wanted(), 1, self._timed)

    def _timed(self, found: Sequence[Row] | Problem) -> None:
        if isinstance(found, Problem) or not found or found[0].delivery is not Outcome.INSERTED:
            return
        row = found[0]
        if row.text and row.text in self.box.toPlainText() and row.release_to_text_ms is not None:
            took = words.seconds(max(0.1, row.release_to_text_ms / 1000))
            deaf = self._shown.health.deaf
            said = self.tr("It was there {0} after the end.") if deaf else self.tr("It was there {0} after you let go.")
            self._ended = said.format(took)
            self._say()

    def _toggle(self) -> None:
        """Start or stop the dictation with the text box focused: the text goes to the focused widget."""
        self.box.setFocus()
        self._actions.toggle()

    def _name_key(self) -> None:
        key = words.key_name(",".join(self._actions.settings().hotkey.talk))
        said = self.tr("Hold {0}, say a sentence, and let go. It works like this in every window.").format(key)
        if self._shown.health.deaf:
            said = self.tr("Press the button, say a sentence, and press it again. With a key it works in every window.")
        self.head(self.title, said)
        self.box.setPlaceholderText(self.tr("What you say will stand here."))

    def _say(self) -> None:
        state, health = self._shown.state, self._shown.health
        deaf = health.deaf
        if deaf:  # the button beside it makes the problem irrelevant here
            health = replace(health, hotkey=None)
        talk = ",".join(self._actions.settings().hotkey.talk)
        resting = isinstance(state, Idle | Done | Switched | Learning)
        if isinstance(state, Failed) or (resting and not self._ended and health.problem is not None):
            problem = state.problem if isinstance(state, Failed) else health.problem
            self._tell("alert", sentence(str(problem)))
        elif resting and self._ended:
            self._tell("well" if self.box.toPlainText() else "", self._ended)
        elif deaf and resting and health.ready:
            self._tell("", self.tr("Ready. Press the button and speak."))
        else:
            known = replace(health, progress=None) if health.ready else health
            self._tell("", words.status(replace(self._shown, health=known), talk))

    def _tell(self, kind: str, sentence: str) -> None:
        self.picture.put(kind)
        if sentence != self.said.text():
            self.said.setText(sentence)
