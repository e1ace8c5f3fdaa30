"""Mark words in a shown text: those that a quotation has too, and the one that is being played."""

from __future__ import annotations

from PySide6.QtGui import QColor, QTextCursor
from PySide6.QtWidgets import QTextEdit

from desktop.history.quotation import find_marks
from desktop.ui.style import tokens


class TextMarks:
    """The marks in `text`, which are no part of its document. `places` are the characters of the quotation's."""

    def __init__(self, text: QTextEdit) -> None:
        self._text = text
        self._marks: list[QTextEdit.ExtraSelection] = []
        self.places: list[tuple[int, int]] = []

    @property
    def quoted_texts(self) -> list[str]:
        """Return the texts of the quotation's marks."""
        return [mark.cursor.selectedText() for mark in self._marks]

    def clear(self) -> None:
        """Remove all marks."""
        self._marks, self.places = [], []
        self._text.setExtraSelections([])

    def mark_quotation(self, quotation: str, *, is_underlined: bool) -> None:
        """Mark the words that `quotation` has too, and bring the first of them into view."""
        self.places = find_marks(quotation, self._text.toPlainText())
        palette = tokens.current_palette()
        for start, end in self.places:
            mark = self._create_mark(start, end)
            mark.format.setUnderlineColor(QColor(palette.accent))
            mark.format.setFontUnderline(is_underlined)
            self._marks.append(mark)
        self._text.setExtraSelections(self._marks)
        if self.places:
            cursor = self._text.textCursor()
            cursor.setPosition(self.places[0][0])
            self._text.setTextCursor(cursor)
            self._text.ensureCursorVisible()

    def mark_played(self, place: tuple[int, int] | None) -> None:
        """Mark the characters of the word that is being played; None for no word."""
        played = [] if place is None else [self._create_mark(*place)]
        for mark in played:
            mark.format.setFontUnderline(True)
        self._text.setExtraSelections([*self._marks, *played])

    def _create_mark(self, start: int, end: int) -> QTextEdit.ExtraSelection:
        mark = QTextEdit.ExtraSelection()
        mark.cursor = QTextCursor(self._text.document())
        mark.cursor.setPosition(start)
        mark.cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        mark.format.setBackground(QColor(tokens.current_palette().line))
        return mark
