"""The settings page for emotion: whether it is detected, by what, the known voice, and deleting all of it.

Deleting is confirmed in its own row: an accidental click deletes nothing, and no dialog opens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop.app.recipients import find_emotion_host
from desktop.core.errors import UserError
from desktop.core.state import AppState
from desktop.ui.i18n import list_text
from desktop.ui.settings.page import SettingsPage
from desktop.ui.settings.settings_form import SettingsForm
from desktop.ui.style import tokens
from desktop.ui.widgets import combo
from desktop.ui.widgets.combo import OptionPicker
from desktop.ui.widgets.form import SettingRow, with_object_name
from desktop.ui.wording import join_sentences

if TYPE_CHECKING:
    from desktop.emotion.baseline import BaselineStatus
    from desktop.emotion.voice_heads import FoundVoiceHeads


class EmotionPage(SettingsPage):
    """Set whether emotion is detected and by what, and delete what is known of it."""

    def __init__(self, form: SettingsForm) -> None:
        super().__init__()
        self._form = form
        engine = OptionPicker(*combo.setting_options("emotion.engine"))
        voice = OptionPicker(*combo.setting_options("emotion.voice"))
        self.recipient_row = SettingRow(self.tr("Who gets what"), self.tr("Nobody gets anything."))
        self.voice_row = SettingRow(self.tr("Your voice"), self.tr("Not heard yet."))
        self.forget_button = ConfirmButton(
            self.tr("Forget all expressions…"), self.tr("Forget them"), self.tr("Keep them")
        )
        self.forget_button.confirmed.connect(self._forget_all)
        self._forget_row = SettingRow(
            self.tr("Forget"),
            self.tr(
                "How your dictations sounded, what you corrected of it, and what was learned of your voice. Your words "
                "and recordings stay."
            ),
        )
        for button in (self.forget_button.ask, self.forget_button.yes):
            button.setAccessibleDescription(self._forget_row.sentence.text())
        layout = self._forget_row.layout()
        assert layout is not None
        layout.addWidget(self.forget_button)
        first = [
            form.add_row("emotion.engine", engine),
            form.add_row("emotion.voice", voice),
            self.recipient_row,
            form.add_key_row("hotkey.emotion"),
            self.voice_row,
        ]
        self.source_row = SettingRow(self.tr("What it goes by"), "")
        self.set_cards(self.tr("Emotion"), first, [self._forget_row], [self.source_row])
        self._baseline: BaselineStatus | None = None
        self._head_models: list[str] = []
        self._can_encode = False
        self._show_source()
        engine.chosen.connect(lambda value: self._show_recipient())
        voice.chosen.connect(lambda value: self._show_source())

    def on_window_shown(self) -> None:
        """Load what is known of the user's voice, and by what it is judged."""
        self._form.app.history.load_voice_heads(self._on_heads)
        self._form.app.history.load_known_voice(self._on_voice)
        self.forget_button.reset()
        self._forget_row.show_problem("")

    def draw(self, app_state: AppState) -> None:
        """Show the host that receives the words."""
        self._show_recipient()

    def showEvent(self, event: QShowEvent) -> None:
        """Update the host: the language model may have moved since."""
        super().showEvent(event)
        self._show_recipient()

    def _show_recipient(self) -> None:
        settings = self._form.app.settings()
        host = find_emotion_host(settings)
        if settings.emotion.engine == "off":
            text = self.tr("Nobody gets anything, and nothing is noted.")
        elif host:
            text = self.tr('{0} gets the words and a line such as "louder than usual". Never the voice.').format(host)
        else:
            text = self.tr("Nobody gets anything. It is read on this machine.")
        self.recipient_row.sentence.setText(text)

    def _on_heads(self, found: FoundVoiceHeads | UserError) -> None:
        if isinstance(found, UserError):
            self._head_models = []
        else:
            self._head_models, self._can_encode = found.models, bool(found.encoders)
            self.source_row.show_problem(found.problem or "")
        self._show_source()
        self._show_voice()

    def _show_source(self) -> None:
        if self._head_models:
            text = self.tr(
                "Words, learned from GoEmotions (CC BY 4.0), and your voice as the model {0} hears it, learned from "
                "RAVDESS (CC BY-NC-SA 4.0): that part is for non-commercial use only."
            ).format(list_text(self._head_models))
            alone = self.tr("Where another model makes the text, the voice counts by pitch, loudness and pace alone.")
            if self._form.app.settings().emotion.voice == "recognizer" or not self._can_encode:
                text = join_sentences(text, alone)
        else:
            text = self.tr(
                "Words, learned from GoEmotions (CC BY 4.0), name the emotion. Pitch, loudness and pace show how "
                "lively it was. What judges the voice too learns from RAVDESS (CC BY-NC-SA 4.0), which is for "
                "non-commercial use only, and so does not come with Intone. You can build it from your own copy, with "
                'the source code of Intone: the user guide there says how, under "Voice head".'
            )
        self.source_row.sentence.setText(text)

    def _on_voice(self, status: BaselineStatus | UserError | None) -> None:
        self._baseline = None if isinstance(status, UserError) else status
        self._show_voice()

    def _show_voice(self) -> None:
        self.voice_row.sentence.setText(self._describe_voice())

    def _describe_voice(self) -> str:
        status = self._baseline
        if status is None:
            text = self.tr("Not heard yet. From the first ten dictations Intone learns what is usual for it.")
        else:
            microphone = status.microphone or self.tr("this microphone")
            if status.recordings >= status.required:
                return self.tr("What is usual for your voice on {0} is known.").format(microphone)
            text = self.tr("Getting to know your voice on {0}: {1} of {2} dictations.").format(
                microphone, status.recordings, status.required
            )
        return join_sentences(text, self.tr("Until then the words decide.")) if self._head_models else text

    def _forget_all(self) -> None:
        self._form.app.history.forget_emotions(self._on_forgotten)

    def _on_forgotten(self, result: int | UserError) -> None:
        if isinstance(result, UserError):
            self._forget_row.show_problem(result)
            return
        self.forget_button.set_text(self.tr("Forgotten"))
        self._on_voice(None)


class ConfirmButton(QWidget):
    """A button that asks for confirmation in its own place; `confirmed` is emitted after a yes."""

    confirmed = Signal()

    def __init__(self, name: str, yes: str, no: str) -> None:
        super().__init__()
        self._name = name
        self.ask, self.yes, self.no = QPushButton(name), with_object_name(QPushButton(yes), "danger"), QPushButton(no)
        self.ask.clicked.connect(self._ask)
        self.yes.clicked.connect(self._confirm)
        self.no.clicked.connect(self._decline)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(tokens.GAP)
        for button in (self.ask, self.yes, self.no):
            button.setAccessibleName(button.text())
            button.setMinimumHeight(tokens.FIELD_HEIGHT)
            line.addWidget(button)
        self.reset()

    def reset(self) -> None:
        """Go back to the button and its name."""
        self.set_text(self._name)

    def set_text(self, text: str) -> None:
        """Go back to the button, labelled `text` until the next click."""
        self.ask.setText(text)
        self.ask.setAccessibleName(text)
        self._set_asking(asking=False)

    def _set_asking(self, *, asking: bool) -> None:
        self.ask.setVisible(not asking)
        self.yes.setVisible(asking)
        self.no.setVisible(asking)

    def _ask(self) -> None:
        self._set_asking(asking=True)
        self.no.setFocus()

    def _confirm(self) -> None:
        self.reset()
        self.ask.setFocus()
        self.confirmed.emit()

    def _decline(self) -> None:
        self.reset()
        self.ask.setFocus()
