"""A kind of the user's words as a table: what is heard, and for what is written something else, that too.

The table asks for a change and shows what is in force once that is written; until then, and where it cannot be, it
shows what was there. So it is never ahead of the files.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from desktop.ui.plain import as_it_is
from desktop.vocabulary.changes import Change, Kind, objection
from desktop.vocabulary.phrases import folded

type Index = QModelIndex | QPersistentModelIndex

HEARD, WRITTEN = 0, 1
"""The columns."""

SHORT = 120
"""Characters of a text that a cell shows; a snippet may be a page."""


class WordModel(QAbstractTableModel):
    """The entries of a `kind`. `wanted` has the change that an edit asks for, `refused` why one cannot be."""

    wanted = Signal(object)
    refused = Signal(str)

    def __init__(self, kind: Kind, parent: QObject) -> None:
        super().__init__(parent)
        self.kind = kind
        self._entries: list[tuple[str, str]] = []

    def show(self, entries: Mapping[str, str]) -> None:
        """Show these."""
        listed = list(entries.items())
        if listed != self._entries:
            self.beginResetModel()
            self._entries = listed
            self.endResetModel()

    def heard(self, row: int) -> str:
        """What is heard in a row."""
        return self._entries[row][HEARD]

    def add(self, heard: str, written: str) -> bool:
        """Ask for another entry; whether it can be one. One that is there already is not written over."""
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
        """How many there are."""
        return 0 if parent is not None and parent.isValid() else len(self._entries)

    def columnCount(self, parent: Index | None = None) -> int:
        """A word stands for itself."""
        return 1 if self.kind == "words" else 2

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What the columns are."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        if self.kind == "words":
            return self.tr("Listened for")
        return self.tr("Heard") if section == HEARD else self.tr("Written")

    def flags(self, index: Index) -> Qt.ItemFlag:
        """All of it can be edited where it stands."""
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A text; on one line where it is not being edited."""
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
        """Ask for the change; what is shown is what is in force, until it is another."""
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
