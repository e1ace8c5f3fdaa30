"""Try the microphone: its level, and five seconds recorded and played back.

The microphone is open only while this widget is visible, so its lamp is truthful.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.audio.trial_recording import SILENT, Recorded, Verdict
from desktop.core.errors import Problem
from desktop.ui.controllers.audio import Sounding
from desktop.ui.i18n import sentence
from desktop.ui.style import tokens
from desktop.ui.widgets.announcing import announce
from desktop.ui.widgets.label import Label
from desktop.ui.widgets.level_meter import LevelMeter

TRIAL_S = 5


class _Doing(Enum):
    NOTHING = auto()
    RECORDING = auto()
    PLAYING = auto()


class MicrophoneTrial(QWidget):
    """The level, a button, and a sentence about the result."""

    def __init__(self, sounding: Sounding) -> None:
        super().__init__()
        self._sounding = sounding
        self._doing = _Doing.NOTHING
        self._stop: Callable[[], None] | None = None
        self._left = 0
        self.meter = LevelMeter()
        self.button = QPushButton()
        self.button.clicked.connect(self._pressed)
        self.sentence = Label(self.tr("The microphone is open while you see this. Nothing is kept."))
        self.sentence.setProperty("role", "quiet")
        self.sentence.setWordWrap(True)
        self._counting = QTimer(self, interval=1000)
        self._counting.timeout.connect(self._count)
        line = QHBoxLayout()
        line.setSpacing(tokens.VAST)
        line.addWidget(self.meter, 1)
        line.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.WIDE, tokens.PAD, tokens.WIDE, tokens.PAD)
        column.setSpacing(tokens.GAP)
        column.addLayout(line)
        column.addWidget(self.sentence)
        self._become(_Doing.NOTHING)

    def begin(self) -> None:
        """Open the microphone of the settings, closing the current one; nothing while hidden."""
        self._end()
        if self.isVisible():
            self._stop = self._sounding.monitor(self.meter.hear, self._trouble)

    def showEvent(self, event: QShowEvent) -> None:
        """Open the microphone."""
        super().showEvent(event)
        self.begin()

    def hideEvent(self, event: QHideEvent) -> None:
        """Close the microphone."""
        self._end()
        super().hideEvent(event)

    def _end(self) -> None:
        stop, self._stop = self._stop, None
        if stop is not None:
            stop()
        if self._doing is _Doing.PLAYING:
            self._sounding.silence()
        self._become(_Doing.NOTHING)
        self.meter.rest()

    def _become(self, doing: _Doing) -> None:
        self._doing = doing
        if doing is not _Doing.RECORDING:
            self._counting.stop()
        idle = self.tr("Record {0} s and play them").format(TRIAL_S)
        self.button.setText(idle if doing is _Doing.NOTHING else self.tr("Stop"))

    def _pressed(self) -> None:
        if self._doing is not _Doing.NOTHING:
            self.begin()
            return
        self._end()
        self._stop = self._sounding.record(TRIAL_S, self.meter.hear, self._recorded)
        self._become(_Doing.RECORDING)
        self._left = TRIAL_S
        self._say(self.tr("Speak now, as you would dictate. {0} s").format(self._left), aloud=True)
        self._counting.start()

    def _count(self) -> None:
        self._left = max(0, self._left - 1)
        self._say(self.tr("Speak now, as you would dictate. {0} s").format(self._left))

    def _recorded(self, recorded: Recorded | Problem) -> None:
        self._stop = None
        self.meter.rest()
        if isinstance(recorded, Problem):
            self._over(sentence(str(recorded)))
        elif recorded.verdict is Verdict.SILENT:
            self._over(sentence(str(recorded.trouble or SILENT)))
        else:
            self._become(_Doing.PLAYING)
            self._say(self._judged(recorded.verdict), aloud=True)
            self._sounding.play(recorded, self._played)

    def _judged(self, verdict: Verdict) -> str:
        match verdict:
            case Verdict.FAINT:
                return self.tr(
                    "You are hard to hear. Come closer to the microphone, or turn it up in the sound settings."
                )
            case Verdict.CLIPPED:
                return self.tr("That was too loud, and parts are cut off. Turn the microphone down, or move back.")
            case _:
                return self.tr("You are heard well. This is how you sound.")

    def _played(self, problem: Problem | None) -> None:
        if self._doing is _Doing.PLAYING:
            self._over(self.sentence.text() if problem is None else sentence(str(problem)))

    def _over(self, said: str) -> None:
        self._become(_Doing.NOTHING)
        self.begin()
        self._say(said, aloud=True)

    def _trouble(self, problem: Problem | None) -> None:
        well = self.tr("The microphone is heard again.")
        self._say(sentence(str(problem)) if problem is not None else well, aloud=True)

    def _say(self, said: str, *, aloud: bool = False) -> None:
        changed = said != self.sentence.text()
        self.sentence.setText(said)
        if aloud and changed:
            announce(self, said)
