"""A line at the foot of a window: what was just done, and one action on it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from desktop.ui import i18n
from desktop.ui.style import tokens
from desktop.ui.widgets.form import with_object_name
from desktop.ui.widgets.label import PlainLabel, announce

DISPLAY_MS = 8_000
"""Milliseconds the line is shown: enough to read it and to find the button."""


class NoticeBar(QFrame):
    """Hidden until `show_message`.

    `offer_expired` is emitted when the line goes or is replaced without its action being used. `message_shown` is
    emitted for every message; `offer_changed` carries whether an action is available.
    """

    offer_expired = Signal()
    message_shown = Signal()
    offer_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        with_object_name(self, "notice")
        self.label = PlainLabel()
        self.label.setWordWrap(True)
        self.button = QPushButton()
        self._action: Callable[[], None] | None = None
        self.timer = QTimer(self, singleShot=True, interval=DISPLAY_MS)
        self.timer.timeout.connect(self.expire)
        self.button.clicked.connect(self.run_action)
        line = QHBoxLayout(self)
        line.setContentsMargins(tokens.WIDE, tokens.GAP, tokens.GAP, tokens.GAP)
        line.addWidget(self.label, 1)
        line.addWidget(self.button)
        self.hide()

    def show_message(self, sentence: i18n.Sayable, label: str = "", action: Callable[[], None] | None = None) -> None:
        """Show `sentence`, with a button `label` for `action` if there is one."""
        self.expire()
        self._action = action
        text = i18n.message_text(sentence)
        self.label.setText(text)
        self.button.setText(label)
        self.button.setVisible(action is not None)
        self.offer_changed.emit(action is not None)
        self.message_shown.emit()
        self.show()
        self.timer.start()
        announce(self, text)

    def run_action(self) -> None:
        """Perform the action, if there is one."""
        action = self._action
        self.dismiss()
        if action is not None:
            action()

    def dismiss(self) -> None:
        """Hide the line without `offer_expired`: the action is being performed."""
        self._action = None
        self.timer.stop()
        self.hide()
        self.offer_changed.emit(False)

    def expire(self) -> None:
        """Hide the line; the action was not used."""
        has_action = self._action is not None
        self.dismiss()
        if has_action:
            self.offer_expired.emit()
