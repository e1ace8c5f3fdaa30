"""The last onboarding step: what is kept, with a switch for each, what leaves the machine, and where the app lives."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop.app.leaving import leaving
from desktop.settings import store as settings
from desktop.settings.schema import Keeping as Kept
from desktop.settings.schema import Mood
from desktop.ui import wording as words
from desktop.ui.bridge import Actions
from desktop.ui.onboarding.drawing import Switch
from desktop.ui.onboarding.page import FirstPage, Line
from desktop.ui.style import glyphs, icons, tokens
from desktop.ui.widgets.cards import card


class Keeping(FirstPage):
    """The step; `has_tray` says whether there is a tray for the icon."""

    def __init__(self, actions: Actions, tray: bool) -> None:
        super().__init__(
            actions,
            self.tr("What is kept"),
            self.tr("It lies on this machine alone, in the history, where you can read, correct and delete it."),
        )
        self.text, self.audio, self.emotion = Switch(), Switch(), Switch()
        now = actions.settings()
        self._days = now.history.keep_audio_days or Kept().keep_audio_days
        self._engine = now.emotion.engine if now.emotion.engine != "off" else Mood().engine
        self._leaving = Line(self.tr("What leaves this machine"), "")
        self.fill(
            card(
                Line(self.tr("The text"), self.tr("What you said, when, and into which application."), self.text),
                Line(
                    self.tr("The recordings, for {0} days").format(self._days),
                    self.tr("So that nothing is lost, and it can be heard or transcribed again."),
                    self.audio,
                ),
                Line(
                    self.tr("How it sounded"),
                    self.tr("What words and voice express, noted beside the text. Read on this machine."),
                    self.emotion,
                ),
            ),
            card(self._leaving),
            card(_where(tray)),
        )
        self.text.chosen.connect(lambda on: self._set("history.private", "off" if on else "on"))
        self.audio.chosen.connect(lambda on: self._set("history.keep_audio_days", str(self._days) if on else "0"))
        self.emotion.chosen.connect(lambda on: self._set("emotion.engine", self._engine if on else "off"))

    @property
    def first(self) -> QWidget | None:
        """None: the button that ends the onboarding gets the focus, not a switch."""
        return None

    def enter(self) -> None:
        """Show the values in force."""
        now = self._actions.settings()
        kept = settings.get(now, "history.private") == "off"
        self.text.setChecked(kept)
        self.audio.setChecked(kept and settings.get(now, "history.keep_audio_days") != "0")
        self.emotion.setChecked(kept and settings.get(now, "emotion.engine") != "off")
        for switch in (self.audio, self.emotion):
            switch.setEnabled(kept)
        self._leaving.sentence.setText(words.leaving(leaving(now)))

    def _set(self, key: str, value: str) -> None:
        self.choose(key, value)
        self.enter()


def _where(tray: bool) -> QWidget:
    translate = words.translate
    if tray:
        name = translate("first run", "Intone lives in the tray")
        sentence = translate("first run", "These three bars. A click opens the history, a right click everything else.")
    else:
        name = translate("first run", "No tray is here to show Intone")
        sentence = translate(
            "first run", "Its history opens instead. Starting Intone once more brings it up again at any time."
        )
    return Line(name, sentence, _Bars() if tray else None)


class _Bars(QWidget):
    """The tray's glyph."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Return the size of a tray icon."""
        return QSize(tokens.PILL_GLYPH + tokens.UNIT, tokens.PILL_GLYPH + tokens.UNIT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the three bars."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        glyphs.bars(painter, QRectF(self.rect()), icons.TRAY_BARS, QColor(tokens.palette().quiet), width=0.2)
        painter.end()
