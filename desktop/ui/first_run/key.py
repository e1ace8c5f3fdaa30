"""The talk key, tried live: what is drawn lights up while it is held, and another is chosen by pressing it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop import settings
from desktop.problems import SomeKeysProblem
from desktop.state import Listening, Shown, Starting
from desktop.ui import tokens, words
from desktop.ui.bridge import Actions
from desktop.ui.first_run.drawn import Keycap, Picture
from desktop.ui.first_run.page import FirstPage, Line, label
from desktop.ui.key_field import KeyField
from desktop.ui.settings.page import card
from desktop.ui.translation import sentence

KEY = "hotkey.talk"


class Key(FirstPage):
    """The page."""

    def __init__(self, actions: Actions) -> None:
        super().__init__(
            actions,
            self.tr("Hold this key to talk"),
            self.tr("Try it now: hold it for a moment and let go. A short tap locks it, and the next tap ends."),
        )
        self._tried = self._locked = False
        self._problem = ""
        self.cap, self.picture, self.said = Keycap(), Picture(), label("")
        self.field = KeyField()
        self.field.setFixedWidth(tokens.FIELD_WIDTH)
        self.field.setMinimumHeight(tokens.FIELD_HEIGHT)
        self.field.learning.connect(actions.record_key)
        self.field.chosen.connect(self._choose)
        another = Line(
            self.tr("Another key"),
            self.tr("Press the button, then the key, keys together, or a mouse button over it. Esc leaves it."),
            self.field,
        )
        trying = QWidget()
        inside = QVBoxLayout(trying)
        inside.setContentsMargins(tokens.WIDE, tokens.GAP, tokens.WIDE, tokens.WIDE)
        inside.addWidget(self.cap)
        line = QHBoxLayout()
        line.setSpacing(tokens.GAP)
        line.addWidget(self.picture)
        line.addWidget(self.said, 1)
        inside.addLayout(line)
        self.fill(card(trying), card(another))
        self._put()

    def enter(self) -> None:
        """Show the key that is in force."""
        self._put()

    def leave(self) -> None:
        """It is not held on the next page."""
        self.cap.light(False)

    def draw(self, shown: Shown) -> None:
        """Light the key, and say what is in its way."""
        held = isinstance(shown.state, Starting | Listening)
        if self.isVisible():
            self._locked = isinstance(shown.state, Listening) and shown.state.locked
            self.cap.light(held)
            self._tried = self._tried or held
        problem = shown.health.hotkey
        if isinstance(problem, SomeKeysProblem):
            self._problem = problem.keys.get("talk", "")
        else:
            self._problem = str(problem) if problem is not None else ""
        self._say()

    def _choose(self, value: str) -> None:
        self._tried = False
        self.choose(KEY, value)
        self._put()

    def _put(self) -> None:
        value = settings.get(self._actions.settings(), KEY)
        self.field.put(value)
        self.cap.put(words.key_name(value))
        self._say()

    def _say(self) -> None:
        if self._problem:
            self._tell("alert", sentence(self._problem))
        elif self._locked:
            self._tell("well", self.tr("It is heard. A short tap locked it: tap once more to end."))
        elif self.cap.lit:
            self._tell("well", self.tr("It is heard. Let go."))
        elif self._tried:
            self._tell("well", self.tr("That works, in every window."))
        else:
            self._tell("", self.tr("Not pressed yet."))

    def _tell(self, kind: str, sentence: str) -> None:
        self.picture.put(kind)
        if sentence != self.said.text():
            self.said.setText(sentence)
