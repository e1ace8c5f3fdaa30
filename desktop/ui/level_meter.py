"""How loud the microphone is just now, as a bar that follows the voice.

It is a progress bar to a screen reader, which knows how to say one without saying every step: the value moves in
tenths. What is seen falls softly, as a meter does; without motion it is only as high as what was heard last.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar

from desktop.ui import tokens

TENTHS = 10
LOUD = 0.97
"""From here on (-13 dB over a frame) the bar warns: syllables are about to be cut off."""

FALL_MS = 260.0
LEAST = 0.004


class LevelMeter(QProgressBar):
    """`hear` is given the loudness in [0, 1] as it comes; without any it falls to nothing, and then rests."""

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
        """What is drawn, in [0, 1]."""
        return self._drawn

    def hear(self, level: float) -> None:
        """Show a loudness in [0, 1]."""
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
        """Nothing is heard any more."""
        self._falling.stop()
        self._heard = self._drawn = 0.0
        self.setValue(0)
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as a control."""
        return QSize(tokens.FIELD_WIDTH, tokens.LEVEL_HEIGHT)

    def hideEvent(self, event: QHideEvent) -> None:
        """Run nothing unseen."""
        self.rest()
        super().hideEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the track, and on it how loud it is."""
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
        self._heard *= math.exp(-self._falling.interval() / FALL_MS)  # what comes no more is not loud for ever
        if self._drawn <= LEAST:
            self._falling.stop()
            self._drawn = 0.0
        self.update()
