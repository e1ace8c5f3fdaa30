"""Show the microphone's current level as a bar.

It is a progress bar, which screen readers can read without announcing every step: the value moves in tenths. The drawn
bar falls slowly, like a meter; without motion it shows the last level.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar

from desktop.ui.style import painting, tokens

LEVEL_STEPS = 10
WARN_LEVEL = 0.97
"""Level from which the bar warns (-13 dB over a frame): syllables are about to be clipped."""

FALL_MS = 260.0
MIN_DRAWN_LEVEL = 0.004


class LevelMeter(QProgressBar):
    """Call `show_level` with each level in [0, 1]; without calls the bar falls to zero and rests."""

    def __init__(self) -> None:
        super().__init__()
        self._input_level = self._drawn_level = 0.0
        self.setRange(0, LEVEL_STEPS)
        self.setValue(0)
        self.setTextVisible(False)
        self.setAccessibleName(self.tr("Level of the microphone"))
        self.setMinimumWidth(tokens.BUTTON_WIDTH)
        self.setFixedHeight(tokens.LEVEL_HEIGHT)
        self._fall_timer = QTimer(self, interval=tokens.FRAME_MS)
        self._fall_timer.timeout.connect(self._fall)

    @property
    def level(self) -> float:
        """The drawn level, in [0, 1]."""
        return self._drawn_level

    def show_level(self, level: float) -> None:
        """Show a level in [0, 1]."""
        self._input_level = min(1.0, max(0.0, level))
        self.setValue(round(LEVEL_STEPS * self._input_level))
        if not tokens.is_motion_enabled():
            self._drawn_level = self.value() / LEVEL_STEPS
        else:
            self._drawn_level = max(self._drawn_level, self._input_level)
            if self._drawn_level > MIN_DRAWN_LEVEL and self.isVisible():
                self._fall_timer.start()
        self.update()

    def show_silence(self) -> None:
        """Show silence."""
        self._fall_timer.stop()
        self._input_level = self._drawn_level = 0.0
        self.setValue(0)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the width of a control."""
        return QSize(tokens.FIELD_WIDTH, tokens.LEVEL_HEIGHT)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the timer when hidden."""
        self.show_silence()
        super().hideEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the track and the level."""
        palette = tokens.current_palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(self.rect())
        radius = track.height() / 2
        painting.draw_track(painter, track)
        if self._drawn_level > MIN_DRAWN_LEVEL:
            bar = QRectF(track)
            bar.setWidth(max(track.height(), track.width() * self._drawn_level))
            painter.setBrush(QColor(palette.warn if self._drawn_level >= WARN_LEVEL else palette.accent))
            painter.drawRoundedRect(bar, radius, radius)
        painter.end()

    def _fall(self) -> None:
        self._drawn_level = self._input_level + (self._drawn_level - self._input_level) * math.exp(
            -self._fall_timer.interval() / FALL_MS
        )
        self._input_level *= math.exp(-self._fall_timer.interval() / FALL_MS)  # a level that is not renewed fades
        if self._drawn_level <= MIN_DRAWN_LEVEL:
            self._fall_timer.stop()
            self._drawn_level = 0.0
        self.update()
