"""Announce to screen readers what happens outside the focus."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


def announce(by: QWidget, sentence: str, *, urgent: bool = False) -> None:
    """Announce `sentence`, before pending announcements if `urgent`. Free when no screen reader runs."""
    if not QAccessible.isActive():
        return
    event = QAccessibleAnnouncementEvent(by, sentence)
    if urgent:
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
    QAccessible.updateAccessibility(event)
