"""Show the row that a quotation is from, as soon as the list has it."""

from __future__ import annotations

from desktop.core.errors import UserError
from desktop.core.messages import Message
from desktop.history.list_index import HistoryQuery
from desktop.history.quotation import Quotation, is_phrase
from desktop.history.rows import HistoryRow
from desktop.ui.controllers.history import HistoryController
from desktop.ui.history.detail import DictationDetail
from desktop.ui.history.list_view import HistoryListView
from desktop.ui.history.model import HistoryModel
from desktop.ui.widgets.label import PlainLabel
from desktop.ui.widgets.notice import NoticeBar


class QuotedRow:
    """The row that is awaited from the list, to be shown with its quotation's words marked.

    `nearest` is the line that says that the words are not exactly those of the row.
    """

    def __init__(
        self,
        history: HistoryController,
        model: HistoryModel,
        list_view: HistoryListView,
        detail: DictationDetail,
        nearest: PlainLabel,
        notice: NoticeBar,
    ) -> None:
        self._history = history
        self._model = model
        self._list = list_view
        self._detail = detail
        self._nearest = nearest
        self._notice = notice
        self._awaited: tuple[int, str] | None = None
        nearest.hide()

    @property
    def is_awaited(self) -> bool:
        """Whether a row is to be shown that the list has not yet."""
        return self._awaited is not None

    def show(self, id: int, text: str, is_exact: bool) -> None:
        """Show the row with this id among all rows, with the words of `text` marked."""
        self._awaited = (id, text)
        self._nearest.setVisible(not is_exact)
        self._list.selectionModel().clear()
        self._model.search(HistoryQuery())

    def forget(self) -> None:
        """Await no row any more."""
        self._awaited = None
        self._nearest.hide()

    def select(self) -> None:
        """Select the row if the list has it; if all rows are there without it, it was deleted: say so."""
        if self._awaited is None:
            return
        index = self._model.index_of(self._awaited[0])
        if index.isValid() and self._list.currentIndex() != index:
            self._list.select_index(index)
            self._list.scrollTo(index, HistoryListView.ScrollHint.PositionAtCenter)
        elif not index.isValid() and self._model.is_complete:
            self.forget()
            self._notice.show_message(UserError.of(Message("quotation-not-found")))

    def note_shown(self, row: HistoryRow, is_other: bool) -> None:
        """Mark the quotation's words in `row`, which is shown now; `is_other` than before it is no longer the
        nearest."""
        if self._awaited is None and is_other:
            self._nearest.hide()
        if self._awaited is not None and self._awaited[0] == row.id:
            (_, text), self._awaited = self._awaited, None
            self._detail.mark_quotation(text)

    def find_nearest(self, query: str) -> None:
        """Look for the row that is most like `query`, where none has all of its words."""
        if not is_phrase(query):
            return
        asked = self._model.query

        def show(found: Quotation | UserError | None) -> None:
            if isinstance(found, Quotation) and self._model.query == asked and not self._model.rowCount():
                self.show(found.row.id, query, found.is_exact)

        self._history.find_quotation(query, show)
