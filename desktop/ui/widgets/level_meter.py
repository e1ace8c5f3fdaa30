"""Show the microphone's current level as a bar.

It is a progress bar, which screen readers can read without announcing every step: the value moves in tenths. The drawn
bar falls slowly, like a meter; without motion it shows the last level.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar

from desktop.ui.style import tokens

TENTHS = 10
LOUD = 0.97
"""Level from which the bar warns (-13 dB over a frame): syllables are about to be clipped."""

FALL_MS = 260.0
LEAST = 0.004


class LevelMeter(QProgressBar):
    """Call `hear` with each level in [0, 1]; without calls the bar falls to zero and rests."""

    def __init__(self) -> None:
        super().__init__()
        self._heard = self._drawn = 0.0
        self.setRange(0, TENTHS)
        self.setValue(0)
        self.setTextVisible(False)
        self.setAccessibleName(self.tr("Level of the microphone"))
        self.setMinimumWidth(tokens.BUTTON_WIDTH)
        self.setFixedHeight(tokens.LEVEL_HEIGHT)
        self._falling = QTimer(self, interval=tokens.FRAME_MS)
        self._falling.timeout.connect(self._fall)

    @property
    def level(self) -> float:
        """The drawn level, in [0, 1]."""
        return self._drawn

    def hear(self, level: float) -> None:
        """Show a level in [0, 1]."""
        self._heard = min(1.0, max(0.0, level))
        self.setValue(round(TENTHS * self._heard))
        if not tokens.moving():
            self._drawn = self.value() / TENTHS
        else:
            self._drawn = max(self._drawn, self._heard)
            if self._drawn > LEAST and self.isVisible():
                self._falling.start()
        self.update()

    def rest(self) -> None:
        """Show silence."""
        self._falling.stop()
        self._heard = self._drawn = 0.0
        self.setValue(0)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the width of a control."""
        return QSize(tokens.FIELD_WIDTH, tokens.LEVEL_HEIGHT)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the timer when hidden."""
        self.rest()
        super().hideEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the track and the level."""
        palette = tokens.palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(self.rect())
        radius = track.height() / 2
        tokens.track(painter, track)
        if self._drawn > LEAST:
            bar = QRectF(track)
            bar.setWidth(max(track.height(), track.width() * self._drawn))
            if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
                bar.moveRight(track.right())
            painter.setBrush(QColor(palette.warn if self._drawn >= LOUD else palette.accent))
            painter.drawRoundedRect(bar, radius, radius)
        painter.end()

    def _fall(self) -> None:
        self._drawn = self._heard + (self._drawn - self._heard) * math.exp(-self._falling.interval() / FALL_MS)
        self._heard *= math.exp(-self._falling.interval() / FALL_MS)  # a level that is not renewed fades
        if self._drawn <= LEAST:
            self._falling.stop()
            self._drawn = 0.0
        self.update()
