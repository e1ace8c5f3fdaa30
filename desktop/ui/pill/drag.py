"""Compute the pill's position while it is dragged."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QApplication


class Drag:
    """One drag, from the press on. `began`: the pointer moved further than a click allows."""

    def __init__(self, pointer: QPointF, body: QRectF) -> None:
        """`pointer` and `body` are the positions at the press, in desktop coordinates."""
        self.began = False
        self._pointer = QPointF(pointer)
        self._body = QRectF(body)

    def to(self, pointer: QPointF) -> QRectF | None:
        """Return the pill's rectangle for this pointer; None while it may still be a click."""
        way = pointer - self._pointer
        self.began = self.began or way.manhattanLength() >= QApplication.startDragDistance()
        return self._body.translated(way) if self.began else None
