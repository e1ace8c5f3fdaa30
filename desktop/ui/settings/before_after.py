"""Preview what polish makes of a text: an editable text, and the polished result below it.

The rules run while the user types. A language model is asked only by a button, since each request sends the words to
it; its answer is shown with the time it took and, if its text would not be used, the reason.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QTextEdit, QVBoxLayout, QWidget

from desktop.core.errors import Problem
from desktop.polish.tried import Tried
from desktop.ui import wording as words
from desktop.ui.bridge import Choice
from desktop.ui.controllers.wording import Wording
from desktop.ui.i18n import sentence
from desktop.ui.style import tokens
from desktop.ui.widgets.combo import Picker
from desktop.ui.widgets.label import Label
from desktop.ui.widgets.marked import mark

REST_MS = 200
"""Milliseconds after the last letter until the rules run."""

LINES = 3
"""Visible lines of text in each box; the rest scrolls."""


class BeforeAfter(QWidget):
    """The two boxes. Call `refresh` when a setting, a style or the vocabulary may have changed."""

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self._wording = wording
        self._asked = 0
        self._model = False
        self._tried: tuple[str, Tried] | None = None
        self.before = QPlainTextEdit(
            self.tr("um so let's meet at two no wait three thirty p m new line bring the the charger")
        )
        self.before.setTabChangesFocus(True)
        self.before.setAccessibleName(self.tr("As spoken"))
        self.after = QTextEdit(readOnly=True)
        self.after.setObjectName("after")
        self.after.setAccessibleName(self.tr("As written"))
        self.after.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.after.setTabChangesFocus(True)
        height = round(LINES * tokens.FONT_PX * tokens.LEADING) + 2 * tokens.PAD
        for box in (self.before, self.after):
            box.setFixedHeight(height)
        self.style_picker = Picker(Choice("", self.tr("Anywhere")))
        self.style_picker.setAccessibleName(self.tr("Style of the example"))
        self.style_picker.setFixedWidth(tokens.FIELD_WIDTH)
        self.style_picker.setMinimumHeight(tokens.FIELD_HEIGHT)
        self.style_picker.put("")
        self.style_picker.chosen.connect(self._restyle)
        self.ask = QPushButton(self.tr("Try the model"))
        self.ask.setAccessibleName(self.ask.text())
        self.ask.setAccessibleDescription(self.tr("Sends these words to the language model and shows what it writes."))
        self.ask.clicked.connect(self._ask)
        self.note = Label()
        self.note.setProperty("role", "quiet")
        self.note.setWordWrap(True)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.refresh)
        self.before.textChanged.connect(self._rest.start)

        head = QHBoxLayout()
        head.addWidget(Label(self.tr("Try it")), 1)
        head.addWidget(self.style_picker)
        foot = QHBoxLayout()
        foot.addWidget(self.note, 1)
        foot.addWidget(self.ask)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.WIDE, tokens.PAD, tokens.WIDE, tokens.PAD)
        column.setSpacing(tokens.GAP)
        column.addLayout(head)
        column.addWidget(self.before)
        column.addWidget(self.after)
        column.addLayout(foot)
        self.ask.hide()

    def offer(self, styles: list[str]) -> None:
        """Set the styles to choose from."""
        named = (Choice(name, words.style(name, "")) for name in styles)
        self.style_picker.offer([Choice("", self.tr("Anywhere")), *named])
        if self.style_picker.currentData() not in ("", *styles):
            self.style_picker.put("")

    def show_style(self, style: str) -> None:
        """Write the example in `style`."""
        self.style_picker.put(style)
        self.refresh()

    def use_model(self, model: bool) -> None:
        """Set whether a language model may be asked."""
        self._model = model
        self.ask.setVisible(model)

    def refresh(self) -> None:
        """Run the rules on the text again."""
        self._asked += 1
        self._rest.stop()
        asked, text = self._asked, self.before.toPlainText()
        self._wording.preview(text, self._style, lambda tried: self._answered(asked, text, tried, model=False))

    def changeEvent(self, event: QEvent) -> None:
        """Redraw the highlights in the colours of the new palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._tried is not None:
            self._write(*self._tried)

    @property
    def _style(self) -> str:
        return str(self.style_picker.currentData() or "")

    def _restyle(self, style: str) -> None:
        self.show_style(style)

    def _ask(self) -> None:
        self._asked += 1
        self._rest.stop()
        asked, text = self._asked, self.before.toPlainText()
        self.ask.setEnabled(False)
        self.note.setText(self.tr("The model is asked."))
        self._wording.ask(text, self._style, lambda tried: self._answered(asked, text, tried, model=True))

    def _answered(self, asked: int, text: str, tried: Tried | Problem, *, model: bool) -> None:
        if model:
            self.ask.setEnabled(True)
        if asked != self._asked:
            return
        if isinstance(tried, Problem):
            self.note.setText(sentence(str(tried)))
            return
        self._write(text, tried)
        self.note.setText(self._told(tried, model))

    def _told(self, tried: Tried, model: bool) -> str:
        told = [sentence(tried.note)]
        if model:
            told.insert(0, self.tr("Took {0} ms.").format(round(tried.ms)))
            if tried.host:
                told.append(self.tr("{0} got the words.").format(tried.host))
        elif self._model:
            told.append(self.tr("This is by the rules, which are used where the model is late or changes the meaning."))
        return words.together(*told)

    def _write(self, text: str, tried: Tried) -> None:
        self._tried = text, tried
        self.after.clear()
        mark(QTextCursor(self.after.document()), text, tried.text)
        self.after.setAccessibleDescription(tried.text)
