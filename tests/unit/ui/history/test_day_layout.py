"""Where rows are in a list grouped by day."""

from __future__ import annotations

from array import array
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.history.list_index import HistoryListIndex
from desktop.ui.history.day_layout import DayLayout

ROW, DAY = 50, 30
TODAY = date(2026, 3, 2)


def days(*lengths: int) -> DayLayout:
    """Days of so many rows."""
    starts = [sum(lengths[:number]) for number in range(len(lengths))]
    return DayLayout(
        HistoryListIndex(array("q", range(sum(lengths))), starts, [TODAY - timedelta(n) for n in range(len(lengths))]),
        ROW,
        DAY,
    )


def laid_out(there: DayLayout) -> list[tuple[date, int]]:
    return [(there.day(at), there.row_top(at)) for at in range(there.count)]


def test_the_first_row_of_a_day_has_its_name_above_it() -> None:
    there = days(2, 1)
    assert [there.is_day_start(at) for at in range(3)] == [True, False, True]
    assert [there.row_top(at) for at in range(3)] == [0, DAY + ROW, DAY + 2 * ROW]
    assert [there.row_height(at) for at in range(3)] == [DAY + ROW, ROW, DAY + ROW]
    assert there.height == 2 * DAY + 3 * ROW


@pytest.mark.parametrize(("y", "row"), [(0, 0), (DAY + ROW - 1, 0), (DAY + ROW, 1), (DAY + 2 * ROW, 2), (-1, None)])
def test_a_place_is_found_again(y: int, row: int | None) -> None:
    assert days(2, 1).row_at(y) == row


def test_below_the_last_there_is_nothing() -> None:
    assert days(1).row_at(DAY + ROW) is None
    assert days().row_at(0) is None


@given(st.lists(st.integers(1, 5), min_size=1, max_size=6), st.data())
def test_each_row_is_found_where_it_is(lengths: list[int], data: st.DataObject) -> None:
    there = days(*lengths)
    at = data.draw(st.integers(0, there.count - 1))
    assert there.row_at(there.row_top(at)) == there.row_at(there.row_top(at) + there.row_height(at) - 1) == at


@given(st.lists(st.integers(1, 4), min_size=1, max_size=5), st.data())
def test_removing_only_row_removes_its_day(lengths: list[int], data: st.DataObject) -> None:
    there = days(*lengths)
    rows = [there.day(at) for at in range(there.count)]
    gone = data.draw(st.integers(0, there.count - 1))
    there.remove(gone)
    del rows[gone]
    assert [there.day(at) for at in range(there.count)] == rows
    assert there.height == len(rows) * ROW + len(set(rows)) * DAY


def test_a_new_row_joins_its_day_or_begins_one() -> None:
    there = days(1, 1)
    there.prepend(TODAY)
    assert laid_out(there) == laid_out(days(2, 1))
    there.prepend(TODAY + timedelta(1))
    assert there.is_day_start(0)
    assert [there.day(at) for at in range(4)] == [TODAY + timedelta(1), TODAY, TODAY, TODAY - timedelta(1)]


def test_an_empty_list_gets_its_first() -> None:
    there = days()
    there.prepend(TODAY)
    assert laid_out(there) == [(TODAY, 0)]
