"""The onboarding step for the microphone: a live level, and a tick once a voice was picked up.

The microphone is open only while this step is visible, so its lamp is truthful.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.core.errors import Problem
from desktop.core.state import Shown
from desktop.settings import store as settings
from desktop.ui.bridge import Actions
from desktop.ui.i18n import sentence
from desktop.ui.onboarding.drawing import Picture
from desktop.ui.onboarding.heard import Ear, Verdict
from desktop.ui.onboarding.page import FirstPage, Line, label
from desktop.ui.style import tokens
from desktop.ui.widgets.cards import card
from desktop.ui.widgets.combo import Picker
from desktop.ui.widgets.level_meter import LevelMeter

KEY = "audio.device"
LOOK_MS = 250


class Microphone(FirstPage):
    """The step."""

    def __init__(self, actions: Actions) -> None:
        super().__init__(
            actions,
            self.tr("Say something"),
            self.tr("The bars follow your voice. Nothing of it is kept."),
        )
        self._stop: Callable[[], None] | None = None
        self._ear = Ear(0.0)
        self._ails: Problem | None = None
        self._trouble: Problem | None = None
        self.device = Picker()
        self.device.setFixedWidth(tokens.FIELD_WIDTH)
        self.device.setMinimumHeight(tokens.FIELD_HEIGHT)
        self.device.chosen.connect(self._choose)
        self.meter = LevelMeter()
        self.picture, self.said = Picture(), label("")
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._say)
        hearing = QWidget()
        inside = QVBoxLayout(hearing)
        inside.setContentsMargins(tokens.WIDE, tokens.WIDE, tokens.WIDE, tokens.WIDE)
        inside.setSpacing(tokens.PAD)
        line = QHBoxLayout()
        line.setSpacing(tokens.GAP)
        line.addWidget(self.picture)
        line.addWidget(self.said, 1)
        inside.addWidget(self.meter)
        inside.addLayout(line)
        self.fill(
            card(
                Line(
                    self.tr("Microphone"),
                    self.tr("The system's default is followed when it changes."),
                    self.device,
                )
            ),
            card(hearing),
        )

    def enter(self) -> None:
        """Load the list of microphones and monitor the chosen one."""
        self.device.put(settings.get(self._actions.settings(), KEY))
        self._actions.devices(self.device.offer)
        self._listen()

    def leave(self) -> None:
        """Close the microphone."""
        self._timer.stop()
        if self._stop is not None:
            self._stop()
            self._stop = None

    def draw(self, shown: Shown) -> None:
        """Store the microphone's current problem."""
        self._ails = shown.health.microphone

    def _choose(self, value: str) -> None:
        self.choose(KEY, value)
        self.device.put(settings.get(self._actions.settings(), KEY))
        self.leave()
        self._listen()

    def _listen(self) -> None:
        ear = self._ear = Ear(time.monotonic())

        def hear(level: float) -> None:
            if ear is self._ear:
                ear.hear(level)
                self.meter.hear(level)

        def trouble(problem: Problem | None) -> None:
            if ear is self._ear:
                self._trouble = problem
                self._say()

        self._trouble = None
        if self._actions.sounding is not None:
            self._stop = self._actions.sounding.monitor(hear, trouble)
        self._timer.start()
        self._say()

    def _say(self) -> None:
        verdict = self._ear.verdict(time.monotonic())
        problem = self._trouble or (self._ails if verdict is not Verdict.HEARD else None)
        if problem is not None:
            self._tell("alert", sentence(str(problem)))
            return
        match verdict:
            case Verdict.WAITING:
                self._tell("", self.tr("Listening. Say a few words."))
            case Verdict.HEARD:
                self._tell("well", self.tr("Intone hears you."))
            case Verdict.SILENT:
                self._tell(
                    "alert",
                    self.tr(
                        "The microphone is silent. Is it muted? Look at its switch and at the sound settings of the "
                        "system, or choose another one above."
                    ),
                )
            case Verdict.QUIET:
                self._tell("alert", self.tr("No voice yet. Come nearer, or choose another microphone above."))

    def _tell(self, kind: str, sentence: str) -> None:
        self.picture.put(kind)
        if sentence != self.said.text():
            self.said.setText(sentence)
