"""The history window, over rows in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from conftest import row
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication

from desktop.ports import Outcome
from desktop.state import Done, Shown
from desktop.ui.history_model import NEW_DAY, PAGE, HistoryModel
from desktop.ui.history_window import HistoryWindow

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Rows:
    """A hundred thousand rows, newest first, that exist only when looked at."""

    def __iter__(self):
        return (row(id) for id in range(100_000, 0, -1))


@pytest.fixture
def window(engine, qtbot):
    def opened(rows) -> HistoryWindow:
        engine.rows = rows
        made = HistoryWindow(engine.actions())
        qtbot.addWidget(made)
        made.present()
        return made

    return opened


def test_the_search_has_the_focus_when_it_opens(window) -> None:
    assert window([row(1)]).focusWidget().accessibleName() == "Search"


def test_the_newest_is_chosen_when_it_opens(window) -> None:
    assert window([row(2, "Newest."), row(1)]).detail.text.toPlainText() == "Newest."


def test_a_row_without_words_says_why(window) -> None:
    why = "This is a password field. Nothing was kept."
    shown = window([replace(row(1, ""), delivery=Outcome.REFUSED, note=why)])
    assert shown.model.index(0).data() == why
    assert shown.detail.text.toPlainText() == why


def test_an_empty_history_teaches_the_next_step(window) -> None:
    shown = window([])
    assert shown._empty.isVisible()
    assert shown._empty.text() == "Hold Right Ctrl and speak; it will be here."


def test_before_the_first_answer_there_is_no_next_page(engine) -> None:
    assert not HistoryModel(engine.actions()).canFetchMore(QModelIndex())


def test_a_hundred_thousand_rows_are_fetched_by_the_page(window, engine) -> None:
    model = window(Rows()).model
    assert model.rowCount() <= 2 * PAGE
    fetched = model.rowCount()
    model.fetchMore(QModelIndex())
    assert model.rowCount() == fetched + PAGE
    assert engine.pages[-1] == ("", 100_000 - fetched + 1)


def test_the_last_page_is_the_last(engine, qtbot) -> None:
    engine.rows = [row(id) for id in range(PAGE + 3, 0, -1)]
    model = HistoryModel(engine.actions())
    model.ask("")
    while model.canFetchMore(QModelIndex()):
        model.fetchMore(QModelIndex())
    assert model.rowCount() == PAGE + 3


def test_typing_finds(window, qtbot) -> None:
    shown = window([row(2, "about tea"), row(1, "about coffee")])
    qtbot.keyClicks(shown.search, "coffee")
    qtbot.waitUntil(lambda: shown.model.rowCount() == 1)
    assert shown.detail.text.toPlainText() == "about coffee"


def test_what_is_not_found_is_said(window, qtbot) -> None:
    shown = window([row(1)])
    qtbot.keyClicks(shown.search, "zebra")
    qtbot.waitUntil(shown._empty.isVisible)
    assert shown._empty.text() == "Nothing was found. Try fewer or other words."


def test_an_answer_to_an_older_question_is_dropped(engine, qtbot) -> None:
    from dataclasses import replace

    asked = []
    actions = replace(engine.actions(), history=lambda query, before, limit, then: asked.append(then))
    model = HistoryModel(actions)
    model.ask("te")
    model.ask("tea")
    asked[1]([row(1, "tea")])
    asked[0]([row(3, "ten"), row(2, "test")])
    assert [model.index(n).data() for n in range(model.rowCount())] == ["tea"]


def test_days_begin_where_they_do(engine, qtbot) -> None:
    engine.rows = [row(3, at=NOON), row(2, at=NOON - timedelta(minutes=1)), row(1, at=NOON - timedelta(days=1))]
    model = HistoryModel(engine.actions())
    model.ask("")
    assert [model.index(n).data(NEW_DAY) for n in range(3)] == [True, False, True]


def test_a_dictation_that_ends_appears_and_what_was_chosen_stays(window, engine) -> None:
    shown = window([row(2, "second"), row(1, "first")])
    shown.list.setCurrentIndex(shown.model.index(1))
    engine.rows = [row(3, "third"), *engine.rows]
    shown.draw(Shown(Done(Outcome.INSERTED, "third")))
    assert shown.model.index(0).data() == "third"
    assert shown.detail.text.toPlainText() == "first"
    assert shown.list.currentIndex().data() == "first"


def test_what_is_shown_is_copied_and_what_was_heard_is_one_key_away(window, qtbot) -> None:
    shown = window([row(1, "Hello there.")])
    qtbot.mouseClick(shown.detail.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "Hello there."
    assert shown.detail.copy.text() == "Copied"
    shown.detail.raw.click()
    assert shown.detail.text.toPlainText() == "hello there."


def test_arrows_walk_the_list_from_the_search(window, qtbot) -> None:
    shown = window([row(2, "second"), row(1, "first")])
    qtbot.keyClick(shown.search, Qt.Key.Key_Down)
    assert shown.detail.text.toPlainText() == "first"


def test_escape_empties_the_search_and_then_closes(window, qtbot) -> None:
    shown = window([row(1)])
    qtbot.keyClicks(shown.search, "hello")
    shown._escape()
    assert (shown.search.text(), shown.isVisible()) == ("", True)
    shown._escape()
    assert not shown.isVisible()
