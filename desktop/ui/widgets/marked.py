"""Write the difference of two texts: removed text struck out, added text underlined, readable without colour."""

from __future__ import annotations

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor

from desktop.ui.style import tokens
from desktop.ui.widgets.diff import Kind, difference


def mark(cursor: QTextCursor, heard: str, written: str) -> None:
    """Write the difference of `heard` and `written` at `cursor`."""
    palette = tokens.palette()
    for kind, part in difference(heard, written):
        how = QTextCharFormat()
        if kind is Kind.REMOVED:
            how.setFontStrikeOut(True)
            how.setForeground(QColor(palette.bad))
        elif kind is Kind.ADDED:
            how.setFontUnderline(True)
            how.setForeground(QColor(palette.good))
        cursor.insertText(part, how)
