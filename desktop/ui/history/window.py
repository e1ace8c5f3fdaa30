"""The history window: dictations by day, the selected one beside the list.

The search has the focus when the window opens, and arrow keys move through the list from there. Everything works from
the keyboard: in the list Enter copies, Space plays, Delete deletes; Ctrl+Z undoes the last change; Ctrl+M opens emotion
and numbers, where Ctrl+H returns. Copying happens on the main thread and is independent of how dictations are pasted;
pasting again closes the window so that the previous one gets the focus.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from desktop.core.errors import UserError
from desktop.core.state import AppState, DictationState, Done, Failed, Health, Idle
from desktop.history.list_index import FilterChoices, HistoryQuery
from desktop.history.rows import HistoryRow
from desktop.ui import wording
from desktop.ui.controllers.app import AppController
from desktop.ui.history.actions import RowActions
from desktop.ui.history.detail import DictationDetail
from desktop.ui.history.filters import HistoryFilters
from desktop.ui.history.list_view import HistoryListView
from desktop.ui.history.model import ROW_ROLE, HistoryModel
from desktop.ui.history.quoted import QuotedRow
from desktop.ui.i18n import message_text
from desktop.ui.style import glyphs, icons, tokens
from desktop.ui.widgets.label import PlainLabel, set_tool_tip
from desktop.ui.widgets.notice import NoticeBar
from desktop.ui.window_system import bring_to_front

SEARCH_DELAY_MS = 60
"""Milliseconds after the last letter until the search starts: shorter than between two keys, longer than a chord."""

_NAVIGATION_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class HistoryWindow(QWidget):
    """The window. `present` brings it to the front, `draw` passes it the newest state."""

    def __init__(self, app: AppController) -> None:
        super().__init__()
        self._app = app
        self._state: DictationState = Idle()
        self._health = Health()
        self._selected_id: int | None = None
        self.setWindowTitle(self.tr("Intone history"))
        self.setWindowIcon(icons.create_app_icon())
        self.resize(*tokens.HISTORY_SIZE)
        self.model = HistoryModel(app.history)
        self.model.rows_changed.connect(self._on_rows_changed)
        self.model.failed.connect(self._on_failed)
        self.model.dataChanged.connect(self._on_data_changed)
        self._search_timer = QTimer(self, singleShot=True, interval=SEARCH_DELAY_MS)
        self._search_timer.timeout.connect(self._search)
        self.search = self._search_field()
        self.statistics_button = QPushButton(self.tr("Mood and numbers"))
        set_tool_tip(self.statistics_button, self.tr("How you sounded, and how fast it went (Ctrl+M)"))
        self.statistics_button.setMinimumHeight(tokens.FIELD_HEIGHT)
        self.filters = HistoryFilters()
        self.filters.changed.connect(self._search)
        self.list = HistoryListView(self.model)
        self.list.setAccessibleName(self.tr("Dictations"))
        self.list.installEventFilter(self)
        self.list.selectionModel().currentChanged.connect(self._show_selected)
        self.detail = DictationDetail(app.history)
        self.list.doubleClicked.connect(self.detail.start_editing)
        self.notice = NoticeBar()
        self.row_actions = RowActions(app.history, self.model, self.notice)
        self._empty_label = PlainLabel()
        self._empty_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty_label.setProperty("role", "empty")
        self._empty_label.setWordWrap(True)
        self._nearest = PlainLabel(self.tr("Nothing has exactly these words; this is the nearest."))
        self._nearest.setProperty("role", "quiet")
        self._nearest.setWordWrap(True)
        self._quoted = QuotedRow(app.history, self.model, self.list, self.detail, self._nearest, self.notice)
        self._body = QStackedLayout()
        self._lay_out()
        self._connect()
        self._show_empty("")

    def present(self) -> None:
        """Bring the window to the front with the search focused."""
        bring_to_front(self)
        self.search.setFocus()
        self.search.selectAll()

    def show_quotation(self, id: int, text: str, is_exact: bool) -> None:
        """Show the row with this id, whatever is searched for, with the words of `text` marked."""
        self.search.clear()
        self.filters.clear()
        self._search_timer.stop()
        self._quoted.show(id, text, is_exact)
        self.list.setFocus()

    def add_header(self, header: QWidget) -> None:
        """Put `header` above everything else, when the window replaces the tray."""
        self._column.insertWidget(0, header)

    def draw(self, app_state: AppState) -> None:
        """Take in a dictation that has just ended."""
        has_ended = isinstance(app_state.state, Done | Failed | Idle) and app_state.state is not self._state
        self._state = app_state.state
        if app_state.health != self._health:  # its text reads the settings, and a state comes 30 times a second
            is_shown = self._empty_label.text() == self._empty_history_text()
            self._health = app_state.health
            if is_shown:
                self._empty_label.setText(self._empty_history_text())
        if has_ended:
            self.refresh()

    def refresh(self) -> None:
        """Load rows that were added or changed since."""
        if self.isVisible():
            self._update_emotion_prompt()
            self.model.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Load the newest rows."""
        super().showEvent(event)
        self._update_emotion_prompt()
        self._search()
        self._app.history.load_filter_values(self._set_filter_values)

    def hideEvent(self, event: QHideEvent) -> None:
        """Save the correction, stop playback and end the undo offer."""
        self.detail.save_text()
        self.detail.player.stop()
        self.notice.expire()
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
            if key in _ENTER_KEYS and plain:
                self.detail.copy_text()
                return True
            if watched is self.search and key in _NAVIGATION_KEYS and plain:
                QGuiApplication.sendEvent(self.list, event)
                return True
            if watched is self.list and key in (Qt.Key.Key_Space, Qt.Key.Key_Delete):
                if not event.isAutoRepeat():  # of many rows only the last one's deletion could be undone
                    act = self.detail.player.toggle if key == Qt.Key.Key_Space else self._delete
                    act()
                return True
        return super().eventFilter(watched, event)

    def _search_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(self.tr("Search what you said"))
        field.setClearButtonEnabled(True)
        field.setAccessibleName(self.tr("Search"))
        field.addAction(
            icons.create_icon(glyphs.magnifier, tokens.current_palette().faint),
            QLineEdit.ActionPosition.LeadingPosition,
        )
        field.setMinimumHeight(tokens.FIELD_HEIGHT)
        field.setTextMargins(-tokens.GAP, 0, 0, 0)  # the style adds its padding behind the glyph's space
        field.textChanged.connect(lambda: self._search_timer.start())
        field.installEventFilter(self)
        return field

    def _lay_out(self) -> None:
        results = QWidget()
        columns = QHBoxLayout(results)
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
        first.addWidget(self.statistics_button)
        column.addLayout(first)
        column.addWidget(self.filters)
        column.addWidget(self._nearest)
        column.addLayout(self._body, 1)
        for page in (results, self._empty_label):  # last: the first page is shown at once, as a window without a parent
            self._body.addWidget(page)
        self.notice.setParent(self)

    def _connect(self) -> None:
        detail, row_actions = self.detail, self.row_actions
        detail.paste_requested.connect(self._paste)
        detail.text_corrected.connect(lambda text: self._with_row(lambda row: row_actions.correct(row, text)))
        detail.emotion_corrected.connect(
            lambda label: self._with_row(lambda row: row_actions.correct_emotion(row, label))
        )
        detail.transcription_requested.connect(lambda: self._with_row(row_actions.transcribe_again))
        detail.deletion_requested.connect(self._delete)
        detail.player.failed.connect(lambda problem: self.notice.show_message(problem))
        row_actions.transcribing.connect(detail.set_transcribing)
        row_actions.deletion_undone.connect(self._select_when_loaded)
        self.statistics_button.clicked.connect(self._show_statistics)
        QShortcut(QKeySequence(Qt.KeyboardModifier.ControlModifier | Qt.Key.Key_M), self, self._show_statistics)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self._focus_search)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Close), self, self.close)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self._on_escape)
        undo = QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self, row_actions.undo)
        self.notice.offer_changed.connect(undo.setEnabled)
        self.notice.message_shown.connect(self._place_notice)
        undo.setEnabled(False)

    def _update_emotion_prompt(self) -> None:
        """Ask for missing emotions unless emotion detection is off."""
        self.detail.asks_for_emotion = self._app.settings().emotion.engine != "off"

    def _show_statistics(self) -> None:
        self._app.open_window("mood")

    def _search(self) -> None:
        self._search_timer.stop()
        self._selected_id = None
        self._quoted.forget()
        self.model.search(self.filters.apply_to(HistoryQuery(self.search.text())))

    def _set_filter_values(self, choices: FilterChoices | UserError) -> None:
        if isinstance(choices, FilterChoices):
            self.filters.set_values(choices)

    def _on_rows_changed(self) -> None:
        self._quoted.select()
        if self.model.rowCount():
            self._body.setCurrentIndex(0)
            if not self._quoted.is_awaited and not self.list.currentIndex().isValid():
                selected = QModelIndex() if self._selected_id is None else self.model.index_of(self._selected_id)
                self.list.select_index(selected if selected.isValid() else self.model.index(0))
        elif self.filters.is_narrowed:
            self._show_empty(self.tr("Nothing was found. Choose less narrowly, or try fewer words."))
        elif self.model.query.words.strip():
            self._show_empty(self.tr("Nothing was found. Try fewer or other words."))
            self._quoted.find_nearest(self.search.text())
        else:
            self._show_empty(self._empty_history_text())

    def _empty_history_text(self) -> str:
        """Return the text of an empty history; it names the hotkey when one works."""
        if self._health.is_talk_key_missing:
            return self.tr("What you dictate will be here.")
        talk = wording.talk_key_name(self._health, self._app.settings().hotkey.talk)
        return self.tr("Hold {0} and speak; it will be here.").format(talk)

    def _on_failed(self, problem: UserError) -> None:
        if self.model.rowCount():
            self.notice.show_message(problem)
        else:
            self._show_empty(message_text(problem))

    def _show_empty(self, sentence: str) -> None:
        self.detail.player.stop()
        self._empty_label.setText(sentence)
        self._body.setCurrentIndex(1)

    def _place_notice(self) -> None:
        """Place the notice over the foot of the list, so that nothing moves when it appears."""
        room = self.rect().adjusted(tokens.WIDE, 0, 0, -tokens.WIDE)
        height = max(self.notice.heightForWidth(tokens.LIST_WIDTH), self.notice.sizeHint().height())
        self.notice.setGeometry(room.left(), room.bottom() - height, tokens.LIST_WIDTH, height)
        self.notice.raise_()

    def _select_when_loaded(self, id: int) -> None:
        """Select the row with this id once it is loaded again."""
        self._selected_id = id
        self.list.selectionModel().clear()

    def _show_selected(self, index: QModelIndex) -> None:
        row = index.data(ROW_ROLE) if index.isValid() else None
        if row is not None:
            is_other, self._selected_id = row.id != self._selected_id, row.id
            self.detail.show_row(row)
            self._quoted.note_shown(row, is_other)

    def _on_data_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        current = self.list.currentIndex()
        if current.isValid() and first.row() <= current.row() <= last.row():
            self._show_selected(current)

    def _with_row(self, action: Callable[[HistoryRow], None]) -> None:
        if self.detail.row is not None and self.model.rowCount():
            action(self.detail.row)

    def _delete(self) -> None:
        if not self.detail.is_editing:
            self.detail.player.stop()
            self._with_row(self.row_actions.delete)

    def _paste(self, raw: bool) -> None:
        def paste(row: HistoryRow) -> None:
            self.close()
            self._app.history.paste_row(row.id, raw)

        self._with_row(paste)

    def _focus_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _on_escape(self) -> None:
        if self.detail.is_editing:
            self.detail.stop_editing()
            self.list.setFocus()
        elif self.detail.player.is_playing:
            self.detail.player.stop()
        elif self.search.text() or self.filters.is_narrowed:
            self.search.clear()
            self.filters.clear()
            self._search()
            self.search.setFocus()
        else:
            self.close()
