"""The user's words in the settings: tables over the real files, in which everything can be done and undone."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QPushButton, QTableView

from desktop.settings import store
from desktop.settings.live import LiveSettings
from desktop.ui.settings.window import SettingsWindow
from desktop.ui.settings.words import WordsPage, WordTables
from desktop.ui.settings.words_table import MultilineField, WordTable
from desktop.vocabulary.edits import VocabularyEntries, list_entries
from desktop.vocabulary.store import keep_word
from tests.support.ui.fake_text import Worded, files


@pytest.fixture
def worded(tmp_path: Path) -> Worded:
    worded = Worded(files(tmp_path))
    worded.here.settings.write_text('[vocabulary]\nwords = ["Intone", "Kubernetes"]\n')
    worded.here.vocabulary.write_text(
        '# mine\n[replacements]\n"get hub" = "GitHub"\n[snippets]\n"my address" = """12 High Street\nLondon"""\n'
    )
    return worded


@pytest.fixture
def window(engine, qtbot, worded: Worded) -> SettingsWindow:
    here = worded.here
    app = engine.app(
        settings=lambda: store.load_settings(here.settings).settings,
        set_setting=lambda key, value: store.write_setting(here.settings, key, value),
        text=worded,
    )
    window = SettingsWindow(app)
    qtbot.addWidget(window)
    window.present()
    window.show_page(WordsPage)
    return window


@pytest.fixture
def lists(window: SettingsWindow) -> WordTables:
    return next(page for page in window.pages if isinstance(page, WordsPage)).word_tables


def kept(worded: Worded) -> VocabularyEntries:
    return list_entries(LiveSettings(worded.here), worded.here.vocabulary)


def cells(table: WordTable) -> list[list[str]]:
    """What is seen."""
    found = table.proxy
    columns = range(found.columnCount())
    return [[found.index(row, column).data() for column in columns] for row in range(found.rowCount())]


def edit(table: WordTable, row: int, column: int, text: str) -> None:
    """Edit a cell, as a user does."""
    table.proxy.setData(table.proxy.index(row, column), text)


def test_the_words_are_there_with_how_many_they_are(lists: WordTables) -> None:
    assert [tab.text() for tab in lists.tabs.values()] == ["Words  2", "Replacements  1", "Snippets  1", "Left alone"]
    assert cells(lists.tables["words"]) == [["Intone"], ["Kubernetes"]]
    assert cells(lists.tables["replacements"]) == [["get hub", "GitHub"]]
    assert cells(lists.tables["snippets"]) == [["my address", "12 High Street  ⏎  London"]]


def test_entry_edited_in_place_and_app_reloads(lists: WordTables, worded: Worded) -> None:
    edit(lists.tables["words"], 0, 0, "INTONE")
    edit(lists.tables["replacements"], 0, 0, "git hub")
    edit(lists.tables["snippets"], 0, 1, "13 High Street\nLeeds")
    now = kept(worded)
    assert set(now.words) == {"INTONE", "Kubernetes"}
    assert now.replacements == {"git hub": "GitHub"}
    assert now.snippets == {"my address": "13 High Street\nLeeds"}
    assert worded.reloads == 3
    assert "# mine" in worded.here.vocabulary.read_text()


def test_entries_are_added_by_the_keyboard_alone(lists: WordTables, worded: Worded, qtbot) -> None:
    for kind, heard, written in (("words", "Qt", ""), ("replacements", "pie test", "pytest")):
        lists.tabs[kind].click()
        table = lists.tables[kind]
        qtbot.keyClicks(table.spoken_field, heard)
        if written:
            qtbot.keyClicks(table.written_field, written)
        qtbot.keyClick(table.written_field or table.spoken_field, Qt.Key.Key_Return)
        assert table.spoken_field.text() == ""
    lists.tabs["snippets"].click()
    snippets = lists.tables["snippets"]
    qtbot.keyClicks(snippets.spoken_field, "sign off")
    snippets.written_field.setPlainText("Kind regards,\n{cursor}")
    qtbot.keyClick(snippets.written_field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    now = kept(worded)
    assert "Qt" in now.words
    assert now.replacements["pie test"] == "pytest"
    assert now.snippets["sign off"] == "Kind regards,\n{cursor}"


def test_invalid_entry_explained_and_nothing_lost(lists: WordTables, worded: Worded) -> None:
    before = kept(worded)
    table = lists.tables["words"]
    table.spoken_field.setText("one, two")
    table.add_button.click()
    assert lists.note.text().startswith("A word has a letter or a digit")
    assert table.spoken_field.text() == "one, two"
    table.spoken_field.setText("intone")
    table.add_button.click()
    assert lists.note.text() == "intone is there already."
    edit(table, 1, 0, "Intone")
    assert lists.note.text() == "Intone is there already."
    edit(lists.tables["replacements"], 0, 1, "")
    assert lists.note.text().startswith("What is written for it is a text")
    assert kept(worded) == before


def test_what_was_done_is_undone_step_by_step(lists: WordTables, worded: Worded, qtbot) -> None:
    before = kept(worded)
    lists.tabs["replacements"].click()
    assert not lists.undo_button.isEnabled()
    assert not lists.remove_button.isEnabled()
    edit(lists.tables["replacements"], 0, 1, "GitLab")
    lists.tables["replacements"].view.selectRow(0)
    lists.tables["replacements"].view.setFocus()
    qtbot.keyClick(lists.tables["replacements"].view, Qt.Key.Key_Delete)
    assert kept(worded).replacements == {}
    lists.undo_button.click()
    assert kept(worded).replacements == {"get hub": "GitLab"}
    lists.undo_button.click()
    assert kept(worded) == before
    assert not lists.undo_button.isEnabled()


def test_a_button_removes_what_is_selected(lists: WordTables, worded: Worded) -> None:
    lists.tables["words"].view.selectRow(1)
    lists.remove_button.click()
    assert list(kept(worded).words) == ["Intone"]


def test_what_is_left_as_heard_is_seen_removed_and_back(lists: WordTables, worded: Worded) -> None:
    keep_word(worded.here.vocabulary, "Bartlebie")
    lists.load_entries()
    lists.tabs["kept"].click()
    table = lists.tables["kept"]
    assert lists.tabs["kept"].text() == "Left alone  1"
    assert cells(table) == [["Bartlebie"]]
    assert table.written_field is None
    table.view.selectRow(0)
    lists.remove_button.click()
    assert (cells(table), kept(worded).kept) == ([], ())
    lists.undo_button.click()
    assert (cells(table), kept(worded).kept) == ([["Bartlebie"]], ("Bartlebie",))
    table.spoken_field.setText("...")
    table.add_button.click()
    assert not lists.note.isHidden()
    table.spoken_field.setText("Tinsley")
    table.add_button.click()
    edit(table, 0, 0, "Bartlebee")
    assert sorted(kept(worded).kept) == ["Bartlebee", "Tinsley"]
    assert worded.reloads == 4


def test_filter_finds_entries_by_heard_and_written(lists: WordTables, worded: Worded) -> None:
    lists.tabs["replacements"].click()
    lists.tables["replacements"].model.add_entry("pie test", "pytest")
    lists.filter_field.setText("HUB")
    assert cells(lists.tables["replacements"]) == [["get hub", "GitHub"]]
    lists.filter_field.setText("pytest")
    assert cells(lists.tables["replacements"]) == [["pie test", "pytest"]]
    lists.tables["replacements"].view.selectRow(0)
    lists.remove_button.click()
    assert kept(worded).replacements == {"get hub": "GitHub"}


def test_file_imported_as_one_change_and_exported(lists: WordTables, worded: Worded, tmp_path: Path) -> None:
    before = kept(worded)
    table = tmp_path / "words.csv"
    table.write_text('word,Qt,\nreplacement,pie test,pytest\nsnippet,sign off,"Regards,\nAda"\nsnippet,,text\n')
    lists.import_from(table)
    assert lists.note.text().startswith("3 entries were taken in. words.csv, line 5: What is heard is a few words")
    assert kept(worded).snippets["sign off"] == "Regards,\nAda"
    lists.export_to(tmp_path / "all.csv")
    assert lists.note.text() == "7 entries were written to all.csv."
    assert "pytest" in (tmp_path / "all.csv").read_text()
    lists.undo_button.click()
    assert kept(worded) == before
    lists.import_from(tmp_path / "nowhere.csv")
    assert "cannot be read" in lists.note.text()
    lists.export_to(tmp_path / "all.pdf")
    assert "cannot be exported" in lists.note.text()


def test_multiline_snippet_edited_in_box_over_cell(lists: WordTables, worded: Worded, qtbot) -> None:
    lists.tabs["snippets"].click()
    table = lists.tables["snippets"].view
    table.edit(table.model().index(0, 1))
    box = table.viewport().findChild(MultilineField)
    assert box.toPlainText() == "12 High Street\nLondon"
    assert box.geometry().bottom() <= table.viewport().height()
    box.setPlainText("12 High Street\nLeeds")
    qtbot.keyClick(box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert kept(worded).snippets == {"my address": "12 High Street\nLeeds"}


def test_thousands_of_entries_are_shown_and_searched(lists: WordTables) -> None:
    model = lists.tables["replacements"].model
    model.show_entries({f"heard {number}": f"Written {number}" for number in range(2000)})
    lists.tabs["replacements"].click()
    lists.filter_field.setText("1999")
    assert cells(lists.tables["replacements"]) == [["heard 1999", "Written 1999"]]


def test_what_in_the_file_cannot_be_used_is_said(lists: WordTables, worded: Worded) -> None:
    worded.here.vocabulary.write_text('[replacements]\n"get hub" = 3\n')
    lists.load_entries()
    assert "'get hub' is left out" in lists.note.text()


def test_learning_from_corrections_is_switched(window: SettingsWindow, worded: Worded) -> None:
    picker = window.form.rows["vocabulary.notice"].control
    picker.setCurrentIndex(1)
    picker.activated.emit(1)
    assert store.load_settings(worded.here.settings).settings.vocabulary.notice == "on"


def test_controls_named_and_reachable_by_keyboard(window: SettingsWindow, lists: WordTables) -> None:
    for kind in (QLineEdit, QPlainTextEdit, QPushButton, QTableView):
        for control in lists.findChildren(kind):
            assert control.accessibleName() or control.text()
            assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
