"""Write the difference of two texts: removed text struck out, added text underlined, readable without colour."""

from __future__ import annotations

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor

from desktop.ui.style import tokens
from desktop.ui.widgets.diff import DiffKind, compute_diff


def write_diff(cursor: QTextCursor, raw_text: str, polished_text: str) -> None:
    """Write the difference of `heard` and `written` at `cursor`."""
    palette = tokens.current_palette()
    for kind, part in compute_diff(raw_text, polished_text):
        text_format = QTextCharFormat()
        if kind is DiffKind.REMOVED:
            text_format.setFontStrikeOut(True)
            text_format.setForeground(QColor(palette.bad))
        elif kind is DiffKind.ADDED:
            text_format.setFontUnderline(True)
            text_format.setForeground(QColor(palette.good))
        cursor.insertText(part, text_format)
