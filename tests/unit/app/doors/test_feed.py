"""Finished dictations come to each reader in order, and a slow one holds up nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import anyio
import pytest

from desktop.app.doors.feed import MAX_WAITING_LINES, DictationFeed, Subscription
from desktop.core.errors import HistoryError
from desktop.core.tasks import EngineTasks
from desktop.core.types import Outcome
from desktop.history.rows import HistoryRow

pytestmark = pytest.mark.anyio

AT = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)


def row(id: int) -> HistoryRow:
    return HistoryRow(id=id, started_at=AT, text=f"text {id}", delivery=Outcome.INSERTED)


async def test_slow_reader_sees_how_many_lines_were_dropped_and_where() -> None:
    subscription = Subscription()
    lines = subscription.lines()
    for id in range(MAX_WAITING_LINES + 3):
        subscription.add({"id": id})
    read = [await anext(lines) for _ in range(3)]
    subscription.add({"id": 1000})
    subscription.add({"id": 1001})
    read += [await anext(lines) for _ in range(MAX_WAITING_LINES)]
    assert read == [
        *({"id": id} for id in range(MAX_WAITING_LINES)),
        {"dropped": 3},
        {"id": 1000},
        {"id": 1001},
    ]


@pytest.mark.parametrize("has_hook", [True, False])
async def test_rows_are_read_in_order_by_readers_and_the_hook(has_hook: bool) -> None:
    work, hooked = EngineTasks(), list[int]()
    async with anyio.create_task_group() as work.tasks:
        feed = DictationFeed(
            lambda id: row(id) if id != 2 else None, work.spawn, lambda: has_hook, lambda row: hooked.append(row.id)
        )
        assert feed.is_wanted is has_hook
        with feed.subscribe() as subscription:
            assert (feed.is_wanted, feed.reader_count) == (True, 1)
            for id in (1, 2, 3):  # the second was deleted meanwhile
                feed.on_recorded(id)
            lines = subscription.lines()
            assert [(await anext(lines))["text"] for _ in range(2)] == ["text 1", "text 3"]
    assert hooked == ([1, 3] if has_hook else [])
    assert (feed.is_wanted, feed.reader_count) == (has_hook, 0)


async def test_row_that_cannot_be_read_is_counted(caplog: pytest.LogCaptureFixture) -> None:
    work = EngineTasks()

    def read(id: int) -> HistoryRow:
        if id in (1, 2):
            raise HistoryError("history-keyring-closed")
        return row(id)

    async with anyio.create_task_group() as work.tasks:
        feed = DictationFeed(read, work.spawn, lambda: False, lambda row: None)
        with feed.subscribe() as subscription:
            for id in (1, 2, 3):
                feed.on_recorded(id)
            lines = subscription.lines()
            found = [await anext(lines)]
            while "text" not in found[-1]:
                found.append(await anext(lines))
    assert (sum(line["dropped"] for line in found[:-1]), found[-1]["text"]) == (2, "text 3")
    assert caplog.messages == ["a dictation could not be read to publish it: HistoryError"] * 2
    caplog.clear()
