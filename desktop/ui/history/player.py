"""Play the recording of the selected dictation: a button, a waveform and the position.

The file is read only when the selection rests on a row, so moving through the list costs nothing. A timer draws the
position during playback only.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QHBoxLayout, QWidget

from desktop.audio.waveform import Waveform
from desktop.core.errors import UserError
from desktop.ui.controllers.history import HistoryController
from desktop.ui.style import glyphs, tokens
from desktop.ui.widgets.label import PlainLabel, set_tool_tip

SEEK_STEP_MS = 2_000
"""Milliseconds that an arrow key seeks."""

READ_DELAY_MS = 150
"""Milliseconds that a row stays selected before its recording is read."""

DRAW_MS, DRAW_REDUCED_MOTION_MS = 33, 250
"""Milliseconds between redraws during playback; the second for reduced motion."""


class PlaybackBar(QWidget):
    """The bar; hidden without a recording.

    `progress` carries the part of the speech that was played, in [0, 1], and None at the end; `failed` the error.
    """

    progress = Signal(object)
    failed = Signal(object)

    def __init__(self, history: HistoryController) -> None:
        super().__init__()
        self._history = history
        self._path: Path | None = None
        self._waveform: Waveform | None = None
        self._play_when_loaded = False
        self._playback_id = 0
        self._start_ms = 0
        self._place_ms: int | None = None
        self._elapsed = QElapsedTimer()
        self._read_timer = QTimer(self, singleShot=True, interval=READ_DELAY_MS)
        self._read_timer.timeout.connect(self._read)
        self._draw_timer = QTimer(self)
        self._draw_timer.timeout.connect(self._draw)
        self.button = PlayButton()
        self.button.clicked.connect(self.toggle)
        self.wave = WaveformSlider()
        self.wave.setAccessibleName(self.tr("Recording"))
        self.wave.seek_requested.connect(self._seek)
        self.time = PlainLabel()
        self.time.setFont(tokens.font(tokens.SMALL_PX, numbers=True))
        self.time.setProperty("role", "quiet")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(tokens.GAP)
        line.addWidget(self.button)
        line.addWidget(self.wave, 1)
        line.addWidget(self.time)
        self.hide()

    @property
    def is_playing(self) -> bool:
        """Whether the recording is playing."""
        return self.button.is_playing

    def show_recording(self, path: Path | None, duration_s: float) -> None:
        """Show the recording at `path`, which lasts about `duration_s`."""
        self.setVisible(path is not None)
        if path == self._path:
            return
        self.stop()
        self._path, self._waveform, self._play_when_loaded, self._place_ms = path, None, False, None
        self.wave.set_recording((), round(1000 * duration_s))
        self._show_time()
        if path is not None:
            self._read_timer.start()

    def place(self, part: float) -> None:
        """Move the position to `part` of the recording's length, unless it plays."""
        self._place_at(round(part * self.wave.maximum()))

    def place_at(self, at_s: float) -> None:
        """Move the position to `at_s` seconds, unless it plays or the user has moved it since it was placed."""
        if self._place_ms is None or self.wave.value() == self._place_ms:
            self._place_at(round(1000 * at_s))

    def toggle(self) -> None:
        """Play from the current position, or pause."""
        if self.is_playing:
            self.stop()
        elif self._waveform is not None:
            self._play(self._waveform)
        elif self._path is not None:
            self._play_when_loaded = True
            self._read()

    def stop(self) -> None:
        """Pause; playback can continue from here."""
        if self.is_playing:
            self._playback_id += 1
            self._history.stop_playback()
            self._show_stopped()

    def _place_at(self, at_ms: int) -> None:
        if not self.is_playing:
            self.wave.setValue(at_ms)
            self._place_ms = self.wave.value()
            self._show_time()

    def _read(self) -> None:
        self._read_timer.stop()
        if (path := self._path) is not None:
            self._history.load_waveform(path, lambda waveform: self._on_loaded(path, waveform))

    def _on_loaded(self, path: Path, waveform: Waveform | UserError) -> None:
        if path != self._path:
            return
        if isinstance(waveform, UserError):
            self._path = None
            self.hide()
            if self._play_when_loaded:
                self.failed.emit(waveform)
            return
        self._waveform = waveform
        self.wave.set_recording(waveform.peaks, round(1000 * waveform.duration_s))
        self.wave.setValue(self._place_ms or 0)
        self._show_time()
        if self._play_when_loaded:
            self._play_when_loaded = False
            self._play(waveform)

    def _play(self, waveform: Waveform) -> None:
        self._playback_id += 1
        playback_id = self._playback_id
        if self.wave.value() >= self.wave.maximum():
            self.wave.setValue(0)
        self._start_ms = self.wave.value()
        self.button.set_playing(playing=True)
        self._history.play(
            waveform,
            self._start_ms / 1000,
            lambda: self._on_started(playback_id),
            lambda error: self._on_ended(playback_id, error),
        )

    def _on_started(self, playback_id: int) -> None:
        if playback_id == self._playback_id:
            self._elapsed.start()
            self._draw_timer.start(DRAW_MS if tokens.is_motion_enabled() else DRAW_REDUCED_MOTION_MS)

    def _on_ended(self, playback_id: int, error: UserError | None) -> None:
        if playback_id != self._playback_id:
            return
        self._show_stopped()
        if error is not None:
            self.failed.emit(error)
        else:
            self.wave.setValue(0)
            self._show_time()

    def _show_stopped(self) -> None:
        self._draw_timer.stop()
        self.button.set_playing(playing=False)
        self.progress.emit(None)

    def _draw(self) -> None:
        self.wave.setValue(min(self.wave.maximum(), self._start_ms + self._elapsed.elapsed()))
        self._show_time()
        if self._waveform is not None:
            self.progress.emit(self._waveform.speech_progress(self.wave.value() / 1000))

    def _seek(self, at_ms: int) -> None:
        if self.is_playing and self._waveform is not None:
            self.wave.setValue(at_ms)
            self._play(self._waveform)
        self._show_time()

    def _show_time(self) -> None:
        self.time.setText(f"{_format_time(self.wave.value())} / {_format_time(self.wave.maximum())}")


