"""Dragging the pill: where it is to be for the pointer that has it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QApplication


class Drag:
    """One drag, from the press on. `began`: the pointer went further than it may for a click."""

    def __init__(self, pointer: QPointF, body: QRectF) -> None:
        """`pointer` and `body` are where both were at the press, on the desk."""
        self.began = False
        self._pointer = QPointF(pointer)
        self._body = QRectF(body)

    def to(self, pointer: QPointF) -> QRectF | None:
        """Where the body is now that the pointer is there; None while it may still be a click."""
        way = pointer - self._pointer
        self.began = self.began or way.manhattanLength() >= QApplication.startDragDistance()
        return self._body.translated(way) if self.began else None
