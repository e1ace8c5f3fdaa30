"""The settings page for emotion: whether it is detected, by what, the known voice, and deleting all of it.

Deleting is confirmed in its own row: an accidental click costs nothing, and no dialog opens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop.app.leaving import host_of_emotions
from desktop.core.errors import Problem
from desktop.core.state import Shown
from desktop.ui.bridge import Choice
from desktop.ui.style import tokens
from desktop.ui.widgets.cards import Board, Page
from desktop.ui.widgets.combo import Picker
from desktop.ui.widgets.form import Row, named

if TYPE_CHECKING:
    from desktop.emotion.baseline import Known


class Emotion(Page):
    """The Emotion page."""

    def __init__(self, board: Board) -> None:
        super().__init__()
        tr = self.tr
        self._board = board
        engine = Picker(
            Choice("local", tr("On this machine")),
            Choice("llm", tr("By a language model")),
            Choice("off", tr("Not at all")),
        )
        self.leaving = Row(tr("Who gets what"), tr("Nobody gets anything."))
        self.voice = Row(tr("Your voice"), tr("Not heard yet."))
        self.forget = Asked(tr("Forget all expressions…"), tr("Forget them"), tr("Keep them"))
        self.forget.agreed.connect(self._forget)
        self._forgetting = Row(
            tr("Forget"),
            tr(
                "How your dictations sounded, what you corrected of it, and what was learned of your voice. Your words "
                "and recordings stay."
            ),
        )
        for button in (self.forget.ask, self.forget.yes):
            button.setAccessibleDescription(self._forgetting.sentence.text())
        layout = self._forgetting.layout()
        assert layout is not None
        layout.addWidget(self.forget)
        if board.actions.forget_emotions is None:
            self._forgetting.hide()
        first = [
            board.row(
                "emotion.engine",
                tr("How it sounded"),
                tr(
                    "Noted in the history after the text is in: what words and voice express, not what anybody feels. "
                    "It can be wrong, and what you correct counts."
                ),
                engine,
            ),
            self.leaving,
            board.key(
                "hotkey.emotion",
                tr("Off and on"),
                tr("A key for it: nothing is noted any more, or again. The tray can too."),
            ),
            self.voice,
        ]
        source = Row(
            tr("Where it was learned"),
            tr(
                "Words from GoEmotions (CC BY 4.0), voices from RAVDESS (CC BY-NC-SA 4.0): the part that hears voices "
                "is for non-commercial use only. Where it is left out, words and liveliness are still noted."
            ),
        )
        self.fill(tr("Emotion"), first, [self._forgetting], [source])
        engine.chosen.connect(lambda value: self._tell())

    def appear(self) -> None:
        """Load what is known of the user's voice."""
        if self._board.actions.voice is not None:
            self._board.actions.voice(self._heard)
        self.forget.rest()
        self._forgetting.tell("")

    def draw(self, shown: Shown) -> None:
        """Show the host that receives the words."""
        self._tell()

    def showEvent(self, event: QShowEvent) -> None:
        """Update the host: the language model may have moved since."""
        super().showEvent(event)
        self._tell()

    def _tell(self) -> None:
        chosen = self._board.actions.settings()
        host = host_of_emotions(chosen)
        if chosen.emotion.engine == "off":
            said = self.tr("Nobody gets anything, and nothing is noted.")
        elif host:
            said = self.tr('{0} gets the words and a line such as "louder than usual". Never the voice.').format(host)
        else:
            said = self.tr("Nobody gets anything. It is read on this machine.")
        self.leaving.sentence.setText(said)

    def _heard(self, known: Known | None) -> None:
        self.voice.sentence.setText(self._known(known))

    def _known(self, known: Known | None) -> str:
        tr = self.tr
        if known is None:
            return tr(
                "Not heard yet. From the first ten dictations Intone learns what is usual for it; until then the "
                "words decide."
            )
        where = known.microphone or tr("this microphone")
        if known.takes < known.enough:
            return tr("Getting to know your voice on {0}: {1} of {2} dictations. Until then the words decide.").format(
                where, known.takes, known.enough
            )
        return tr("What is usual for your voice on {0} is known.").format(where)

    def _forget(self) -> None:
        if self._board.actions.forget_emotions is not None:
            self._board.actions.forget_emotions(self._forgot)

    def _forgot(self, found: int | Problem) -> None:
        if isinstance(found, Problem):
            self._forgetting.tell(str(found))
            return
        self.forget.say(self.tr("Forgotten"))
        self._heard(None)


class Asked(QWidget):
    """A button that asks for confirmation in its own place; `confirmed` is emitted after a yes."""

    agreed = Signal()

    def __init__(self, name: str, yes: str, no: str) -> None:
        super().__init__()
        self._name = name
        self.ask, self.yes, self.no = QPushButton(name), named(QPushButton(yes), "danger"), QPushButton(no)
        self.ask.clicked.connect(self._ask)
        self.yes.clicked.connect(self._agree)
        self.no.clicked.connect(self._leave)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(tokens.GAP)
        for button in (self.ask, self.yes, self.no):
            button.setAccessibleName(button.text())
            button.setMinimumHeight(tokens.FIELD_HEIGHT)
            line.addWidget(button)
        self.rest()

    def rest(self) -> None:
        """Go back to the button and its name."""
        self.say(self._name)

    def say(self, sentence: str) -> None:
        """Go back to the button, labelled `sentence` until the next click."""
        self.ask.setText(sentence)
        self.ask.setAccessibleName(sentence)
        self._turn(asking=False)

    def _turn(self, *, asking: bool) -> None:
        self.ask.setVisible(not asking)
        self.yes.setVisible(asking)
        self.no.setVisible(asking)

    def _ask(self) -> None:
        self._turn(asking=True)
        self.no.setFocus()

    def _agree(self) -> None:
        self.rest()
        self.ask.setFocus()
        self.agreed.emit()

    def _leave(self) -> None:
        self.rest()
        self.ask.setFocus()
