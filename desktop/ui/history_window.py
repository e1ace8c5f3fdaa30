"""The history: what was said, by day, and the chosen dictation beside it.

One looks for something said, so the search has the focus when the window opens, and the arrow keys walk the list from
there. The polished text comes first; what was heard is one key away. Copying is the person's own act on the main
thread, and has nothing to do with how a dictation is pasted.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShortcut, QShowEvent, QTextBlockFormat, QTextCursor
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QStackedLayout,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from desktop.history import Row
from desktop.state import Done, Failed, Idle, Shown, State
from desktop.ui import glyphs, tokens, words
from desktop.ui.bridge import Actions
from desktop.ui.fields import named
from desktop.ui.history_model import ROW, HistoryModel, RowPainter

SEARCH_MS = 120
"""How long after the last letter one has stopped typing."""

COPIED_MS = 1_200
"""How long the button says that it has copied."""


class HistoryWindow(QWidget):
    """The window. `present` brings it to the front, `draw` tells it what happens."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._actions = actions
        self._state: State = Idle()
        self.setWindowTitle(self.tr("Intone history"))
        self.setWindowIcon(glyphs.app_icon())
        self.resize(*tokens.HISTORY_SIZE)
        self.model = HistoryModel(actions)
        self.model.answered.connect(self._answered)
        self._typing = QTimer(self, singleShot=True, interval=SEARCH_MS)
        self._typing.timeout.connect(self._search)
        self.search = self._search_field()
        self.list = self._list_view()
        self.detail = Detail()
        self._empty = QLabel()
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setProperty("role", "empty")
        self._empty.setWordWrap(True)
        self._body = QStackedLayout()
        self._lay_out()
        self._show_empty("")
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self.search.setFocus)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Close), self, self.close)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self._escape)

    def present(self) -> None:
        """Come to the front, ready to search."""
        self.show()
        self.raise_()
        self.activateWindow()
        self.search.setFocus()
        self.search.selectAll()

    def draw(self, shown: Shown) -> None:
        """Take in a dictation that has just ended."""
        ended = isinstance(shown.state, Done | Failed | Idle) and shown.state is not self._state
        self._state = shown.state
        if ended and self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Take in what has come since."""
        self.model.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with the newest."""
        super().showEvent(event)
        self._search()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys walk the list while one writes in the search field."""
        moves = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in moves:
                QGuiApplication.sendEvent(self.list, event)
                return True
            if event.key() == Qt.Key.Key_Return:
                self.list.setFocus()
                return True
        return super().eventFilter(watched, event)

    def _search_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(self.tr("Search what you said"))
        field.setClearButtonEnabled(True)
        field.setAccessibleName(self.tr("Search"))
        field.addAction(glyphs.icon(glyphs.magnifier, tokens.palette().faint), QLineEdit.ActionPosition.LeadingPosition)
        field.setMinimumHeight(tokens.FIELD_HEIGHT)
        field.textChanged.connect(lambda: self._typing.start())
        field.installEventFilter(self)
        return field

    def _list_view(self) -> QListView:
        view = QListView()
        view.setAccessibleName(self.tr("Dictations"))
        view.setModel(self.model)
        view.setItemDelegate(RowPainter(view))
        view.setLayoutMode(QListView.LayoutMode.Batched)
        view.setBatchSize(200)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setMouseTracking(True)
        view.selectionModel().currentChanged.connect(self._choose)
        return view

    def _lay_out(self) -> None:
        found = QWidget()
        columns = QHBoxLayout(found)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(tokens.WIDE)
        self.list.setFixedWidth(tokens.LIST_WIDTH)
        columns.addWidget(self.list)
        columns.addWidget(self.detail, 1)
        for page in (found, self._empty):
            self._body.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.WIDE, tokens.WIDE, tokens.WIDE, tokens.WIDE)
        column.setSpacing(tokens.PAD)
        column.addWidget(self.search)
        column.addLayout(self._body, 1)

    def _search(self) -> None:
        self._typing.stop()
        self.model.ask(self.search.text())

    def _answered(self) -> None:
        if self.model.rowCount():
            self._body.setCurrentIndex(0)
            if not self.list.currentIndex().isValid():
                first = self.model.index(0)
                self.list.selectionModel().setCurrentIndex(first, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        elif self.model.query.strip():
            self._show_empty(self.tr("Nothing was found. Try fewer or other words."))
        else:
            talk = words.key_name(",".join(self._actions.settings().hotkey.talk))
            self._show_empty(self.tr("Hold {0} and speak; it will be here.").format(talk))

    def _show_empty(self, sentence: str) -> None:
        self._empty.setText(sentence)
        self._body.setCurrentIndex(1)

    def _choose(self, index: QModelIndex) -> None:
        row = index.data(ROW)
        if row is not None:
            self.detail.put(row)

    def _escape(self) -> None:
        if self.search.text():
            self.search.clear()
            self.search.setFocus()
        else:
            self.close()


class Detail(QFrame):
    """One dictation: its text, what was heard, where it went and how long it took."""

    def __init__(self) -> None:
        super().__init__()
        named(self, "card")
        self._row: Row | None = None
        self.text = QTextBrowser()
        self.text.setAccessibleName(self.tr("Text"))
        self.text.document().setDocumentMargin(0)
        self.text.setFont(tokens.font(tokens.READ_PX))
        self._when = QLabel()
        self._when.setFont(tokens.font(heading=True, numbers=True))
        self._facts = QLabel()
        self._facts.setWordWrap(True)
        self._facts.setProperty("role", "quiet")
        self.raw = QPushButton(self.tr("As heard"))
        self.raw.setCheckable(True)
        self.raw.setShortcut(QKeySequence(Qt.KeyboardModifier.ControlModifier | Qt.Key.Key_R))
        self.raw.setToolTip(self.tr("Show the words as they were heard (Ctrl+R)"))
        self.raw.toggled.connect(self._draw)
        self.copy = QPushButton(self.tr("Copy"))
        self.copy.setProperty("primary", "true")
        self.copy.setMinimumWidth(tokens.BUTTON_WIDTH)
        self.copy.clicked.connect(self._copy)
        self._copied = QTimer(self, singleShot=True, interval=COPIED_MS)
        self._copied.timeout.connect(lambda: self.copy.setText(self.tr("Copy")))
        top = QHBoxLayout()
        top.addWidget(self._when, 1)
        top.addWidget(self.raw)
        top.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.VAST, tokens.WIDE, tokens.WIDE, tokens.WIDE)
        column.setSpacing(tokens.PAD)
        column.addLayout(top)
        column.addWidget(self.text, 1)
        column.addWidget(self._facts)

    def put(self, row: Row) -> None:
        """Show `row`."""
        self._row = row
        self._draw()

    def _draw(self) -> None:
        row = self._row
        if row is None:
            return
        self._when.setText(words.moment(row.started_at))
        self.text.setPlainText(self._chosen(row))
        leading = QTextBlockFormat()
        leading.setLineHeight(tokens.READ_PX * tokens.LEADING, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        everything = QTextCursor(self.text.document())
        everything.select(QTextCursor.SelectionType.Document)
        everything.mergeBlockFormat(leading)
        self._facts.setText("  ·  ".join(words.facts(row)))

    def _chosen(self, row: Row) -> str:
        return row.raw_text if self.raw.isChecked() else row.text or row.raw_text

    def _copy(self) -> None:
        if self._row is not None:
            QGuiApplication.clipboard().setText(self._chosen(self._row))
            self.copy.setText(self.tr("Copied"))
            self._copied.start()
