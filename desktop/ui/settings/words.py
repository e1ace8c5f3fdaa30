"""The settings page for the vocabulary: words to recognize, replacements, snippets, and what is left as it is heard.

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

from desktop.core.errors import UserError
from desktop.ui import wording
from desktop.ui.controllers.text import TextController
from desktop.ui.i18n import Sayable, describe_setting, message_text
from desktop.ui.settings.page import SettingsPage
from desktop.ui.settings.settings_form import SettingsForm
from desktop.ui.settings.words_table import WordTable
from desktop.ui.style import tokens
from desktop.ui.widgets.form import TextField
from desktop.ui.widgets.label import PlainLabel
from desktop.vocabulary.edits import (
    ENTRY_KINDS,
    EntryKind,
    VocabularyChange,
    VocabularyEntries,
    VocabularyImport,
    undo_changes,
)

TABLE_HEIGHT = 300
"""Height in pixels of a table with its line; the rest scrolls."""

MAX_SHOWN_PROBLEMS = 3
"""Invalid lines of a file that are listed one by one at most."""


class WordsPage(SettingsPage):
    """Edit the words to recognize, the replacements, the snippets, and what is left as it is heard."""

    def __init__(self, form: SettingsForm) -> None:
        super().__init__()
        self._form = form
        learning = form.add_rows_in_effect("vocabulary.notice")
        projects = TextField()
        projects.setPlaceholderText(self.tr("~/src, ~/work"))
        self.word_tables = WordTables(form.app.text)
        self.set_cards(self.tr("Words"), [self.word_tables], [*learning, form.add_row("vocabulary.projects", projects)])

    def on_window_shown(self) -> None:
        """Load the vocabulary."""
        self.word_tables.load_entries()


class WordTables(QWidget):
    """The tables, of which one is visible."""

    def __init__(self, controller: TextController) -> None:
        super().__init__()
        self._controller = controller
        self._entries = VocabularyEntries()
        self._undo_stack: list[tuple[VocabularyChange, ...]] = []
        described = describe_setting("vocabulary.words")
        titles: dict[EntryKind, str] = {
            "words": described.label,
            "replacements": self.tr("Replacements"),
            "snippets": self.tr("Snippets"),
            "kept": self.tr("Left alone"),
        }
        self._descriptions: dict[EntryKind, str] = {
            "words": described.help,
            "replacements": self.tr("What is heard is written otherwise, in whatever case and at every place."),
            "snippets": self.tr(
                "A few words stand for a text. It may have {date}, {time}, {date:%d %B %Y}, {clipboard} as it was at "
                "the press, and {cursor}. Ctrl+Return ends a text of several lines."
            ),
            "kept": self.tr(
                "What sounds like one of your words but is right as heard. Putting it back in the history adds it."
            ),
        }
        self.tables = {kind: WordTable(kind, titles[kind]) for kind in ENTRY_KINDS}
        self.tabs = {kind: QPushButton(titles[kind]) for kind in ENTRY_KINDS}
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
            self.tables[kind].change_requested.connect(lambda change: self._apply_changes((change,)))
            self.tables[kind].change_refused.connect(self._show_refusal)
            tab.clicked.connect(lambda _, kind=kind: self.show_kind(kind))
        self.filter_field = QLineEdit()
        self.filter_field.setPlaceholderText(self.tr("Find"))
        self.filter_field.setAccessibleName(self.tr("Find an entry"))
        self.filter_field.setClearButtonEnabled(True)
        self.filter_field.textChanged.connect(self._apply_filter)
        self.description = PlainLabel()
        self.description.setProperty("role", "quiet")
        self.description.setWordWrap(True)
        self.note = PlainLabel()
        self.note.setWordWrap(True)
        self.remove_button = self._create_button(self.tr("Remove"), lambda: self._current_table.remove_selected())
        self.undo_button = self._create_button(self.tr("Undo"), self._undo_last)
        self.import_button = self._create_button(self.tr("Import…"), self._choose_import)
        self.export_button = self._create_button(self.tr("Export…"), self._choose_export)
        QShortcut(QKeySequence.StandardKey.Undo, self, self._undo_last)
        for table in self.tables.values():
            table.view.selectionModel().selectionChanged.connect(self._update_buttons)
            table.proxy.modelReset.connect(self._update_buttons)
        self._lay_out()
        self.show_kind("words")

    def load_entries(self) -> None:
        """Load the entries in force."""
        self._controller.load_vocabulary(self._show_entries)

    def show_kind(self, kind: EntryKind) -> None:
        """Show the table of `kind`."""
        self.tabs[kind].setChecked(True)
        self._stack.setCurrentIndex(ENTRY_KINDS.index(kind))
        self.description.setText(self._descriptions[kind])
        self._apply_filter()
        self._update_buttons()

    def import_from(self, path: Path) -> None:
        """Import a file."""
        self._controller.import_vocabulary(path, self._on_imported)

    def export_to(self, path: Path) -> None:
        """Write all entries to a file."""
        self._controller.export_vocabulary(path, lambda count: self._on_exported(path, count))

    @property
    def _current_table(self) -> WordTable:
        return self.tables[ENTRY_KINDS[self._stack.currentIndex()]]

    def _apply_changes(self, changes: tuple[VocabularyChange, ...]) -> None:
        previous = self._entries

        def on_result(entries: VocabularyEntries | UserError) -> None:
            if not isinstance(entries, UserError):
                self._undo_stack.append(undo_changes(previous, changes))
            self._show_entries(entries)

        self._show_note("")
        self._controller.change_vocabulary(changes, on_result)

    def _undo_last(self) -> None:
        if self._undo_stack:
            self._show_note("")
            self._controller.change_vocabulary(self._undo_stack.pop(), self._show_entries)

    def _on_imported(self, imported: VocabularyImport | UserError) -> None:
        if isinstance(imported, UserError):
            self._show_note(message_text(imported), is_problem=True)
            return
        self._undo_stack.append(undo_changes(self._entries, imported.changes))
        self._show_entries(imported.entries)
        count = sum(len(change.added) for change in imported.changes)
        sentences = [
            self.tr("{0} entries were taken in.").format(count),
            *map(message_text, imported.rejected_lines[:MAX_SHOWN_PROBLEMS]),
        ]
        if len(imported.rejected_lines) > MAX_SHOWN_PROBLEMS:
            sentences.append(
                self.tr("{0} more lines were left out.").format(len(imported.rejected_lines) - MAX_SHOWN_PROBLEMS)
            )
        self._show_note(wording.join_sentences(*sentences), is_problem=bool(imported.rejected_lines))

    def _on_exported(self, path: Path, count: int | UserError) -> None:
        if isinstance(count, UserError):
            self._show_note(message_text(count), is_problem=True)
        else:
            self._show_note(self.tr("{0} entries were written to {1}.").format(count, path.name))

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

    def _show_entries(self, entries: VocabularyEntries | UserError) -> None:
        if isinstance(entries, UserError):
            self._show_note(message_text(entries), is_problem=True)
            return
        self._entries = entries
        for kind, table in self.tables.items():
            table.model.show_entries(entries.of_kind(kind))
            count = table.model.rowCount()
            self.tabs[kind].setText(f"{self._titles[kind]}  {count}" if count else self._titles[kind])
        if entries.warnings:
            self._show_note(message_text(entries.warnings[:MAX_SHOWN_PROBLEMS]), is_problem=True)
        self._update_buttons()

    def _show_refusal(self, reason: Sayable) -> None:
        self._show_note(message_text(reason), is_problem=True)

    def _show_note(self, text: str, *, is_problem: bool = False) -> None:
        self.note.setProperty("role", "bad" if is_problem else "quiet")
        self.note.style().polish(self.note)
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def _apply_filter(self) -> None:
        self._current_table.filter_entries(self.filter_field.text())

    def _update_buttons(self) -> None:
        self.remove_button.setEnabled(self._current_table.view.selectionModel().hasSelection())
        self.undo_button.setEnabled(bool(self._undo_stack))

    def _create_button(self, label: str, on_click: object) -> QPushButton:
        button = QPushButton(label)
        button.setAccessibleName(label.rstrip("…"))
        button.clicked.connect(on_click)
        return button

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(tokens.UNIT)
        for tab in self.tabs.values():
            head.addWidget(tab)
        head.addSpacing(tokens.GAP)
        head.addWidget(self.filter_field, 1)
        foot = QHBoxLayout()
        foot.setSpacing(tokens.GAP)
        for button in (self.remove_button, self.undo_button):
            foot.addWidget(button)
        foot.addStretch(1)
        for button in (self.import_button, self.export_button):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.WIDE, tokens.PAD, tokens.WIDE, tokens.PAD)
        column.setSpacing(tokens.GAP)
        column.addLayout(head)
        column.addWidget(self.description)
        column.addWidget(self._stack)
        column.addWidget(self.note)
        column.addLayout(foot)
        self.note.hide()
