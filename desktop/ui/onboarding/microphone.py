"""The onboarding step for the microphone: a live level, and a tick once a voice was picked up.

The microphone is open only while this step is visible, so its lamp is truthful.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import Enum, auto

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.core.errors import UserError
from desktop.core.state import AppState
from desktop.settings import store
from desktop.ui.controllers.app import AppController
from desktop.ui.i18n import message_text
from desktop.ui.onboarding.drawing import StatusIcon
from desktop.ui.onboarding.page import OnboardingStep, StepRow, create_label
from desktop.ui.style import tokens
from desktop.ui.widgets.cards import create_card
from desktop.ui.widgets.combo import OptionPicker
from desktop.ui.widgets.level_meter import LevelMeter

SETTING_KEY = "audio.device"
CHECK_INTERVAL_MS = 250

VOICE_RISE = 0.15
"""Rise of a voice above the room's level: 7 dB, as the level is linear from -60 to -12 dB."""

MIN_VOICE_LEVEL = 0.35
"""Lowest level of a voice (-43 dB)."""

MIN_VOICED_FRAMES = 8
"""Frames of 32 ms with a voice after which it was not a knock on the desk."""
ZERO_LEVEL = 0.005
SILENT_TIMEOUT_S = 3.0

QUIET_TIMEOUT_S = 9.0
"""Seconds to wait for any signal at all, and for more than the room's noise."""


class MicrophoneStep(OnboardingStep):
    """Choose the microphone and see that it picks up a voice."""

    def __init__(self, app: AppController) -> None:
        super().__init__(
            app,
            self.tr("Say something"),
            self.tr("The bars follow your voice. Nothing of it is kept."),
        )
        self._stop_monitor: Callable[[], None] | None = None
        self._microphone_check = MicrophoneCheck(0.0)
        self._health_problem: UserError | None = None
        self._monitor_problem: UserError | None = None
        self.device_picker = OptionPicker()
        self.device_picker.setFixedWidth(tokens.FIELD_WIDTH)
        self.device_picker.setMinimumHeight(tokens.FIELD_HEIGHT)
        self.device_picker.chosen.connect(self._choose_device)
        self.meter = LevelMeter()
        self.icon, self.status_label = StatusIcon(), create_label("")
        self._timer = QTimer(self, interval=CHECK_INTERVAL_MS)
        self._timer.timeout.connect(self._update_status)
        level_card = QWidget()
        inside = QVBoxLayout(level_card)
        inside.setContentsMargins(tokens.WIDE, tokens.WIDE, tokens.WIDE, tokens.WIDE)
        inside.setSpacing(tokens.PAD)
        line = QHBoxLayout()
        line.setSpacing(tokens.GAP)
        line.addWidget(self.icon)
        line.addWidget(self.status_label, 1)
        inside.addWidget(self.meter)
        inside.addLayout(line)
        self.add_widgets(
            create_card(
                StepRow(
                    self.tr("Microphone"),
                    self.tr("The system's default is followed when it changes."),
                    self.device_picker,
                )
            ),
            create_card(level_card),
        )

    def on_enter(self) -> None:
        """Load the list of microphones and monitor the chosen one."""
        self.device_picker.set_value(store.get_setting(self._app.settings(), SETTING_KEY))
        self._app.list_microphones(self.device_picker.set_options)
        self._start_monitor()

    def on_leave(self) -> None:
        """Close the microphone."""
        self._timer.stop()
        if self._stop_monitor is not None:
            self._stop_monitor()
            self._stop_monitor = None

    def draw(self, app_state: AppState) -> None:
        """Store the microphone's current problem."""
        self._health_problem = app_state.health.microphone

    def _choose_device(self, value: str) -> None:
        self.set_setting(SETTING_KEY, value)
        self.device_picker.set_value(store.get_setting(self._app.settings(), SETTING_KEY))
        self.on_leave()
        self._start_monitor()

    def _start_monitor(self) -> None:
        check = self._microphone_check = MicrophoneCheck(time.monotonic())

        def on_level(level: float) -> None:
            if check is self._microphone_check:
                check.add_level(level)
                self.meter.show_level(level)

        def on_problem(problem: UserError | None) -> None:
            if check is self._microphone_check:
                self._monitor_problem = problem
                self._update_status()

        self._monitor_problem = None
        self._stop_monitor = self._app.audio.monitor(on_level, on_problem)
        self._timer.start()
        self._update_status()

    def _update_status(self) -> None:
        verdict = self._microphone_check.verdict(time.monotonic())
        problem = self._monitor_problem or (self._health_problem if verdict is not MicrophoneVerdict.HEARD else None)
        if problem is not None:
            self._show_status("alert", message_text(problem))
            return
        match verdict:
            case MicrophoneVerdict.WAITING:
                self._show_status("", self.tr("Listening. Say a few words."))
            case MicrophoneVerdict.HEARD:
                self._show_status("well", self.tr("Intone hears you."))
            case MicrophoneVerdict.SILENT:
                self._show_status(
                    "alert",
                    self.tr(
                        "The microphone is silent. Is it muted? Look at its switch and at the sound settings of the "
                        "system, or choose another one above."
                    ),
                )
            case MicrophoneVerdict.QUIET:
                self._show_status("alert", self.tr("No voice yet. Come nearer, or choose another microphone above."))

    def _show_status(self, kind: str, sentence: str) -> None:
        self.icon.set_kind(kind)
        if sentence != self.status_label.text():
            self.status_label.setText(sentence)


class MicrophoneVerdict(Enum):
    """The result since listening began."""

    WAITING = auto()
    HEARD = auto()
    SILENT = auto()
    QUIET = auto()


class MicrophoneCheck:
    """Decides from levels in [0, 1] whether the microphone picked up a voice, or nothing at all.

    A voice rises above the room's level for about one or two syllables. A signal of zeros only means a muted
    microphone, whatever the device reports, because a real microphone always has some noise. Times are seconds of any
    one clock; listening starts at `started_at`.
    """

    def __init__(self, started_at: float) -> None:
        self._started_at = started_at
        self._room_level = 1.0
        self._voiced_frames = 0
        self._has_signal = False

    def add_level(self, level: float) -> None:
        """Add the level of the newest frame."""
        if level > ZERO_LEVEL:
            self._has_signal = True
            self._room_level = min(self._room_level, level)
            self._voiced_frames += level >= max(MIN_VOICE_LEVEL, min(self._room_level + VOICE_RISE, 0.8))

    def verdict(self, now: float) -> MicrophoneVerdict:
        """Return the result so far."""
        if self._voiced_frames >= MIN_VOICED_FRAMES:
            return MicrophoneVerdict.HEARD
        if not self._has_signal:
            return MicrophoneVerdict.SILENT if now - self._started_at > SILENT_TIMEOUT_S else MicrophoneVerdict.WAITING
        return MicrophoneVerdict.QUIET if now - self._started_at > QUIET_TIMEOUT_S else MicrophoneVerdict.WAITING
