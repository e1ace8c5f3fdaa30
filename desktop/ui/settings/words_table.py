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

from desktop.ui.settings.word_model import WRITTEN_COLUMN, WordTableModel
from desktop.ui.style import tokens
from desktop.vocabulary.edits import EntryKind, VocabularyChange

EDITOR_LINES = 4
"""Visible lines of a snippet while it is edited."""


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
        place, parent = option.rect, editor.parentWidget()
        room = parent.height() if parent is not None else 0
        top = max(0, min(place.top(), room - editor.height()))
        editor.setGeometry(place.left(), top, place.width(), editor.height())

    def _close_editor(self, box: MultilineField) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box)


class WordTable(QWidget):
    """The table with its line for new entries.

    `change_requested` carries a change, `change_refused` why an edit is invalid.
    """

    change_requested = Signal(object)
    change_refused = Signal(str)

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
