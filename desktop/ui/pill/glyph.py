"""Animate the glyph at the left of the pill: bars that follow the voice, become a line, and end in a tick, or in an
arrow where the text was sent and not confirmed.

The newest level is the middle bar and older ones move outwards. Bars move only with sound. Time is an argument, so
tests see the pictures that users see.
"""

from __future__ import annotations

import math
from collections import deque

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from desktop.ui.pill.content import Glyph
from desktop.ui.style import glyphs, tokens
from desktop.ui.style.palettes import Palette

_MIDDLE_BAR = 2
_BAR_SCALE = (0.62, 0.84, 1.0, 0.84, 0.62)
"""Maximum height of the bars from left to right: lower at the ends."""

_RISE_MS = 45.0
_FALL_MS = 130.0
"""Time constants of a rising and a falling bar: a syllable lasts about 200 ms."""


class AnimatedGlyph:
    """The animated glyph. `advance` moves it, `paint` draws it."""

    def __init__(self) -> None:
        self.glyph = Glyph.RING
        self._levels = deque([0.0] * (_MIDDLE_BAR + 1), maxlen=_MIDDLE_BAR + 1)
        self._heights = list(glyphs.SILENT_BARS)
        self._phase = 0.0
        self._progress = 0.0

    @property
    def is_moving(self) -> bool:
        """Whether the next frame would look different."""
        match self.glyph:
            case Glyph.BARS | Glyph.LINE:
                return True
            case Glyph.TICK | Glyph.SENT:
                return self._progress < 1
            case _:
                return False

    def set_glyph(self, glyph: Glyph) -> None:
        """Change to `glyph`."""
        if glyph is self.glyph:
            return
        if glyph is Glyph.BARS:
            self._levels.extend([0.0] * len(self._levels))
            self._heights = list(glyphs.SILENT_BARS)
        self.glyph = glyph
        self._phase = 0.0
        self._progress = 0.0

    def add_level(self, level: float) -> None:
        """Add the level of the newest frame, in [0, 1]."""
        self._levels.appendleft(min(1.0, max(0.0, level)))

    def advance(self, ms: float) -> None:
        """Advance the animation by `ms` milliseconds."""
        for index, height in enumerate(self._heights):
            target = self._target_height(index)
            time_constant_ms = _RISE_MS if target > height else _FALL_MS
            self._heights[index] = target + (height - target) * math.exp(-ms / time_constant_ms)
        self._phase = (self._phase + ms / tokens.PROGRESS_PERIOD_MS) % 1.0
        self._progress = min(1.0, self._progress + ms / tokens.MOTION_MS)

    def finish(self) -> None:
        """Jump to the end of the animation."""
        self._heights = [self._target_height(index) for index in range(len(self._heights))]
        self._progress = 1.0

    def paint(self, painter: QPainter, box: QRectF, palette: Palette) -> None:
        """Draw the glyph into `box`."""
        match self.glyph:
            case Glyph.RING:
                glyphs.ring(painter, box, QColor(palette.faint))
            case Glyph.BARS:
                glyphs.bars(painter, box, self._heights, QColor(palette.accent))
            case Glyph.LINE if max(self._heights) > glyphs.MIN_BAR_HEIGHT * 1.2:
                glyphs.bars(painter, box, self._heights, QColor(palette.accent))
            case Glyph.LINE:
                glyphs.moving_light(painter, box, self._phase, QColor(palette.accent), QColor(palette.line))
            case Glyph.TICK:
                glyphs.tick(painter, box, QColor(palette.good), self._progress)
            case Glyph.SENT:
                glyphs.arrow(painter, box, QColor(palette.quiet), self._progress)
            case Glyph.CLIPBOARD:
                glyphs.clipboard(painter, box, QColor(palette.good))
            case Glyph.CROSS:
                glyphs.cross(painter, box, QColor(palette.quiet))
            case Glyph.PAUSE:
                glyphs.dots(painter, box, QColor(palette.quiet))
            case Glyph.ALERT:
                glyphs.alert(painter, box, QColor(palette.bad))

    def _target_height(self, index: int) -> float:
        if self.glyph is not Glyph.BARS:
            return glyphs.MIN_BAR_HEIGHT
        level = self._levels[abs(index - _MIDDLE_BAR)]
        return glyphs.MIN_BAR_HEIGHT + (1 - glyphs.MIN_BAR_HEIGHT) * level * _BAR_SCALE[index]
