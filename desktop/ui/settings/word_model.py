"""The table model of one kind of vocabulary entry: the spoken form and, unless it is a word, the written one.

An edit only requests a change; the table shows the entries in force and updates after the change is saved, so it is
never ahead of the files.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from desktop.ui.widgets.label import as_it_is
from desktop.vocabulary.edits import Change, Kind, objection
from desktop.vocabulary.phrases import folded

type Index = QModelIndex | QPersistentModelIndex

HEARD, WRITTEN = 0, 1
"""Column numbers."""

SHORT = 120
"""Characters of a text shown in a cell; a snippet may be a page long."""


class WordModel(QAbstractTableModel):
    """The entries of a `kind`.

    `change_requested` carries the change that an edit needs, `change_refused` why an edit is invalid.
    """

    wanted = Signal(object)
    refused = Signal(str)

    def __init__(self, kind: Kind, parent: QObject) -> None:
        super().__init__(parent)
        self.kind = kind
        self._entries: list[tuple[str, str]] = []

    def show(self, entries: Mapping[str, str]) -> None:
        """Show `entries`: spoken form to written form."""
        listed = list(entries.items())
        if listed != self._entries:
            self.beginResetModel()
            self._entries = listed
            self.endResetModel()

    def heard(self, row: int) -> str:
        """Return the spoken form in `row`."""
        return self._entries[row][HEARD]

    def add(self, heard: str, written: str) -> bool:
        """Request a new entry; return whether it is valid. An existing entry is not overwritten."""
        heard = heard.strip()
        if why := objection(self.kind, heard, written):
            self.refused.emit(why)
        elif any(folded(heard) == folded(there) for there, _ in self._entries):
            self.refused.emit(self.tr("{0} is there already.").format(heard))
        else:
            self.wanted.emit(Change(self.kind, put={heard: written}))
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
        return self.tr("Heard") if section == HEARD else self.tr("Written")

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Make every cell editable."""
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's text, on one line unless it is being edited."""
        text = self._entries[index.row()][index.column()]
        if role == Qt.ItemDataRole.EditRole:
            return text
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            lines = "  ⏎  ".join(text[: SHORT + 1].splitlines())
            return lines if len(lines) <= SHORT else f"{lines[:SHORT]}…"
        if role == Qt.ItemDataRole.ToolTipRole and "\n" in text:
            return as_it_is(text)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Request the change; the old value is shown until it is saved."""
        entry = list(self._entries[index.row()])
        before, text = entry[HEARD], str(value)
        entry[index.column()] = text if index.column() == WRITTEN else text.strip()
        heard, written = entry
        if (heard, written) == self._entries[index.row()]:
            return False
        taken = (there for row, (there, _) in enumerate(self._entries) if row != index.row())
        if why := objection(self.kind, heard, written):
            self.refused.emit(why)
        elif any(folded(heard) == folded(there) for there in taken):
            self.refused.emit(self.tr("{0} is there already.").format(heard))
        else:
            gone = (before,) if heard != before else ()
            self.wanted.emit(Change(self.kind, gone, {heard: written}))
        return False
