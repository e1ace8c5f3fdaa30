"""The onboarding step for the talk key: the drawn key lights up while it is held, and another key can be recorded.

Where no hotkey works at all, as under most Wayland desktops, the step shows how to configure the desktop instead.
"""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.core.errors import SomeKeysProblem
from desktop.core.state import Listening, Shown, Starting
from desktop.settings import store as settings
from desktop.ui import wording as words
from desktop.ui.bridge import Actions
from desktop.ui.i18n import sentence
from desktop.ui.onboarding.drawing import Keycap, Picture
from desktop.ui.onboarding.page import FirstPage, Line, label
from desktop.ui.onboarding.remedy import Remedy
from desktop.ui.style import tokens
from desktop.ui.widgets.cards import card
from desktop.ui.widgets.key_field import KeyField

KEY = "hotkey.talk"


class Key(FirstPage):
    """The step."""

    def __init__(self, actions: Actions) -> None:
        super().__init__(actions, "", "")
        self._tried = self._locked = False
        self._problem = ""
        self._unheard: tuple[str, str] | None = None
        self._remedy: QWidget | None = None
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
        self._cards = card(trying), card(another)
        self.fill(*self._cards)
        self._offer()
        self._put()

    def enter(self) -> None:
        """Show the key in force."""
        self._put()

    def leave(self) -> None:
        """Turn the light off: the key has no function on the other steps."""
        self.cap.light(False)

    def draw(self, shown: Shown) -> None:
        """Light the key while it is held, and show any problem with it."""
        held = isinstance(shown.state, Starting | Listening)
        if self.isVisible():
            self._locked = isinstance(shown.state, Listening) and shown.state.locked
            self.cap.light(held)
            self._tried = self._tried or held
        problem = shown.health.hotkey
        some = isinstance(problem, SomeKeysProblem)
        self._problem = problem.keys.get("talk", "") if isinstance(problem, SomeKeysProblem) else ""
        unheard = (problem.title, problem.remedy) if problem is not None and not some else None
        if unheard != self._unheard:
            self._unheard = unheard
            self._offer()
        self._say()

    def _offer(self) -> None:
        """Show the cards to try the key, or the remedy when no hotkey works."""
        if self._remedy is not None:
            self._remedy.hide()
            self.column.removeWidget(self._remedy)
            self._remedy.deleteLater()
            self._remedy = None
        if self._unheard is None:
            title = self.tr("Hold this key to talk")
            said = self.tr("Try it now: hold it for a moment and let go. A short tap locks it, and the next tap ends.")
        else:
            title = self.tr("A key to talk")
            said = self.tr("Mend it now or later: on the next page a button does what the key would.")
            self._remedy = card(Remedy(*self._unheard))
            self.column.insertWidget(3, self._remedy)  # below the heading, its description and its problem
            self._remedy.show()
        self.head(title, said)
        for one in self._cards:
            one.setVisible(self._unheard is None)

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
