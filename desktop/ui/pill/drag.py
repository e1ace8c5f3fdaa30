"""Compute the pill's position while it is dragged."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QApplication


class PillDrag:
    """One drag, from the press on. `began`: the pointer moved further than a click allows."""

    def __init__(self, pointer: QPointF, body: QRectF) -> None:
        """`pointer` and `body` are the positions at the press, in desktop coordinates."""
        self.has_started = False
        self._pointer = QPointF(pointer)
        self._body = QRectF(body)

    def move_to(self, pointer: QPointF) -> QRectF | None:
        """Return the pill's rectangle for this pointer; None while it may still be a click."""
        offset = pointer - self._pointer
        self.has_started = self.has_started or offset.manhattanLength() >= QApplication.startDragDistance()
        return self._body.translated(offset) if self.has_started else None
