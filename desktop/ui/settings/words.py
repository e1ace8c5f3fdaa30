"""The settings page for the vocabulary: words to recognize, replacements and snippets.

One table for each kind, edited in place. Every change can be undone while the application runs, an import of a thousand
entries as one.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.core.errors import Problem
from desktop.ui import wording as words
from desktop.ui.controllers.wording import TakenIn, Wording
from desktop.ui.i18n import sentence
from desktop.ui.settings.words_table import WordTable
from desktop.ui.style import tokens
from desktop.ui.widgets import choices
from desktop.ui.widgets.cards import Board, Page
from desktop.ui.widgets.combo import Picker
from desktop.ui.widgets.label import Label
from desktop.vocabulary.edits import KINDS, Change, Kind, Listed, undoing

TABLE_HEIGHT = 300
"""Height in pixels of a table with its line; the rest scrolls."""

BAD_SHOWN = 3
"""Invalid lines of a file that are listed one by one at most."""


class Words(Page):
    """The Words page."""

    def __init__(self, board: Board) -> None:
        super().__init__()
        self._board = board
        notice = Picker(*choices.switch(self.tr("Never"), self.tr("Ask once for each")))
        learning = board.row(
            "vocabulary.notice",
            self.tr("Learn from corrections"),
            self.tr("Looks at the field just dictated into, and no other, for words that you put right."),
            notice,
        )
        wording = board.actions.wording
        self.lists = Lists(wording) if wording is not None else None
        cards: list[list[QWidget]] = [[self.lists]] if self.lists is not None else []
        self.fill(self.tr("Words"), *cards, [learning])

    def appear(self) -> None:
        """Load the vocabulary."""
        if self.lists is not None:
            self.lists.appear()


class Lists(QWidget):
    """The three tables, of which one is visible."""

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self._wording = wording
        self._listed = Listed()
        self._done: list[tuple[Change, ...]] = []
        titles: dict[Kind, str] = {
            "words": self.tr("Words"),
            "replacements": self.tr("Replacements"),
            "snippets": self.tr("Snippets"),
        }
        self._sentences: dict[Kind, str] = {
            "words": self.tr("Names and terms that are listened for, and never changed by polish."),
            "replacements": self.tr("What is heard is written otherwise, in whatever case and at every place."),
            "snippets": self.tr(
                "A few words stand for a text. It may have {date}, {time}, {date:%d %B %Y}, {clipboard} as it was at "
                "the press, and {cursor}. Ctrl+Return ends a text of several lines."
            ),
        }
        self.tables = {kind: WordTable(kind, titles[kind]) for kind in KINDS}
        self.tabs = {kind: QPushButton(titles[kind]) for kind in KINDS}
        self._titles = titles
        self._stack = QStackedWidget()
        self._stack.setFixedHeight(TABLE_HEIGHT)
        group = QButtonGroup(self)
        for kind, tab in self.tabs.items():
            tab.setCheckable(True)
            tab.setAutoExclusive(True)  # makes screen readers announce one of several
            tab.setAccessibleName(titles[kind])
            group.addButton(tab)
            self._stack.addWidget(self.tables[kind])
            self.tables[kind].wanted.connect(lambda change: self._make((change,)))
            self.tables[kind].refused.connect(self._refuse)
            tab.clicked.connect(lambda _, kind=kind: self.turn_to(kind))
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("Find an entry"))
        self.filter.setAccessibleName(self.tr("Find an entry"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._search)
        self.sentence = Label()
        self.sentence.setProperty("role", "quiet")
        self.sentence.setWordWrap(True)
        self.note = Label()
        self.note.setWordWrap(True)
        self.remove = self._button(self.tr("Remove"), lambda: self._seen.remove())
        self.undo = self._button(self.tr("Undo"), self._undo)
        self.take_in = self._button(self.tr("Import…"), self._choose_import)
        self.give_out = self._button(self.tr("Export…"), self._choose_export)
        QShortcut(QKeySequence.StandardKey.Undo, self, self._undo)
        for table in self.tables.values():
            table.table.selectionModel().selectionChanged.connect(self._enable)
            table.found.modelReset.connect(self._enable)
        self._lay()
        self.turn_to("words")

    def appear(self) -> None:
        """Load the entries in force."""
        self._wording.words(self._show)

    def turn_to(self, kind: Kind) -> None:
        """Show the table of `kind`."""
        self.tabs[kind].setChecked(True)
        self._stack.setCurrentIndex(KINDS.index(kind))
        self.sentence.setText(self._sentences[kind])
        self._search()
        self._enable()

    def import_from(self, path: Path) -> None:
        """Import a file."""
        self._wording.take_in(path, self._taken_in)

    def export_to(self, path: Path) -> None:
        """Write all entries to a file."""
        self._wording.give_out(path, lambda count: self._exported(path, count))

    @property
    def _seen(self) -> WordTable:
        return self.tables[KINDS[self._stack.currentIndex()]]

    # -- actions -----------------------------------------------------------------------------------------------

    def _make(self, changes: tuple[Change, ...]) -> None:
        before = self._listed

        def then(listed: Listed | Problem) -> None:
            if not isinstance(listed, Problem):
                self._done.append(undoing(before, changes))
            self._show(listed)

        self._tell("")
        self._wording.change(changes, then)

    def _undo(self) -> None:
        if self._done:
            self._tell("")
            self._wording.change(self._done.pop(), self._show)

    def _taken_in(self, found: TakenIn | Problem) -> None:
        if isinstance(found, Problem):
            self._tell(sentence(str(found)), bad=True)
            return
        self._done.append(undoing(self._listed, found.changes))
        self._show(found.listed)
        count = sum(len(change.put) for change in found.changes)
        told = [self.tr("{0} entries were taken in.").format(count), *map(sentence, found.bad[:BAD_SHOWN])]
        if len(found.bad) > BAD_SHOWN:
            told.append(self.tr("{0} more lines were left out.").format(len(found.bad) - BAD_SHOWN))
        self._tell(words.together(*told), bad=bool(found.bad))

    def _exported(self, path: Path, count: int | Problem) -> None:
        if isinstance(count, Problem):
            self._tell(sentence(str(count)), bad=True)
        else:
            self._tell(self.tr("{0} entries were written to {1}.").format(count, path.name))

    def _choose_import(self) -> None:
        kinds = self.tr("Words (*.toml *.csv *.txt)")
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Import words"), "", kinds)
        if name:
            self.import_from(Path(name))

    def _choose_export(self) -> None:
        kinds = "TOML (*.toml);;CSV (*.csv);;" + self.tr("Words alone (*.txt)")
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Export words"), "words.toml", kinds)
        if name:
            self.export_to(Path(name))

    # -- display -----------------------------------------------------------------------------------------------

    def _show(self, listed: Listed | Problem) -> None:
        if isinstance(listed, Problem):
            self._tell(sentence(str(listed)), bad=True)
            return
        self._listed = listed
        for kind, table in self.tables.items():
            table.model.show(listed.of(kind))
            count = table.model.rowCount()
            self.tabs[kind].setText(f"{self._titles[kind]}  {count}" if count else self._titles[kind])
        if listed.dropped:
            self._tell(words.together(*map(sentence, listed.dropped[:BAD_SHOWN])), bad=True)
        self._enable()

    def _refuse(self, why: str) -> None:
        self._tell(sentence(why), bad=True)

    def _tell(self, said: str, *, bad: bool = False) -> None:
        self.note.setProperty("role", "bad" if bad else "quiet")
        self.note.style().polish(self.note)
        self.note.setText(said)
        self.note.setVisible(bool(said))

    def _search(self) -> None:
        self._seen.search(self.filter.text())

    def _enable(self) -> None:
        self.remove.setEnabled(self._seen.table.selectionModel().hasSelection())
        self.undo.setEnabled(bool(self._done))

    # -- layout ------------------------------------------------------------------------------------------------

    def _button(self, label: str, do: object) -> QPushButton:
        made = QPushButton(label)
        made.setAccessibleName(label.rstrip("…"))
        made.clicked.connect(do)
        return made

    def _lay(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(tokens.UNIT)
        for tab in self.tabs.values():
            head.addWidget(tab)
        head.addSpacing(tokens.GAP)
        head.addWidget(self.filter, 1)
        foot = QHBoxLayout()
        foot.setSpacing(tokens.GAP)
        for button in (self.remove, self.undo):
            foot.addWidget(button)
        foot.addStretch(1)
        for button in (self.take_in, self.give_out):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.WIDE, tokens.PAD, tokens.WIDE, tokens.PAD)
        column.setSpacing(tokens.GAP)
        column.addLayout(head)
        column.addWidget(self.sentence)
        column.addWidget(self._stack)
        column.addWidget(self.note)
        column.addLayout(foot)
        self.note.hide()
