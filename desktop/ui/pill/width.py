"""The width of the pill: as wide as its text needs, animated, and only growing while the user speaks."""

from __future__ import annotations

from PySide6.QtCore import QAbstractAnimation, QEasingCurve, QObject, QVariantAnimation

from desktop.ui.pill.content import Glyph, PillContent
from desktop.ui.style import tokens

FRAME_WIDTH = tokens.WIDE + tokens.PILL_GLYPH + tokens.PAD + tokens.WIDE + tokens.UNIT
"""Pixels of the width that the text cannot use."""

_SPEECH_GLYPHS = (Glyph.RING, Glyph.BARS, Glyph.LINE)
_GROWTH_STEP = 8 * tokens.UNIT
"""Pixels by which the pill grows while words arrive. It never shrinks then: it must not tremble with every guess."""


class PillWidth(QVariantAnimation):
    """Emits `valueChanged` with each width on the way to `target`. All widths are in pixels, without the shadow."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent, duration=tokens.MOTION_MS, easingCurve=QEasingCurve(QEasingCurve.Type.OutCubic))
        self.target = tokens.PILL_MIN_WIDTH
        self._min_width = 0

    def begin_dictation(self) -> None:
        """Let the pill be narrow again."""
        self._min_width = 0

    def find_preferred(self, content: PillContent, text_width: int, *, is_visible: bool) -> int:
        """Return the width that `content` needs, whose text is `text_width` wide."""
        if not (content.settled or content.tentative or content.tail):
            return tokens.PILL_COMPACT_WIDTH
        preferred = max(tokens.PILL_MIN_WIDTH, FRAME_WIDTH + text_width)
        if content.glyph in _SPEECH_GLYPHS or (content.glyph is Glyph.TICK and is_visible):
            self._min_width = preferred = max(self._min_width, -(-preferred // _GROWTH_STEP) * _GROWTH_STEP)
        return min(tokens.PILL_WIDTH, preferred)

    def animate(self, current: int, target: int) -> None:
        """Change the width from `current` to `target`."""
        if target == self.target and self.state() == QAbstractAnimation.State.Running:
            return
        self.stop()
        self.target = target
        if target == current or not tokens.is_motion_enabled():
            self.valueChanged.emit(target)
            return
        self.setStartValue(current)
        self.setEndValue(target)
        self.start()