class WaveformSlider(QAbstractSlider):
    """A recording as bars of loudness, the played part in the accent colour.

    A slider, so that keys and clicks seek and screen readers know the role. Its value is the playback position in
    milliseconds; `seek_requested` is emitted when the user seeks.
    """

    seek_requested = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._peaks: tuple[float, ...] = ()
        self.setOrientation(Qt.Orientation.Horizontal)
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


class PlayButton(QAbstractButton):
    """A ring with a triangle, or with two bars during playback."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(QSize(tokens.FIELD_HEIGHT, tokens.FIELD_HEIGHT))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_playing(playing=False)

    def set_playing(self, *, playing: bool) -> None:
        """Show what pressing the button does."""
        self.is_playing = playing
        self.setAccessibleName(self.tr("Pause") if playing else self.tr("Play"))
        set_tool_tip(self, self.tr("Pause (Space)") if playing else self.tr("Play (Space)"))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the button."""
        palette = tokens.current_palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        near = self.hasFocus() or self.underMouse()
        painter.setPen(QPen(QColor(palette.accent if near else palette.edge), 1))
        painter.setBrush(QColor(palette.raised))
        ring = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawEllipse(ring)
        inset = ring.width() * 0.31
        draw = glyphs.pause_bars if self.is_playing else glyphs.play
        draw(painter, ring.adjusted(inset, inset, -inset, -inset), QColor(palette.accent))
        painter.end()


def resample_peaks(peaks: tuple[float, ...], bars: int) -> list[float]:
    """Resample `peaks` to `bars` values: the highest of each bar's peaks, the nearest where there are fewer peaks."""
    if not peaks:
        return [0.0] * bars
    edges = [bar * len(peaks) / bars for bar in range(bars + 1)]
    return [max(peaks[int(start) : max(int(start) + 1, int(end))]) for start, end in pairwise(edges)]


def _format_time(ms: int) -> str:
    minutes, seconds = divmod(ms // 1000, 60)
    return f"{minutes}:{seconds:02}"
