"""The list's rows: which are here, which are fetched, and what becomes of answers that come late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QModelIndex

from desktop.core.errors import HistoryError
from desktop.core.types import Emotion, Outcome
from desktop.history.list_index import HistoryQuery
from desktop.ui.history.model import DAY_ROLE, MAX_CACHED_ROWS, PAGE_ROWS, ROW_ROLE, HistoryModel
from tests.support.ui.controllers import altered
from tests.support.ui.fake_history import Kept
from tests.unit.ui.conftest import said

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def kept(tmp_path, qapp) -> Kept:
    return Kept(tmp_path / "history.db")


@pytest.fixture
def many(kept: Kept) -> Kept:
    """As many rows as need letting go of some."""
    kept.keep_many([f"row {n}" for n in range(2 * MAX_CACHED_ROWS)], NOON)
    return kept


def texts(model: HistoryModel) -> list[str]:
    return [model.index(at).data() for at in range(model.rowCount())]


def asked(kept: Kept, wanted: HistoryQuery = HistoryQuery(), rows=None) -> HistoryModel:  # noqa: B008
    model = HistoryModel(rows or kept)
    model.search(wanted)
    return model


def test_the_newest_come_first(kept) -> None:
    kept.keep([said("first", NOON), said("second", NOON + timedelta(1))])
    assert texts(asked(kept)) == ["second", "first"]


def test_the_list_has_its_whole_length_and_few_rows(many) -> None:
    model = asked(many)
    assert model.rowCount() == 2 * MAX_CACHED_ROWS
    assert len(model._cached_rows) == PAGE_ROWS


def test_a_row_is_fetched_when_it_is_drawn(many, qtbot) -> None:
    model = asked(many)
    far = model.index(1500)
    assert far.data(ROW_ROLE) is None
    qtbot.waitUntil(lambda: far.data(ROW_ROLE) is not None)
    assert far.data() == f"row {2 * MAX_CACHED_ROWS - 1501}"


def test_what_was_seen_is_let_go_of_again(many, qtbot) -> None:
    model = asked(many)
    for at in range(0, 2 * MAX_CACHED_ROWS, PAGE_ROWS):
        index = model.index(at)
        qtbot.waitUntil(lambda index=index: index.data(ROW_ROLE) is not None)
    assert len(model._cached_rows) <= MAX_CACHED_ROWS + PAGE_ROWS


def test_days_begin_where_they_do(kept) -> None:
    kept.keep([said("c", NOON), said("b", NOON - timedelta(minutes=1)), said("a", NOON - timedelta(days=1))])
    model = asked(kept)
    assert [model.index(at).data(DAY_ROLE) for at in range(3)] == [
        NOON.astimezone().date(),
        None,
        (NOON - timedelta(days=1)).astimezone().date(),
    ]


def test_days_go_on_behind_the_first_page(many, qtbot) -> None:
    model = asked(many)
    begun = [at for at in range(model.rowCount()) if model.index(at).data(DAY_ROLE) is not None]
    days = {(NOON + timedelta(minutes=n)).astimezone().date() for n in range(2 * MAX_CACHED_ROWS)}
    assert len(begun) == len(days)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (HistoryQuery("cof"), ["coffee"]),
        (HistoryQuery(app="kate"), ["coffee"]),
        (HistoryQuery(emotion="joy"), ["tea"]),
        (HistoryQuery(language="de"), ["kuchen"]),
        (HistoryQuery(delivery="failed"), ["kuchen"]),
        (HistoryQuery("tea", app="kate"), []),
    ],
)
def test_the_history_is_narrowed(kept, wanted, found) -> None:
    kept.keep(
        [
            said("coffee", NOON, app="kate"),
            said("tea", NOON, emotion=Emotion("joy", 0.9, 0.5, 0.5)),
            said("kuchen", NOON, language="de", delivery=Outcome.FAILED),
        ]
    )
    assert texts(asked(kept, wanted)) == found


def test_words_typed_during_search_last_asked_once(kept) -> None:
    kept.keep([said("tea"), said("ten")])
    waiting = []
    held = altered(kept, find_rows=lambda wanted, limit, then: waiting.append((wanted, limit, then)))
    model = HistoryModel(held)
    for words in ("t", "te", "tea"):
        model.search(HistoryQuery(words))
    assert [wanted.words for wanted, _, _ in waiting] == ["t"]
    kept.find_rows(*waiting.pop())
    assert texts(model) == []
    assert [wanted.words for wanted, _, _ in waiting] == ["tea"]
    kept.find_rows(*waiting.pop())
    assert texts(model) == ["tea"]


def test_places_of_an_older_search_are_dropped(many) -> None:
    waiting = []
    model = asked(many, rows=altered(many, load_index=lambda wanted, then: waiting.append((wanted, then))))
    model.search(HistoryQuery("1999"))
    many.load_index(*waiting.pop())
    assert texts(model) == ["row 1999"]


def test_whoever_goes_on_typing_waits_for_no_places(many, qtbot) -> None:
    wanted = []
    counted = altered(many, load_index=lambda which, then: (wanted.append(which.words), many.load_index(which, then)))
    model = asked(many, HistoryQuery("r"), counted)
    model.search(HistoryQuery("row"))
    assert (model.rowCount(), wanted) == (PAGE_ROWS, [])
    qtbot.waitUntil(lambda: model.rowCount() == 2 * MAX_CACHED_ROWS)
    assert wanted == ["row"]


def test_a_problem_is_told_and_the_next_search_asked(kept) -> None:
    kept.keep([said("tea")])
    told = []
    broken = altered(
        kept,
        find_rows=lambda wanted, limit, then: then(
            HistoryError("reported-message", title="The history is damaged.", advice="")
        ),
    )
    model = HistoryModel(broken)
    model.failed.connect(told.append)
    model.search(HistoryQuery("tea"))
    model._history = kept
    model.search(HistoryQuery("tea"))
    assert [problem.title for problem in told] == ["The history is damaged."]
    assert texts(model) == ["tea"]


def test_a_dictation_that_came_since_is_put_in_front(kept) -> None:
    kept.keep([said("first", NOON)])
    model = asked(kept)
    kept.keep([said("second", NOON + timedelta(minutes=1)), said("third", NOON + timedelta(days=1))])
    model.refresh()
    assert texts(model) == ["third", "second", "first"]
    assert [model.index(at).data(DAY_ROLE) is not None for at in range(3)] == [True, True, False]


def test_a_row_that_changed_is_drawn_anew(kept) -> None:
    kept.keep([said("first", NOON)])
    model = asked(kept)
    kept.history.correct_text(1, "better")
    model.refresh()
    assert texts(model) == ["better"]


def test_a_row_that_was_deleted_elsewhere_goes(many, qtbot) -> None:
    model = asked(many)
    many.history.delete(500)
    gone = model.index_of(500)
    assert gone.data(ROW_ROLE) is None
    qtbot.waitUntil(lambda: model.rowCount() == 2 * MAX_CACHED_ROWS - 1)
    assert not model.index_of(500).isValid()


def test_hidden_rows_stay_hidden_on_next_search(many) -> None:
    model = asked(many)
    model.hide_rows([2 * MAX_CACHED_ROWS, 300])
    model.search(HistoryQuery())
    assert model.rowCount() == 2 * MAX_CACHED_ROWS - 2
    assert not model.index_of(300).isValid()
    model.hide_rows([])
    model.search(HistoryQuery())
    assert model.rowCount() == 2 * MAX_CACHED_ROWS


def test_an_empty_history_has_no_rows(kept) -> None:
    assert asked(kept).rowCount(QModelIndex()) == 0
