"""How the command channel accepts clients: nothing that one of them does ends it."""

from __future__ import annotations

import asyncio
import logging

import anyio
import pytest

from desktop.app import ipc
from desktop.app.ipc_channel import LogInterval, log_loop_fault


class FaultyListener:
    """A listener that raises these errors in turn, then accepts one client and no other."""

    def __init__(self, *errors: Exception) -> None:
        self._outcomes: list[Exception | object] = [*errors, object()]

    async def accept(self) -> object:
        if not self._outcomes:
            await anyio.sleep_forever()
        outcome = self._outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


@pytest.mark.anyio
@pytest.mark.parametrize(
    "errors",
    [
        [OSError(22, "The specified network name is no longer available")],
        [ConnectionResetError(), ConnectionAbortedError()],
        [anyio.BrokenResourceError()],
    ],
)
async def test_reset_connection_leaves_the_channel_open(
    errors: list[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    accepted = list[object]()
    async with anyio.create_task_group() as tasks:

        def on_client(client: object) -> None:
            accepted.append(client)
            tasks.cancel_scope.cancel()

        tasks.start_soon(ipc._accept_clients, FaultyListener(*errors), on_client)
    assert len(accepted) == 1
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_interval_lets_one_line_through() -> None:
    interval = LogInterval()
    assert [interval.may_log() for _ in range(3)] == [True, False, False]


@pytest.mark.anyio
async def test_resets_before_the_accept_fill_no_log(caplog: pytest.LogCaptureFixture) -> None:
    async def accept_coro() -> None: ...

    async def other() -> None: ...

    loop = asyncio.get_running_loop()
    for work in (accept_coro(), other()):
        task = asyncio.ensure_future(work)
        await task
        log_loop_fault(loop, {"message": "Task exception was never retrieved", "future": task})
    assert len(caplog.records) == 1
    assert "other" in caplog.text
