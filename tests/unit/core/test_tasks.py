"""What lasts as long as the app outlives a mistake of ours."""

from __future__ import annotations

import anyio
import pytest

from desktop.core import tasks as core_tasks
from desktop.core.tasks import Notifier, gather, run_each, run_with_restarts


@pytest.mark.anyio
async def test_failing_part_restarts_and_ended_one_does_not(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(core_tasks, "RESTART_DELAY_S", 0.0)
    ends = [ValueError("oops"), OSError(12, "Cannot allocate memory"), None]

    async def part() -> None:
        if (end := ends.pop(0)) is not None:
            raise end

    with anyio.fail_after(10):
        await run_with_restarts(part)
    assert ends == []
    assert caplog.text.count("begins again") == 2


@pytest.mark.anyio
async def test_a_part_that_is_cancelled_stays_so() -> None:
    with anyio.move_on_after(0.01) as scope:
        await run_with_restarts(anyio.sleep_forever)
    assert scope.cancelled_caught


@pytest.mark.anyio
async def test_notifier_wakes_only_those_that_wait() -> None:
    notifier, woken = Notifier(), list[str]()
    notifier.notify()

    async def wait(name: str) -> None:
        await notifier.wait()
        woken.append(name)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(wait, "first")
        tasks.start_soon(wait, "second")
        await anyio.wait_all_tasks_blocked()
        assert woken == []
        notifier.notify()
        tasks.start_soon(wait, "third")
        await anyio.wait_all_tasks_blocked()
        assert sorted(woken) == ["first", "second"]
        notifier.notify()
    assert woken[-1] == "third"


@pytest.mark.anyio
async def test_what_is_gathered_comes_in_the_order_of_the_works() -> None:
    later = anyio.Event()

    async def first() -> str:
        await later.wait()
        return "first"

    async def second() -> str:
        later.set()
        return "second"

    with anyio.fail_after(10):
        assert await gather(first, second) == ["first", "second"]
    assert await gather() == []


@pytest.mark.anyio
async def test_what_fails_ends_the_others_that_are_gathered() -> None:
    async def fail() -> str:
        raise OSError("no")

    async def wait() -> str:
        await anyio.sleep_forever()
        return ""

    with anyio.fail_after(10), pytest.raises(OSError, match="no"):
        await gather(wait, fail)


def test_run_each_runs_what_follows_a_failure_and_raises_the_first(caplog: pytest.LogCaptureFixture) -> None:
    done: list[int] = []

    def fail(text: str) -> None:
        raise ValueError(text)

    with pytest.raises(ValueError, match="first"):
        run_each(lambda: done.append(1), lambda: fail("first"), lambda: fail("second"), lambda: done.append(2))
    assert done == [1, 2]
    assert "second" in caplog.text
