"""A row that lights up while the talk key is held, to try the key where it is chosen."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.core.errors import Problem
from desktop.core.state import Listening, Shown, Starting
from desktop.ui import wording as words
from desktop.ui.bridge import Actions
from desktop.ui.i18n import sentence
from desktop.ui.style import glyphs, icons, tokens
from desktop.ui.widgets.label import Label


class Lamp(QWidget):
    """A ring; accent-coloured bars while it `is_lit`."""

    def __init__(self) -> None:
        super().__init__()
        self.lit = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size of the pill's glyph."""
        return QSize(tokens.PILL_GLYPH, tokens.PILL_GLYPH)

    def light(self, lit: bool) -> None:
        """Set whether the lamp is lit."""
        if lit != self.lit:
            self.lit = lit
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lamp."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, box = tokens.palette(), QRectF(self.rect())
        if self.lit:
            glyphs.bars(painter, box, icons.TRAY_BARS, QColor(palette.accent), width=0.2)
        else:
            glyphs.ring(painter, box, QColor(palette.faint))
        painter.end()


class TryKey(QWidget):
    """The row. `draw` follows the app's state; trying the key makes a real dictation."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._actions = actions
        self.lamp = Lamp()
        self.words = Label()
        self.words.setWordWrap(True)
        self.trouble = Label()
        self.trouble.setProperty("role", "bad")
        self.trouble.setWordWrap(True)
        self.trouble.hide()
        self.resume = QPushButton(self.tr("Resume"))
        self.resume.setAccessibleName(self.tr("Resume"))
        self.resume.setAccessibleDescription(self.tr("Takes the keys again, which are paused."))
        self.resume.clicked.connect(self._resume)
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addWidget(self.words)
        text.addWidget(self.trouble)
        line = QHBoxLayout(self)
        line.setContentsMargins(tokens.WIDE, tokens.PAD, tokens.WIDE, tokens.PAD)
        line.setSpacing(tokens.PAD)
        line.addWidget(self.lamp)
        line.addLayout(text, 1)
        line.addWidget(self.resume)
        self.draw(Shown())

    def draw(self, shown: Shown) -> None:
        """Light the lamp while the key is held, or show why it does not work."""
        heard = isinstance(shown.state, Starting | Listening)
        self.lamp.light(heard)
        self.resume.setVisible(shown.health.paused and self._actions.pause_keys is not None)
        self.words.setText(self._sentence(shown, heard))

    def tell(self, problem: Problem | None) -> None:
        """Show which program grabs one of the hotkeys; None hides it."""
        self.trouble.setText(sentence(str(problem)) if problem is not None else "")
        self.trouble.setVisible(problem is not None)

    def _sentence(self, shown: Shown, heard: bool) -> str:
        talk = words.key_name(",".join(self._actions.settings().hotkey.talk))
        if heard:
            return self.tr("Heard. Let go of {0} when you are done.").format(talk)
        if shown.health.paused:
            return self.tr("The keys are paused.")
        if shown.health.hotkey is not None:
            return sentence(str(shown.health.hotkey))
        return self.tr("Try it: hold {0}, and this line lights up.").format(talk)

    def _resume(self) -> None:
        if self._actions.pause_keys is not None:
            self._actions.pause_keys(False)
