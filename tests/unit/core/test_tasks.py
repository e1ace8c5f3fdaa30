"""What lasts as long as the app outlives a mistake of ours."""

from __future__ import annotations

import anyio
import pytest

from desktop.core import tasks as work
from desktop.core.tasks import run_with_restarts


@pytest.mark.anyio
async def test_failing_part_restarts_and_ended_one_does_not(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(work, "RESTART_DELAY_S", 0.0)
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
