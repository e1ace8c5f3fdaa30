"""A line at the foot of a window: what has just been done, and the one thing that can be done about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from desktop.ui import sides, tokens, translation
from desktop.ui.announcing import announce
from desktop.ui.fields import named
from desktop.ui.plain import Label

SHOWN_MS = 8_000
"""As long as it takes to read a line, be startled and find the button."""


class Notice(QFrame):
    """Hidden until `tell`; `over` comes when it has gone, or given way to another, and nothing was done about it.
    `told` comes with every sentence; `shown` tells whether something can be done about it now."""

    over = Signal()
    told = Signal()
    shown = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        named(self, "notice")
        self.words = Label()
        self.words.setWordWrap(True)
        self.button = QPushButton()
        self._act: Callable[[], None] | None = None
        self.timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self.timer.timeout.connect(self.end)
        self.button.clicked.connect(self.act)
        line = QHBoxLayout(self)
        sides.margins(line, tokens.WIDE, tokens.GAP, tokens.GAP, tokens.GAP)
        line.addWidget(self.words, 1)
        line.addWidget(self.button)
        self.hide()

    def tell(self, sentence: str, label: str = "", act: Callable[[], None] | None = None) -> None:
        """Say `sentence`, and offer `act` under `label` where there is one."""
        self.end()
        self._act = act
        said = translation.sentence(sentence)
        self.words.setText(said)
        self.button.setText(label)
        self.button.setVisible(act is not None)
        self.shown.emit(act is not None)
        self.told.emit()
        self.show()
        self.timer.start()
        announce(self, said)

    def act(self) -> None:
        """Do what is offered, if anything is."""
        act = self._act
        self.dismiss()
        if act is not None:
            act()

    def dismiss(self) -> None:
        """Go, without anything being over: what was offered is being done."""
        self._act = None
        self.timer.stop()
        self.hide()
        self.shown.emit(False)

    def end(self) -> None:
        """Go; what was offered is not done."""
        there = self._act is not None
        self.dismiss()
        if there:
            self.over.emit()
