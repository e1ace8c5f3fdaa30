"""A line at the foot of a window: what was just done, and one action on it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from desktop.ui import i18n as translation
from desktop.ui.style import rtl as sides
from desktop.ui.style import tokens
from desktop.ui.widgets.announcing import announce
from desktop.ui.widgets.form import named
from desktop.ui.widgets.label import Label

SHOWN_MS = 8_000
"""Milliseconds the line is shown: enough to read it and to find the button."""


class Notice(QFrame):
    """Hidden until `show_message`.

    `offer_expired` is emitted when the line goes or is replaced without its action being used. `message_shown` is
    emitted for every message; `offer_changed` tells whether an action is available.
    """

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
        """Show `sentence`, with a button `label` for `act` if there is one."""
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
        """Perform the action, if there is one."""
        act = self._act
        self.dismiss()
        if act is not None:
            act()

    def dismiss(self) -> None:
        """Hide the line without `offer_expired`: the action is being performed."""
        self._act = None
        self.timer.stop()
        self.hide()
        self.shown.emit(False)

    def end(self) -> None:
        """Hide the line; the action was not used."""
        there = self._act is not None
        self.dismiss()
        if there:
            self.over.emit()
