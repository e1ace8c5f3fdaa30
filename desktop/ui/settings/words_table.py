"""A table of one kind of vocabulary entry: editable in place, filtered, with a line below to add entries."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt, Signal
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

from desktop.ui.settings.word_model import WRITTEN, WordModel
from desktop.ui.style import tokens
from desktop.vocabulary.edits import Change, Kind

LINES = 4
"""Visible lines of a snippet while it is edited."""


class Written(QPlainTextEdit):
    """A text box for several lines. Tab moves the focus, Ctrl+Return or leaving it finishes editing."""

    done = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setFixedHeight(round(LINES * tokens.FONT_PX * tokens.LEADING) + 2 * tokens.GAP)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Finish editing on Ctrl+Return."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers():
            self.done.emit()
        else:
            super().keyPressEvent(event)


class LinesDelegate(QStyledItemDelegate):
    """Edits a multi-line cell in a box that is higher than the cell."""

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QWidget:
        """Return the box."""
        box = Written(parent)
        box.setAccessibleName(self.tr("Written"))
        box.done.connect(lambda: self._close(box))
        return box

    def setEditorData(self, editor: QWidget, index: QModelIndex | QPersistentModelIndex) -> None:
        """Put the cell's full text into the box."""
        assert isinstance(editor, Written)
        editor.setPlainText(index.data(Qt.ItemDataRole.EditRole))

    def setModelData(self, editor: QWidget, model: object, index: QModelIndex | QPersistentModelIndex) -> None:
        """Write the box's text to the model."""
        assert isinstance(editor, Written)
        assert isinstance(model, QSortFilterProxyModel)
        model.setData(index, editor.toPlainText())

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Place the box over the cell and those below it, within the table."""
        place, parent = option.rect, editor.parentWidget()
        room = parent.height() if parent is not None else 0
        top = max(0, min(place.top(), room - editor.height()))
        editor.setGeometry(place.left(), top, place.width(), editor.height())

    def _close(self, box: Written) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box)


class WordTable(QWidget):
    """The table with its line for new entries.

    `change_requested` carries a change, `change_refused` why an edit is invalid.
    """

    wanted = Signal(object)
    refused = Signal(str)

    def __init__(self, kind: Kind, name: str) -> None:
        super().__init__()
        self.kind = kind
        self.model = WordModel(kind, self)
        self.model.wanted.connect(self.wanted)
        self.model.refused.connect(self.refused)
        self.found = QSortFilterProxyModel(self)
        self.found.setSourceModel(self.model)
        self.found.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.found.setFilterKeyColumn(-1)
        self.found.setFilterRole(Qt.ItemDataRole.EditRole)
        self.table = QTableView()
        self.table.setAccessibleName(name)
        self.table.setModel(self.found)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.setWordWrap(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(tokens.FILTER_HEIGHT)
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        QShortcut(QKeySequence(Qt.Key.Key_Delete), self.table, self.remove, context=Qt.ShortcutContext.WidgetShortcut)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        if kind == "snippets":
            self.table.setItemDelegateForColumn(WRITTEN, LinesDelegate(self.table))
        self.heard = QLineEdit()
        self.heard.returnPressed.connect(self._add)
        self.written: QLineEdit | Written | None = None
        self.add = QPushButton(self.tr("Add"))
        self.add.setAccessibleName(self.tr("Add the entry"))
        self.add.clicked.connect(self._add)
        self._lay()

    def search(self, text: str) -> None:
        """Show only entries that contain `text`."""
        self.found.setFilterFixedString(text)

    def remove(self) -> None:
        """Request the deletion of the selected entries."""
        rows = {self.found.mapToSource(index).row() for index in self.table.selectionModel().selectedIndexes()}
        if rows:
            self.wanted.emit(Change(self.kind, tuple(self.model.heard(row) for row in sorted(rows))))

    def _add(self) -> None:
        written = self.written
        text = "" if written is None else written.text() if isinstance(written, QLineEdit) else written.toPlainText()
        if self.model.add(self.heard.text(), text):
            self.heard.clear()
            if written is not None:
                written.clear()
            self.heard.setFocus()

    def _lay(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(tokens.GAP)
        top = Qt.AlignmentFlag.AlignTop
        self.heard.setMinimumHeight(tokens.FIELD_HEIGHT)
        line.addWidget(self.heard, 1, top)
        match self.kind:
            case "words":
                self.heard.setPlaceholderText(self.tr("A name or a term"))
            case "replacements":
                self.heard.setPlaceholderText(self.tr("What is heard: get hub"))
                self.written = QLineEdit()
                self.written.setPlaceholderText(self.tr("What is written: GitHub"))
                self.written.setMinimumHeight(tokens.FIELD_HEIGHT)
                self.written.returnPressed.connect(self._add)
            case "snippets":
                self.heard.setPlaceholderText(self.tr("What you say: my address"))
                self.written = Written()
                self.written.setPlaceholderText(self.tr("What is written for it"))
                self.written.done.connect(self._add)
        self.heard.setAccessibleName(self.heard.placeholderText())
        if self.written is not None:
            self.written.setAccessibleName(self.written.placeholderText())
            line.addWidget(self.written, 1, top)
        line.addWidget(self.add, 0, top)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.GAP)
        column.addWidget(self.table, 1)
        column.addLayout(line)
