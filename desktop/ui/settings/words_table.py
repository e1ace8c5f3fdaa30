"""A table of one kind of vocabulary entry: editable in place, filtered, with a line below to add entries.

An edit only requests a change; the table shows the entries in force and updates after the change is saved, so it is
never ahead of the files.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop.ui.style import tokens
from desktop.ui.widgets.label import escape_markup
from desktop.vocabulary.edits import EntryKind, VocabularyChange, find_entry_problem
from desktop.vocabulary.vocabulary import fold_phrase

type Index = QModelIndex | QPersistentModelIndex

SPOKEN_COLUMN, WRITTEN_COLUMN = 0, 1
"""Column numbers."""

MAX_CELL_CHARS = 120
"""Characters of a text shown in a cell; a snippet may be a page long."""

EDITOR_LINES = 4
"""Visible lines of a snippet while it is edited."""


class WordTable(QWidget):
    """The table with its line for new entries.

    `change_requested` carries a change, `change_refused` why an edit is invalid.
    """

    change_requested = Signal(object)
    change_refused = Signal(object)

    def __init__(self, kind: EntryKind, name: str) -> None:
        super().__init__()
        self.kind = kind
        self.model = WordTableModel(kind, self)
        self.model.change_requested.connect(self.change_requested)
        self.model.change_refused.connect(self.change_refused)
        self.proxy = QSortFilterProxyModel(self)
        self.proxy.setSourceModel(self.model)
        self.proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.proxy.setFilterKeyColumn(-1)
        self.proxy.setFilterRole(Qt.ItemDataRole.EditRole)
        self.view = QTableView()
        self.view.setAccessibleName(name)
        self.view.setModel(self.proxy)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setTabKeyNavigation(False)
        self.view.setShowGrid(False)
        self.view.setAlternatingRowColors(True)
        self.view.setWordWrap(False)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setDefaultSectionSize(tokens.FILTER_HEIGHT)
        self.view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        QShortcut(
            QKeySequence(Qt.Key.Key_Delete), self.view, self.remove_selected, context=Qt.ShortcutContext.WidgetShortcut
        )
        header = self.view.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        if kind == "snippets":
            self.view.setItemDelegateForColumn(WRITTEN_COLUMN, MultilineDelegate(self.view))
        self.spoken_field = QLineEdit()
        self.spoken_field.returnPressed.connect(self._add_entry)
        self.written_field: QLineEdit | MultilineField | None = None
        self.add_button = QPushButton(self.tr("Add"))
        self.add_button.setAccessibleName(self.tr("Add the entry"))
        self.add_button.clicked.connect(self._add_entry)
        self._lay_out()

    def filter_entries(self, text: str) -> None:
        """Show only entries that contain `text`."""
        self.proxy.setFilterFixedString(text)

    def remove_selected(self) -> None:
        """Request the deletion of the selected entries."""
        rows = {self.proxy.mapToSource(index).row() for index in self.view.selectionModel().selectedIndexes()}
        if rows:
            self.change_requested.emit(
                VocabularyChange(self.kind, tuple(self.model.spoken_form(row) for row in sorted(rows)))
            )

    def _add_entry(self) -> None:
        written = self.written_field
        text = "" if written is None else written.text() if isinstance(written, QLineEdit) else written.toPlainText()
        if self.model.add_entry(self.spoken_field.text(), text):
            self.spoken_field.clear()
            if written is not None:
                written.clear()
            self.spoken_field.setFocus()

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(tokens.GAP)
        top = Qt.AlignmentFlag.AlignTop
        self.spoken_field.setMinimumHeight(tokens.FIELD_HEIGHT)
        line.addWidget(self.spoken_field, 1, top)
        match self.kind:
            case "words":
                self.spoken_field.setPlaceholderText(self.tr("A name or a term"))
            case "replacements":
                self.spoken_field.setPlaceholderText(self.tr("What is heard: get hub"))
                self.written_field = QLineEdit()
                self.written_field.setPlaceholderText(self.tr("What is written: GitHub"))
                self.written_field.setMinimumHeight(tokens.FIELD_HEIGHT)
                self.written_field.returnPressed.connect(self._add_entry)
            case "snippets":
                self.spoken_field.setPlaceholderText(self.tr("What you say: my address"))
                self.written_field = MultilineField()
                self.written_field.setPlaceholderText(self.tr("What is written for it"))
                self.written_field.editing_finished.connect(self._add_entry)
            case "kept":
                self.spoken_field.setPlaceholderText(self.tr("What is heard, and is right: Bartlett"))
        self.spoken_field.setAccessibleName(self.spoken_field.placeholderText())
        if self.written_field is not None:
            self.written_field.setAccessibleName(self.written_field.placeholderText())
            line.addWidget(self.written_field, 1, top)
        line.addWidget(self.add_button, 0, top)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.GAP)
        column.addWidget(self.view, 1)
        column.addLayout(line)


class WordTableModel(QAbstractTableModel):
    """The entries of a `kind`: the spoken form and, of replacements and snippets, the written one.

    `change_requested` carries the change that an edit needs, `change_refused` why an edit is invalid.
    """

    change_requested = Signal(object)
    change_refused = Signal(object)

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
        elif any(fold_phrase(spoken) == fold_phrase(existing) for existing, _ in self._entries):
            self.change_refused.emit(self.tr("{0} is there already.").format(spoken))
        else:
            self.change_requested.emit(VocabularyChange(self.kind, added={spoken: written}))
            return True
        return False

    def rowCount(self, parent: Index | None = None) -> int:
        """Return the number of entries."""
        return 0 if parent is not None and parent.isValid() else len(self._entries)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return 1 where there is only a spoken form, else 2."""
        return 1 if self.kind in ("words", "kept") else 2

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the column titles."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        if self.kind == "words":
            return self.tr("Listened for")
        if self.kind == "kept":
            return self.tr("Heard, and left as it is")
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
        others = (existing for row, (existing, _) in enumerate(self._entries) if row != index.row())
        if reason := find_entry_problem(self.kind, spoken, written):
            self.change_refused.emit(reason)
        elif any(fold_phrase(spoken) == fold_phrase(existing) for existing in others):
            self.change_refused.emit(self.tr("{0} is there already.").format(spoken))
        else:
            removed = (old_spoken,) if spoken != old_spoken else ()
            self.change_requested.emit(VocabularyChange(self.kind, removed, {spoken: written}))
        return False


