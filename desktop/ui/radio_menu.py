"""A submenu with one checked entry that shows a setting and changes it at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from desktop.ui.bridge import ListOption


class RadioMenu(QMenu):
    """`chosen` carries the value of the chosen entry. A value without an entry is shown as it is."""

    chosen = Signal(str)

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self._options: tuple[ListOption, ...] = ()
        self._value: str | None = None
        self._group = QActionGroup(self)
        self._group.triggered.connect(lambda line: self.chosen.emit(line.data()))

    def set_options(self, choices: Sequence[ListOption]) -> None:
        """Set the entries."""
        if tuple(choices) != self._options:
            self._options = tuple(choices)
            self._fill()

    def set_value(self, value: str) -> None:
        """Check the entry of `value`."""
        if value != self._value:
            self._value = value
            self._fill()
        for line in self._group.actions():  # a refused choice is unchecked again
            line.setChecked(line.data() == value)

    def _fill(self) -> None:
        for line in self._group.actions():
            self._group.removeAction(line)
            self.removeAction(line)
            line.deleteLater()
        known = any(choice.value == self._value for choice in self._options)
        unknown = () if known or self._value is None else (ListOption(self._value, self._value),)
        for choice in (*self._options, *unknown):
            line = QAction(choice.label, self._group)
            line.setCheckable(True)
            line.setData(choice.value)
            line.setChecked(choice.value == self._value)
            self.addAction(line)
