"""The table model of one kind of vocabulary entry: the spoken form and, unless it is a word, the written one.

An edit only requests a change; the table shows the entries in force and updates after the change is saved, so it is
never ahead of the files.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from desktop.ui.widgets.label import escape_markup
from desktop.vocabulary.edits import EntryKind, VocabularyChange, find_entry_problem
from desktop.vocabulary.phrases import fold_phrase

type Index = QModelIndex | QPersistentModelIndex

SPOKEN_COLUMN, WRITTEN_COLUMN = 0, 1
"""Column numbers."""

MAX_CELL_CHARS = 120
"""Characters of a text shown in a cell; a snippet may be a page long."""


class WordTableModel(QAbstractTableModel):
    """The entries of a `kind`.

    `change_requested` carries the change that an edit needs, `change_refused` why an edit is invalid.
    """

    change_requested = Signal(object)
    change_refused = Signal(str)

    def __init__(self, kind: EntryKind, parent: QObject) -> None:
        super().__init__(parent)
        self.kind = kind
        self._entries: list[tuple[str, str]] = []

    def show_entries(self, entries: Mapping[str, str]) -> None:
        """Show `entries`: spoken form to written form."""
        rows = list(entries.items())
        if rows != self._entries:
            self.beginResetModel()
            self._entries = rows
            self.endResetModel()

    def spoken_form(self, row: int) -> str:
        """Return the spoken form in `row`."""
        return self._entries[row][SPOKEN_COLUMN]

    def add_entry(self, spoken: str, written: str) -> bool:
        """Request a new entry; return whether it is valid. An existing entry is not overwritten."""
        spoken = spoken.strip()
        if reason := find_entry_problem(self.kind, spoken, written):
            self.change_refused.emit(reason)
        elif any(fold_phrase(spoken) == fold_phrase(there) for there, _ in self._entries):
            self.change_refused.emit(self.tr("{0} is there already.").format(spoken))
        else:
            self.change_requested.emit(VocabularyChange(self.kind, added={spoken: written}))
            return True
        return False

    def rowCount(self, parent: Index | None = None) -> int:
        """Return the number of entries."""
        return 0 if parent is not None and parent.isValid() else len(self._entries)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return 1 for words, which have only a spoken form, else 2."""
        return 1 if self.kind == "words" else 2

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the column titles."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        if self.kind == "words":
            return self.tr("Listened for")
        return self.tr("Heard") if section == SPOKEN_COLUMN else self.tr("Written")

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Make every cell editable."""
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's text, on one line unless it is being edited."""
        text = self._entries[index.row()][index.column()]
        if role == Qt.ItemDataRole.EditRole:
            return text
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            lines = "  ⏎  ".join(text[: MAX_CELL_CHARS + 1].splitlines())
            return lines if len(lines) <= MAX_CELL_CHARS else f"{lines[:MAX_CELL_CHARS]}…"
        if role == Qt.ItemDataRole.ToolTipRole and "\n" in text:
            return escape_markup(text)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Request the change; the old value is shown until it is saved."""
        entry = list(self._entries[index.row()])
        old_spoken, text = entry[SPOKEN_COLUMN], str(value)
        entry[index.column()] = text if index.column() == WRITTEN_COLUMN else text.strip()
        spoken, written = entry
        if (spoken, written) == self._entries[index.row()]:
            return False
        others = (there for row, (there, _) in enumerate(self._entries) if row != index.row())
        if reason := find_entry_problem(self.kind, spoken, written):
            self.change_refused.emit(reason)
        elif any(fold_phrase(spoken) == fold_phrase(there) for there in others):
            self.change_refused.emit(self.tr("{0} is there already.").format(spoken))
        else:
            removed = (old_spoken,) if spoken != old_spoken else ()
            self.change_requested.emit(VocabularyChange(self.kind, removed, {spoken: written}))
        return False
