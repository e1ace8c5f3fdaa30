"""Try the microphone: its level, and five seconds recorded and played back.

The microphone is open only while this widget is visible, so its lamp is truthful.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.audio.soundcheck import SILENT_MICROPHONE, RecordingVerdict, TrialRecording
from desktop.core.errors import UserError
from desktop.ui.controllers.audio import AudioController
from desktop.ui.i18n import message_text
from desktop.ui.style import tokens
from desktop.ui.widgets.label import PlainLabel, announce
from desktop.ui.widgets.level_meter import LevelMeter

TRIAL_S = 5


class _TrialState(Enum):
    IDLE = auto()
    RECORDING = auto()
    PLAYING = auto()


class MicrophoneTrial(QWidget):
    """The level, a button, and a sentence about the result."""

    def __init__(self, audio: AudioController) -> None:
        super().__init__()
        self._audio = audio
        self._state = _TrialState.IDLE
        self._stop: Callable[[], None] | None = None
        self._seconds_left = 0
        self.meter = LevelMeter()
        self.button = QPushButton()
        self.button.clicked.connect(self._on_pressed)
        self.sentence = PlainLabel(self.tr("The microphone is open while you see this. Nothing is kept."))
        self.sentence.setProperty("role", "quiet")
        self.sentence.setWordWrap(True)
        self._countdown_timer = QTimer(self, interval=1000)
        self._countdown_timer.timeout.connect(self._update_countdown)
        line = QHBoxLayout()
        line.setSpacing(tokens.VAST)
        line.addWidget(self.meter, 1)
        line.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.WIDE, tokens.PAD, tokens.WIDE, tokens.PAD)
        column.setSpacing(tokens.GAP)
        column.addLayout(line)
        column.addWidget(self.sentence)
        self._set_state(_TrialState.IDLE)

    def start_monitoring(self) -> None:
        """Open the microphone of the settings, closing the current one; nothing while hidden."""
        self._stop_all()
        if self.isVisible():
            self._stop = self._audio.monitor(self.meter.show_level, self._on_problem)

    def showEvent(self, event: QShowEvent) -> None:
        """Open the microphone."""
        super().showEvent(event)
        self.start_monitoring()

    def hideEvent(self, event: QHideEvent) -> None:
        """Close the microphone."""
        self._stop_all()
        super().hideEvent(event)

    def _stop_all(self) -> None:
        stop, self._stop = self._stop, None
        if stop is not None:
            stop()
        if self._state is _TrialState.PLAYING:
            self._audio.stop_playback()
        self._set_state(_TrialState.IDLE)
        self.meter.show_silence()

    def _set_state(self, state: _TrialState) -> None:
        self._state = state
        if state is not _TrialState.RECORDING:
            self._countdown_timer.stop()
        idle = self.tr("Record {0} s and play them").format(TRIAL_S)
        self.button.setText(idle if state is _TrialState.IDLE else self.tr("Stop"))
        self.button.setAccessibleName(self.button.text())

    def _on_pressed(self) -> None:
        if self._state is not _TrialState.IDLE:
            self.start_monitoring()
            return
        self._stop_all()
        self._stop = self._audio.record(TRIAL_S, self.meter.show_level, self._on_recorded)
        self._set_state(_TrialState.RECORDING)
        self._seconds_left = TRIAL_S
        self._show_text(self.tr("Speak now, as you would dictate. {0} s").format(self._seconds_left), is_announced=True)
        self._countdown_timer.start()

    def _update_countdown(self) -> None:
        self._seconds_left = max(0, self._seconds_left - 1)
        self._show_text(self.tr("Speak now, as you would dictate. {0} s").format(self._seconds_left))

    def _on_recorded(self, recorded: TrialRecording | UserError) -> None:
        self._stop = None
        self.meter.show_silence()
        if isinstance(recorded, UserError):
            self._finish(message_text(recorded))
        elif recorded.verdict is RecordingVerdict.SILENT:
            self._finish(message_text(recorded.problem or SILENT_MICROPHONE))
        else:
            self._set_state(_TrialState.PLAYING)
            self._show_text(self._describe_verdict(recorded.verdict), is_announced=True)
            self._audio.play(recorded, self._on_played)

    def _describe_verdict(self, verdict: RecordingVerdict) -> str:
        match verdict:
            case RecordingVerdict.FAINT:
                return self.tr(
                    "You are hard to hear. Come closer to the microphone, or turn it up in the sound settings."
                )
            case RecordingVerdict.CLIPPED:
                return self.tr("That was too loud, and parts are cut off. Turn the microphone down, or move back.")
            case _:
                return self.tr("You are heard well. This is how you sound.")

    def _on_played(self, problem: UserError | None) -> None:
        if self._state is _TrialState.PLAYING:
            self._finish(self.sentence.text() if problem is None else message_text(problem))

    def _finish(self, text: str) -> None:
        self._set_state(_TrialState.IDLE)
        self.start_monitoring()
        self._show_text(text, is_announced=True)

    def _on_problem(self, problem: UserError | None) -> None:
        well = self.tr("The microphone is heard again.")
        self._show_text(message_text(problem) if problem is not None else well, is_announced=True)

    def _show_text(self, text: str, *, is_announced: bool = False) -> None:
        changed = text != self.sentence.text()
        self.sentence.setText(text)
        if is_announced and changed:
            announce(self, text)
