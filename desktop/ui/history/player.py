"""Play the recording of the selected dictation: a button, a waveform and the position.

The file is read only when the selection rests on a row, so moving through the list costs nothing. A timer draws the
position during playback only.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QWidget

from desktop.audio.waveform import Sound
from desktop.core.errors import Problem
from desktop.ui.controllers.rows import Rows
from desktop.ui.history.wave import Wave
from desktop.ui.style import glyphs, tokens
from desktop.ui.widgets.label import Label, tip

LOOK_MS = 150
"""Milliseconds that a row stays selected before its recording is read."""

DRAW_MS, DRAW_STILL_MS = 33, 250
"""Milliseconds between redraws during playback; the second for reduced motion."""


class Player(QWidget):
    """The bar; hidden without a recording.

    `progress` carries the part of the speech that was played, in [0, 1], and None at the end; `failed` the error.
    """

    said = Signal(object)
    failed = Signal(object)

    def __init__(self, rows: Rows) -> None:
        super().__init__()
        self._rows = rows
        self._path: Path | None = None
        self._sound: Sound | None = None
        self._wanted = False
        self._run = 0
        self._from_ms = 0
        self._since = QElapsedTimer()
        self._look = QTimer(self, singleShot=True, interval=LOOK_MS)
        self._look.timeout.connect(self._read)
        self._drawing = QTimer(self)
        self._drawing.timeout.connect(self._draw)
        self.button = PlayButton()
        self.button.clicked.connect(self.toggle)
        self.wave = Wave()
        self.wave.setAccessibleName(self.tr("Recording"))
        self.wave.sought.connect(self._seek)
        self.time = Label()
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
    def playing(self) -> bool:
        """Whether the recording is playing."""
        return self.button.playing

    def put(self, path: Path | None, duration_s: float) -> None:
        """Show the recording at `path`, which lasts about `duration_s`."""
        self.setVisible(path is not None)
        if path == self._path:
            return
        self.stop()
        self._path, self._sound, self._wanted = path, None, False
        self.wave.put((), round(1000 * duration_s))
        self._tell_time()
        if path is not None:
            self._look.start()

    def toggle(self) -> None:
        """Play from the current position, or pause."""
        if self.playing:
            self.stop()
        elif self._sound is not None:
            self._play(self._sound)
        elif self._path is not None:
            self._wanted = True
            self._read()

    def stop(self) -> None:
        """Pause; playback can continue from here."""
        if self.playing:
            self._run += 1
            self._rows.silence()
            self._rest()

    def _read(self) -> None:
        self._look.stop()
        if (path := self._path) is not None:
            self._rows.sound(path, lambda sound: self._arrived(path, sound))

    def _arrived(self, path: Path, sound: Sound | Problem) -> None:
        if path != self._path:
            return
        if isinstance(sound, Problem):
            self._path = None
            self.hide()
            if self._wanted:
                self.failed.emit(sound)
            return
        self._sound = sound
        self.wave.put(sound.peaks, round(1000 * sound.duration_s))
        self._tell_time()
        if self._wanted:
            self._wanted = False
            self._play(sound)

    def _play(self, sound: Sound) -> None:
        self._run += 1
        run = self._run
        if self.wave.value() >= self.wave.maximum():
            self.wave.setValue(0)
        self._from_ms = self.wave.value()
        self.button.put(playing=True)
        self._rows.play(sound, self._from_ms / 1000, lambda: self._began(run), lambda how: self._ended(run, how))

    def _began(self, run: int) -> None:
        if run == self._run:
            self._since.start()
            self._drawing.start(DRAW_MS if tokens.moving() else DRAW_STILL_MS)

    def _ended(self, run: int, how: Problem | None) -> None:
        if run != self._run:
            return
        self._rest()
        if how is not None:
            self.failed.emit(how)
        else:
            self.wave.setValue(0)
            self._tell_time()

    def _rest(self) -> None:
        self._drawing.stop()
        self.button.put(playing=False)
        self.said.emit(None)

    def _draw(self) -> None:
        self.wave.setValue(min(self.wave.maximum(), self._from_ms + self._since.elapsed()))
        self._tell_time()
        if self._sound is not None:
            self.said.emit(self._sound.said(self.wave.value() / 1000))

    def _seek(self, at_ms: int) -> None:
        if self.playing and self._sound is not None:
            self.wave.setValue(at_ms)
            self._play(self._sound)
        self._tell_time()

    def _tell_time(self) -> None:
        self.time.setText(f"{_clock(self.wave.value())} / {_clock(self.wave.maximum())}")


class PlayButton(QAbstractButton):
    """A ring with a triangle, or with two bars during playback."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(QSize(tokens.FIELD_HEIGHT, tokens.FIELD_HEIGHT))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.put(playing=False)

    def put(self, *, playing: bool) -> None:
        """Show what pressing the button does."""
        self.playing = playing
        self.setAccessibleName(self.tr("Pause") if playing else self.tr("Play"))
        tip(self, self.tr("Pause (Space)") if playing else self.tr("Play (Space)"))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the button."""
        palette = tokens.palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        near = self.hasFocus() or self.underMouse()
        painter.setPen(QPen(QColor(palette.accent if near else palette.edge), 1))
        painter.setBrush(QColor(palette.raised))
        ring = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawEllipse(ring)
        inset = ring.width() * 0.31
        draw = glyphs.halt if self.playing else glyphs.play
        draw(painter, ring.adjusted(inset, inset, -inset, -inset), QColor(palette.accent))
        painter.end()


def _clock(ms: int) -> str:
    minutes, seconds = divmod(ms // 1000, 60)
    return f"{minutes}:{seconds:02}"
