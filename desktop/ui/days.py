"""Where rows are in a list that is grouped by day: each is as high as the others, but for the first of a day, above
which that day's name stands. Pure.

Heights are sums of two numbers, so a place is found by bisection among the days. Nothing is laid out, and a list of a
hundred thousand rows costs what one of ten does.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from itertools import islice

from desktop.history import Places


class Days:
    """Rows under their days. `row` and `day` are heights in pixels; `starts` and `days` are as in `Places`."""

    def __init__(self, places: Places, row: int, day: int) -> None:
        self.count = len(places.ids)
        self.starts = list(places.starts)
        self.days = list(places.days)
        self._row = row
        self._day = day

    @property
    def height(self) -> int:
        """All of it, in pixels."""
        return self.count * self._row + len(self.starts) * self._day

    def day(self, index: int) -> date:
        """The day of the row at `index`."""
        return self.days[self._run(index)]

    def begins(self, index: int) -> bool:
        """Whether a day begins there."""
        return self.starts[self._run(index)] == index

    def top(self, index: int) -> int:
        """Where the row begins, with its day's name if it has one."""
        run = self._run(index)
        return index * self._row + (run + (self.starts[run] != index)) * self._day

    def extent(self, index: int) -> int:
        """How high it is, with that name."""
        return self._row + (self._day if self.begins(index) else 0)

    def at(self, y: int) -> int | None:
        """The row at `y`; None above the first and below the last."""
        if not 0 <= y < self.height:
            return None
        low, high = 0, self.count - 1
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.top(middle) <= y else (low, middle - 1)
        return low

    def remove(self, index: int) -> None:
        """Take out the row at `index`, and its day where it was the only one of it."""
        run = self._run(index)
        self.count -= 1
        end = self.starts[run + 1] if run + 1 < len(self.starts) else self.count + 1
        for later in range(run + 1, len(self.starts)):
            self.starts[later] -= 1
        if end - self.starts[run] == 1:
            del self.starts[run], self.days[run]

    def prepend(self, day: date) -> None:
        """Put a row of that day before the first."""
        known = bool(self.days) and self.days[0] == day
        for later in range(1 if known else 0, len(self.starts)):
            self.starts[later] += 1
        if not known:
            self.starts.insert(0, 0)
            self.days.insert(0, day)
        self.count += 1

    def extend(self, places: Places) -> None:
        """Become `places`, of which these rows are the first."""
        self.count = len(places.ids)
        self.starts[:] = places.starts
        self.days[:] = islice(places.days, len(places.starts))

    def _run(self, index: int) -> int:
        return bisect_right(self.starts, index) - 1
