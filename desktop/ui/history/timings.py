"""Draw the time from key release to text as a line of two parts: until sent, and until the window read it.

The full line is one second, so lines can be compared between rows.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop.history.rows import HistoryRow
from desktop.ui.style import tokens
from desktop.ui.widgets.label import set_tool_tip

FULL_LINE_MS = 1_000.0


class TimingLine(QWidget):
    """The line; hidden when nothing was pasted."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: tuple[float, float] = (0.0, 0.0)
        self.setFixedHeight(tokens.UNIT)
        self.hide()

    def show_row(self, row: HistoryRow) -> None:
        """Show the timing of `row`, with the milliseconds in the tooltip."""
        self._parts = timing_parts(row)
        self.setVisible(any(self._parts))
        text, paste = (round(part) for part in self._parts)
        description = self.tr("{0} ms until the text was sent, {1} ms until it was read").format(text, paste)
        set_tool_tip(self, description)
        self.setAccessibleName(description)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line over a faint full line."""
        palette = tokens.current_palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        radius = self.height() / 2
        painter.setBrush(QColor(palette.line))
        whole = min(self.width(), tokens.SIDE_WIDTH)
        painter.drawRoundedRect(QRectF(0, 0, whole, self.height()), radius, radius)
        text, paste = (min(whole, whole * end / FULL_LINE_MS) for end in (self._parts[0], sum(self._parts)))
        for end, colour in ((paste, palette.faint), (text, palette.good)):
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(QRectF(0, 0, end, self.height()), radius, radius)
        painter.end()


def timing_parts(row: HistoryRow) -> tuple[float, float]:
    """Return milliseconds from release to sent text, and from there to the end of the paste."""
    return row.release_to_text_ms or 0.0, (row.paste_ms or 0.0) if row.release_to_text_ms is not None else 0.0
