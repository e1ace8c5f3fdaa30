"""A row that lights up while the talk key is held, to try the key where it is chosen."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.core.errors import UserError
from desktop.core.state import AppState, Listening, Starting
from desktop.ui import wording as words
from desktop.ui.bridge import WindowActions
from desktop.ui.i18n import translate_message
from desktop.ui.style import glyphs, icons, tokens
from desktop.ui.widgets.label import PlainLabel


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


class HotkeyTrial(QWidget):
    """The row. `draw` follows the app's state; trying the key makes a real dictation."""

    def __init__(self, actions: WindowActions) -> None:
        super().__init__()
        self._actions = actions
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
        self.resume_button.setVisible(app_state.health.paused and self._actions.pause_keys is not None)
        self.label.setText(self._status_text(app_state, is_held))

    def show_problem(self, problem: UserError | None) -> None:
        """Show which program grabs one of the hotkeys; None hides it."""
        self.problem_label.setText(translate_message(str(problem)) if problem is not None else "")
        self.problem_label.setVisible(problem is not None)

    def _status_text(self, app_state: AppState, is_held: bool) -> str:
        talk = words.key_name(",".join(self._actions.settings().hotkey.talk))
        if is_held:
            return self.tr("Heard. Let go of {0} when you are done.").format(talk)
        if app_state.health.paused:
            return self.tr("The keys are paused.")
        if app_state.health.hotkey is not None:
            return translate_message(str(app_state.health.hotkey))
        return self.tr("Try it: hold {0}, and this line lights up.").format(talk)

    def _resume_hotkeys(self) -> None:
        if self._actions.pause_keys is not None:
            self._actions.pause_keys(False)
