"""Change dictations in the history and undo the changes.

Every change can be undone while the notice at the foot offers it: a correction or new transcript by writing the old row
back, a deletion by not performing it yet. A deleted row is hidden at once and erased from disk when the notice goes
away or the window closes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import Problem
from desktop.history.row import Row
from desktop.ui.controllers.rows import Rows, Then
from desktop.ui.history.model import HistoryModel, shown_text
from desktop.ui.widgets.notice import Notice
from desktop.vocabulary.learning import Suggestion


class Deeds(QObject):
    """Performs and undoes changes of rows.

    `transcribing` carries the id of the row that is being transcribed again, then None; `deletion_undone` that of a row
    whose deletion was undone, before the row is back.
    """

    hearing = Signal(object)
    spared = Signal(int)

    def __init__(self, rows: Rows, model: HistoryModel, notice: Notice) -> None:
        super().__init__()
        self._rows = rows
        self._model = model
        self._notice = notice
        self._undo: Callable[[], None] | None = None
        self._doomed: int | None = None
        self._hidden = set[int]()
        notice.over.connect(self._settle)

    def undo(self) -> None:
        """Undo the last change while that is offered."""
        undo, self._undo = self._undo, None
        if undo is not None:
            self._notice.dismiss()
            undo()

    def delete(self, row: Row) -> None:
        """Hide `row` and delete it when the undo offer ends."""
        self._done(self.tr("Deleted."), self._spare)
        self._doomed = row.id
        self._hidden.add(row.id)
        self._model.hide(list(self._hidden))

    def correct(self, row: Row, text: str) -> None:
        """Store `text` as the correction and offer to learn from it."""

        def then(found: Sequence[Suggestion] | Problem) -> None:
            if isinstance(found, Problem):
                self._notice.tell(str(found))
                return
            self._model.put(replace(row, edited=text))
            undo = self._restoring(row)
            if found:
                sentence = self.tr("Corrected. Write {0} for {1} from now on?").format(found[0].written, found[0].heard)
                self._done(sentence, undo, self.tr("Learn"), lambda: self._learn(found[0]))
            else:
                self._done(self.tr("Corrected."), undo)

        self._rows.correct(row.id, text, then)

    def hear_again(self, row: Row) -> None:
        """Transcribe the recording again."""

        def then(found: Row | Problem | None) -> None:
            self.hearing.emit(None)
            if isinstance(found, Problem):
                self._notice.tell(str(found))
            elif found is not None:
                self._model.put(found)
                same = shown_text(found) == shown_text(row)
                said = self.tr("Transcribed again: the same words.") if same else self.tr("Transcribed again.")
                self._done(said, self._restoring(row))

        self.hearing.emit(row.id)
        self._rows.hear_again(row, then)

    def feel(self, row: Row, label: str | None) -> None:
        """Store the user's emotion label; None restores the detected one."""
        if self._rows.feel is not None:
            self._rows.feel(row.id, label, self._took(self.tr("Noted. It counts from now on.")))

    def _learn(self, suggestion: Suggestion) -> None:
        def then(problem: Problem | None) -> None:
            learned = self.tr("{0} will be written for {1}.").format(suggestion.written, suggestion.heard)
            self._notice.tell(str(problem) if problem else learned)

        self._rows.learn(suggestion, then)

    def _restoring(self, row: Row) -> Callable[[], None]:
        return lambda: self._rows.restore(row, self._took(self.tr("It is as it was.")))

    def _took(self, sentence: str) -> Then[Row | None]:
        """Return a callback that takes in the written row and shows `sentence`."""

        def then(found: Row | Problem | None) -> None:
            if isinstance(found, Row):
                self._model.put(found)
            self._notice.tell(str(found) if isinstance(found, Problem) else sentence)

        return then

    def _done(
        self, sentence: str, undo: Callable[[], None], label: str = "", act: Callable[[], None] | None = None
    ) -> None:
        self._notice.tell(sentence, label or self.tr("Undo"), act or self.undo)
        self._undo = undo

    def _spare(self) -> None:
        """Undo the pending deletion."""
        if self._doomed is not None:
            spared, self._doomed = self._doomed, None
            self._hidden.discard(spared)
            self._model.hide(list(self._hidden))
            self.spared.emit(spared)
            self._model.ask(self._model.wanted)

    def _settle(self) -> None:
        """Perform the pending deletion: the undo offer has ended."""
        self._undo = None
        doomed, self._doomed = self._doomed, None
        if doomed is None:
            return

        def then(problem: Problem | None) -> None:
            self._hidden.discard(doomed)
            self._model.hide(list(self._hidden))
            if problem is not None:
                self._notice.tell(str(problem))
                self._model.ask(self._model.wanted)

        self._rows.delete([doomed], then)
