"""Telling a screen reader what happens where the focus is not."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


def announce(by: QWidget, sentence: str, *, urgent: bool = False) -> None:
    """Have `sentence` said, before what else is waiting where it is `urgent`. Costs nothing where nobody listens."""
    if not QAccessible.isActive():
        return
    event = QAccessibleAnnouncementEvent(by, sentence)
    if urgent:
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
    QAccessible.updateAccessibility(event)
