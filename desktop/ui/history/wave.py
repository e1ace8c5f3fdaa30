"""Show a recording as bars of loudness, the played part in the accent colour.

It is a slider: keys and clicks seek, and screen readers know the role.
"""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractSlider

from desktop.ui.style import tokens

SEEK_STEP_MS = 2_000
"""Milliseconds that an arrow key seeks."""


class WaveformSlider(QAbstractSlider):
    """Slider whose value is the playback position in milliseconds. `seek_requested` is emitted when the user seeks."""

    seek_requested = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._peaks: tuple[float, ...] = ()
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # time runs left to right, also for the arrow keys
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSingleStep(SEEK_STEP_MS)
        self.setPageStep(5 * SEEK_STEP_MS)
        self.setFixedHeight(tokens.WAVE_HEIGHT)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.actionTriggered.connect(lambda: self.seek_requested.emit(self.sliderPosition()))

    def set_recording(self, peaks: tuple[float, ...], duration_ms: int) -> None:
        """Show a recording by its `peaks`, at position 0."""
        self._peaks = peaks
        self.setRange(0, max(0, duration_ms))
        self.setValue(0)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the preferred size; the layout may widen it."""
        return QSize(tokens.FIELD_WIDTH, tokens.WAVE_HEIGHT)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Seek to the clicked position."""
        self._seek(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Seek with the pointer while the left button is down."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._seek(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bars."""
        palette = tokens.current_palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(QColor(palette.accent), 1))
            field = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(field, tokens.FIELD_RADIUS, tokens.FIELD_RADIUS)
        painter.setPen(Qt.PenStyle.NoPen)
        bars = max(1, (self.width() - 2 * tokens.GAP) // tokens.BAR_PITCH)
        played_bars = bars * self.value() / max(1, self.maximum())
        middle, tall = self.height() / 2, self.height() - 2 * tokens.GAP
        for number, peak in enumerate(resample_peaks(self._peaks, bars)):
            height = max(tokens.BAR_WIDTH, peak * tall)
            left = tokens.GAP + number * tokens.BAR_PITCH
            painter.setBrush(QColor(palette.accent if number < played_bars else palette.faint))
            bar = QRectF(left, middle - height / 2, tokens.BAR_WIDTH, height)
            painter.drawRoundedRect(bar, tokens.BAR_WIDTH / 2, tokens.BAR_WIDTH / 2)
        painter.end()

    def _seek(self, event: QMouseEvent) -> None:
        room = max(1.0, self.width() - 2.0 * tokens.GAP)
        part = min(1.0, max(0.0, (event.position().x() - tokens.GAP) / room))
        self.setValue(round(part * self.maximum()))
        self.seek_requested.emit(self.value())


def resample_peaks(peaks: tuple[float, ...], bars: int) -> list[float]:
    """Resample `peaks` to `bars` values: the highest of each bar's peaks, the nearest where there are fewer peaks."""
    if not peaks:
        return [0.0] * bars
    edges = [bar * len(peaks) / bars for bar in range(bars + 1)]
    return [max(peaks[int(start) : max(int(start) + 1, int(end))]) for start, end in pairwise(edges)]
