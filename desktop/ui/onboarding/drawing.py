"""The drawn widgets of the onboarding: step dots, the talk key, a switch, a download bar and a status icon."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from desktop.ui.style import glyphs, tokens
from desktop.ui.style import rtl as sides

_DOT = 6


class Dots(QWidget):
    """One dot for each step; the current one is long."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count
        self._at = 0
        self.setFixedSize(count * (_DOT + tokens.GAP) + 2 * _DOT, tokens.FIELD_HEIGHT)

    def go(self, place: int) -> None:
        """Show that the step `place` is the current one, counted from 0."""
        self._at = place
        self.setAccessibleName(self.tr("Step {0} of {1}").format(place + 1, self._count))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the dots."""
        painter = _painter(self)
        palette, left = tokens.palette(), 0.0
        painter.setPen(Qt.PenStyle.NoPen)
        for place in range(self._count):
            width = 3 * _DOT if place == self._at else _DOT
            painter.setBrush(QColor(palette.accent if place == self._at else palette.edge))
            dot = sides.flip(QRectF(left, (self.height() - _DOT) / 2, width, _DOT), QRectF(self.rect()))
            painter.drawRoundedRect(dot, _DOT / 2, _DOT / 2)
            left += width + tokens.GAP
        painter.end()


class Keycap(QWidget):
    """The talk key as a drawn keycap; lit while it is held."""

    def __init__(self) -> None:
        super().__init__()
        self._name, self._lit = "", False
        self.setMinimumHeight(tokens.KEYCAP_HEIGHT + 2 * tokens.WIDE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def lit(self) -> bool:
        """Whether the key is held."""
        return self._lit

    def put(self, name: str) -> None:
        """Set the name printed on the key."""
        self._name = name
        self._say()

    def light(self, lit: bool) -> None:
        """Set whether the key is lit."""
        if lit != self._lit:
            self._lit = lit
            self._say()

    def _say(self) -> None:
        self.setAccessibleName(self.tr("{0}, held").format(self._name) if self._lit else self._name)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the key; when lit, it is pressed down and in the accent colour."""
        painter = _painter(self)
        palette = tokens.palette()
        painter.setFont(tokens.font(tokens.READ_PX, heading=True))
        width = max(tokens.KEYCAP_WIDTH, painter.fontMetrics().horizontalAdvance(self._name) + 2 * tokens.VAST)
        cap = QRectF(0, 0, min(width, self.width() - 2), tokens.KEYCAP_HEIGHT)
        cap.moveCenter(QRectF(self.rect()).center())
        radius = float(tokens.RADIUS)
        painter.setPen(QPen(QColor(palette.accent if self._lit else palette.edge), 1))
        painter.setBrush(QColor(palette.accent if self._lit else palette.line))
        painter.drawRoundedRect(cap, radius, radius)
        top = cap.adjusted(0, tokens.UNIT, 0, 0) if self._lit else cap.adjusted(0, 0, 0, -tokens.UNIT)
        painter.setBrush(QColor(palette.accent if self._lit else palette.raised))
        painter.drawRoundedRect(top, radius, radius)
        painter.setPen(QColor(palette.on_accent if self._lit else palette.text))
        painter.drawText(top, Qt.AlignmentFlag.AlignCenter, self._name)
        painter.end()


class Switch(QAbstractButton):
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
        painter = _painter(self)
        palette, on = tokens.palette(), self.isChecked()
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
        at = QPointF(track.right() - reach if on != sides.mirrored() else track.left() + reach, track.center().y())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.raised if self.isEnabled() else palette.faint))
        painter.drawEllipse(at, reach - 3, reach - 3)
        if on and self.isEnabled():
            box = QRectF(0, 0, reach, reach)
            box.moveCenter(at)
            glyphs.tick(painter, box, QColor(palette.accent))
        painter.end()


class Share(QWidget):
    """A bar that shows how much of a download is done."""

    def __init__(self) -> None:
        super().__init__()
        self._share = 0.0
        self.setFixedHeight(_DOT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def fill(self, done: int, total: int) -> None:
        """Show that `done` of `total` bytes are downloaded; a `total` of 0 means unknown."""
        self._share = min(1.0, done / total) if total else 0.0
        self.setAccessibleName(self.tr("{0} percent are there").format(round(100 * self._share)))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bar."""
        painter = _painter(self)
        line = QRectF(self.rect())
        tokens.track(painter, line)
        if self._share:
            there = QRectF(line)
            there.setWidth(max(_DOT, self._share * line.width()))
            painter.setBrush(QColor(tokens.palette().accent))
            painter.drawRoundedRect(sides.flip(there, line), _DOT / 2, _DOT / 2)
        painter.end()


class Picture(QWidget):
    """A small status icon beside a text: waiting, well, or an alert."""

    def __init__(self) -> None:
        super().__init__()
        self._kind = ""
        self.setFixedSize(tokens.PILL_GLYPH, tokens.PILL_GLYPH)

    def put(self, kind: str) -> None:
        """Set the icon: `well`, `alert`, or a ring for anything else."""
        if kind != self._kind:
            self._kind = kind
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the icon."""
        painter = _painter(self)
        box, palette = QRectF(self.rect()).adjusted(2, 2, -2, -2), tokens.palette()
        match self._kind:
            case "well":
                glyphs.tick(painter, box, QColor(palette.good))
            case "alert":
                glyphs.alert(painter, box, QColor(palette.warn))
            case _:
                glyphs.ring(painter, box, QColor(palette.faint))
        painter.end()


def _painter(widget: QWidget) -> QPainter:
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter
