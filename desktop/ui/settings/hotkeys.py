"""The settings page for hotkeys: record a key, try it, and see what it no longer does elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.core.errors import SettingsError, UserError
from desktop.core.keys import SUPER, Action, parse_binding
from desktop.core.messages import Message
from desktop.core.state import AppState, Listening, Starting
from desktop.hotkeys.conflicts import describe_lost_function
from desktop.ui import wording
from desktop.ui.controllers.app import AppController
from desktop.ui.i18n import message_text
from desktop.ui.settings.page import SettingsPage
from desktop.ui.settings.settings_form import SettingsForm
from desktop.ui.style import glyphs, icons, tokens
from desktop.ui.widgets import combo
from desktop.ui.widgets.combo import OptionPicker
from desktop.ui.widgets.form import SettingRow
from desktop.ui.widgets.key_field import HotkeyField
from desktop.ui.widgets.label import PlainLabel

PRESET_KEYS = ("ctrl_r", "alt_r", "f9", "button8")
"""Talk keys that most keyboards and mice have and few programs use."""


class HotkeysPage(SettingsPage):
    """Set the hotkeys."""

    def __init__(self, form: SettingsForm) -> None:
        super().__init__()
        self._form = form
        self.trial = HotkeyTrial(form.app)
        fields = {Action.TALK: HotkeyField(), Action.CANCEL: HotkeyField(takes_esc=True)}
        self._rows = {
            action: form.add_key_row(f"hotkey.{action}", fields.get(action))
            for action in Action
            if action is not Action.EMOTION  # on the page Emotion
        }
        self._descriptions = {action: row.sentence.text() for action, row in self._rows.items()}
        for row in self._rows.values():
            if isinstance(row.control, HotkeyField):
                row.control.chosen.connect(self._update_rows)
        talk, *others, cancel = self._rows.values()
        help_row = SettingRow(
            self.tr("Keys and mouse buttons"),
            self.tr(
                "While a field waits, press a key, keys together, or a mouse button over the field. Backspace "
                "leaves none, Esc all as it was. What is taken here reaches no window, but for Ctrl, Alt, "
                "Shift and {0}."
            ).format(SUPER),
        )
        tap = form.add_row("hotkey.tap")
        silence = OptionPicker(*combo.silence_options(1, 1.5, 2, 3, 5))
        hands_free = [form.add_row("dictation.end_silence_s", silence), form.add_row("dictation.continuous")]
        self.set_cards(
            self.tr("Hotkey"),
            [talk, self._create_presets(), self.trial, tap, cancel],
            [*others, help_row],
            hands_free,
        )

    def on_window_shown(self) -> None:
        """Check whether another program grabs one of the keys."""
        self._update_rows()
        self._form.app.find_key_grabber(self.trial.show_problem)

    def draw(self, app_state: AppState) -> None:
        """Light the lamp while the talk key is held."""
        self.trial.draw(app_state)
        self._update_rows()

    def _create_presets(self) -> QWidget:
        presets = QWidget()
        line = QHBoxLayout(presets)
        line.setContentsMargins(tokens.WIDE, tokens.PAD, tokens.WIDE, tokens.PAD)
        line.setSpacing(tokens.UNIT)
        self._group = QButtonGroup(self)
        self.preset_buttons: dict[str, QPushButton] = {}
        for key in PRESET_KEYS:
            button = self.preset_buttons[key] = QPushButton(wording.key_name(key))
            button.setCheckable(True)
            button.setAutoExclusive(True)  # makes screen readers announce one of several
            button.setAccessibleName(button.text())
            button.setAccessibleDescription(self.tr("Makes this the talk key."))
            button.clicked.connect(lambda _, key=key: self._choose_preset(key))
            self._group.addButton(button)
            line.addWidget(button)
        line.addStretch(1)
        return presets

    def _choose_preset(self, key: str) -> None:
        self._form.set_setting("hotkey.talk", key)
        self._update_rows()

    def _update_rows(self) -> None:
        """Show what each key no longer does elsewhere, and which preset is the talk key."""
        hotkeys = self._form.app.settings().hotkey
        for action, row in self._rows.items():
            keys = (hotkeys.cancel,) if action is Action.CANCEL else getattr(hotkeys, action)
            lost = [message_text(loss) for key in keys if (loss := _lost_function(key, action))]
            row.sentence.setText(wording.join_sentences(self._descriptions[action], *lost))
        self._group.setExclusive(False)
        for key, button in self.preset_buttons.items():
            button.setChecked(hotkeys.talk == (key,))
        self._group.setExclusive(True)


class HotkeyTrial(QWidget):
    """A row that lights up while the talk key is held, to try the key where it is chosen.

    `draw` follows the app's state; trying the key makes a real dictation.
    """

    def __init__(self, app: AppController) -> None:
        super().__init__()
        self._app = app
        self.lamp = HotkeyLamp()
        self.label = PlainLabel()
        self.label.setWordWrap(True)
        self.problem_label = PlainLabel()
        self.problem_label.setProperty("role", "bad")
        self.problem_label.setWordWrap(True)
        self.problem_label.hide()
        self.resume_button = QPushButton(self.tr("Resume"))
        self.resume_button.setAccessibleName(self.tr("Resume"))
        self.resume_button.setAccessibleDescription(self.tr("Takes the keys again, which are paused."))
        self.resume_button.clicked.connect(self._resume_hotkeys)
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addWidget(self.label)
        text.addWidget(self.problem_label)
        line = QHBoxLayout(self)
        line.setContentsMargins(tokens.WIDE, tokens.PAD, tokens.WIDE, tokens.PAD)
        line.setSpacing(tokens.PAD)
        line.addWidget(self.lamp)
        line.addLayout(text, 1)
        line.addWidget(self.resume_button)
        self.draw(AppState())

    def draw(self, app_state: AppState) -> None:
        """Light the lamp while the key is held, or show why it does not work."""
        is_held = isinstance(app_state.state, Starting | Listening)
        self.lamp.set_lit(is_held)
        self.resume_button.setVisible(app_state.health.paused)
        self.label.setText(self._status_text(app_state, is_held))

    def show_problem(self, problem: UserError | None) -> None:
        """Show which program grabs one of the hotkeys; None hides it."""
        self.problem_label.setText(message_text(problem) if problem is not None else "")
        self.problem_label.setVisible(problem is not None)

    def _status_text(self, app_state: AppState, is_held: bool) -> str:
        talk = wording.talk_key_name(app_state.health, self._app.settings().hotkey.talk)
        if is_held:
            return self.tr("Heard. Let go of {0} when you are done.").format(talk)
        if app_state.health.paused:
            return self.tr("The keys are paused.")
        if app_state.health.hotkey is not None:
            return message_text(app_state.health.hotkey)
        trial = self.tr("Try it: hold {0}, and this line lights up.").format(talk)
        if not app_state.health.talk_key:
            return trial
        keeper = self.tr("Your desktop keeps this key: change it in the desktop's settings for keys.")
        return wording.join_sentences(trial, keeper)

    def _resume_hotkeys(self) -> None:
        self._app.run_command("resume")


class HotkeyLamp(QWidget):
    """A ring; accent-coloured bars while it `is_lit`."""

    def __init__(self) -> None:
        super().__init__()
        self.is_lit = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size of the pill's glyph."""
        return QSize(tokens.PILL_GLYPH, tokens.PILL_GLYPH)

    def set_lit(self, is_lit: bool) -> None:
        """Set whether the lamp is lit."""
        if is_lit != self.is_lit:
            self.is_lit = is_lit
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lamp."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, box = tokens.current_palette(), QRectF(self.rect())
        if self.is_lit:
            glyphs.bars(painter, box, icons.TRAY_BARS, QColor(palette.accent), width=0.2)
        else:
            glyphs.ring(painter, box, QColor(palette.faint))
        painter.end()


def _lost_function(key: str, action: Action) -> Message | None:
    try:
        return describe_lost_function(parse_binding(key), action)
    except SettingsError:
        return None
