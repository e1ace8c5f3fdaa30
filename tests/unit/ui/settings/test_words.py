"""The user's words in the settings: tables over the real files, in which everything can be done and undone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QPushButton, QTableView

from desktop.settings import store as settings
from desktop.ui.settings.window import SettingsWindow
from desktop.ui.settings.words import Lists, Words
from desktop.ui.settings.words_table import WordTable, Written
from desktop.vocabulary.edits import Listed, listed
from tests.support.ui.worded import Worded, files


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
    actions = replace(
        engine.actions(),
        settings=lambda: settings.load(here.settings).settings,
        set_setting=lambda key, value: settings.put(here.settings, key, value),
        wording=worded.wording(),
    )
    window = SettingsWindow(actions)
    qtbot.addWidget(window)
    window.present()
    window.turn_to(Words)
    return window


@pytest.fixture
def lists(window: SettingsWindow) -> Lists:
    return next(page for page in window.pages if isinstance(page, Words)).lists


def kept(worded: Worded) -> Listed:
    return listed(worded.here.settings, worded.here.vocabulary)


def cells(table: WordTable) -> list[list[str]]:
    """What is seen."""
    found = table.found
    columns = range(found.columnCount())
    return [[found.index(row, column).data() for column in columns] for row in range(found.rowCount())]


def edit(table: WordTable, row: int, column: int, text: str) -> None:
    """As somebody edits a cell."""
    table.found.setData(table.found.index(row, column), text)


def test_the_words_are_there_with_how_many_they_are(lists: Lists) -> None:
    assert [tab.text() for tab in lists.tabs.values()] == ["Words  2", "Replacements  1", "Snippets  1"]
    assert cells(lists.tables["words"]) == [["Intone"], ["Kubernetes"]]
    assert cells(lists.tables["replacements"]) == [["get hub", "GitHub"]]
    assert cells(lists.tables["snippets"]) == [["my address", "12 High Street  ⏎  London"]]


def test_entry_edited_in_place_and_app_reloads(lists: Lists, worded: Worded) -> None:
    edit(lists.tables["words"], 0, 0, "INTONE")
    edit(lists.tables["replacements"], 0, 0, "git hub")
    edit(lists.tables["snippets"], 0, 1, "13 High Street\nLeeds")
    now = kept(worded)
    assert set(now.words) == {"INTONE", "Kubernetes"}
    assert now.replacements == {"git hub": "GitHub"}
    assert now.snippets == {"my address": "13 High Street\nLeeds"}
    assert worded.reloads == 3
    assert "# mine" in worded.here.vocabulary.read_text()


def test_entries_are_added_by_the_keyboard_alone(lists: Lists, worded: Worded, qtbot) -> None:
    for kind, heard, written in (("words", "Qt", ""), ("replacements", "pie test", "pytest")):
        lists.tabs[kind].click()
        table = lists.tables[kind]
        qtbot.keyClicks(table.heard, heard)
        if written:
            qtbot.keyClicks(table.written, written)
        qtbot.keyClick(table.written or table.heard, Qt.Key.Key_Return)
        assert table.heard.text() == ""
    lists.tabs["snippets"].click()
    snippets = lists.tables["snippets"]
    qtbot.keyClicks(snippets.heard, "sign off")
    snippets.written.setPlainText("Kind regards,\n{cursor}")
    qtbot.keyClick(snippets.written, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    now = kept(worded)
    assert "Qt" in now.words
    assert now.replacements["pie test"] == "pytest"
    assert now.snippets["sign off"] == "Kind regards,\n{cursor}"


def test_invalid_entry_explained_and_nothing_lost(lists: Lists, worded: Worded) -> None:
    before = kept(worded)
    table = lists.tables["words"]
    table.heard.setText("one, two")
    table.add.click()
    assert lists.note.text().startswith("A word has a letter or a digit")
    assert table.heard.text() == "one, two"
    table.heard.setText("intone")
    table.add.click()
    assert lists.note.text() == "intone is there already."
    edit(table, 1, 0, "Intone")
    assert lists.note.text() == "Intone is there already."
    edit(lists.tables["replacements"], 0, 1, "")
    assert lists.note.text().startswith("What is written for it is a text")
    assert kept(worded) == before


def test_what_was_done_is_undone_step_by_step(lists: Lists, worded: Worded, qtbot) -> None:
    before = kept(worded)
    lists.tabs["replacements"].click()
    assert not lists.undo.isEnabled()
    assert not lists.remove.isEnabled()
    edit(lists.tables["replacements"], 0, 1, "GitLab")
    lists.tables["replacements"].table.selectRow(0)
    lists.tables["replacements"].table.setFocus()
    qtbot.keyClick(lists.tables["replacements"].table, Qt.Key.Key_Delete)
    assert kept(worded).replacements == {}
    lists.undo.click()
    assert kept(worded).replacements == {"get hub": "GitLab"}
    lists.undo.click()
    assert kept(worded) == before
    assert not lists.undo.isEnabled()


def test_a_button_removes_what_is_selected(lists: Lists, worded: Worded) -> None:
    lists.tables["words"].table.selectRow(1)
    lists.remove.click()
    assert list(kept(worded).words) == ["Intone"]


def test_filter_finds_entries_by_heard_and_written(lists: Lists, worded: Worded) -> None:
    lists.tabs["replacements"].click()
    lists.tables["replacements"].model.add("pie test", "pytest")
    lists.filter.setText("HUB")
    assert cells(lists.tables["replacements"]) == [["get hub", "GitHub"]]
    lists.filter.setText("pytest")
    assert cells(lists.tables["replacements"]) == [["pie test", "pytest"]]
    lists.tables["replacements"].table.selectRow(0)
    lists.remove.click()
    assert kept(worded).replacements == {"get hub": "GitHub"}


def test_file_imported_as_one_change_and_exported(lists: Lists, worded: Worded, tmp_path: Path) -> None:
    before = kept(worded)
    table = tmp_path / "words.csv"
    table.write_text('word,Qt,\nreplacement,pie test,pytest\nsnippet,sign off,"Regards,\nAda"\nsnippet,,text\n')
    lists.import_from(table)
    assert lists.note.text().startswith("3 entries were taken in. words.csv, line 5: What is heard is a few words")
    assert kept(worded).snippets["sign off"] == "Regards,\nAda"
    lists.export_to(tmp_path / "all.csv")
    assert lists.note.text() == "7 entries were written to all.csv."
    assert "pytest" in (tmp_path / "all.csv").read_text()
    lists.undo.click()
    assert kept(worded) == before
    lists.import_from(tmp_path / "nowhere.csv")
    assert "cannot be read" in lists.note.text()
    lists.export_to(tmp_path / "all.pdf")
    assert "cannot be exported" in lists.note.text()


def test_multiline_snippet_edited_in_box_over_cell(lists: Lists, worded: Worded, qtbot) -> None:
    lists.tabs["snippets"].click()
    table = lists.tables["snippets"].table
    table.edit(table.model().index(0, 1))
    box = table.viewport().findChild(Written)
    assert box.toPlainText() == "12 High Street\nLondon"
    assert box.geometry().bottom() <= table.viewport().height()
    box.setPlainText("12 High Street\nLeeds")
    qtbot.keyClick(box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert kept(worded).snippets == {"my address": "12 High Street\nLeeds"}


def test_thousands_of_entries_are_shown_and_searched(lists: Lists) -> None:
    model = lists.tables["replacements"].model
    model.show({f"heard {number}": f"Written {number}" for number in range(2000)})
    lists.tabs["replacements"].click()
    lists.filter.setText("1999")
    assert cells(lists.tables["replacements"]) == [["heard 1999", "Written 1999"]]


def test_what_in_the_file_cannot_be_used_is_said(lists: Lists, worded: Worded) -> None:
    worded.here.vocabulary.write_text('[replacements]\n"get hub" = 3\n')
    lists.appear()
    assert "'get hub' is left out" in lists.note.text()


def test_learning_from_corrections_is_switched(window: SettingsWindow, worded: Worded) -> None:
    picker = window.board.rows["vocabulary.notice"].control
    picker.setCurrentIndex(1)
    picker.activated.emit(1)
    assert settings.load(worded.here.settings).settings.vocabulary.notice == "on"


def test_controls_named_and_reachable_by_keyboard(window: SettingsWindow, lists: Lists) -> None:
    for kind in (QLineEdit, QPlainTextEdit, QPushButton, QTableView):
        for control in lists.findChildren(kind):
            assert control.accessibleName() or control.text()
            assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
