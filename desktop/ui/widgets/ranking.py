"""An ordered list of values in a settings row: the first available one is used, then the fallback.

Each line has buttons to move and remove it, which work from the keyboard, unlike dragging.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.ui.bridge import ListOption
from desktop.ui.i18n import list_text
from desktop.ui.style import glyphs, tokens
from desktop.ui.widgets.buttons import GlyphButton
from desktop.ui.widgets.combo import OptionPicker
from desktop.ui.widgets.form import CompoundControl
from desktop.ui.widgets.label import PlainLabel


class RankedList(CompoundControl):
    """Values separated by commas, in order. `fallback` names what is used when none is available."""

    def __init__(self, fallback: str) -> None:
        super().__init__()
        self._fallback = fallback
        self._values: list[str] = []
        self._choices: dict[str, str] = {}
        self._add = OptionPicker()
        self._add.setAccessibleName(self.tr("Add"))
        self._add.setMinimumHeight(tokens.FIELD_HEIGHT)
        self._add.chosen.connect(self._append)
        self.setFocusProxy(self._add)
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(tokens.UNIT)
        self._lines.addWidget(self._add)
        self.set_value("")

    @property
    def values(self) -> tuple[str, ...]:
        """The values in order."""
        return tuple(self._values)

    def set_value(self, value: str) -> None:
        """Show `value`."""
        self._values = [item for item in value.split(",") if item]
        self._show()

    def label_for(self, value: str) -> str:
        """Return the names of the values in order, or the fallback's for none."""
        return list_text(self._choices.get(item, item) for item in value.split(",") if item) or self._fallback

    def set_options(self, choices: Sequence[ListOption]) -> None:
        """Set the options that can be added; their labels name the values."""
        self._choices = {choice.value: choice.label for choice in choices if choice.value}
        self._show()

    def _show(self) -> None:
        while self._lines.count() > 1:
            item = self._lines.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        for index, value in enumerate(self._values):
            line = self._line(index, value)
            self._lines.insertWidget(index, line)
            line.show()  # shown at once, so that it can get the focus
        last = PlainLabel(self._fallback if not self._values else self.tr("then {0}").format(self._fallback))
        last.setProperty("role", "quiet")
        last.setWordWrap(True)
        self._lines.insertWidget(len(self._values), last)
        last.show()
        remaining = [ListOption(value, label) for value, label in self._choices.items() if value not in self._values]
        self._add.set_options([ListOption("", self.tr("Add a microphone")), *remaining])
        self._add.set_value("")
        self._add.setVisible(bool(remaining))

    def _line(self, index: int, value: str) -> QWidget:
        name = self._choices.get(value, value)
        line = QWidget()
        inside = QHBoxLayout(line)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        is_missing = bool(self._choices) and value not in self._choices
        label = PlainLabel(self.tr("{0} (not connected)").format(name) if is_missing else name)
        label.setProperty("role", "quiet" if is_missing else "")
        label.setWordWrap(True)
        inside.addWidget(label, 1)
        last = len(self._values) - 1
        if last:
            inside.addWidget(
                self._button(glyphs.up, self.tr("Move {0} up").format(name), index > 0, lambda: self._move(index, -1))
            )
            inside.addWidget(
                self._button(
                    glyphs.down, self.tr("Move {0} down").format(name), index < last, lambda: self._move(index, 1)
                )
            )
        inside.addWidget(
            self._button(glyphs.cross, self.tr("Remove {0}").format(name), True, lambda: self._remove(index))
        )
        return line

    def _button(self, draw: glyphs.DrawGlyph, name: str, enabled: bool, callback: Callable[[], None]) -> GlyphButton:
        button = GlyphButton(draw, name)
        button.setEnabled(enabled)
        button.clicked.connect(callback)
        return button

    def _append(self, value: str) -> None:
        if value:
            self._emit_values([*self._values, value])

    def _remove(self, index: int) -> None:
        self._emit_values([value for other, value in enumerate(self._values) if other != index])

    def _move(self, index: int, by: int) -> None:
        values = list(self._values)
        values.insert(index + by, values.pop(index))
        self._emit_values(values)

    def _emit_values(self, values: list[str]) -> None:
        pressed = self.focusWidget()
        name = pressed.accessibleName() if pressed is not None else ""
        self.chosen.emit(",".join(values))
        self._restore_focus(name)

    def _restore_focus(self, name: str) -> None:
        """Focus the recreated button `name`, or the nearest one."""
        buttons = [button for button in self.findChildren(GlyphButton) if button.isEnabled() and not button.isHidden()]
        alike = [button for button in buttons if button.accessibleName() == name]
        next(iter([*alike, *buttons, self._add])).setFocus()
