"""The controls of the settings window: a list to choose from, a line to write in, and the row that holds one.

Each control emits `chosen` with the setting's new value as text, so that a row need not know which one it holds.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop.ui import tokens
from desktop.ui.bridge import Choice
from desktop.ui.key_field import KeyField

_LABEL = Qt.ItemDataRole.UserRole + 1
"""What a closed list shows: its choice without the note."""


class Picker(QComboBox):
    """A list to choose from, painted here: a style sheet alone cannot draw its arrow without an image file."""

    chosen = Signal(str)

    def __init__(self, *choices: Choice, quiet: bool = False) -> None:
        """`quiet`: it looks like words until something is chosen, or the pointer or the focus is there."""
        super().__init__()
        self._quiet = quiet
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.activated.connect(lambda: self.chosen.emit(self.currentData()))
        self._choices = choices
        self._value = ""

    def offer(self, choices: Sequence[Choice]) -> None:
        """Offer `choices`, keeping what is chosen."""
        self._choices = tuple(choices)
        self.put(self._value)

    def put(self, value: str) -> None:
        """Show `value`, which is offered as it is where no choice has it."""
        self._value = value
        known = any(choice.value == value for choice in self._choices)
        with QSignalBlocker(self):
            self.clear()
            for choice in self._choices if known else (*self._choices, Choice(value, value)):
                listed = f"{choice.label}  ·  {choice.note}" if choice.note else choice.label
                self.addItem(listed, choice.value)
                self.setItemData(self.count() - 1, choice.label, _LABEL)
            self.setCurrentIndex(self.findData(value))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """A quiet one is as wide as what is chosen."""
        hint = super().sizeHint()
        if self._quiet:
            label = self.fontMetrics().horizontalAdvance(self.currentData(_LABEL) or "")
            hint.setWidth(label + tokens.PAD + tokens.VAST + 2 * tokens.UNIT)
        return hint

    def minimumSizeHint(self) -> QSize:
        """A quiet one is not held open by its longest choice."""
        return self.sizeHint() if self._quiet else super().minimumSizeHint()

    def showPopup(self) -> None:
        """Offer the choices, all of each."""
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + tokens.VAST)
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page: scrolling past a list must not change it."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the field, what is chosen, and an arrow."""
        palette = tokens.palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        field = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        faded = self._quiet and not self._value and not self.hasFocus()
        if not faded or self.underMouse():
            painter.setPen(QPen(QColor(palette.accent if self.hasFocus() else palette.edge), 1))
            painter.setBrush(QColor(palette.raised))
            painter.drawRoundedRect(field, tokens.FIELD_RADIUS, tokens.FIELD_RADIUS)
        painter.setPen(QColor(palette.faint if not self.isEnabled() else palette.quiet if faded else palette.text))
        room = field.adjusted(tokens.PAD, 0, -tokens.VAST - tokens.UNIT, 0)
        label = self.fontMetrics().elidedText(
            self.currentData(_LABEL) or "", Qt.TextElideMode.ElideRight, int(room.width())
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, label)
        at = QPointF(field.right() - tokens.WIDE, field.center().y())
        pen = QPen(QColor(palette.quiet), 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolyline([at + QPointF(-4, -2), at + QPointF(0, 2), at + QPointF(4, -2)])
        painter.end()


class TextField(QLineEdit):
    """A line to write in; what is written counts when one leaves it or presses Enter."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._value = ""
        self.editingFinished.connect(self._finished)

    def put(self, value: str) -> None:
        """Show `value`."""
        self._value = value
        self.setText(value)

    def _finished(self) -> None:
        if self.text() != self._value:
            self.chosen.emit(self.text())


def named[W: QWidget](widget: W, name: str) -> W:
    """`widget`, called `name` for the style sheet."""
    widget.setObjectName(name)
    return widget


class Compound(QWidget):
    """A control that is made of several. It has a `chosen` and a `put` as the others have."""

    chosen = Signal(str)

    def put(self, value: str) -> None:
        """Show `value`."""
        raise NotImplementedError


type Control = KeyField | Picker | TextField | Compound


class Row(QWidget):
    """A setting: its name and a sentence at the left, its control at the right, and beneath what was wrong."""

    def __init__(self, name: str, sentence: str, control: Control | None = None) -> None:
        super().__init__()
        self.control = control
        self._problem = _label("", "bad")
        self._problem.hide()
        self.sentence = _label(sentence, "quiet")
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addStretch(1)
        text.addWidget(QLabel(name))
        text.addWidget(self.sentence)
        text.addWidget(self._problem)
        text.addStretch(1)
        line = QHBoxLayout(self)
        line.setContentsMargins(tokens.WIDE, tokens.PAD, tokens.WIDE, tokens.PAD)
        line.setSpacing(tokens.VAST)
        line.addLayout(text, 1)
        if control is not None:
            control.setAccessibleName(name)
            control.setAccessibleDescription(sentence)
            control.setFixedWidth(tokens.FIELD_WIDTH)
            control.setMinimumHeight(tokens.FIELD_HEIGHT)
            line.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)

    def tell(self, problem: str) -> None:
        """Show `problem`, or nothing where it is empty."""
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))


def _label(text: str, role: str) -> QLabel:
    made = QLabel(text)
    made.setProperty("role", role)
    made.setWordWrap(True)
    return made
