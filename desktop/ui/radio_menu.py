"""A submenu of which one line is chosen, as the settings have it: choosing another sets it at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from desktop.ui.bridge import Choice


class RadioMenu(QMenu):
    """`chosen` has the value of the line that was chosen. A value that is not offered is shown as it is."""

    chosen = Signal(str)

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self._choices: tuple[Choice, ...] = ()
        self._value: str | None = None
        self._group = QActionGroup(self)
        self._group.triggered.connect(lambda line: self.chosen.emit(line.data()))

    def offer(self, choices: Sequence[Choice]) -> None:
        """Offer these."""
        if tuple(choices) != self._choices:
            self._choices = tuple(choices)
            self._fill()

    def put(self, value: str) -> None:
        """Have the line of `value` be the chosen one."""
        if value != self._value:
            self._value = value
            self._fill()
        for line in self._group.actions():  # one that was refused is chosen by nobody
            line.setChecked(line.data() == value)

    def _fill(self) -> None:
        for line in self._group.actions():
            self._group.removeAction(line)
            self.removeAction(line)
            line.deleteLater()
        known = any(choice.value == self._value for choice in self._choices)
        unknown = () if known or self._value is None else (Choice(self._value, self._value),)
        for choice in (*self._choices, *unknown):
            line = QAction(choice.label, self._group)
            line.setCheckable(True)
            line.setData(choice.value)
            line.setChecked(choice.value == self._value)
            self.addAction(line)
