"""Preview what polish makes of a text: an editable text, and the polished result below it.

The rules run while the user types. A language model is asked only by a button, since each request sends the words to
it; its answer is shown with the time it took and, if its text would not be used, the reason.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QTextEdit, QVBoxLayout, QWidget

from desktop.core.errors import UserError
from desktop.polish.polisher import PolishTrial
from desktop.ui import wording
from desktop.ui.bridge import ListOption
from desktop.ui.controllers.text import TextController
from desktop.ui.i18n import message_text
from desktop.ui.style import tokens
from desktop.ui.widgets.combo import OptionPicker
from desktop.ui.widgets.diff import write_diff
from desktop.ui.widgets.label import PlainLabel

PREVIEW_DELAY_MS = 200
"""Milliseconds after the last letter until the rules run."""

VISIBLE_LINES = 3
"""Visible lines of text in each box; the rest scrolls."""


class PolishPreview(QWidget):
    """The two boxes. Call `refresh` when a setting, a style or the vocabulary may have changed."""

    def __init__(self, controller: TextController) -> None:
        super().__init__()
        self._controller = controller
        self._request_id = 0
        self._is_llm_enabled = False
        self._last_result: tuple[str, PolishTrial] | None = None
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
        height = round(VISIBLE_LINES * tokens.FONT_PX * tokens.LEADING) + 2 * tokens.PAD
        for box in (self.before, self.after):
            box.setFixedHeight(height)
        self.style_picker = OptionPicker(ListOption("", self.tr("Anywhere")))
        self.style_picker.setAccessibleName(self.tr("Style of the example"))
        self.style_picker.setFixedWidth(tokens.FIELD_WIDTH)
        self.style_picker.setMinimumHeight(tokens.FIELD_HEIGHT)
        self.style_picker.set_value("")
        self.style_picker.chosen.connect(self._on_style_chosen)
        self.llm_button = QPushButton(self.tr("Try the model"))
        self.llm_button.setAccessibleName(self.llm_button.text())
        self.llm_button.setAccessibleDescription(
            self.tr("Sends these words to the language model and shows what it writes.")
        )
        self.llm_button.clicked.connect(self._ask_llm)
        self.note = PlainLabel()
        self.note.setProperty("role", "quiet")
        self.note.setWordWrap(True)
        self._preview_timer = QTimer(self, singleShot=True, interval=PREVIEW_DELAY_MS)
        self._preview_timer.timeout.connect(self.refresh)
        self.before.textChanged.connect(self._preview_timer.start)

        head = QHBoxLayout()
        head.addWidget(PlainLabel(self.tr("Try it")), 1)
        head.addWidget(self.style_picker)
        foot = QHBoxLayout()
        foot.addWidget(self.note, 1)
        foot.addWidget(self.llm_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.WIDE, tokens.PAD, tokens.WIDE, tokens.PAD)
        column.setSpacing(tokens.GAP)
        column.addLayout(head)
        column.addWidget(self.before)
        column.addWidget(self.after)
        column.addLayout(foot)
        self.llm_button.hide()

    def set_styles(self, styles: list[str]) -> None:
        """Set the styles to choose from."""
        options = (ListOption(name, wording.style_text(name, "")) for name in styles)
        self.style_picker.set_options([ListOption("", self.tr("Anywhere")), *options])
        if self.style_picker.currentData() not in ("", *styles):
            self.style_picker.set_value("")

    def show_style(self, style: str) -> None:
        """Write the example in `style`."""
        self.style_picker.set_value(style)
        self.refresh()

    def set_llm_enabled(self, enabled: bool) -> None:
        """Set whether a language model may be asked."""
        self._is_llm_enabled = enabled
        self.llm_button.setVisible(enabled)

    def refresh(self) -> None:
        """Run the rules on the text again."""
        self._request_id += 1
        self._preview_timer.stop()
        request_id, text = self._request_id, self.before.toPlainText()
        self._controller.preview(
            text, self._style, lambda result: self._on_result(request_id, text, result, from_llm=False)
        )

    def changeEvent(self, event: QEvent) -> None:
        """Redraw the highlights in the colours of the new palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._last_result is not None:
            self._show_result(*self._last_result)

    @property
    def _style(self) -> str:
        return str(self.style_picker.currentData() or "")

    def _on_style_chosen(self, style: str) -> None:
        self.show_style(style)

    def _ask_llm(self) -> None:
        self._request_id += 1
        self._preview_timer.stop()
        request_id, text = self._request_id, self.before.toPlainText()
        self.llm_button.setEnabled(False)
        self.note.setText(self.tr("The model is asked."))
        self._controller.preview_with_llm(
            text, self._style, lambda result: self._on_result(request_id, text, result, from_llm=True)
        )

    def _on_result(self, request_id: int, text: str, result: PolishTrial | UserError, *, from_llm: bool) -> None:
        if from_llm:
            self.llm_button.setEnabled(True)
        if request_id != self._request_id:
            return
        if isinstance(result, UserError):
            self.note.setText(message_text(result))
            return
        self._show_result(text, result)
        self.note.setText(self._describe_result(result, from_llm))

    def _describe_result(self, result: PolishTrial, from_llm: bool) -> str:
        sentences = [message_text(result.notes)]
        if from_llm:
            sentences.insert(0, self.tr("Took {0} ms.").format(round(result.ms)))
            if result.host:
                sentences.append(self.tr("{0} got the words.").format(result.host))
        elif self._is_llm_enabled:
            sentences.append(
                self.tr("This is by the rules, which are used where the model is late or changes the meaning.")
            )
        return wording.join_sentences(*sentences)

    def _show_result(self, text: str, result: PolishTrial) -> None:
        self._last_result = text, result
        self.after.clear()
        write_diff(QTextCursor(self.after.document()), text, result.text)
        self.after.setAccessibleDescription(result.text)
