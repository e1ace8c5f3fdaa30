"""Show texts as they are, never as markup, in labels and tooltips, and announce them to screen readers.

Qt guesses: text that looks like HTML is parsed as such in labels and tooltips, and what its `<img>` names is read, even
if it is endless. Texts come from services, models, files, devices and other windows' names, so every label and tooltip
is made here. Our own markup is requested explicitly, with escaped contents (`desktop.ui.widgets.form.HighlightLabel`).
"""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QLabel, QWidget

JOINER = "\N{WORD JOINER}"
"""Invisible and without width; a `<` followed by it starts no tag."""


class PlainLabel(QLabel):
    """A plain-text label, on one line, or on several if it `wraps`."""

    def __init__(self, text: str = "", *, wraps: bool = False) -> None:
        super().__init__(textFormat=Qt.TextFormat.PlainText, wordWrap=wraps)
        if text:
            self.setText(text)


class HasToolTip(Protocol):
    """An object with a tooltip: a widget, an action, the tray icon."""

    def setToolTip(self, text: str, /) -> None:
        """Set the tooltip."""
        ...


def set_tool_tip(target: HasToolTip, text: str) -> None:
    """Set the tooltip of `target` so that it reads as `text`."""
    target.setToolTip(escape_markup(text))


def escape_markup(text: str) -> str:
    """Return `text` escaped for places where Qt or the desktop's tray guesses at markup; it reads the same."""
    return text.replace("<", f"<{JOINER}").replace("&lt;", f"&{JOINER}lt;")


def announce(widget: QWidget, sentence: str, *, is_urgent: bool = False) -> None:
    """Announce to screen readers what happens outside the focus; costs nothing when none runs.

    An announcement that `is_urgent` comes before pending ones.
    """
    if not QAccessible.isActive():
        return
    event = QAccessibleAnnouncementEvent(widget, sentence)
    if is_urgent:
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
    QAccessible.updateAccessibility(event)
