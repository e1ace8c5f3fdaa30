"""The clock that skips waits, and what it must not skip."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable

import anyio
from anyio import to_thread

from desktop.bench.clock import SkippingClock

HOUR_S = 3600.0


def run(test: Callable[[SkippingClock], Awaitable[None]]) -> SkippingClock:
    clock = SkippingClock()
    anyio.run(test, clock, backend_options={"loop_factory": clock.create_loop})
    return clock


def test_idle_wait_is_skipped_and_counts_as_passed() -> None:
    async def test(clock: SkippingClock) -> None:
        with clock.skipping(lambda: False):
            before = anyio.current_time()
            await anyio.sleep(HOUR_S)
            assert HOUR_S <= anyio.current_time() - before < HOUR_S + 60

    assert run(test).skipped_s > HOUR_S - 60


def test_timers_fire_in_their_order() -> None:
    fired: list[int] = []

    async def wait(hours: int) -> None:
        await anyio.sleep(hours * HOUR_S)
        fired.append(hours)

    async def test(clock: SkippingClock) -> None:
        with clock.skipping(lambda: False):
            async with anyio.create_task_group() as tasks:
                for hours in (3, 1, 2):
                    tasks.start_soon(wait, hours)

    run(test)
    assert fired == [1, 2, 3]


def test_while_work_is_in_flight_time_runs_as_usual() -> None:
    async def test(clock: SkippingClock) -> None:
        with clock.skipping(lambda: True):
            await anyio.sleep(0.01)
        await anyio.sleep(0.01)

    assert run(test).skipped_s == 0


def test_a_worker_thread_is_waited_for() -> None:
    async def test(clock: SkippingClock) -> None:
        begun, asked = threading.Event(), threading.Event()

        def work() -> bool:
            begun.set()
            return asked.wait(10)

        async def ask() -> None:
            while not begun.is_set():
                await anyio.lowlevel.checkpoint()
            threading.Timer(0.05, asked.set).start()

        with clock.skipping(lambda: False), anyio.fail_after(HOUR_S):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(ask)
                assert await to_thread.run_sync(work)

    assert run(test).skipped_s == 0


def test_what_is_there_already_comes_before_the_jump() -> None:
    async def test(clock: SkippingClock) -> None:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            ours.setblocking(False)
            theirs.send(b"an answer")
            with clock.skipping(lambda: False), anyio.fail_after(HOUR_S):
                assert await asyncio.get_running_loop().sock_recv(ours, 100) == b"an answer"

    assert run(test).skipped_s == 0
