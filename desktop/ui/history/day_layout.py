"""Compute row positions in a list grouped by day. Pure.

All rows have one height; the first of a day also has a heading. Heights are sums of two numbers, so a position is found
by bisection among the days, at the same cost for a hundred thousand rows as for ten.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from itertools import islice

from desktop.history.list_index import HistoryListIndex


class DayLayout:
    """Rows grouped by day. `row_height` and `day_height` are pixels; `starts` and `days` as in `HistoryListIndex`."""

    def __init__(self, list_index: HistoryListIndex, row_height: int, day_height: int) -> None:
        self.count = len(list_index.ids)
        self.starts = list(list_index.starts)
        self.days = list(list_index.days)
        self._row = row_height
        self._day = day_height

    @property
    def height(self) -> int:
        """Total height in pixels."""
        return self.count * self._row + len(self.starts) * self._day

    def day(self, index: int) -> date:
        """Return the day of the row at `index`."""
        return self.days[self._day_index(index)]

    def is_day_start(self, index: int) -> bool:
        """Return whether the row at `index` is the first of its day."""
        return self.starts[self._day_index(index)] == index

    def row_top(self, index: int) -> int:
        """Return the y of the row, including its day heading."""
        run = self._day_index(index)
        return index * self._row + (run + (self.starts[run] != index)) * self._day

    def row_height(self, index: int) -> int:
        """Return the row's height, including its day heading."""
        return self._row + (self._day if self.is_day_start(index) else 0)

    def row_at(self, y: int) -> int | None:
        """Return the row at `y`; None above the first and below the last."""
        if not 0 <= y < self.height:
            return None
        low, high = 0, self.count - 1
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.row_top(middle) <= y else (low, middle - 1)
        return low

    def remove(self, index: int) -> None:
        """Remove the row at `index`, and its day when it was the only row."""
        run = self._day_index(index)
        self.count -= 1
        end = self.starts[run + 1] if run + 1 < len(self.starts) else self.count + 1
        for later in range(run + 1, len(self.starts)):
            self.starts[later] -= 1
        if end - self.starts[run] == 1:
            del self.starts[run], self.days[run]

    def prepend(self, day: date) -> None:
        """Insert a row of `day` at the front."""
        is_known_day = bool(self.days) and self.days[0] == day
        for later in range(1 if is_known_day else 0, len(self.starts)):
            self.starts[later] += 1
        if not is_known_day:
            self.starts.insert(0, 0)
            self.days.insert(0, day)
        self.count += 1

    def extend(self, list_index: HistoryListIndex) -> None:
        """Replace the rows with `list_index`, which begin with the current rows."""
        self.count = len(list_index.ids)
        self.starts[:] = list_index.starts
        self.days[:] = islice(list_index.days, len(list_index.starts))

    def _day_index(self, index: int) -> int:
        return bisect_right(self.starts, index) - 1
