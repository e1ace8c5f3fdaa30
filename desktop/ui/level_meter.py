"""A live level as a row of bars.

A stand-in until the microphone's page of the settings has its own; the first run needs `hear` alone.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop.ui import tokens

BARS = 36
FALL = 0.06


class LevelMeter(QWidget):
    """`hear` takes the loudness of the newest frame; the meter falls slowly."""

    def __init__(self) -> None:
        super().__init__()
        self._level = 0.0
        self.setFixedHeight(tokens.FIELD_HEIGHT)
        self.setAccessibleName(self.tr("Level of the microphone"))
        self._fall = QTimer(self, interval=2 * tokens.FRAME_MS)
        self._fall.timeout.connect(self._sink)

    def hear(self, level: float) -> None:
        """Take a loudness in [0, 1]."""
        self._level = max(self._level, min(1.0, level))
        if not self._fall.isActive():
            self._fall.start()
        self.update()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest where nobody looks."""
        super().hideEvent(event)
        self._fall.stop()

    def _sink(self) -> None:
        self._level = max(0.0, self._level - FALL)
        if not self._level:
            self._fall.stop()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bars: lit up to the level."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, pitch = tokens.palette(), self.width() / BARS
        for place in range(BARS):
            painter.setPen(QColor(0, 0, 0, 0))
            painter.setBrush(QColor(palette.accent if place < self._level * BARS else palette.line))
            bar = QRectF(place * pitch + 1, self.height() * 0.2, pitch * 0.55, self.height() * 0.6)
            painter.drawRoundedRect(bar, bar.width() / 2, bar.width() / 2)
        painter.end()
