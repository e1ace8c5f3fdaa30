"""A drop-down list whose value is a setting's, and the options that several pages offer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QComboBox

from desktop.ui.bridge import ListOption
from desktop.ui.i18n import describe_setting
from desktop.ui.style import painting, tokens
from desktop.ui.widgets.label import PlainLabel

translate = QCoreApplication.translate

_LABEL_ROLE = Qt.ItemDataRole.UserRole + 1
"""Role of the text of the closed list: the label without the note."""


class OptionPicker(QComboBox):
    """A drop-down list, painted here: a style sheet cannot draw its arrow without an image file."""

    chosen = Signal(str)

    def __init__(self, *choices: ListOption, quiet: bool = False) -> None:
        """With `quiet` it looks like text until something is chosen, hovered or focused."""
        super().__init__()
        self._quiet = quiet
        self._label = PlainLabel()
        self._label.setBuddy(self)
        self._label.hide()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.activated.connect(lambda: self.chosen.emit(self.currentData()))
        self._options = choices
        self._value = ""

    def setAccessibleName(self, name: str) -> None:
        """Set the accessible name.

        On Linux Qt uses the chosen entry as a list's name, and only a label beside it names its purpose: here a hidden
        one.
        """
        super().setAccessibleName(name)
        self._label.setText(name)

    def changeEvent(self, event: QEvent) -> None:
        """Keep the hidden label beside the list: Qt looks for it only there."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ParentChange:
            self._label.setParent(self.parentWidget())

    def set_options(self, choices: Sequence[ListOption]) -> None:
        """Set the options, keeping the value."""
        self._options = tuple(choices)
        self.set_value(self._value)

    def set_value(self, value: str) -> None:
        """Show `value`; without an option it is added as it is."""
        self._value = value
        is_listed = any(choice.value == value for choice in self._options)
        with QSignalBlocker(self):
            self.clear()
            for choice in self._options if is_listed else (*self._options, ListOption(value, value)):
                listed = f"{choice.label}  ·  {choice.note}" if choice.note else choice.label
                self.addItem(listed, choice.value)
                self.setItemData(self.count() - 1, choice.label, _LABEL_ROLE)
            self.setCurrentIndex(self.findData(value))
        self.updateGeometry()

    def label_for(self, value: str) -> str:
        """Return the label of `value`."""
        return next((choice.label for choice in self._options if choice.value == value), value)

    def searchable_text(self) -> str:
        """Return all labels, for search."""
        return " ".join(choice.label for choice in self._options)

    def sizeHint(self) -> QSize:
        """Return the size; a quiet list is as wide as its value."""
        hint = super().sizeHint()
        if self._quiet:
            label = self.fontMetrics().horizontalAdvance(self.currentData(_LABEL_ROLE) or "")
            hint.setWidth(label + tokens.PAD + tokens.VAST + 2 * tokens.UNIT)
        return hint

    def minimumSizeHint(self) -> QSize:
        """Return the minimum size; a quiet list is not widened by its longest option."""
        return self.sizeHint() if self._quiet else super().minimumSizeHint()

    def showPopup(self) -> None:
        """Open the list wide enough for its options."""
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + tokens.VAST)
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page: scrolling past must not change the value."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the field, the value and an arrow."""
        palette = tokens.current_palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        field = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        faded = self._quiet and not self._value and not self.hasFocus()
        if not faded or self.underMouse():
            painter.setPen(QPen(QColor(palette.accent if self.hasFocus() else palette.edge), 1))
            painter.setBrush(QColor(palette.raised))
            painter.drawRoundedRect(field, tokens.FIELD_RADIUS, tokens.FIELD_RADIUS)
        colour = palette.faint if not self.isEnabled() else palette.quiet if faded else palette.text
        room = field.adjusted(tokens.PAD, 0, -tokens.VAST - tokens.UNIT, 0)
        painting.draw_text_line(painter, room, self.currentData(_LABEL_ROLE) or "", self.font(), colour)
        arrow = QPointF(field.right() - tokens.WIDE, field.center().y())
        pen = QPen(QColor(palette.quiet), 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolyline([arrow + QPointF(-4, -2), arrow + QPointF(0, 2), arrow + QPointF(4, -2)])
        painter.end()


def setting_options(key: str) -> list[ListOption]:
    """Return the choices of the setting `key`."""
    return [ListOption(value, label) for value, label in describe_setting(key).choices.items()]


def minute_options(*counts: int) -> list[ListOption]:
    """Return durations in minutes."""
    return [ListOption(str(count), _minutes_label(count)) for count in counts]


def second_options(*counts_ms: int) -> list[ListOption]:
    """Return durations given in milliseconds, labelled in seconds."""
    return [ListOption(str(ms), translate("choices", "{0} s").format(f"{ms / 1000:g}")) for ms in counts_ms]


def silence_options(*counts_s: float) -> list[ListOption]:
    """Return silences in seconds that end a dictation, with none first."""
    seconds = [ListOption(f"{count:g}", translate("choices", "{0} s").format(f"{count:g}")) for count in counts_s]
    return [*setting_options("dictation.end_silence_s"), *seconds]


def day_options(*counts: int) -> list[ListOption]:
    """Return durations in days."""
    return [ListOption(str(count), _days_label(count)) for count in counts]


def _minutes_label(count: int) -> str:
    return translate("choices", "1 hour") if count == 60 else translate("choices", "{0} minutes").format(count)


def _days_label(count: int) -> str:
    names = {1: translate("choices", "1 day"), 365: translate("choices", "1 year")}
    return names.get(count) or translate("choices", "{0} days").format(count)
