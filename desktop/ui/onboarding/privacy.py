"""The last onboarding step: what is kept, with a switch for each, what leaves the machine, and where the app lives."""

from __future__ import annotations

import sys

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop.app.recipients import list_recipients
from desktop.settings import store
from desktop.settings.schema import EmotionSettings, HistorySettings
from desktop.ui import wording
from desktop.ui.controllers.app import AppController
from desktop.ui.i18n import describe_setting
from desktop.ui.onboarding.drawing import ToggleSwitch
from desktop.ui.onboarding.page import OnboardingStep, StepRow
from desktop.ui.style import glyphs, icons, tokens
from desktop.ui.widgets.cards import create_card


class PrivacyStep(OnboardingStep):
    """Set what is kept, and list what leaves this machine. `has_tray`: whether there is a tray for the icon."""

    def __init__(self, app: AppController, has_tray: bool) -> None:
        super().__init__(
            app,
            self.tr("What is kept"),
            self.tr("It lies on this machine alone, in the history, where you can read, correct and delete it."),
        )
        self.text, self.audio, self.emotion = ToggleSwitch(), ToggleSwitch(), ToggleSwitch()
        current = app.settings()
        self._days = current.history.keep_audio_days or HistorySettings().keep_audio_days
        self._engine = current.emotion.engine if current.emotion.engine != "off" else EmotionSettings().engine
        self._recipients_row = StepRow(self.tr("What leaves this machine"), "")
        self.add_widgets(
            create_card(
                StepRow(self.tr("The text"), self.tr("What you said, when, and into which application."), self.text),
                StepRow(
                    self.tr("The recordings, for {0} days").format(self._days),
                    self.tr("So that nothing is lost, and it can be heard or transcribed again."),
                    self.audio,
                ),
                StepRow(
                    describe_setting("emotion.engine").label,
                    self.tr("What words and voice express, noted beside the text. Read on this machine."),
                    self.emotion,
                ),
            ),
            create_card(self._recipients_row),
            create_card(_create_tray_row(has_tray)),
        )
        self.text.chosen.connect(lambda on: self._choose("history.private", "off" if on else "on"))
        self.audio.chosen.connect(lambda on: self._choose("history.keep_audio_days", str(self._days) if on else "0"))
        self.emotion.chosen.connect(lambda on: self._choose("emotion.engine", self._engine if on else "off"))

    @property
    def initial_focus(self) -> QWidget | None:
        """None: the button that ends the onboarding gets the focus, not a switch."""
        return None

    def on_enter(self) -> None:
        """Show the values in force."""
        current = self._app.settings()
        is_kept = store.get_setting(current, "history.private") == "off"
        self.text.setChecked(is_kept)
        self.audio.setChecked(is_kept and store.get_setting(current, "history.keep_audio_days") != "0")
        self.emotion.setChecked(is_kept and store.get_setting(current, "emotion.engine") != "off")
        for switch in (self.audio, self.emotion):
            switch.setEnabled(is_kept)
        self._recipients_row.sentence.setText(wording.outgoing_text(list_recipients(current)))

    def _choose(self, key: str, value: str) -> None:
        self.set_setting(key, value)
        self.on_enter()


def _create_tray_row(has_tray: bool) -> QWidget:
    translate = wording.translate
    if has_tray:
        name, sentence = describe_tray(sys.platform)
    else:
        name = translate("first run", "No tray is here to show Intone")
        sentence = translate(
            "first run", "Its history opens instead. Starting Intone once more brings it up again at any time."
        )
    return StepRow(name, sentence, _TrayGlyph() if has_tray else None)


def describe_tray(system: str) -> tuple[str, str]:
    """Return where the icon is on `system` (as `sys.platform`), and what it does."""
    translate = wording.translate
    bars = translate("first run", "These three bars. A click opens the history, a right click everything else.")
    if system != "win32":
        return translate("first run", "Intone lives in the tray"), bars
    hidden = translate("first run", "Behind the arrow there? Drag it out to keep it in sight.")
    return translate("first run", "Intone lives beside the clock"), wording.join_sentences(bars, hidden)


class _TrayGlyph(QWidget):
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
        glyphs.bars(painter, QRectF(self.rect()), icons.TRAY_BARS, QColor(tokens.current_palette().quiet), width=0.2)
        painter.end()