class MultilineDelegate(QStyledItemDelegate):
    """Edits a multi-line cell in a box that is higher than the cell."""

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QWidget:
        """Return the box."""
        box = MultilineField(parent)
        box.setAccessibleName(self.tr("Written"))
        box.editing_finished.connect(lambda: self._close_editor(box))
        return box

    def setEditorData(self, editor: QWidget, index: QModelIndex | QPersistentModelIndex) -> None:
        """Put the cell's full text into the box."""
        assert isinstance(editor, MultilineField)
        editor.setPlainText(index.data(Qt.ItemDataRole.EditRole))

    def setModelData(self, editor: QWidget, model: object, index: QModelIndex | QPersistentModelIndex) -> None:
        """Write the box's text to the model."""
        assert isinstance(editor, MultilineField)
        assert isinstance(model, QSortFilterProxyModel)
        model.setData(index, editor.toPlainText())

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Place the box over the cell and those below it, within the table."""
        rect, parent = option.rect, editor.parentWidget()
        room = parent.height() if parent is not None else 0
        top = max(0, min(rect.top(), room - editor.height()))
        editor.setGeometry(rect.left(), top, rect.width(), editor.height())

    def _close_editor(self, box: MultilineField) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box)


class MultilineField(QPlainTextEdit):
    """A text box for several lines. Tab moves the focus, Ctrl+Return or leaving it finishes editing."""

    editing_finished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setFixedHeight(round(EDITOR_LINES * tokens.FONT_PX * tokens.LEADING) + 2 * tokens.GAP)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Finish editing on Ctrl+Return."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers():
            self.editing_finished.emit()
        else:
            super().keyPressEvent(event)
