"""The history window: dictations by day, the selected one beside the list.

The search has the focus when the window opens, and arrow keys move through the list from there. Everything works from
the keyboard: in the list Enter copies, Space plays, Delete deletes; Ctrl+Z undoes the last change; Ctrl+M opens emotion
and numbers, where Ctrl+H returns. Copying happens on the main thread and is independent of how dictations are pasted;
pasting again closes the window so that the previous one gets the focus.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from desktop.core.errors import Problem
from desktop.core.state import Done, Failed, Idle, Shown, State
from desktop.history.list_index import Offers, Wanted
from desktop.history.row import Row
from desktop.ui import wording as words
from desktop.ui.bridge import Actions
from desktop.ui.history.actions import Deeds
from desktop.ui.history.detail import Detail
from desktop.ui.history.filters import Filters
from desktop.ui.history.list_view import DayList
from desktop.ui.history.model import ROW, HistoryModel
from desktop.ui.i18n import sentence
from desktop.ui.style import glyphs, icons, tokens
from desktop.ui.style import rtl as sides
from desktop.ui.widgets.label import Label, tip
from desktop.ui.widgets.notice import Notice

SEARCH_MS = 60
"""Milliseconds after the last letter until the search starts: shorter than between two keys, longer than a chord."""

_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class HistoryWindow(QWidget):
    """The window. `present` brings it to the front, `draw` passes it the newest state."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._actions = actions
        self._state: State = Idle()
        self._deaf = False
        self._kept: int | None = None
        self.setWindowTitle(self.tr("Intone history"))
        self.setWindowIcon(icons.app_icon())
        self.resize(*tokens.HISTORY_SIZE)
        self.model = HistoryModel(actions.rows)
        self.model.answered.connect(self._answered)
        self.model.failed.connect(self._failed)
        self.model.dataChanged.connect(self._changed)
        self._typing = QTimer(self, singleShot=True, interval=SEARCH_MS)
        self._typing.timeout.connect(self._search)
        self.search = self._search_field()
        self.mood = QPushButton(self.tr("Mood and numbers"))
        tip(self.mood, self.tr("How you sounded, and how fast it went (Ctrl+M)"))
        self.mood.setMinimumHeight(tokens.FIELD_HEIGHT)
        if actions.show_mood is None:  # showing a widget without a parent here would open it as a window
            self.mood.hide()
        self.filters = Filters()
        self.filters.changed.connect(self._search)
        self.list = DayList(self.model)
        self.list.setAccessibleName(self.tr("Dictations"))
        self.list.installEventFilter(self)
        self.list.selectionModel().currentChanged.connect(self._choose)
        self.detail = Detail(actions.rows)
        self.list.doubleClicked.connect(self.detail.start_editing)
        self.notice = Notice()
        self.deeds = Deeds(actions.rows, self.model, self.notice)
        self._empty = Label()
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setProperty("stands", "middle")
        self._empty.setProperty("role", "empty")
        self._empty.setWordWrap(True)
        self._body = QStackedLayout()
        self._lay_out()
        self._connect()
        self._show_empty("")

    def present(self) -> None:
        """Bring the window to the front with the search focused."""
        self.show()
        self.raise_()
        self.activateWindow()
        self.search.setFocus()
        self.search.selectAll()

    def stand_in(self, head: QWidget) -> None:
        """Put `head` above everything else, when the window replaces the tray."""
        self._column.insertWidget(0, head)

    def draw(self, shown: Shown) -> None:
        """Take in a dictation that has just ended."""
        ended = isinstance(shown.state, Done | Failed | Idle) and shown.state is not self._state
        ended = ended or shown.health.deaf != self._deaf
        self._state, self._deaf = shown.state, shown.health.deaf
        if ended:
            self.refresh()

    def refresh(self) -> None:
        """Load rows that were added or changed since."""
        if self.isVisible():
            self._ask_how_it_sounded()
            self.model.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Load the newest rows."""
        super().showEvent(event)
        self._ask_how_it_sounded()
        self._search()
        self._actions.rows.offers(self._offer)

    def hideEvent(self, event: QHideEvent) -> None:
        """Save the correction, stop playback and end the undo offer."""
        self.detail.save_text()
        self.detail.player.stop()
        self.notice.end()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the notice in its corner."""
        super().resizeEvent(event)
        self._place_notice()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Handle the list's keys, some of them also in the search field."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
            key = event.key()
            if key in _ENTER and plain:
                self.detail.copy_text()
                return True
            if watched is self.search and key in _MOVES and plain:
                QGuiApplication.sendEvent(self.list, event)
                return True
            if watched is self.list and key == Qt.Key.Key_Space:
                self.detail.player.toggle()
                return True
            if watched is self.list and key == Qt.Key.Key_Delete:
                self._delete()
                return True
        return super().eventFilter(watched, event)

    def _search_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(self.tr("Search what you said"))
        field.setClearButtonEnabled(True)
        field.setAccessibleName(self.tr("Search"))
        field.addAction(icons.icon(glyphs.magnifier, tokens.palette().faint), QLineEdit.ActionPosition.LeadingPosition)
        field.setMinimumHeight(tokens.FIELD_HEIGHT)
        field.setTextMargins(-tokens.GAP, 0, 0, 0)  # the style adds its padding behind the glyph's space
        field.textChanged.connect(lambda: self._typing.start())
        field.installEventFilter(self)
        return field

    def _lay_out(self) -> None:
        found = QWidget()
        columns = QHBoxLayout(found)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(tokens.WIDE)
        self.list.setFixedWidth(tokens.LIST_WIDTH)
        columns.addWidget(self.list)
        columns.addWidget(self.detail, 1)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(tokens.WIDE, tokens.WIDE, tokens.WIDE, tokens.WIDE)
        column.setSpacing(tokens.PAD)
        first = QHBoxLayout()
        first.setSpacing(tokens.GAP)
        first.addWidget(self.search, 1)
        first.addWidget(self.mood)
        column.addLayout(first)
        column.addWidget(self.filters)
        column.addLayout(self._body, 1)
        for page in (found, self._empty):  # last: the first page is shown at once, as a window without a parent
            self._body.addWidget(page)
        self.notice.setParent(self)

    def _connect(self) -> None:
        detail, deeds = self.detail, self.deeds
        detail.pasting.connect(self._paste)
        detail.corrected.connect(lambda text: self._with_row(lambda row: deeds.correct(row, text)))
        detail.felt.connect(lambda label: self._with_row(lambda row: deeds.feel(row, label)))
        detail.hearing_again.connect(lambda: self._with_row(deeds.hear_again))
        detail.deleting.connect(self._delete)
        detail.player.failed.connect(lambda problem: self.notice.tell(str(problem)))
        deeds.hearing.connect(detail.busy)
        deeds.spared.connect(self._keep)
        if self._actions.show_mood is not None:
            self.mood.clicked.connect(lambda: self._show_mood())
            QShortcut(QKeySequence(Qt.KeyboardModifier.ControlModifier | Qt.Key.Key_M), self, self._show_mood)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self._find)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Close), self, self.close)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self._escape)
        undo = QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self, deeds.undo)
        self.notice.shown.connect(undo.setEnabled)
        self.notice.told.connect(self._place_notice)
        undo.setEnabled(False)

    def _ask_how_it_sounded(self) -> None:
        """Ask for missing emotions unless emotion detection is off."""
        self.detail.asks = self._actions.settings().emotion.engine != "off"

    def _show_mood(self) -> None:
        if self._actions.show_mood is not None:
            self._actions.show_mood()

    def _search(self) -> None:
        self._typing.stop()
        self._kept = None
        self.model.ask(self.filters.narrow(Wanted(self.search.text())))

    def _offer(self, offers: Offers | Problem) -> None:
        if isinstance(offers, Offers):
            self.filters.offer(offers)

    def _answered(self) -> None:
        if self.model.rowCount():
            self._body.setCurrentIndex(0)
            if not self.list.currentIndex().isValid():
                kept = QModelIndex() if self._kept is None else self.model.find(self._kept)
                self._go_to(kept if kept.isValid() else self.model.index(0))
        elif self.filters.narrowed:
            self._show_empty(self.tr("Nothing was found. Choose less narrowly, or try fewer words."))
        elif self.model.wanted.words.strip():
            self._show_empty(self.tr("Nothing was found. Try fewer or other words."))
        else:
            self._show_empty(self._first_step())

    def _first_step(self) -> str:
        """Return the text of an empty history; it names the hotkey when one works."""
        if self._deaf:
            return self.tr("What you dictate will be here.")
        talk = words.key_name(",".join(self._actions.settings().hotkey.talk))
        return self.tr("Hold {0} and speak; it will be here.").format(talk)

    def _failed(self, problem: Problem) -> None:
        if self.model.rowCount():
            self.notice.tell(str(problem))
        else:
            self._show_empty(sentence(str(problem)))

    def _show_empty(self, sentence: str) -> None:
        self.detail.player.stop()
        self._empty.setText(sentence)
        self._body.setCurrentIndex(1)

    def _place_notice(self) -> None:
        """Place the notice over the foot of the list, so that nothing moves when it appears."""
        room = self.rect().adjusted(tokens.WIDE, 0, 0, -tokens.WIDE)
        height = max(self.notice.heightForWidth(tokens.LIST_WIDTH), self.notice.sizeHint().height())
        place = QRectF(room.left(), room.bottom() - height, tokens.LIST_WIDTH, height)
        self.notice.setGeometry(sides.flip(place, QRectF(self.rect())).toRect())
        self.notice.raise_()

    def _go_to(self, index: QModelIndex) -> None:
        self.list.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _keep(self, id: int) -> None:
        """Select the row with this id once it is loaded again."""
        self._kept = id
        self.list.selectionModel().clear()

    def _choose(self, index: QModelIndex) -> None:
        row = index.data(ROW) if index.isValid() else None
        if row is not None:
            self._kept = row.id
            self.detail.put(row)

    def _changed(self, first: QModelIndex, last: QModelIndex) -> None:
        current = self.list.currentIndex()
        if current.isValid() and first.row() <= current.row() <= last.row():
            self._choose(current)

    def _with_row(self, do: Callable[[Row], None]) -> None:
        if self.detail.row is not None and self.model.rowCount():
            do(self.detail.row)

    def _delete(self) -> None:
        if not self.detail.editing:
            self.detail.player.stop()
            self._with_row(self.deeds.delete)

    def _paste(self, raw: bool) -> None:
        def paste(row: Row) -> None:
            self.close()
            self._actions.rows.paste(row.id, raw)

        self._with_row(paste)

    def _find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _escape(self) -> None:
        if self.detail.editing:
            self.detail.stop_editing()
            self.list.setFocus()
        elif self.detail.player.playing:
            self.detail.player.stop()
        elif self.search.text() or self.filters.narrowed:
            self.search.clear()
            self.filters.clear()
            self._search()
            self.search.setFocus()
        else:
            self.close()
