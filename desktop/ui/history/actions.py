"""Change dictations in the history and undo the changes.

Every change can be undone while the notice at the foot offers it: a correction or new transcript by writing the old row
back, a deletion by not performing it yet. A deleted row is hidden at once and erased from disk when the notice goes
away or the window closes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import UserError
from desktop.history.rows import HistoryRow
from desktop.ui.controllers.controller import OnResult
from desktop.ui.controllers.history import HistoryController
from desktop.ui.history.model import HistoryModel, display_text
from desktop.ui.widgets.notice import NoticeBar
from desktop.vocabulary.learning import Suggestion


class RowActions(QObject):
    """Performs and undoes changes of rows.

    `transcribing` carries the id of the row that is being transcribed again, then None; `deletion_undone` that of a row
    whose deletion was undone, before the row is back.
    """

    transcribing = Signal(object)
    deletion_undone = Signal(int)

    def __init__(self, history: HistoryController, model: HistoryModel, notice: NoticeBar) -> None:
        super().__init__()
        self._history = history
        self._model = model
        self._notice = notice
        self._undo: Callable[[], None] | None = None
        self._pending_deletion: int | None = None
        self._hidden = set[int]()
        notice.offer_expired.connect(self._commit_deletion)

    def undo(self) -> None:
        """Undo the last change while that is offered."""
        undo, self._undo = self._undo, None
        if undo is not None:
            self._notice.dismiss()
            undo()

    def delete(self, row: HistoryRow) -> None:
        """Hide `row` and delete it when the undo offer ends."""
        self._offer_undo(self.tr("Deleted."), self._undo_deletion)
        self._pending_deletion = row.id
        self._hidden.add(row.id)
        self._model.hide_rows(list(self._hidden))

    def correct(self, row: HistoryRow, text: str) -> None:
        """Store `text` as the correction and offer to learn from it."""

        def on_result(result: Sequence[Suggestion] | UserError) -> None:
            if isinstance(result, UserError):
                self._notice.show_message(result)
                return
            self._model.update_row(replace(row, edited=text))
            undo = self._make_undo(row)
            if result:
                is_kept = result[0].written == result[0].heard
                question = (
                    self.tr("Corrected. Leave {0} as it is from now on?")
                    if is_kept
                    else self.tr("Corrected. Write {0} for {1} from now on?")
                )
                sentence = question.format(result[0].written, result[0].heard)
                self._offer_undo(sentence, undo, self.tr("Learn"), lambda: self._learn(result[0]))
            else:
                self._offer_undo(self.tr("Corrected."), undo)

        self._history.correct_text(row.id, text, on_result)

    def transcribe_again(self, row: HistoryRow) -> None:
        """Transcribe the recording again."""

        def on_result(result: HistoryRow | UserError | None) -> None:
            self.transcribing.emit(None)
            if isinstance(result, UserError):
                self._notice.show_message(result)
            elif result is not None:
                self._model.update_row(result)
                same = display_text(result) == display_text(row)
                message = self.tr("Transcribed again: the same words.") if same else self.tr("Transcribed again.")
                self._offer_undo(message, self._make_undo(row))

        self.transcribing.emit(row.id)
        self._history.transcribe_again(row, on_result)

    def correct_emotion(self, row: HistoryRow, label: str | None) -> None:
        """Store the user's emotion label; None restores the detected one."""
        self._history.correct_emotion(row.id, label, self._make_row_callback(self.tr("Noted. It counts from now on.")))

    def _learn(self, suggestion: Suggestion) -> None:
        def on_result(problem: UserError | None) -> None:
            is_kept = suggestion.written == suggestion.heard
            learned = self.tr("{0} will be left as it is.") if is_kept else self.tr("{0} will be written for {1}.")
            self._notice.show_message(problem or learned.format(suggestion.written, suggestion.heard))

        self._history.learn_replacement(suggestion, on_result)

    def _make_undo(self, row: HistoryRow) -> Callable[[], None]:
        return lambda: self._history.restore_row(row, self._make_row_callback(self.tr("It is as it was.")))

    def _make_row_callback(self, sentence: str) -> OnResult[HistoryRow | None]:
        """Return a callback that takes in the written row and shows `sentence`."""

        def on_result(result: HistoryRow | UserError | None) -> None:
            if isinstance(result, HistoryRow):
                self._model.update_row(result)
            self._notice.show_message(result if isinstance(result, UserError) else sentence)

        return on_result

    def _offer_undo(
        self, sentence: str, undo: Callable[[], None], label: str = "", act: Callable[[], None] | None = None
    ) -> None:
        self._notice.show_message(sentence, label or self.tr("Undo"), act or self.undo)
        self._undo = undo

    def _undo_deletion(self) -> None:
        """Undo the pending deletion."""
        if self._pending_deletion is not None:
            restored_id, self._pending_deletion = self._pending_deletion, None
            self._hidden.discard(restored_id)
            self._model.hide_rows(list(self._hidden))
            self.deletion_undone.emit(restored_id)
            self._model.search(self._model.query)

    def _commit_deletion(self) -> None:
        """Perform the pending deletion: the undo offer has ended."""
        self._undo = None
        deleted_id, self._pending_deletion = self._pending_deletion, None
        if deleted_id is None:
            return

        def on_result(problem: UserError | None) -> None:
            self._hidden.discard(deleted_id)
            self._model.hide_rows(list(self._hidden))
            if problem is not None:
                self._notice.show_message(problem)
                self._model.search(self._model.query)

        self._history.delete_rows([deleted_id], on_result)
