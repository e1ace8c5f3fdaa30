"""Choose the file of a dictation sound, with buttons to browse and to play it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QSlider

from desktop.ui.style import glyphs, tokens
from desktop.ui.widgets.buttons import GlyphButton
from desktop.ui.widgets.form import CompoundControl, TextField
from desktop.ui.widgets.label import PlainLabel, set_tool_tip


class SoundFileField(CompoundControl):
    """A path, empty for the built-in sound. `play_requested` is emitted to play it."""

    play_requested = Signal()

    def __init__(self, name: str) -> None:
        """`name` is the row's name, used in the accessible names of the buttons."""
        super().__init__()
        self._file = TextField()
        self._file.setPlaceholderText(self.tr("Ours"))
        self._file.setAccessibleName(self.tr("{0}: file").format(name))
        self._file.chosen.connect(self.chosen)
        self.setFocusProxy(self._file)
        self._browse = QPushButton("…")
        self._browse.setAccessibleName(self.tr("{0}: choose a file").format(name))
        set_tool_tip(self._browse, self.tr("Choose a file"))
        self._browse.setFixedWidth(tokens.FIELD_HEIGHT + tokens.GAP)
        self._browse.clicked.connect(self._choose_file)
        self.play = GlyphButton(glyphs.play, self.tr("{0}: play").format(name), is_accented=True)
        self.play.clicked.connect(self.play_requested)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(tokens.UNIT)
        line.addWidget(self._file, 1)
        line.addWidget(self._browse)
        line.addWidget(self.play)

    def set_value(self, value: str) -> None:
        """Show `value`; the tooltip has the full path."""
        self._file.set_value(value)
        set_tool_tip(self._file, value)

    def label_for(self, value: str) -> str:
        """Return the path, or the name of the built-in sound."""
        return value or self.tr("Ours")

    def _choose_file(self) -> None:
        dialog = QFileDialog(self.window(), self.tr("Choose a sound"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Sounds") + " (*.wav *.flac *.ogg *.oga)", self.tr("All files") + " (*)"])
        dialog.fileSelected.connect(self.chosen)
        dialog.open()


class PercentSlider(CompoundControl):
    """A percentage from 0 to 100 in steps of five."""

    def __init__(self) -> None:
        super().__init__()
        self._slider = _NoWheelSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, 100)
        self._slider.setSingleStep(5)
        self._slider.setPageStep(20)
        self._slider.setTracking(False)  # the value is set on release
        self._slider.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._slider.sliderMoved.connect(self._show_percent)
        self._slider.valueChanged.connect(self._on_value_changed)
        self._value = -1
        self.setFocusProxy(self._slider)
        self._percent_label = PlainLabel()
        self._percent_label.setFont(tokens.font(numbers=True))
        self._percent_label.setMinimumWidth(self._percent_label.fontMetrics().horizontalAdvance("100 %"))
        self._percent_label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(tokens.PAD)
        line.addWidget(self._slider, 1)
        line.addWidget(self._percent_label)

    def set_value(self, value: str) -> None:
        """Show `value`."""
        self._value = int(value)
        self._slider.setValue(self._value)
        self._show_percent(self._value)

    def label_for(self, value: str) -> str:
        """Return the value with its unit."""
        return f"{value} %"

    def setAccessibleName(self, name: str) -> None:
        """Set the accessible name of the control and of its slider, which has the focus."""
        super().setAccessibleName(name)
        self._slider.setAccessibleName(name)

    def _on_value_changed(self, value: int) -> None:
        self._show_percent(value)
        if value != self._value:
            self.chosen.emit(str(value))

    def _show_percent(self, value: int) -> None:
        self._percent_label.setText(f"{value} %")


class _NoWheelSlider(QSlider):
    """Leaves the wheel to the page: scrolling past must not change the value."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a focus outline like the other controls."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(tokens.current_palette().accent), 1))
            field = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(field, tokens.FIELD_RADIUS, tokens.FIELD_RADIUS)
            painter.end()
