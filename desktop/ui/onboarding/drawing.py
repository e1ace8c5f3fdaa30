"""The drawn widgets of the onboarding: step dots, the talk key, a switch, a download bar and a status icon."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from desktop.ui.style import glyphs, painting, tokens

_DOT_SIZE = 6


class StepDots(QWidget):
    """One dot for each step; the current one is long."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count
        self._current = 0
        self.setFixedSize(count * (_DOT_SIZE + tokens.GAP) + 2 * _DOT_SIZE, tokens.FIELD_HEIGHT)

    def set_step(self, index: int) -> None:
        """Show that the step at `index`, counted from 0, is the current one."""
        self._current = index
        self.setAccessibleName(self.tr("Step {0} of {1}").format(index + 1, self._count))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the dots."""
        painter = _create_painter(self)
        palette, left = tokens.current_palette(), 0.0
        painter.setPen(Qt.PenStyle.NoPen)
        for index in range(self._count):
            width = 3 * _DOT_SIZE if index == self._current else _DOT_SIZE
            painter.setBrush(QColor(palette.accent if index == self._current else palette.edge))
            dot = QRectF(left, (self.height() - _DOT_SIZE) / 2, width, _DOT_SIZE)
            painter.drawRoundedRect(dot, _DOT_SIZE / 2, _DOT_SIZE / 2)
            left += width + tokens.GAP
        painter.end()


class Keycap(QWidget):
    """The talk key as a drawn keycap; lit while it is held."""

    def __init__(self) -> None:
        super().__init__()
        self._name, self._is_lit = "", False
        self.setMinimumHeight(tokens.KEYCAP_HEIGHT + 2 * tokens.WIDE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def is_lit(self) -> bool:
        """Whether the key is held."""
        return self._is_lit

    def set_name(self, name: str) -> None:
        """Set the name printed on the key."""
        self._name = name
        self._update_name()

    def set_lit(self, is_lit: bool) -> None:
        """Set whether the key is lit."""
        if is_lit != self._is_lit:
            self._is_lit = is_lit
            self._update_name()

    def _update_name(self) -> None:
        self.setAccessibleName(self.tr("{0}, held").format(self._name) if self._is_lit else self._name)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the key; when lit, it is pressed down and in the accent colour."""
        painter = _create_painter(self)
        palette = tokens.current_palette()
        painter.setFont(tokens.font(tokens.READING_PX, heading=True))
        width = max(tokens.KEYCAP_WIDTH, painter.fontMetrics().horizontalAdvance(self._name) + 2 * tokens.VAST)
        cap = QRectF(0, 0, min(width, self.width() - 2), tokens.KEYCAP_HEIGHT)
        cap.moveCenter(QRectF(self.rect()).center())
        radius = float(tokens.RADIUS)
        painter.setPen(QPen(QColor(palette.accent if self._is_lit else palette.edge), 1))
        painter.setBrush(QColor(palette.accent if self._is_lit else palette.line))
        painter.drawRoundedRect(cap, radius, radius)
        top = cap.adjusted(0, tokens.UNIT, 0, 0) if self._is_lit else cap.adjusted(0, 0, 0, -tokens.UNIT)
        painter.setBrush(QColor(palette.accent if self._is_lit else palette.raised))
        painter.drawRoundedRect(top, radius, radius)
        painter.setPen(QColor(palette.on_accent if self._is_lit else palette.text))
        painter.drawText(top, Qt.AlignmentFlag.AlignCenter, self._name)
        painter.end()


class ToggleSwitch(QAbstractButton):
    """An on/off switch; `chosen` carries the new state when the user changes it."""

    chosen = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self.chosen)
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Return the size of the track and its focus ring."""
        return QSize(tokens.SWITCH_WIDTH, tokens.SWITCH_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the track, the knob, and a tick on it while it is on."""
        painter = _create_painter(self)
        palette, on = tokens.current_palette(), self.isChecked()
        track = QRectF(self.rect()).adjusted(3, 3, -3, -3)
        if self.hasFocus():
            painter.setPen(QPen(QColor(palette.text), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ring = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(ring, ring.height() / 2, ring.height() / 2)
        painter.setPen(QPen(QColor(palette.accent if on and self.isEnabled() else palette.faint), 1))
        painter.setBrush(QColor(palette.accent if on and self.isEnabled() else palette.line))
        painter.drawRoundedRect(track, track.height() / 2, track.height() / 2)
        reach = track.height() / 2
        center = QPointF(track.right() - reach if on else track.left() + reach, track.center().y())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.raised if self.isEnabled() else palette.faint))
        painter.drawEllipse(center, reach - 3, reach - 3)
        if on and self.isEnabled():
            box = QRectF(0, 0, reach, reach)
            box.moveCenter(center)
            glyphs.tick(painter, box, QColor(palette.accent))
        painter.end()


class DownloadBar(QWidget):
    """A bar that shows how much of a download is done."""

    def __init__(self) -> None:
        super().__init__()
        self._fraction = 0.0
        self.setFixedHeight(_DOT_SIZE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_progress(self, done: int, total: int) -> None:
        """Show that `done` of `total` bytes are downloaded; a `total` of 0 means unknown."""
        self._fraction = min(1.0, done / total) if total else 0.0
        self.setAccessibleName(self.tr("{0} percent are there").format(round(100 * self._fraction)))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bar."""
        painter = _create_painter(self)
        line = QRectF(self.rect())
        painting.draw_track(painter, line)
        if self._fraction:
            filled = QRectF(line)
            filled.setWidth(max(_DOT_SIZE, self._fraction * line.width()))
            painter.setBrush(QColor(tokens.current_palette().accent))
            painter.drawRoundedRect(filled, _DOT_SIZE / 2, _DOT_SIZE / 2)
        painter.end()


class StatusIcon(QWidget):
    """A small status icon beside a text: waiting, well, or an alert."""

    def __init__(self) -> None:
        super().__init__()
        self._kind = ""
        self.setFixedSize(tokens.PILL_GLYPH, tokens.PILL_GLYPH)

    def set_kind(self, kind: str) -> None:
        """Set the icon: `well`, `alert`, or a ring for anything else."""
        if kind != self._kind:
            self._kind = kind
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the icon."""
        painter = _create_painter(self)
        box, palette = QRectF(self.rect()).adjusted(2, 2, -2, -2), tokens.current_palette()
        match self._kind:
            case "well":
                glyphs.tick(painter, box, QColor(palette.good))
            case "alert":
                glyphs.alert(painter, box, QColor(palette.warn))
            case _:
                glyphs.ring(painter, box, QColor(palette.faint))
        painter.end()


def _create_painter(widget: QWidget) -> QPainter:
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter
